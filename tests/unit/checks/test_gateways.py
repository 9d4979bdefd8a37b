"""Which services a waypoint can tell apart, and what the project file says of gateway and waypoint."""

from support.compiled import compile_text, findings, services
from support.tables import each

AMBIENT = "cluster: {dialect: Istio, istio: {waypoint: {namespace: edge}}}\n"
SIDECARS = "cluster: {dialect: Istio, istio: {gateway: {namespace: edge}}}\n"
CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Stripe: {hosts: [api.stripe.example], ports: [443]}
  Mail: {hosts: [api.mail.example], ports: [443]}
"""


def told(rows: tuple[str, ...], accounts: str = "", project: str = AMBIENT) -> list[str]:
    """The services that can reach more than their rows say."""
    found = findings(services(*rows, header="Service | Namespace | Depends on"), CATALOG + accounts, project)
    return [it.removeprefix("EG458 ") for it in found if it.startswith("EG458")]


@each(
    ("rows", "accounts", "names"),
    [
        (("a | x | Stripe", "b | x | Stripe"), "", []),
        (("a | x | Stripe", "b | y | Mail"), "", []),
        (("a | x | Stripe", "b | x | Mail"), "", ["a", "b"]),
        (("a | x | Stripe", "b | x | Stripe, Mail"), "", ["a"]),
        (("a | x | Stripe", "b | x | None"), "", []),
        (("a | x | Stripe", "b | x | Mail"), "  a: {serviceAccount: a}\n  b: {serviceAccount: b}\n", []),
        (("a | x | Stripe", "b | x | Mail"), "  a: {serviceAccount: one}\n  b: {serviceAccount: one}\n", ["a", "b"]),
        (("a | x | Stripe", "b | y | Mail"), "  a: {serviceAccount: one}\n  b: {serviceAccount: one}\n", []),
        # What a namespace may reach, an account of it may reach; no other pods have the account.
        (("a | x | Stripe", "b | x | Mail"), "  a: {serviceAccount: a}\n", ["a"]),
        (("a | x | Stripe", "b | x | Stripe, Mail"), "  b: {serviceAccount: b}\n", []),
    ],
)
def test_pods_of_one_identity_reach_the_same_hosts(rows: tuple[str, ...], accounts: str, names: list[str]) -> None:
    assert told(rows, accounts) == names
    assert told(rows, accounts, SIDECARS) == []


def test_a_convention_names_the_accounts_of_all() -> None:
    rows = ("a | x | Stripe", "b | x | Mail")
    with_accounts = CATALOG.replace('"{id}"}}', '"{id}"}, serviceAccount: "{id}"}')
    table = services(*rows, header="Service | Namespace | Depends on")
    assert findings(table, with_accounts, AMBIENT) == []


def test_a_baseline_counts_for_each_of_its_services() -> None:
    baseline = "  namespaces: {x: {baseline: {deny: egress, allowTo: [{name: Mail, ports: [443]}]}}}\n"
    project = "cluster:\n  dialect: Istio\n  istio: {waypoint: {namespace: edge}}\n" + baseline
    assert told(("a | x | Stripe",), project=project) == ["baseline"]
    assert told(("a | x | Stripe",), "  a: {serviceAccount: a}\n", project) == []
    assert told(("a | x | Mail",), project=project) == []
    table = services("a | x | Stripe", header="Service | Namespace | Depends on")
    (found,) = [it for it in compile_text(table, CATALOG, project)[1].diagnostics if it.code.id == "EG458"]
    assert "into no baseline" in found.help


@each(
    ("istio", "places"),
    [
        ("{}", ["{}"]),
        ("{gateway: {namespace: a}, waypoint: {namespace: b}}", ["{namespace: b}"]),
        ("{waypoint: {namespace: A}}", ["A"]),
        ("{waypoint: {namespace: a, name: a.b}}", ["a.b"]),
        ("{waypoint: {namespace: a, name: none}}", ["none"]),
        ("{waypoint: {namespace: a}, namespace: B}", ["B"]),
        ("{waypoint: {namespace: a}, clusterDomain: -}", ["-"]),
    ],
)
def test_it_is_one_gateway_or_one_waypoint(istio: str, places: list[str]) -> None:
    found = findings(services("a | Stripe"), CATALOG, f"cluster: {{dialect: Istio, istio: {istio}}}\n")
    assert [it.removeprefix("EG232 ") for it in found if it.startswith("EG232")] == places


@each("account", ['"a/b"', '"Shop"', '"*"'])
def test_a_service_account_has_a_name(account: str) -> None:
    found = findings(services("a | Stripe"), CATALOG + f"  a: {{serviceAccount: {account}}}\n", SIDECARS)
    assert [it[:5] for it in found] == ["EG232"]


@each(("project", "can_narrow"), [(SIDECARS, True), (AMBIENT, False)])
def test_a_repair_names_the_selector_of_a_gateway_that_has_one(project: str, can_narrow: bool) -> None:
    table = services("a | edge | Stripe", header="Service | Namespace | Depends on")
    report = compile_text(table, CATALOG, project)[1]
    (found,) = [it for it in report.diagnostics if it.code.id == "EG464"]
    assert ("`selector` of the gateway" in found.help) is can_narrow
    assert "can select pods of the egress gateway" in found.message
