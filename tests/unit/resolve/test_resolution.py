"""What names stand for when somebody asks."""

import pytest

from egressc.diagnostics.core import Report
from egressc.model.project import Project
from egressc.pipeline import compile_sources
from egressc.resolve.resolution import NameBook
from egressc.source import Source
from support.compiled import CATALOG, services

ENTRIES = (
    CATALOG
    + """\
  Payment API: {aliases: [payments], hosts: [pay.example.com], addresses: [203.0.113.0/24], ports: [443]}
groups:
  stores: {members: [Redis, Kafka]}
"""
)


@pytest.fixture
def book() -> NameBook:
    text = services("Web Shop | Redis | None")
    sources, catalogs = [Source("services.md", text)], [Source("catalog.yaml", ENTRIES)]
    found = compile_sources(Project(), sources, catalogs, Report())
    assert found is not None
    return NameBook(found.resolution)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Redis", ["redis"]),
        ("redis", ["redis"]),
        ("Web Shop", ["web-shop"]),
        ("web-shop", ["web-shop"]),
        ("payments", ["payment-api"]),
        ("stores", ["redis", "kafka"]),
        ("kube-dns", ["kube-dns"]),
        ("nobody", []),
    ],
)
def test_names_aliases_ids_groups_and_presets_are_found(name: str, keys: list[str], book: NameBook) -> None:
    assert [target.destination.key for target in book.find(name)] == keys


def test_host_names_are_found(book: NameBook) -> None:
    assert [target.entity.name for target in book.with_host("pay.example.com")] == ["Payment API"]
    assert book.with_host("example.com") == ()


def test_near_names_are_offered(book: NameBook) -> None:
    assert book.near("Rediss") == ["Redis"]
