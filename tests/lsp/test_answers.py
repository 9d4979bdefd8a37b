"""The language server over its standard input and output: what it says of names and places."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.command import run
from support.editor import Editor, editor
from support.tables import each

pytestmark = pytest.mark.slow

SERVICES = """\
# Shop

## Needs

| Service | Dependencies |
|---|---|
| checkout | Redis, Databases |
| web | checkout (8080) |
| worker | None |

## Connections

| From | To | Port |
|---|---|---|
| web | Cache | 6379 |
"""
CATALOG = """\
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Redis: {ports: [6379], purpose: Sessions, aliases: [Cache]}
  PostgreSQL: {ports: [5432]}
  Stripe: {hosts: [api.stripe.com], addresses: [203.0.113.0/24], ports: [443]}
groups:
  Databases: {members: [PostgreSQL]}
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("answers") / "shop"
    root.mkdir()
    (root / ".git").mkdir()
    (root / "egressc.yaml").write_text("sources: [services.md]\ncatalog: catalog.yaml\n")
    (root / "services.md").write_text(SERVICES)
    (root / "catalog.yaml").write_text(CATALOG)
    assert run(["compile"], root).exit_code == 0
    return root


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[Editor]:
    with editor(root) as opened:
        for name in ("services.md", "catalog.yaml", "values/checkout.yaml", "egressc.yaml"):
            opened.open(name)
            assert [it.code for it in opened.findings(name)] == (["EG413"] if name == "catalog.yaml" else [])
        yield opened


REDIS = """\
Redis: destination, id redis
pods app=redis in shop
ports: 6379/TCP
purpose: Sessions
used by: checkout, web"""


@each(
    ("name", "text", "after", "said"),
    [
        ("services.md", "Redis", "", f"{REDIS}\n\nRules of this cell:\n  checkout -> redis 6379/TCP"),
        (
            "services.md",
            "Cache",
            "",
            f"{REDIS.replace('Redis:', 'Cache (alias of Redis):')}\n\nRules of this cell:\n  web -> redis 6379/TCP",
        ),
        ("catalog.yaml", "Redis", "", REDIS),
        (
            "services.md",
            "Databases",
            "",
            "Databases: group\nmembers: PostgreSQL\n\n"
            "Rules of this cell:\n  checkout -> postgresql 5432/TCP\n  checkout -> redis 6379/TCP",
        ),
        (
            "services.md",
            "checkout",
            "",
            "checkout: service\npods app=checkout in shop\nports: 8080/TCP\nused by: web\n"
            "reaches: PostgreSQL, Redis\n\n"
            "Rules of this row:\n  checkout -> postgresql 5432/TCP\n  checkout -> redis 6379/TCP",
        ),
        ("services.md", "6379", "Cache", "Rules of this row:\n  web -> redis 6379/TCP"),
        ("services.md", "None", "worker", "This cell describes: dependencies"),
        (
            "catalog.yaml",
            "Stripe",
            "",
            "Stripe: destination outside the cluster, id stripe\naddresses: 203.0.113.0/24\nhosts: api.stripe.com\n"
            "ports: 443/TCP",
        ),
        (
            "values/checkout.yaml",
            "redis:",
            "",
            f"{REDIS.replace('Redis: destination, id redis', 'redis (id of Redis): destination')}\n\n"
            "Rule:\n  checkout -> redis 6379/TCP  (services.md:7)",
        ),
        ("services.md", "# Shop", "", ""),
    ],
)
def test_hover(client: Editor, name: str, text: str, after: str, said: str) -> None:
    assert client.hover(name, text, after=after) == said


@each(
    ("name", "text", "after", "places"),
    [
        # From a table to the catalog, to the row of a service, and from that row to what comes of it.
        ("services.md", "Redis", "", ["catalog.yaml:3: Redis"]),
        ("services.md", "Cache", "", ["catalog.yaml:3: Redis"]),
        ("services.md", "Databases", "", ["catalog.yaml:7: Databases"]),
        ("services.md", "checkout", "| web | ", ["services.md:7: checkout"]),
        ("services.md", "checkout", "", ["values/checkout.yaml:20: postgresql", "values/checkout.yaml:35: redis"]),
        ("services.md", "6379", "Cache", ["values/web.yaml:34: redis"]),
        # From values to the cells that ask for a rule; from the catalog to the cells that use a name.
        ("values/checkout.yaml", "redis:", "", ["services.md:7: Redis, Databases"]),
        ("values/checkout.yaml", "6379", "", ["services.md:7: Redis, Databases"]),
        ("catalog.yaml", "Redis", "", ["services.md:7: Redis", "services.md:15: Cache"]),
        ("services.md", "# Shop", "", []),
    ],
)
def test_definitions(client: Editor, name: str, text: str, after: str, places: list[str]) -> None:
    assert client.definition(name, text, after=after) == places


def test_implementations_are_in_values(client: Editor) -> None:
    assert client.implementation("services.md", "Redis") == ["values/checkout.yaml:35: redis"]
    assert client.implementation("catalog.yaml", "Redis") == []


def test_references(client: Editor) -> None:
    assert client.references("catalog.yaml", "PostgreSQL", after="members") == [
        "catalog.yaml:4: PostgreSQL",
        "services.md:7: Redis, Databases",
        "catalog.yaml:7: PostgreSQL",
    ]
    assert client.references("services.md", "Databases") == ["catalog.yaml:7: Databases", "services.md:7: Databases"]


@each(
    ("before", "written", "expected"),
    [
        ("| checkout | Redis, Databases |", "| checkout | Redis, Postgr", "| checkout | Redis, PostgreSQL"),
        ("| checkout | Redis, Databases |", "| checkout | data", "| checkout | Databases"),
        ("| worker | None |", "| worker | ", "| worker | Stripe"),
        ("| web | Cache |", "| web | Ca", "| web | Cache"),
        ("| From | To | Port |\n", "| From | To | Port |\n", None),
        ("| web | Cache | 6379 |", "| web | Cache | 6", None),
    ],
)
def test_completions(root: Path, client: Editor, before: str, written: str, expected: str | None) -> None:
    """The names are there while a row is not finished yet."""
    text = SERVICES.replace(before, written)
    client.change("services.md", text)
    offered = client.completions("services.md", written)
    client.change("services.md", SERVICES)
    assert client.findings("services.md") == []
    if expected is None:
        assert offered == []
    else:
        assert text.replace(written, expected) in offered


def test_without_its_package_the_command_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pygls").mkdir()
    (tmp_path / "pygls" / "__init__.py").write_text("raise ModuleNotFoundError('No module', name='pygls')\n")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-m", "egressc", "lsp"],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "the language server needs a further package: pip install 'egressc[lsp]'" in done.stderr
