"""Releases of policies of the whole cluster, and such policies of others, on a real API server."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pytest
import yaml

from cluster.accounts import bind, with_account
from cluster.conftest import require_owners, require_testbed
from cluster.projects import Shop, codes, policies, revisions
from testbed import definitions
from testbed.api import Api
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane

_PATH: Final = "/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies"
_TEMPLATE: Final = """\
{{- if eq .Release.Name "guard" }}
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: {{ .Release.Namespace }}-metadata
spec:
  tier: Admin
  priority: 100
  subject: {namespaces: {}}
  egress:
    - {name: metadata, action: Deny, to: [{networks: [169.254.169.254/32]}]}
{{- else }}
{{- include "network-policy.policy.service" . }}
{{- end }}
"""


_GUARDRAILS: Final = """\
guardrails:
  metadata: {{denyTo: [metadata]}}
cluster:
  guardrails: {{apiVersion: {version}, namespace: {home}}}
"""


@pytest.fixture(scope="module")
def control_plane() -> Iterator[ControlPlane]:
    """One that knows ClusterNetworkPolicies."""
    require_testbed()
    require_owners()
    with ControlPlane() as running:
        definitions.register(running.api)
        yield running


@pytest.fixture
def guarded(shop: Shop, api: Api) -> Iterator[Shop]:
    """The project with a chart of its own, in which the release "guard" is a policy of the whole cluster."""
    shop.run("chart", "chart")
    (shop.folder / "chart" / "templates" / "networkpolicy.yaml").write_text(_TEMPLATE, "utf-8")
    shop = replace(shop, services={"web": "orders", "orders": "-", "guard": "-"})
    shop.write()
    with (shop.folder / "egressc.yaml").open("a", encoding="utf-8") as file:
        file.write("chart: chart\n")
    shop.run("compile")
    yield shop
    for name in cluster_policies(api):
        api.delete(f"{_PATH}/{name}")


def cluster_policies(api: Api, path: str = _PATH) -> dict[str, dict[str, Any]]:
    return {it["metadata"]["name"]: it for it in api.get(path)["items"]}


def foreign(name: str, action: str, network: str, **metadata: Any) -> dict[str, Any]:
    rule = {"name": "one", "action": action, "to": [{"networks": [network]}]}
    spec = {"tier": "Admin", "priority": 10, "subject": {"namespaces": {}}, "egress": [rule]}
    version = {"apiVersion": "policy.networking.k8s.io/v1alpha2", "kind": "ClusterNetworkPolicy"}
    return {**version, "metadata": {"name": name, **metadata}, "spec": spec}


def test_a_release_of_the_whole_cluster_is_installed_and_uninstalled(guarded: Shop, api: Api) -> None:
    name = f"{guarded.namespace}-metadata"
    printed = guarded.run("install", "--yes")
    assert "closes all pods in any namespace -> 169.254.169.254/32 on any port" in printed
    assert "closes web -> everything but DNS, orders" in printed
    assert "3 installed, 0 failed, 0 unchanged" in printed
    assert set(cluster_policies(api)) == {name}
    assert set(policies(api, guarded.namespace)) == {"web", "orders"}
    printed = guarded.run("status")
    assert printed.count("as installed") == 3
    assert not any(codes(printed, f"EG64{digit}") for digit in "0123468")
    assert "3 up to date" in guarded.run("install", "--yes")
    printed = guarded.run("uninstall", "--all", "--yes")
    assert "opens  all pods in any namespace -> 169.254.169.254/32 on any port" in printed
    assert cluster_policies(api) == {}
    assert revisions(api, guarded.namespace) == {}


def test_edits_and_deletions_are_found_and_undone(guarded: Shop, api: Api) -> None:
    name = f"{guarded.namespace}-metadata"
    guarded.run("install", "--yes")
    before = cluster_policies(api)[name]["spec"]
    edited = foreign(name, "Deny", "192.0.2.0/24")["spec"]["egress"]
    api.patch(f"{_PATH}/{name}?fieldManager=kubectl-edit", {"spec": {"egress": edited}})
    found = codes(guarded.run("status", status=1), "EG644")
    assert len(found) == 1
    assert f"policy {name} was edited in the cluster" in found[0]
    printed = guarded.run("install", "--yes")
    assert "opens  all pods in any namespace -> 192.0.2.0/24 on any port" in printed
    assert "closes all pods in any namespace -> 169.254.169.254/32 on any port" in printed
    assert cluster_policies(api)[name]["spec"] == before
    api.delete(f"{_PATH}/{name}")
    found = codes(guarded.run("status", status=1), "EG642")
    assert len(found) == 1
    assert f'policy ClusterNetworkPolicy {name} of "guard" is not in the cluster' in found[0]
    guarded.run("install", "--yes")
    assert cluster_policies(api)[name]["spec"] == before


def test_a_new_rule_can_be_rolled_back(guarded: Shop, api: Api) -> None:
    name = f"{guarded.namespace}-metadata"
    guarded.run("install", "--yes")
    before = cluster_policies(api)[name]["spec"]
    chart = guarded.folder / "chart" / "templates" / "networkpolicy.yaml"
    chart.write_text(_TEMPLATE.replace("169.254.169.254/32", "169.254.0.0/16"), "utf-8")
    assert len(codes(guarded.run("status", status=1), "EG643")) == 1
    guarded.run("install", "--yes")
    assert cluster_policies(api)[name]["spec"] != before
    printed = guarded.run("rollback", "guard", "--yes")
    assert "opens  all pods in any namespace -> " in printed
    assert "closes" not in printed
    assert cluster_policies(api)[name]["spec"] == before


def test_a_policy_of_another_owner_is_refused(guarded: Shop, api: Api) -> None:
    name = f"{guarded.namespace}-metadata"
    labels = {"app.kubernetes.io/managed-by": "Helm"}
    notes = {"meta.helm.sh/release-name": "guard", "meta.helm.sh/release-namespace": "elsewhere"}
    api.post(_PATH, foreign(name, "Deny", "192.0.2.0/24", labels=labels, annotations=notes))
    found = codes(guarded.run("install", "--yes", status=1), "EG646")
    assert len(found) == 1
    assert f"policy ClusterNetworkPolicy {name} is in the way" in found[0]
    assert "it belongs to release elsewhere/guard" in found[0]
    assert set(policies(api, guarded.namespace)) == {"web", "orders"}
    assert codes(guarded.run("status", status=1), "EG646")
    assert "2 uninstalled" in guarded.run("uninstall", "--all", "--yes")
    assert set(cluster_policies(api)) == {name}


def test_policies_of_others_count(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    name = f"{shop.namespace}-open"
    api.post(_PATH, foreign(name, "Accept", "192.0.2.0/24"))
    try:
        (found,) = codes(shop.run("status"), "EG645")
        assert f"policy {name} widens" in found
        assert "192.0.2.0 on" in found
        plain = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
        live = [*({**plain, **it} for it in policies(api, shop.namespace).values()), cluster_policies(api)[name]]
        version = {"apiVersion": "policy.networking.k8s.io/v1alpha2", "kind": "ClusterNetworkPolicy"}
        (shop.folder / "live.yaml").write_text(yaml.safe_dump_all([*live[:-1], {**version, **live[-1]}]), "utf-8")
        asked = ("explain", "web", "192.0.2.1:443")
        shop.run(*asked, status=1)
        assert name in shop.run(*asked, "--manifests", "live.yaml")
    finally:
        api.delete(f"{_PATH}/{name}")


_HOSTS: Final = {
    ("networking.k8s.aws/v1alpha1", "ApplicationNetworkPolicy", "applicationnetworkpolicies"): {
        "podSelector": {"matchLabels": {"app": "web"}},
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"domainNames": ["api.example.com"]}]}],
    },
    ("networking.gke.io/v1alpha1", "FQDNNetworkPolicy", "fqdnnetworkpolicies"): {
        "podSelector": {"matchLabels": {"app": "web"}},
        "egress": [{"matches": [{"name": "api.example.com"}]}],
    },
}


@pytest.mark.parametrize("kind", _HOSTS, ids=("eks", "gke"))
def test_policies_for_hosts_of_others_count(kind: tuple[str, str, str], shop: Shop, api: Api) -> None:
    version, called, plural = kind
    shop.run("install", "--yes")
    path = f"/apis/{version}/namespaces/{shop.namespace}/{plural}"
    api.post(path, {"apiVersion": version, "kind": called, "metadata": {"name": "open"}, "spec": _HOSTS[kind]})
    (found,) = codes(shop.run("status"), "EG645")
    assert f"policy {shop.namespace}/open widens" in found
    assert "api.example.com on" in found
    account = with_account(shop, api)
    bind(api, account, "egressc-install", everywhere=False)
    hidden = " ".join(codes(account.run("status"), "EG641"))
    assert "ApplicationNetworkPolicies in kube-system cannot be read" in hidden
    assert "FQDNNetworkPolicies in kube-system cannot be read" in hidden
    bind(api, account, "egressc-status", everywhere=True)
    printed = account.run("status")
    assert len(codes(printed, "EG645")) == 1
    assert not [line for line in codes(printed, "EG641") if "Policies" in line]


@pytest.mark.parametrize(
    ("version", "plural"),
    [
        ("policy.networking.k8s.io/v1alpha2", "clusternetworkpolicies"),
        ("policy.networking.k8s.io/v1beta1", "clusternetworkpolicies"),
        ("policy.networking.k8s.io/v1alpha1", "adminnetworkpolicies"),
        ("networking.k8s.aws/v1alpha1", "clusternetworkpolicies"),
    ],
)
def test_guardrails_of_the_project_are_a_release(version: str, plural: str, shop: Shop, api: Api) -> None:
    path = f"/apis/{version}/{plural}"
    home = f"{shop.namespace}-guard"
    ensure_namespace(api, home, {})
    with (shop.folder / "egressc.yaml").open("a", encoding="utf-8") as file:
        file.write(_GUARDRAILS.format(version=version, home=home))
    with (shop.folder / "catalog.yaml").open("a", encoding="utf-8") as file:
        file.write("destinations: {metadata: {at: 169.254.169.254/32}}\n")
    shop.run("compile")
    printed = shop.run("install", "--yes")
    assert "closes all pods in any namespace -> 169.254.169.254/32 on any port" in printed
    assert "4 installed, 0 failed" in printed
    (guardrail,) = cluster_policies(api, path).values()
    assert guardrail["metadata"]["name"] == "guardrail-policy-metadata"
    live = policies(api, shop.namespace).values()
    assert all(int(_version(guardrail)) < int(_version(it)) for it in live), "guardrails come first"
    printed = shop.run("status")
    assert "cluster/guardrails" in printed
    assert printed.count("as installed") == 4
    assert not any(codes(printed, f"EG64{digit}") for digit in "0123468")
    assert set(revisions(api, home)) == {"guardrail-policy"}
    assert "1 uninstalled, 0 failed" in shop.run("uninstall", "cluster/guardrails", "--yes")
    assert cluster_policies(api, path) == {}
    assert len(codes(shop.run("status", status=1), "EG642")) == 1
    assert "1 installed, 0 failed, 3 unchanged" in shop.run("install", "--yes")
    shop.run("uninstall", "--all", "--yes")
    assert cluster_policies(api, path) == {}


def _version(found: dict[str, Any]) -> str:
    version: str = found["metadata"]["resourceVersion"]
    return version


def test_rights_are_needed_where_the_kind_is_served(guarded: Shop, api: Api) -> None:
    guarded.run("install", "--yes")
    account = with_account(guarded, api)
    bind(api, account, "egressc-status", everywhere=False)
    assert "ClusterNetworkPolicies cannot be listed" in account.run("status", status=1)
    hidden = codes(account.run("status", "web", "orders"), "EG641")
    assert [line for line in hidden if "ClusterNetworkPolicies cannot be read" in line]
    bind(api, account, "egressc-status", everywhere=True)
    assert not [line for line in codes(account.run("status"), "EG641") if "ClusterNetworkPolicies" in line]
    bind(api, account, "egressc-install", everywhere=False)
    assert "3 up to date" in account.run("install", "--yes")
    assert "1 failed" in account.run("uninstall", "guard", "--yes", status=1)
    bind(api, account, "egressc-guardrails", everywhere=True)
    assert "1 uninstalled, 0 failed" in account.run("uninstall", "guard", "--yes")
    assert cluster_policies(api) == {}
