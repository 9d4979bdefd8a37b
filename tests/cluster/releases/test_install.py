"""`egressc install` on a real API server, with both Helm majors."""

import re
import subprocess
import time

import pytest

from cluster.projects import Shop, codes, policies, revisions
from testbed.api import POLICIES, Api, Refused
from testbed.control_plane import ControlPlane

_ADMISSION = "/apis/admissionregistration.k8s.io/v1"


def test_a_second_install_changes_nothing(shop: Shop, api: Api) -> None:
    first = shop.run("install", "--yes")
    assert "closes web -> everything but DNS, orders" in first
    assert "3 installed, 0 failed, 0 unchanged" in first
    before = policies(api, shop.namespace)
    assert set(before) == {"web", "orders", "redis"}
    assert "3 up to date" in shop.run("install", "--yes")
    assert policies(api, shop.namespace) == before
    assert set(map(str, revisions(api, shop.namespace).values())) == {"{1: 'deployed'}"}


def test_only_what_changed_is_upgraded(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    shop.add_extra("orders", "192.0.2.0/24")
    assert codes(shop.run("status", status=1), "EG643")
    printed = shop.run("install", "--yes")
    assert "opens  orders -> 192.0.2.0/24 on 8443/TCP" in printed
    assert "1 installed, 0 failed, 2 unchanged" in printed
    assert revisions(api, shop.namespace)["orders"] == {1: "superseded", 2: "deployed"}
    assert set(revisions(api, shop.namespace)["web"]) == {1}
    assert not re.search(r"^error", shop.run("status"), re.MULTILINE)


def test_installing_asks_before_it_changes_anything(shop: Shop, api: Api) -> None:
    assert "add --yes" in shop.run("install", status=2)
    assert policies(api, shop.namespace) == {}


def test_a_dry_run_changes_nothing(shop: Shop, api: Api) -> None:
    assert "3 would be installed, 0 failed" in shop.run("install", "--dry-run")
    shop.run("install", "--yes")
    shop.add_extra("web", "192.0.2.0/24")
    before = policies(api, shop.namespace), revisions(api, shop.namespace)
    shop.run("install", "--dry-run")
    shop.run("uninstall", "--all", "--dry-run")
    assert (policies(api, shop.namespace), revisions(api, shop.namespace)) == before


def test_namespaces_are_created_on_request_alone(shop: Shop, control_plane: ControlPlane) -> None:
    absent = Shop(shop.folder, f"{shop.namespace}-new", shop.program, shop.kubeconfig)
    absent.write()
    assert len(codes(absent.run("install", "--yes", status=1), "EG655")) == 3
    absent.run("install", "--yes", "--create-namespace")
    assert len(policies(control_plane.api, absent.namespace)) == 3


def test_what_belongs_to_others_is_refused(shop: Shop, api: Api) -> None:
    foreign = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "web"},
        "spec": {"podSelector": {}, "policyTypes": ["Egress"]},
    }
    created = api.post(f"{POLICIES}/namespaces/{shop.namespace}/networkpolicies", foreign)
    other = shop.folder / "other"
    (other / "templates").mkdir(parents=True)
    (other / "Chart.yaml").write_text("apiVersion: v2\nname: other\nversion: 1.0.0\n", "utf-8")
    (other / "templates" / "map.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n", "utf-8")
    shop.helm("install", "redis", str(other))
    printed = shop.run("install", "--yes", status=1)
    assert len(codes(printed, "EG646")) == 1
    assert len(codes(printed, "EG647")) == 1
    assert "1 installed, 0 failed" in printed
    assert policies(api, shop.namespace)["web"]["spec"] == created["spec"]
    assert set(policies(api, shop.namespace)) == {"web", "orders"}
    assert len(codes(shop.run("uninstall", "redis", "--yes", status=1), "EG647")) == 1


def test_a_failing_service_stops_no_other(shop: Shop, api: Api) -> None:
    name = f"refuse-{shop.namespace}"
    rule = {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": shop.namespace}},
            "resourceRules": [
                {
                    "apiGroups": ["networking.k8s.io"],
                    "apiVersions": ["v1"],
                    "operations": ["CREATE", "UPDATE"],
                    "resources": ["networkpolicies"],
                }
            ],
        },
        "validations": [{"expression": "object.metadata.name != 'orders'", "message": "not on a Friday"}],
    }
    metadata = {"metadata": {"name": name}}
    kinds = {
        "validatingadmissionpolicies": "ValidatingAdmissionPolicy",
        "validatingadmissionpolicybindings": "ValidatingAdmissionPolicyBinding",
    }
    specs = [rule, {"policyName": name, "validationActions": ["Deny"]}]
    for (path, kind), spec in zip(kinds.items(), specs, strict=True):
        api.post(
            f"{_ADMISSION}/{path}",
            {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, **metadata, "spec": spec},
        )
    try:
        _wait_until_denied(api, shop.namespace)
        printed = shop.run("install", "--yes", status=1)
        assert len(codes(printed, "EG654")) == 1
        assert "not on a Friday" in printed
        assert "2 installed, 1 failed" in printed
    finally:
        for path in kinds:
            api.delete(f"{_ADMISSION}/{path}/{name}")
    assert set(policies(api, shop.namespace)) == {"web", "redis"}
    _wait_until_allowed(shop)
    assert set(policies(api, shop.namespace)) == {"web", "orders", "redis"}
    assert not re.search(r"^error", shop.run("status"), re.MULTILINE)


def _wait_until_denied(api: Api, namespace: str) -> None:
    """A new admission policy is in force a moment after it is stored."""
    probe = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "orders"},
        "spec": {"podSelector": {}},
    }
    for _ in range(300):
        try:
            api.post(f"{POLICIES}/namespaces/{namespace}/networkpolicies?dryRun=All", probe)
        except Refused:
            return
        time.sleep(0.1)
    pytest.fail("the admission policy never came into force")


def _wait_until_allowed(shop: Shop) -> None:
    for _ in range(30):
        done = subprocess.run(
            shop.command("install", "--yes"), cwd=shop.folder, env=shop.environment(), capture_output=True, check=False
        )
        if done.returncode == 0:
            return
        time.sleep(0.5)
    pytest.fail("the next run did not finish what failed")
