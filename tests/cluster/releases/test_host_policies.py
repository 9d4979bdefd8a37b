"""Releases in the dialects EKS and GKE on a real API server: a NetworkPolicy, and a policy for hosts next to it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

import pytest

from cluster.conftest import require_owners, require_testbed
from cluster.projects import PROJECT, Shop, codes, policies
from testbed import definitions
from testbed.api import Api
from testbed.control_plane import ControlPlane

_CATALOG: Final = """\
destinations:
  LLM: {hosts: [api.llm.example], internet: true, ports: [443]}
  Mirror: {hosts: [mirror.example], internet: true, ports: [8443]}
"""
_CLUSTER: Final = """\
cluster:
  dialect: {}
  dns: {{profile: custom, to: [{{ipBlock: {{cidr: 10.100.0.10/32}}}}], ports: [53]}}
"""


class _Kind(NamedTuple):
    dialect: str
    path: str


KINDS: Final = (
    _Kind("EKS", "/apis/networking.k8s.aws/v1alpha1/namespaces/{}/applicationnetworkpolicies"),
    _Kind("GKE", "/apis/networking.gke.io/v1alpha1/namespaces/{}/fqdnnetworkpolicies"),
)


@pytest.fixture(scope="module")
def control_plane() -> Iterator[ControlPlane]:
    """One that knows the kinds of both clouds."""
    require_testbed()
    require_owners()
    with ControlPlane() as running:
        definitions.register(running.api)
        yield running


@pytest.fixture
def naming(shop: Shop) -> Shop:
    return replace(shop, services={"web": "LLM, orders", "orders": "-"})


def write(shop: Shop, dialect: str, needs: str = "LLM, orders") -> None:
    shop.write({"web": "orders", "orders": "-"})
    text = (shop.folder / "services.md").read_text("utf-8")
    (shop.folder / "services.md").write_text(
        text.replace("| web | 8080 | orders |", f"| web | 8080 | {needs} |"), "utf-8"
    )
    with (shop.folder / "catalog.yaml").open("a", encoding="utf-8") as file:
        file.write(_CATALOG)
    (shop.folder / "egressc.yaml").write_text(PROJECT + _CLUSTER.format(dialect), "utf-8")
    shop.run("compile")


def hosts(api: Api, kind: _Kind, shop: Shop) -> dict[str, dict[str, Any]]:
    """The live policies for hosts, by name."""
    return {it["metadata"]["name"]: it for it in api.get(kind.path.format(shop.namespace))["items"]}


@pytest.mark.parametrize("kind", KINDS, ids=lambda it: it.dialect)
def test_there_and_back(kind: _Kind, naming: Shop, api: Api) -> None:
    write(naming, "NetworkPolicy")
    naming.run("install", "--yes")
    before = policies(api, naming.namespace)
    assert "0.0.0.0/0" in str(before["web"]["spec"])
    write(naming, kind.dialect)
    assert codes(naming.run("status", status=1), "EG643")
    naming.run("install", "--yes")
    assert "0.0.0.0/0" not in str(policies(api, naming.namespace)["web"]["spec"])
    assert set(hosts(api, kind, naming)) == {"web-hosts"}
    assert not codes(naming.run("status"), "EG64")
    write(naming, "NetworkPolicy")
    naming.run("install", "--yes")
    assert hosts(api, kind, naming) == {}
    assert {name: it["spec"] for name, it in policies(api, naming.namespace).items()} == {
        name: it["spec"] for name, it in before.items()
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda it: it.dialect)
def test_a_policy_for_hosts_that_is_edited_or_missing(kind: _Kind, naming: Shop, api: Api) -> None:
    write(naming, kind.dialect)
    naming.run("install", "--yes")
    path = f"{kind.path.format(naming.namespace)}/web-hosts"
    before = hosts(api, kind, naming)["web-hosts"]["spec"]
    api.patch(f"{path}?fieldManager=kubectl-edit", {"spec": {"podSelector": {"matchLabels": {"app": "other"}}}})
    (found,) = codes(naming.run("status", status=1), "EG644")
    assert "web-hosts was edited in the cluster" in found
    naming.run("install", "--yes")
    assert hosts(api, kind, naming)["web-hosts"]["spec"] == before
    api.delete(path)
    (found,) = codes(naming.run("status", status=1), "EG642")
    assert "web-hosts" in found
    naming.run("install", "--yes")
    assert hosts(api, kind, naming)["web-hosts"]["spec"] == before
    naming.run("uninstall", "--all", "--yes")
    assert hosts(api, kind, naming) == {}


@pytest.mark.parametrize("kind", KINDS, ids=lambda it: it.dialect)
def test_a_change_of_hosts_can_be_rolled_back(kind: _Kind, naming: Shop, api: Api) -> None:
    write(naming, kind.dialect)
    naming.run("install", "--yes")
    before = hosts(api, kind, naming)["web-hosts"]["spec"]
    write(naming, kind.dialect, "LLM, Mirror, orders")
    printed = naming.run("install", "--yes")
    assert "mirror.example on 8443/TCP" in printed
    assert "mirror.example" in str(hosts(api, kind, naming)["web-hosts"]["spec"])
    assert "mirror.example" in naming.run("rollback", "web", "--yes")
    assert hosts(api, kind, naming)["web-hosts"]["spec"] == before


@pytest.mark.parametrize("kind", KINDS, ids=lambda it: it.dialect)
def test_hosts_that_no_row_asks_for_any_more(kind: _Kind, naming: Shop, api: Api) -> None:
    write(naming, kind.dialect)
    naming.run("install", "--yes")
    write(naming, kind.dialect, "orders")
    assert "closes" in naming.run("install", "--yes")
    assert hosts(api, kind, naming) == {}
    assert set(policies(api, naming.namespace)) == {"web", "orders"}
