"""The release of an egress gateway in commands: `status`, `install` and `verify`."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from egressc.cluster.objects import Object, ObjectKind
from egressc.diagnostics.core import Report
from egressc.fleet.drift import report_drift, report_surroundings
from egressc.fleet.fleet import read_fleet
from egressc.fleet.operations import plan_install
from egressc.project.compiling import compile_project
from support.command import rendered, run
from support.recorded_cluster import RecordedCluster, installed, namespace, release
from support.recorded_shop import AROUND, RecordedShop
from support.tables import each

GATEWAY: Final = "egress-gateway"
HOME: Final = "istio-egress"
PROJECT: Final = f"cluster: {{dialect: Istio, istio: {{gateway: {{namespace: {HOME}}}}}}}\n"
CATALOG: Final = "destinations: {LLM: {hosts: [api.llm.example], ports: [443]}}\n"
TABLE: Final = (
    "| Service | Listens on | Depends on |\n|---|---|---|\n| web | 80 | orders, LLM |\n| orders | 8080 | - |\n"
)
# The pods and the namespaces of the gateway and of istiod.
AROUND_IT: Final = [
    *AROUND,
    namespace(HOME),
    namespace("istio-system"),
    *(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": home, "labels": labels},
            "spec": {"containers": [{"name": "main"}]},
        }
        for name, home, labels in (
            ("gateway", HOME, {"istio": "egressgateway"}),
            ("istiod", "istio-system", {"app": "istiod"}),
        )
    ),
]


@pytest.fixture
def shop(tmp_path: Path) -> RecordedShop:
    shop = RecordedShop(tmp_path, PROJECT, CATALOG)
    (tmp_path / "services.md").write_text(TABLE, "utf-8")
    assert run(["compile"], tmp_path).exit_code == 0
    return shop


def gateway(shop: RecordedShop, stored: str = "", live: str = "") -> list[Object]:
    """The release of the gateway: what Helm holds of it, and what is in the cluster; by default as rendered."""
    text = rendered(GATEWAY, shop.folder)
    values = yaml.safe_load((shop.folder / "values/cluster/egress-gateway.yaml").read_text("utf-8"))
    held = release(GATEWAY, HOME, stored or text, values, chart=GATEWAY)
    return [held, *installed(live or stored or text, GATEWAY, HOME)]


def look(shop: RecordedShop, objects: list[Object]) -> list[str]:
    report = Report()
    fleet = shop.fleet([*AROUND_IT, *objects], report)
    report_drift(fleet, report)
    report_surroundings(fleet, report)
    return [f"{it.code.id} {it.service}: {it.message}" for it in report.diagnostics]


def test_what_is_right_is_not_reported(shop: RecordedShop) -> None:
    assert look(shop, [*shop.everything(), *gateway(shop)]) == []


def test_it_comes_first_and_alone(shop: RecordedShop) -> None:
    report = Report()
    fleet = shop.fleet([*AROUND_IT, *shop.everything()], report)
    operation = plan_install(fleet, RecordedCluster(()), report, create_namespace=False)
    assert [(it.service, it.namespace) for it in operation.steps] == [("cluster/egress-gateway", HOME)]
    lacking = sorted({it.split(":")[0] for it in look(shop, [*shop.everything()])})
    assert "EG642 cluster/egress-gateway" in lacking


Change = Callable[[dict[str, Any]], object]
CHANGES: Final[list[tuple[str, Change]]] = [
    ("ServiceEntry", lambda spec: spec.update(exportTo=["*"])),
    ("AuthorizationPolicy", lambda spec: spec["rules"][0]["from"][0]["source"]["notNamespaces"].append("other")),
    ("VirtualService", lambda spec: spec["tcp"][0]["route"][0]["destination"].update(host="evil.example")),
    ("Gateway", lambda spec: spec["servers"][0]["tls"].update(mode="PASSTHROUGH")),
    ("DestinationRule", lambda spec: spec["subsets"][0].update(trafficPolicy={})),
]


def changed(text: str, kind: str, change: Change) -> str:
    documents = [it for it in copy.deepcopy(list(yaml.safe_load_all(text))) if it]
    change(next(it for it in documents if it["kind"] == kind)["spec"])
    return yaml.safe_dump_all(documents)


@each(("kind", "change"), CHANGES)
def test_an_edited_object_is_told_and_restored(shop: RecordedShop, kind: str, change: Change) -> None:
    live = changed(rendered(GATEWAY, shop.folder), kind, change)
    objects = [*shop.everything(), *gateway(shop, live=live)]
    found = [it for it in look(shop, objects) if it.startswith("EG668")]
    assert len(found) == 1
    assert f"{kind} {HOME}/" in found[0]
    report = Report()
    fleet = shop.fleet([*AROUND_IT, *objects], report)
    steps = plan_install(fleet, RecordedCluster(()), report, create_namespace=False).steps
    assert "cluster/egress-gateway" in [it.service for it in steps]


@each(("kind", "change"), CHANGES)
def test_an_older_object_is_told(shop: RecordedShop, kind: str, change: Change) -> None:
    stored = changed(rendered(GATEWAY, shop.folder), kind, change)
    found = look(shop, [*shop.everything(), *gateway(shop, stored=stored)])
    assert any(it.startswith("EG669 cluster/egress-gateway: ") and f"{kind} {HOME}/" in it for it in found), found


def test_the_sidecar_of_a_service_counts_too(shop: RecordedShop) -> None:
    text = shop.manifest("web")
    edited = changed(text, "Sidecar", lambda spec: spec["egress"][0]["hosts"].append("*/*"))
    web = [release("web", "shop", text, shop.values("web")), *installed(edited, "web", "shop")]
    found = look(shop, [*shop.installed("orders"), *web, *gateway(shop)])
    assert [it for it in found if it.startswith("EG668 web: Sidecar shop/web-hosts")], found
    gone = [release("web", "shop", text, shop.values("web"))]
    gone += [it for it in installed(text, "web", "shop") if it["kind"] != "Sidecar"]
    found = look(shop, [*shop.installed("orders"), *gone, *gateway(shop)])
    assert [it for it in found if it.startswith("EG642 web: ") and "Sidecar web-hosts" in it], found


@each("kind", [ObjectKind.SIDECARS, ObjectKind.SERVICE_ENTRIES, ObjectKind.AUTHORIZATION_POLICIES])
def test_what_is_ours_has_to_be_readable(shop: RecordedShop, kind: ObjectKind) -> None:
    compiled = compile_project(shop.folder / "egressc.yaml", Report())
    assert compiled is not None
    report = Report()
    cluster = RecordedCluster((*AROUND_IT, *shop.everything(), *gateway(shop)), hidden=[kind])
    assert read_fleet(compiled, [it.service.id for it in compiled.values], cluster, report) is None
    assert "cannot be listed" in report.diagnostics[0].message


def test_the_release_alone_is_proven_with_the_services_that_reach_its_hosts(shop: RecordedShop) -> None:
    proven = run(["verify", GATEWAY], shop.folder)
    assert proven.exit_code == 0, proven.stderr
    assert "1 of 2 services: policies equal" in proven.stderr


def test_it_shows_who_reaches_its_hosts_and_cannot_be_probed(shop: RecordedShop) -> None:
    shown = run(["show", GATEWAY, "--lines"], shop.folder)
    assert "Web -> LLM 443/TCP".lower() in shown.stdout.lower()
    assert (
        "the hosts behind an egress gateway; name a service" in run(["probe", GATEWAY, "--script"], shop.folder).stderr
    )


def test_objects_of_others_count_only_together_with_what_the_charts_render(shop: RecordedShop) -> None:
    project = shop.folder / "egressc.yaml"
    project.write_text(f"{project.read_text('utf-8')}otherPolicies: [mesh.yaml]\n", "utf-8")
    (shop.folder / "mesh.yaml").write_text(
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\n"
        f"metadata: {{name: evil, namespace: {HOME}}}\nspec: {{hosts: [evil.example]}}\n",
        "utf-8",
    )
    for command in ("check", "verify"):
        told = run([command], shop.folder)
        assert told.exit_code == 1
        assert "ServiceEntry may allow or deny flows but is not read" in told.stderr
        assert "leave it out of otherPolicies" in told.stderr


def test_the_account_of_pods_that_name_none_is_no_identity(shop: RecordedShop) -> None:
    catalog = shop.folder / "catalog.yaml"
    catalog.write_text(f"{catalog.read_text('utf-8').rstrip()[:-1]}, web: {{serviceAccount: default}}}}\n", "utf-8")
    told = run(["check"], shop.folder)
    assert told.exit_code == 1
    assert "is what every pod has that names no service account" in told.stderr, told.stderr


OPEN_443: Final = "podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]"
BASELINE: Final = "namespaces: {istio-egress: {baseline: {deny: egress, allowTo: ['Internet (443)']}}}"


@each(
    ("spec", "destination", "more", "is_told"),
    [
        ("podSelector: {}, policyTypes: [Egress]", "ports: [443]", "", True),
        ("podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", "ports: [443]", "", True),
        (OPEN_443.replace("443", "80"), "ports: [443]", "", True),
        (OPEN_443, "ports: [443]", "", False),
        (OPEN_443, "ports: [8443]", "", True),
        (OPEN_443, "ports: [80], gateway: {tls: originate}", "", False),
        (OPEN_443.replace("443", "80"), "ports: [80], gateway: {tls: originate}", "", True),
        ("podSelector: {}, egress: [{to: [{ipBlock: {cidr: '::/0'}}]}]", "ports: [443]", "", True),
        (
            "podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]}]",
            "ports: [443]",
            "",
            False,
        ),
        ("podSelector: {}, egress: [{}], policyTypes: [Egress]", "ports: [443]", "", False),
        ("podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]", "ports: [443]", "", False),
        ("podSelector: {}, policyTypes: [Egress]", "ports: [443]", BASELINE, False),
    ],
)
def test_what_others_close_behind_the_gateway_is_told(
    shop: RecordedShop, spec: str, destination: str, more: str, is_told: bool
) -> None:
    (shop.folder / "catalog.yaml").write_text(
        (shop.folder / "catalog.yaml").read_text("utf-8").partition("destinations: {LLM")[0]
        + f"destinations: {{LLM: {{hosts: [api.llm.example], {destination}}}}}\n",
        "utf-8",
    )
    cluster = f"cluster: {{dialect: Istio, istio: {{gateway: {{namespace: {HOME}}}}}{', ' * bool(more)}{more}}}\n"
    project = shop.folder / "egressc.yaml"
    kept = [it for it in project.read_text("utf-8").splitlines() if not it.startswith(("cluster:", "otherPolicies:"))]
    project.write_text("\n".join([*kept, cluster, "otherPolicies: [others.yaml]", ""]), "utf-8")
    text = "\n".join(
        f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {HOME}}}\n"
        f"spec: {{{held}}}\n"
        for name, held in (("deny", spec), ("callers", "podSelector: {}, policyTypes: [Ingress], ingress: [{}]"))
    )
    (shop.folder / "others.yaml").write_text(text, "utf-8")
    told = run(["check"], shop.folder).stderr
    assert "EG636" in told or "error" not in told, told
    assert ("the egress gateway cannot reach api.llm.example" in told) is is_told, told
