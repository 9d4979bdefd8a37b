"""Which connections are tried: at pods that run, with the verdict of the sources, and nothing guessed."""

from pathlib import Path

import pytest

from egressc.cluster.objects import Object, ObjectKind
from egressc.diagnostics.core import Report
from egressc.probe.plan import read_named
from egressc.probe.scene import ClusterView, see_cluster
from support.probed_shop import API_SLICE, AROUND, CATALOG, EXTRAS, TABLE, ProbedShop, ready

pytestmark = pytest.mark.slow  # each test runs commands on a whole project


@pytest.fixture
def shop(tmp_path: Path) -> ProbedShop:
    return ProbedShop(tmp_path)


def see(shop: ProbedShop, around: tuple[Object, ...] = AROUND, most: int = 10, **options: object) -> ClusterView:
    report = Report()
    hidden = options.pop("hidden", ())
    seen = see_cluster(shop.plan("web", **options), shop.cluster(around=around, hidden=hidden), most, report)
    assert seen is not None, report.diagnostics
    return seen


def tried(seen: ClusterView, expect: str) -> list[str]:
    return [f"{it.key} {it.host}:{it.port}" for it in seen.connections if it.expect.value == expect]


def skipped(seen: ClusterView) -> list[str]:
    return [f"{it.expect} {it.name}: {it.reason}" for it in seen.skipped]


def test_each_row_is_tried_at_a_pod_that_runs(shop: ProbedShop) -> None:
    assert tried(see(shop), "allow") == [
        "metrics-http 10.0.1.3:9090",
        "orders-8080 10.0.0.2:8080",
        "payments-443 api.example.com:443",
        "redis-6379 10.0.1.1:6379",
    ]


def test_denials_are_tried_where_somebody_listens_the_nearest_first(shop: ProbedShop) -> None:
    assert tried(see(shop), "deny") == [
        "redis-9121 10.0.1.1:9121",
        "orders-9000 10.0.0.2:9000",
        "billing-8443 10.0.0.3:8443",
        "ledger-5432 10.0.1.4:5432",
        "api-server kubernetes.default.svc:443",
        "metadata 169.254.169.254:80",
    ]


def test_every_metadata_address_of_the_pods_family_is_tried(tmp_path: Path) -> None:
    shop = ProbedShop(tmp_path, project="cluster: {ipFamilies: [IPv6]}\n")
    assert [it for it in tried(see(shop), "deny") if "metadata" in it] == [
        "metadata fd00:ec2::254:80",
        "metadata-2 fd20:ce::254:80",
    ]


@pytest.mark.parametrize(
    ("most", "keys"), [(0, []), (1, ["api-server"]), (3, ["redis-9121", "api-server", "metadata"])]
)
def test_no_more_denials_than_asked_for(shop: ProbedShop, most: int, keys: list[str]) -> None:
    assert [it.partition(" ")[0] for it in tried(see(shop, most=most), "deny")] == keys


def test_the_same_is_chosen_whatever_the_order_of_the_pods(shop: ProbedShop) -> None:
    more = (*AROUND, ready("data", "redis-2", "10.0.1.9", 6379, 9121))
    one, other = see(shop, more), see(shop, more[::-1])
    assert [(it.key, it.host, it.port) for it in one.connections] == [
        (it.key, it.host, it.port) for it in other.connections
    ]


def test_a_pod_that_declares_the_port_comes_first(shop: ProbedShop) -> None:
    older = ready("shop", "orders-0", "10.0.0.9")
    assert "orders-8080 10.0.0.2:8080" in tried(see(shop, (*AROUND, older)), "allow")


def test_a_pod_that_declares_nothing_will_do(shop: ProbedShop) -> None:
    around = tuple(it for it in AROUND if it["metadata"]["name"] != "orders-1")
    assert "orders-8080 10.0.0.9:8080" in tried(see(shop, (*around, ready("shop", "orders-0", "10.0.0.9"))), "allow")


@pytest.mark.parametrize(
    "change",
    [
        ("status", "conditions", [{"type": "Ready", "status": "False"}]),
        ("status", "phase", "Succeeded"),
        ("status", "podIP", ""),
        ("metadata", "deletionTimestamp", "2024-05-06T07:08:09Z"),
    ],
    ids=lambda change: str(change[1]),
)
def test_a_pod_that_takes_no_connections_is_not_tried(shop: ProbedShop, change: tuple[str, str, object]) -> None:
    orders = ready("shop", "orders-1", "10.0.0.2", 8080)
    part, key, value = change
    orders[part][key] = value
    seen = see(shop, (*(it for it in AROUND if it["metadata"]["name"] != "orders-1"), orders))
    assert "allow orders: no pod of it is ready" in skipped(seen)
    assert not [it for it in seen.connections if it.host == "10.0.0.2"]


def test_a_pod_on_the_hosts_network_is_not_tried(shop: ProbedShop) -> None:
    orders = ready("shop", "orders-1", "10.0.0.2", 8080, hostNetwork=True)
    seen = see(shop, (*(it for it in AROUND if it["metadata"]["name"] != "orders-1"), orders))
    assert "allow orders: its pods use the host network, where policies by labels do not apply" in skipped(seen)


def test_a_denial_is_not_tried_on_the_hosts_network_either(shop: ProbedShop) -> None:
    ledger = ready("data", "ledger-1", "10.0.1.4", 5432, hostNetwork=True)
    seen = see(shop, (*(it for it in AROUND if it["metadata"]["name"] != "ledger-1"), ledger))
    assert not [it for it in seen.connections if it.host == "10.0.1.4"]


def test_a_name_that_no_pod_gives_to_a_port_is_said(shop: ProbedShop) -> None:
    metrics = ready("data", "metrics-1", "10.0.1.3", 9090)
    seen = see(shop, (*(it for it in AROUND if it["metadata"]["name"] != "metrics-1"), metrics))
    assert 'allow metrics: no ready pod of it has a port named "http"' in skipped(seen)


def test_the_labels_of_the_pod_decide_and_not_the_name_it_was_found_by(tmp_path: Path) -> None:
    cache = "  cache: {namespace: data, selector: {tier: cache}, ports: [6379]}\n"
    shop = ProbedShop(tmp_path, catalog=CATALOG.replace("  ledger:", f"{cache}  ledger:"))
    one, other = ready("data", "other-1", "10.0.1.7", 6379), ready("data", "redis-3", "10.0.1.8", 6379)
    for pod in (one, other):
        pod["metadata"]["labels"]["tier"] = "cache"
    assert "cache-6379 10.0.1.7:6379" in tried(see(shop, (*AROUND, one, other)), "deny")
    assert not [it for it in tried(see(shop, (*AROUND, other)), "deny") if it.startswith("cache-6379")]


def test_extra_rules_with_an_address_are_tried_and_networks_are_not(tmp_path: Path) -> None:
    seen = see(ProbedShop(tmp_path, extras=EXTRAS))
    assert "extra-0-8443 198.51.100.9:8443" in tried(seen, "allow")
    assert "allow extra rule egress[1]: its addresses are networks, so there is no address to try" in skipped(seen)
    assert next(it for it in seen.connections if it.key == "extra-0-8443").place.source.name == "values/web.yaml"


def test_an_extra_rule_that_opens_a_denied_port_makes_it_no_denial(tmp_path: Path) -> None:
    extras = "  egress:\n    - to: [{podSelector: {matchLabels: {app: billing}}}]\n      ports: [{port: 8443}]\n"
    seen = see(ProbedShop(tmp_path, extras=extras))
    assert "extra-0-8443 10.0.0.3:8443" in tried(seen, "allow")
    assert not [it for it in tried(seen, "deny") if "10.0.0.3" in it]


def test_an_extra_rule_about_pods_is_tried_where_one_declares_the_port(tmp_path: Path) -> None:
    extras = "  egress:\n    - to: [{namespaceSelector: {}}]\n      ports: [{port: 8443}, {port: 4444}]\n"
    seen = see(ProbedShop(tmp_path, extras=extras))
    assert "extra-0-8443 10.0.0.3:8443" in tried(seen, "allow")
    assert "allow extra rule egress[0]: no ready pod that the rule selects declares the port" in skipped(seen)


def test_ranges_and_every_port_take_what_is_declared(tmp_path: Path) -> None:
    catalog = CATALOG.replace("ports: [6379, 9121]", "ports: any").replace("[http]", '["9000-9999"]')
    shop = ProbedShop(tmp_path, table=TABLE.replace("redis:6379", "redis"), catalog=catalog)
    allowed = tried(see(shop), "allow")
    assert "redis-any 10.0.1.1:6379" in allowed
    assert "metrics-9000 10.0.1.3:9090" in allowed
    mute = tuple(it for it in AROUND if it["metadata"]["name"] not in ("redis-1", "metrics-1"))
    seen = see(shop, (*mute, ready("data", "redis-1", "10.0.1.1"), ready("data", "metrics-1", "10.0.1.3")))
    assert "allow redis: no known port to try for any/TCP" in skipped(seen)
    assert "metrics-9000 10.0.1.3:9000" in tried(seen, "allow")


def test_the_api_server_is_denied_where_its_own_addresses_are(tmp_path: Path) -> None:
    extras = "  egress:\n    - to: [{ipBlock: {cidr: 172.18.0.0/16}}]\n      ports: [{port: 6443}]\n"
    shop = ProbedShop(tmp_path, extras=extras)
    assert "api-server kubernetes.default.svc:443" not in tried(see(shop), "deny")
    elsewhere = {**API_SLICE, "endpoints": [{"addresses": ["172.19.0.2"]}]}
    assert "api-server kubernetes.default.svc:443" in tried(see(shop, (*AROUND[:-1], elsewhere)), "deny")
    assert any("are not known here" in it for it in skipped(see(shop, AROUND[:-1])))


def test_the_api_server_is_denied_without_its_addresses_where_no_rule_opens_any(tmp_path: Path) -> None:
    shop = ProbedShop(tmp_path, table=TABLE.replace("| Payments |", "| - |"), catalog=CATALOG)
    seen = see(shop, hidden=(ObjectKind.ENDPOINT_SLICES,))
    assert "api-server kubernetes.default.svc:443" in tried(seen, "deny")


def test_metadata_that_is_granted_is_no_denial(tmp_path: Path) -> None:
    extras = "  egress:\n    - to: [{ipBlock: {cidr: 169.254.169.254/32}}]\n      ports: [{port: 80}]\n"
    seen = see(ProbedShop(tmp_path, extras=extras))
    assert not [it for it in tried(seen, "deny") if "169.254" in it]
    assert "extra-0-80 169.254.169.254:80" in tried(seen, "allow")


def test_nothing_outside_is_tried_that_nobody_names(shop: ProbedShop) -> None:
    inside = {it["status"]["podIP"] for it in AROUND if "status" in it}
    outside = {it.host for it in see(shop).connections} - inside
    assert outside == {"api.example.com", "kubernetes.default.svc", "169.254.169.254"}


def test_what_a_person_names_is_tried_beside_the_rest(shop: ProbedShop) -> None:
    named = read_named(["10.0.1.4:5432"], ["[2001:db8::1]:53/udp", "example.com:443"])
    seen = see(shop, most=0, named=named)
    assert tried(seen, "allow")[-1] == "allow-1 10.0.1.4:5432"
    assert tried(seen, "deny") == ["deny-1 2001:db8::1:53", "deny-2 example.com:443"]
    ends = {it.key: it.end for it in seen.connections}
    assert getattr(ends["allow-1"], "name", None) == "ledger-1"
    assert ends["deny-1"] == "2001:db8::1"
    assert ends["deny-2"] is None


def test_pods_that_may_not_be_listed_are_named(shop: ProbedShop) -> None:
    report = Report()
    seen = see_cluster(shop.plan(), shop.cluster(hidden=(ObjectKind.PODS, ObjectKind.DAEMON_SETS)), 10, report)
    assert seen is not None
    assert [it.code.id for it in report.diagnostics] == ["EG641"]
    assert "pods in" in report.diagnostics[0].message
