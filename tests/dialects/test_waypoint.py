"""`egressc status` and `install` with a waypoint: a policy that leads to it has its hosts; objects are compared."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from egressc.cluster.objects import Object, ObjectKind
from egressc.diagnostics.core import Report
from egressc.fleet.drift import report_drift, report_surroundings
from egressc.fleet.fleet import Fleet, read_fleet
from egressc.fleet.operations import plan_install
from egressc.fleet.preview import find_effect
from egressc.project.compiling import compile_project
from support.command import rendered, run
from support.recorded_cluster import RecordedCluster, installed, namespace, release
from support.recorded_shop import AROUND, RecordedShop
from support.tables import each

GATEWAY: Final = "egress-gateway"
HOME: Final = "istio-egress"
PROJECT: Final = f"cluster: {{dialect: Istio, istio: {{waypoint: {{namespace: {HOME}}}}}}}\n"
CATALOG: Final = "destinations: {LLM: {hosts: [api.llm.example], ports: [443]}}\n"
TABLE: Final = "| Service | Listens on | Depends on |\n|---|---|---|\n| web | 80 | orders{} |\n| orders | 8080 | - |\n"
WAYPOINT: Final = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {
        "name": "egress",
        "namespace": HOME,
        "labels": {"gateway.networking.k8s.io/gateway-name": "egress"},
    },
    "spec": {"containers": [{"name": "main"}]},
}
AROUND_IT: Final = [*AROUND, namespace(HOME), WAYPOINT]

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def shop(tmp_path: Path) -> RecordedShop:
    shop = RecordedShop(tmp_path, PROJECT, CATALOG)
    write(shop, ", LLM")
    return shop


def write(shop: RecordedShop, needs: str) -> None:
    (shop.folder / "services.md").write_text(TABLE.format(needs), "utf-8")
    assert run(["compile", "--prune"], shop.folder).exit_code == 0


def gateway(shop: RecordedShop, live: str = "") -> list[Object]:
    """The release of the gateway: what Helm holds of it, and what is in the cluster; by default as rendered."""
    text = rendered(GATEWAY, shop.folder)
    values = yaml.safe_load((shop.folder / "values/cluster/egress-gateway.yaml").read_text("utf-8"))
    return [release(GATEWAY, HOME, text, values, chart=GATEWAY), *installed(live or text, GATEWAY, HOME)]


def fleet_of(shop: RecordedShop, objects: list[Object], report: Report) -> Fleet:
    return shop.fleet([*AROUND_IT, *objects], report)


def look(shop: RecordedShop, objects: list[Object]) -> list[str]:
    report = Report()
    fleet = fleet_of(shop, objects, report)
    report_drift(fleet, report)
    report_surroundings(fleet, report)
    return [f"{it.code.id} {it.service}: {it.message}" for it in report.diagnostics]


def effect(shop: RecordedShop, objects: list[Object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an install opens and closes."""
    report = Report()
    fleet = fleet_of(shop, objects, report)
    operation = plan_install(fleet, RecordedCluster(()), report, create_namespace=False)
    found = find_effect(fleet, operation.leaving, operation.coming)
    return found.opens, found.closes


def test_what_is_right_is_not_reported(shop: RecordedShop) -> None:
    objects = [*shop.everything(), *gateway(shop)]
    assert look(shop, objects) == []
    assert effect(shop, objects) == ((), ())


def test_a_new_host_is_opened_by_an_install(shop: RecordedShop) -> None:
    write(shop, "")
    before = shop.everything()
    write(shop, ", LLM")
    opens, closes = effect(shop, before)
    assert [it for it in opens if "api.llm.example" in it], opens
    assert closes == ()


@each(
    ("kind", "change"),
    [
        ("ServiceEntry", lambda spec: spec.update(hosts=["evil.example"])),
        ("AuthorizationPolicy", lambda spec: spec["rules"][0].pop("from")),
        ("Gateway", lambda spec: spec["listeners"][0]["allowedRoutes"]["namespaces"].update({"from": "All"})),
    ],
)
def test_an_edited_object_is_told_and_restored(shop: RecordedShop, kind: str, change: Change) -> None:
    documents = [it for it in yaml.safe_load_all(rendered(GATEWAY, shop.folder)) if it]
    change(next(it for it in documents if it["kind"] == kind)["spec"])
    objects = [*shop.everything(), *gateway(shop, live=yaml.safe_dump_all(documents))]
    found = [it for it in look(shop, objects) if it.startswith("EG668")]
    assert len(found) == 1
    assert found[0].startswith(f"EG668 cluster/egress-gateway: {kind}")
    report = Report()
    fleet = fleet_of(shop, objects, report)
    steps = plan_install(fleet, RecordedCluster(()), report, create_namespace=False).steps
    assert "cluster/egress-gateway" in [it.service for it in steps]


@each("kind", ["Gateway", "ServiceEntry", "AuthorizationPolicy"])
def test_a_missing_object_is_told(shop: RecordedShop, kind: str) -> None:
    left = [it for it in gateway(shop) if it["kind"] != kind]
    found = [it for it in look(shop, [*shop.everything(), *left]) if it.startswith("EG642")]
    assert len(found) == 1
    assert kind in found[0]


@each("kind", [ObjectKind.WAYPOINTS, ObjectKind.SERVICE_ENTRIES])
def test_what_is_ours_has_to_be_readable(shop: RecordedShop, kind: ObjectKind) -> None:
    compiled = compile_project(shop.folder / "egressc.yaml", Report())
    assert compiled is not None
    report = Report()
    cluster = RecordedCluster((*AROUND_IT, *shop.everything(), *gateway(shop)), hidden=[kind])
    assert read_fleet(compiled, [it.service.id for it in compiled.values], cluster, report) is None
    assert "cannot be listed" in report.diagnostics[0].message


def test_a_rule_that_leads_others_to_the_waypoint_is_named(shop: RecordedShop) -> None:
    values = shop.folder / "values/orders.yaml"
    rule = f"egress: [{{to: [{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {HOME}}}}}}}]}}]"
    values.write_text(values.read_text("utf-8").replace("egress: []", rule), "utf-8")
    proven = run(["verify"], shop.folder)
    assert proven.exit_code == 1
    assert "host api.llm.example on 443/TCP is allowed, but no row asks for it" in proven.stderr
    assert "of policy shop/orders allows it" in proven.stderr, proven.stderr


LEDGER: Final = "Ledger: {namespace: books, ports: [8080], policy: none}"
IN_MESH: Final = "namespaces: {books: {labels: {istio.io/dataplane-mode: ambient}}}"


@each(
    ("needs", "ledger", "cluster", "is_told"),
    [
        ("Ledger", LEDGER, IN_MESH, True),
        ("Ledger", LEDGER, "", False),
        ("Ledger", LEDGER, "namespaces: {books: {labels: {}}}", False),
        (
            "Ledger",
            "Ledger: {namespaces: {istio.io/dataplane-mode: ambient}, selector: any pod, ports: [8080]}",
            "",
            True,
        ),
        (
            "Ledger",
            "Ledger: {namespaces: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [books]"
            "}]}, selector: {app: ledger}, ports: [8080]}",
            IN_MESH,
            True,
        ),
        ("Ledger", LEDGER.replace("[8080]", "[8080, 15008]"), IN_MESH, False),
        ("Ledger, Istio ambient pods", LEDGER, IN_MESH, False),
        ("Ledger", LEDGER.replace("[8080]", "[{port: 8080, protocol: UDP}]"), IN_MESH, False),
    ],
)
def test_a_closed_tunnel_between_pods_of_the_mesh_is_told(
    shop: RecordedShop, needs: str, ledger: str, cluster: str, is_told: bool
) -> None:
    (shop.folder / "services.md").write_text(TABLE.format(f", LLM, {needs}"), "utf-8")
    catalog = shop.folder / "catalog.yaml"
    text = catalog.read_text("utf-8").partition("destinations: {LLM")[0]
    catalog.write_text(f"{text}{CATALOG.rstrip()[:-1]}, {ledger}}}\n", "utf-8")
    project = shop.folder / "egressc.yaml"
    kept = [it for it in project.read_text("utf-8").splitlines() if not it.startswith("cluster:")]
    settings = PROJECT.rstrip()[:-1] + (f", {cluster}" if cluster else "") + "}"
    project.write_text("\n".join([*kept, settings, ""]), "utf-8")
    done = run(["compile", "--prune"], shop.folder)
    assert done.exit_code == 0, done.stderr
    assert ("EG457" in done.stderr) is is_told, done.stderr
