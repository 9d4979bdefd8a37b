"""`egressc install`, `status`, `rollback` and `uninstall` on a real API server, with both Helm majors."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from cluster.conftest import require_testbed
from cluster.projects import ROOT, Shop, codes, make_shop, policies, revisions
from helm_binaries import MAJORS, helm_binary
from testbed.api import POLICIES, Api, Refused
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane, write_kubeconfig

PROJECTS = sorted(path.parent for path in ROOT.glob("examples/*/egressc.yaml"))
_ADMISSION = "/apis/admissionregistration.k8s.io/v1"
_RBAC = "/apis/rbac.authorization.k8s.io/v1"


@pytest.fixture(scope="module")
def control_plane() -> Iterator[ControlPlane]:
    """A server of this module's own: on the shared one the tests of packets leave policies, which install refuses."""
    require_testbed()
    with ControlPlane() as running:
        yield running


@pytest.fixture
def api(control_plane: ControlPlane) -> Api:
    return control_plane.api


@pytest.fixture(params=MAJORS)
def shop(request: pytest.FixtureRequest, control_plane: ControlPlane, tmp_path: Path) -> Shop:
    made = make_shop(tmp_path, control_plane, helm_binary(request.param))
    ensure_namespace(control_plane.api, made.namespace, {})
    return made


def test_a_second_install_changes_nothing(shop: Shop, api: Api) -> None:
    first = shop.run("install", "--yes")
    assert "closes web -> everything but DNS, orders" in first
    assert "3 installed, 0 failed, 0 left alone" in first
    before = policies(api, shop.namespace)
    assert set(before) == {"web-egress", "orders-egress", "redis-egress"}
    assert "3 as the sources give" in shop.run("install", "--yes")
    assert policies(api, shop.namespace) == before
    assert set(map(str, revisions(api, shop.namespace).values())) == {"{1: 'deployed'}"}


def test_only_what_changed_is_upgraded(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    shop.add_extra("orders", "192.0.2.0/24")
    assert codes(shop.run("status", status=1), "EG643")
    printed = shop.run("install", "--yes")
    assert "opens  orders -> 192.0.2.0/24 on 8443/TCP" in printed
    assert "1 installed, 0 failed, 2 left alone" in printed
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


def test_an_edit_in_the_cluster_is_found_and_undone(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    path = f"{POLICIES}/namespaces/{shop.namespace}/networkpolicies/web-egress"
    before = api.get(path)["spec"]
    anyone = {
        "podSelector": {"matchLabels": {"tier": "x"}},
        "egress": [*before["egress"], {"to": [_block("203.0.113.0/24")]}],
    }
    api.patch(f"{path}?fieldManager=kubectl-edit", {"spec": anyone})
    found = codes(shop.run("status", status=1), "EG644")
    assert len(found) == 1
    assert "web-egress was edited in the cluster" in found[0]
    shop.run("install", "--yes")
    assert api.get(path)["spec"] == before
    assert not codes(shop.run("status"), "EG644")


def test_another_order_is_no_drift(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    path = f"{POLICIES}/namespaces/{shop.namespace}/networkpolicies/web-egress"
    rules = api.get(path)["spec"]["egress"]
    api.patch(f"{path}?fieldManager=kubectl-edit", {"spec": {"egress": rules[::-1]}})
    assert not re.search(r"^error", shop.run("status"), re.MULTILINE)
    assert "3 as the sources give" in shop.run("install", "--yes")


def test_a_deleted_policy_is_missed_and_made_again(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    api.delete(f"{POLICIES}/namespaces/{shop.namespace}/networkpolicies/web-egress")
    found = codes(shop.run("status", status=1), "EG642")
    assert len(found) == 1
    assert "and it was deleted" in found[0]
    shop.run("install", "--yes")
    assert "web-egress" in policies(api, shop.namespace)


def test_what_belongs_to_others_is_refused(shop: Shop, api: Api) -> None:
    foreign = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "web-egress"},
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
    assert policies(api, shop.namespace)["web-egress"]["spec"] == created["spec"]
    assert set(policies(api, shop.namespace)) == {"web-egress", "orders-egress"}
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
        "validations": [{"expression": "object.metadata.name != 'orders-egress'", "message": "not on a Friday"}],
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
    assert set(policies(api, shop.namespace)) == {"web-egress", "redis-egress"}
    _wait_until_allowed(shop)
    assert set(policies(api, shop.namespace)) == {"web-egress", "orders-egress", "redis-egress"}
    assert not re.search(r"^error", shop.run("status"), re.MULTILINE)


def test_rollback_goes_back_and_says_what_opens(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    before = policies(api, shop.namespace)["web-egress"]["spec"]
    shop.write({"web": "orders, redis", "orders": "redis", "redis": "-"})
    shop.run("install", "--yes")
    assert policies(api, shop.namespace)["web-egress"]["spec"] != before
    printed = shop.run("rollback", "web", "--yes")
    assert "back to revision 1" in printed
    assert "closes web -> pods app.kubernetes.io/name=redis" in printed
    assert policies(api, shop.namespace)["web-egress"]["spec"] == before
    assert len(codes(shop.run("status", status=1), "EG643")) == 1
    assert len(codes(shop.run("rollback", "web", "--revision", "9", "--yes", status=1), "EG654")) == 1


def test_uninstall_leaves_nothing(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    assert "opens  web -> everything" in shop.run("uninstall", "web", "--yes")
    assert set(policies(api, shop.namespace)) == {"orders-egress", "redis-egress"}
    shop.run("uninstall", "--all", "--yes")
    assert policies(api, shop.namespace) == {}
    assert revisions(api, shop.namespace) == {}
    assert "no release to uninstall" in shop.run("uninstall", "--all", "--yes")
    assert "name services, or say --all" in shop.run("uninstall", "--yes", status=2)


def test_a_service_that_left_the_table_is_named(shop: Shop) -> None:
    shop.run("install", "--yes")
    shop.write({"web": "orders", "orders": "-"})
    found = codes(shop.run("status", "orders", status=1), "EG656")
    assert len(found) == 1
    assert "/redis belongs to no service" in found[0]


def test_broken_off_upgrades_go_back_first(shop: Shop, api: Api) -> None:
    """A release in the state that Helm leaves when it is killed between storing a revision and ending it."""
    shop.run("install", "--yes")
    shop.add_extra("web", "192.0.2.0/24")
    _kill_in_the_middle(shop, api, "pending-upgrade")
    assert codes(shop.run("status", "web", status=1), "EG648")
    shop.run("install", "--yes")
    assert revisions(api, shop.namespace)["web"][max(revisions(api, shop.namespace)["web"])] == "deployed"
    assert not re.search(r"^error", shop.run("status"), re.MULTILINE)


@pytest.mark.parametrize("major", MAJORS)
def test_two_hundred_services_survive_a_kill(major: str, control_plane: ControlPlane, tmp_path: Path) -> None:
    count = 200
    services = [(f"svc-{i:03d}", f"svc-{(i * 7 + 1) % count:03d}, svc-{(i * 3 + 2) % count:03d}") for i in range(count)]
    api = control_plane.api
    shop = make_shop(tmp_path, control_plane, helm_binary(major), services)
    ensure_namespace(api, shop.namespace, {})
    _kill_in_the_middle(shop, api, "pending-install", after=count // 4)
    assert count // 4 <= len(policies(api, shop.namespace)) < count
    shop.run("install", "--yes")
    assert set(policies(api, shop.namespace)) == {f"{name}-egress" for name, _ in services}
    stored = revisions(api, shop.namespace)
    assert set(stored) == {name for name, _ in services}
    assert {tuple(of_one.values()) for of_one in stored.values()} == {("deployed",)}
    assert f"{count} as the sources give" in shop.run("install", "--yes")
    assert revisions(api, shop.namespace) == stored
    report = json.loads(shop.run("status", "--format", "json").partition("\ncluster ")[0])
    assert report["summary"]["errors"] == 0


@pytest.mark.parametrize("major", MAJORS)
@pytest.mark.parametrize("project", PROJECTS, ids=lambda folder: folder.name)
def test_every_example_installs_and_is_what_its_sources_give(
    project: Path, major: str, control_plane: ControlPlane, tmp_path: Path
) -> None:
    example = Shop(shutil.copytree(project, tmp_path / "project"), "", helm_binary(major), control_plane.kubeconfig)
    example.run("install", "--yes", "--create-namespace")
    try:
        assert "nothing is changed" in example.run("install", "--yes")
        assert not re.search(r"^error", example.run("status"), re.MULTILINE)
    finally:
        example.run("uninstall", "--all", "--yes")


class TestWhichCluster:
    """Ways to say which cluster and who asks; helm must be told the same."""

    @pytest.fixture
    def shop(self, control_plane: ControlPlane, tmp_path: Path) -> Shop:
        made = make_shop(tmp_path, control_plane, helm_binary(MAJORS[-1]))
        ensure_namespace(control_plane.api, made.namespace, {})
        return made

    def test_a_context_of_several_files(self, shop: Shop, control_plane: ControlPlane) -> None:
        config = json.loads(control_plane.kubeconfig.read_text("utf-8"))
        elsewhere = shop.folder / "elsewhere"
        elsewhere.write_text(
            json.dumps(
                {
                    **config,
                    "contexts": [{"name": "elsewhere", "context": {"cluster": "elsewhere", "user": "testbed"}}],
                    "clusters": [{"name": "elsewhere", "cluster": {"server": "https://127.0.0.1:1"}}],
                    "current-context": "elsewhere",
                }
            ),
            "utf-8",
        )
        both = replace(shop, kubeconfig=Path(f"{elsewhere}:{control_plane.kubeconfig}"))
        assert codes(both.run("status", status=1), "EG640")
        assert "3 installed" in both.run("install", "--context", "testbed", "--yes")
        assert "3 as the sources give" in shop.run("install", "--kubeconfig", str(control_plane.kubeconfig), "--yes")

    @pytest.mark.parametrize("version", ["v1", "v1beta1"])
    def test_credentials_of_a_plugin(self, version: str, shop: Shop, control_plane: ControlPlane) -> None:
        config = json.loads(control_plane.kubeconfig.read_text("utf-8"))
        api_version = f"client.authentication.k8s.io/{version}"
        answer = {"apiVersion": api_version, "kind": "ExecCredential", "status": {"token": control_plane.api.token}}
        plugin = shop.folder / "plugin"
        plugin.write_text(f"#!/bin/sh\necho '{json.dumps(answer)}'\n", "utf-8")
        plugin.chmod(0o755)
        asked = {"apiVersion": api_version, "command": str(plugin), "interactiveMode": "Never"}
        config["users"] = [{"name": "testbed", "user": {"exec": asked}}]
        path = shop.folder / "with-plugin"
        path.write_text(json.dumps(config), "utf-8")
        assert "3 installed" in replace(shop, kubeconfig=path).run("install", "--yes")

    def test_no_cluster(self, shop: Shop) -> None:
        nowhere = replace(shop, kubeconfig=shop.folder / "nowhere")
        assert codes(nowhere.run("status", status=1), "EG640")
        broken = shop.folder / "broken"
        broken.write_text("- no kubeconfig\n", "utf-8")
        assert codes(replace(shop, kubeconfig=broken).run("status", status=1), "EG640")


def _kill_in_the_middle(shop: Shop, api: Api, status: str, *, after: int = 0) -> None:
    """Start an install, and kill it with all its helm processes once a release is in this state, `after` others."""
    path = f"/api/v1/namespaces/{shop.namespace}/secrets?limit=1&labelSelector=status%3D{status}"
    for _ in range(8):
        run = subprocess.Popen(
            shop.command("install", "--yes"),
            cwd=shop.folder,
            env=shop.environment(),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while run.poll() is None:
            if len(policies(api, shop.namespace)) < after:
                time.sleep(0.2)
            elif api.get(path)["items"]:
                os.killpg(run.pid, signal.SIGKILL)
                run.wait()
        if api.get(path)["items"]:
            return
    pytest.fail(f"no release was left {status}")


def _wait_until_denied(api: Api, namespace: str) -> None:
    """A new admission policy is in force a moment after it is stored."""
    probe = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "orders-egress"},
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


def _block(cidr: str) -> dict[str, dict[str, str]]:
    return {"ipBlock": {"cidr": cidr}}


class TestReadingAlone:
    """The roles of docs/cluster.md, bound to a user who has nothing else."""

    @pytest.fixture
    def reader(self, shop: Shop, control_plane: ControlPlane) -> Shop:
        """The same project with the rights of a service account."""
        api = control_plane.api
        shop.run("install", "--yes")
        ensure_namespace(api, "readers", {})
        _ignore_existing(
            api, "/api/v1/namespaces/readers/serviceaccounts", _named("v1", "ServiceAccount", shop.namespace)
        )
        asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
        path = f"/api/v1/namespaces/readers/serviceaccounts/{shop.namespace}/token"
        token = api.post(path, asked)["status"]["token"]
        for role in _documented_roles():
            _ignore_existing(api, f"{_RBAC}/clusterroles", role)
        kubeconfig = write_kubeconfig(shop.folder / "reader", api.port, api.authority, token)
        return Shop(shop.folder, shop.namespace, shop.program, kubeconfig)

    def test_no_right_is_told(self, reader: Shop) -> None:
        assert codes(reader.run("status", status=1), "EG640")

    def test_the_status_role_is_enough(self, reader: Shop, api: Api) -> None:
        _bind(api, reader, "egressc-status", everywhere=True)
        printed = reader.run("status")
        unread = codes(printed, "EG641")
        assert len(unread) == 1
        assert "Secrets of Helm's releases" in unread[0]
        assert not re.search(r"^error", printed, re.MULTILINE)
        reader.add_extra("web", "192.0.2.0/24")
        assert len(codes(reader.run("status", status=1), "EG643")) == 1

    def test_with_releases_nothing_is_hidden(self, reader: Shop, api: Api) -> None:
        _bind(api, reader, "egressc-status", everywhere=True)
        _bind(api, reader, "egressc-releases", everywhere=False)
        assert not codes(reader.run("status"), "EG641")

    def test_the_install_role_is_enough_in_its_namespace(self, reader: Shop, api: Api) -> None:
        _bind(api, reader, "egressc-install", everywhere=False)
        reader.add_extra("web", "192.0.2.0/24")
        assert "1 installed, 0 failed" in reader.run("install", "--yes")
        assert "3 uninstalled, 0 failed" in reader.run("uninstall", "--all", "--yes")


def _documented_roles() -> list[dict[str, object]]:
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)]


def _bind(api: Api, shop: Shop, role: str, *, everywhere: bool) -> None:
    kind = "ClusterRoleBinding" if everywhere else "RoleBinding"
    path = f"{_RBAC}/clusterrolebindings" if everywhere else f"{_RBAC}/namespaces/{shop.namespace}/rolebindings"
    binding = {
        **_named("rbac.authorization.k8s.io/v1", kind, f"{role}-{shop.namespace}"),
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": shop.namespace, "namespace": "readers"}],
    }
    _ignore_existing(api, path, binding)


def _named(version: str, kind: str, name: str) -> dict[str, object]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}}


def _ignore_existing(api: Api, path: str, body: dict[str, object]) -> None:
    try:
        api.post(path, body)
    except Refused as error:
        if error.status != 409:
            raise
