"""What the command line of `egressc probe` takes and refuses."""

from pathlib import Path

import pytest

from support.command import run
from support.probed_shop import ProbedShop


@pytest.fixture
def shop(tmp_path: Path) -> ProbedShop:
    return ProbedShop(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--script", "--values"], "remove one of them"),
        (["--script", "--context", "x"], "--script reads no cluster"),
        (["--allow", "redis"], '--allow "redis" is not a connection; write HOST:PORT'),
        (["--deny", "redis:0"], "0 is not a port between 1 and 65535"),
        (["--deny", "redis:65536"], "65536 is not a port between 1 and 65535"),
        (["--deny", "redis:80/icmp"], "is not a connection"),
        (["--allow", "red_is:80"], '"red_is" is neither a DNS name nor an address'),
        (["--allow", "2001:db8::1:80"], "is not a connection"),
        (["--deny", "[::ffff:192.0.2.1]:80"], 'is an IPv4-mapped IPv6 address: "192.0.2.1/32" is the network'),
        (["--allow", "$(reboot):80"], "is neither a DNS name nor an address"),
        (["--timeout", "soon"], '--timeout "soon" is not a duration'),
        (["--timeout", "0s"], '--timeout "0s" is not a duration'),
        (["--denied", "-1"], "-1"),
    ],
)
def test_bad_usage(shop: ProbedShop, arguments: list[str], words: str) -> None:
    result = run(["probe", "web", *arguments], shop.folder)
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_service_that_is_not_there_is_named(shop: ProbedShop) -> None:
    result = run(["probe", "wbe", "--script"], shop.folder)
    assert result.exit_code == 2
    assert 'no service "wbe", did you mean "web"?' in result.stderr


def test_a_namespace_is_not_probed(shop: ProbedShop) -> None:
    path = shop.folder / "egressc.yaml"
    cluster = "cluster:\n  baseline: {deny: both}\n"
    text = path.read_text("utf-8")
    assert "cluster:" not in text
    path.write_text(f"{text.rstrip()}\n{cluster}", "utf-8")
    assert run(["compile"], shop.folder).exit_code == 0
    result = run(["probe", "namespaces/shop", "--script"], shop.folder)
    assert result.exit_code == 2
    assert "is all pods of a namespace; name a service" in result.stderr


def test_outdated_values_are_not_probed(shop: ProbedShop) -> None:
    path = shop.folder / "services.md"
    path.write_text(path.read_text("utf-8").replace("orders, redis:6379", "orders"), "utf-8")
    result = run(["probe", "web", "--script"], shop.folder)
    assert result.exit_code == 3
    assert result.stdout == ""


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_said(shop: ProbedShop) -> None:
    kubeconfig = shop.folder / "kubeconfig"
    kubeconfig.write_text("apiVersion: v1\nkind: Config\n", "utf-8")
    result = run(["probe", "web", "--kubeconfig", str(kubeconfig)], shop.folder)
    assert result.exit_code == 1
    assert "error[EG640]" in result.stderr
