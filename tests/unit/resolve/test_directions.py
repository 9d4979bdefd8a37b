"""Both ends of a row: who gets the ingress half, with which ports, and that nobody else does."""

from egressc.model.policy import Direction, PolicySet
from egressc.model.ports import say_ports
from support.compiled import callers, compile_text, findings, flows, say_peer, services
from support.tables import each

BOTH = "directions: both"
BASE = "defaults: {namespace: shop, selector: {app: '{id}'}}\n"
NEEDS = "Service | Calls | Listens on"
PLACED = "Service | Namespace | Calls | Listens on"
FLOWS = "From | To | Port | Allowed"
SHOP = services("web | cart | 8443", "cart | None | 8080", header=NEEDS)


def catalog(**entries: str) -> str:
    lines = "".join(f"  {name.replace('_', ' ')}: {entry}\n" for name, entry in entries.items())
    return f"{BASE}destinations:\n{lines}" if entries else BASE


OUTSIDE = {
    "Prometheus": "{namespace: monitoring, policy: none, selector: {app: prometheus}}",
    "Office": "{addresses: [192.0.2.0/24], policy: none}",
}


def compiled(text: str, entries: str = BASE, project: str = BOTH) -> PolicySet:
    policies, report = compile_text(text, entries, project)
    assert policies is not None, report.sorted()
    return policies


def directions(project: str, **entries: str) -> dict[str, str]:
    text = services("web | shop | cart | 8443", "cart | data | None | 8080", header=PLACED)
    return {it.id: " ".join(it.directions) for it in compiled(text, catalog(**entries), project).services}


@each(
    ("project", "entries", "web", "cart"),
    [
        ("", {}, "egress", "egress"),
        ("directions: egress", {}, "egress", "egress"),
        ("directions: ingress", {}, "ingress", "ingress"),
        (BOTH, {}, "egress ingress", "egress ingress"),
        ("cluster: {namespaces: {data: {directions: both}}}", {}, "egress", "egress ingress"),
        (f"{BOTH}\ncluster: {{namespaces: {{data: {{directions: egress}}}}}}", {}, "egress ingress", "egress"),
        ("", {"cart": "{directions: ingress}"}, "egress", "ingress"),
        (
            "directions: ingress\ncluster: {namespaces: {data: {directions: egress}}}",
            {"cart": "{directions: both}"},
            "ingress",
            "egress ingress",
        ),
    ],
)
def test_what_is_nearest_to_a_service_says_its_directions(
    project: str, entries: dict[str, str], web: str, cart: str
) -> None:
    assert directions(project, **entries) == {"web": web, "cart": cart}


@each(
    ("web", "cart", "expected"),
    [
        ("both", "both", ["web -> cart", "cart <- web"]),
        ("both", "egress", ["web -> cart"]),
        ("egress", "ingress", ["web -> cart", "cart <- web"]),
        ("ingress", "both", ["cart <- web"]),
        ("ingress", "egress", []),
    ],
)
def test_each_half_is_there_where_its_end_limits_it(web: str, cart: str, expected: list[str]) -> None:
    policies = compiled(SHOP, catalog(web=f"{{directions: {web}}}", cart=f"{{directions: {cart}}}"))
    found = [f"{service.id} -> {it.destination.key}" for service in policies.services for it in service.grants]
    found += [f"{service.id} <- {it.source.key}" for service in policies.services for it in service.callers]
    assert found == expected
    for service in policies.services:
        assert service.dns.has_rule is (Direction.EGRESS in service.directions)


def test_without_ingress_nobody_has_callers() -> None:
    assert callers(SHOP, BASE, "") == []
    assert flows(SHOP, BASE, BOTH) == flows(SHOP, BASE, "")


def test_a_caller_is_the_pods_of_its_own_namespace_alone() -> None:
    text = services("web | front | cart | 8443", "cart | data | None | 8080", header=PLACED)
    (grant,) = next(it for it in compiled(text).services if it.id == "cart").callers
    assert [say_peer(it) for it in grant.source.peers] == ["kubernetes.io/metadata.name=front/app=web"]
    assert [say_peer(it) for it in grant.destination.peers] == ["kubernetes.io/metadata.name=data/app=cart"]


@each(
    ("entries", "row", "expected"),
    [
        ({}, "Prometheus | cart | 9100 | yes", ["prometheus -> cart 9100/TCP", "web -> cart 8080/TCP"]),
        ({}, "Office | cart | 8080 | yes", ["office -> cart 8080/TCP", "web -> cart 8080/TCP"]),
        ({}, "198.51.100.7 | cart | 8080 | yes", ["cidr-198-51-100-7-32 -> cart 8080/TCP", "web -> cart 8080/TCP"]),
        ({}, "Internet | cart | 8080 | yes", ["internet -> cart 8080/TCP", "web -> cart 8080/TCP"]),
        ({}, "End users | cart | 8080 | yes", ["internet -> cart 8080/TCP", "web -> cart 8080/TCP"]),
        (
            {},
            "Office, Prometheus | web | 1 | yes",
            ["office -> web 1/TCP", "prometheus -> web 1/TCP", "web -> cart 8080/TCP"],
        ),
        ({}, "kubelet | cart | 8080 | yes", ["web -> cart 8080/TCP"]),
        # What no policy limits needs no rule.
        ({"cart": "{directions: egress}"}, "Office | cart | 8080 | yes", []),
        ({"cart": "{directions: egress}"}, "Internet | cart, web | 1 | yes", ["internet -> web 1/TCP"]),
    ],
)
def test_callers_that_are_no_services(entries: dict[str, str], row: str, expected: list[str]) -> None:
    text = SHOP + services(row, header=FLOWS)
    found = callers(text, catalog(**OUTSIDE, **entries))
    assert sorted(found) == sorted(expected)
    # A row about who comes in opens nothing on the way out.
    assert flows(text, catalog(**OUTSIDE, **entries), BOTH) == ["web -> cart 8080/TCP"]


def test_a_caller_without_a_place_is_refused() -> None:
    text = SHOP + services("Partner | cart | 8080 | yes", header=FLOWS)
    assert "EG442 Partner" in findings(text, catalog(Partner="{policy: none}"), BOTH)


@each(
    ("cell", "expected"),
    [
        ("web, Office", ["office -> cart 8080/TCP", "web -> cart 8080/TCP"]),
        ("Office (9100)", ["office -> cart 9100/TCP"]),
        ("All services", ["pay -> cart 8080/TCP", "web -> cart 8080/TCP"]),
        ("outsiders", ["office -> cart 8080/TCP", "prometheus -> cart 8080/TCP"]),
        ("cart", ["cart -> cart 8080/TCP"]),
        ("None", []),
    ],
)
def test_called_by(cell: str, expected: list[str]) -> None:
    rows = ("web | None | 8443 | None", f"cart | None | 8080 | {cell}", "pay | None | 1 | None")
    text = services(*rows, header="Service | Calls | Listens on | Called by")
    entries = catalog(**OUTSIDE) + "groups:\n  outsiders: {members: [Office, Prometheus]}\n"
    assert callers(text, entries) == expected
    of_services = [it for it in expected if not it.startswith(("office", "prometheus"))]
    assert sorted(flows(text, entries, BOTH)) == sorted(of_services)


@each(
    ("project", "expected", "found"),
    [
        ("", [], ["EG433 pay"]),
        ("directions: ingress", ["office -> cart 8080/TCP", "pay -> cart 8080/TCP", "web -> cart 8080/TCP"], []),
        (BOTH, ["office -> cart 8080/TCP", "pay -> cart 8080/TCP", "web -> cart 8080/TCP"], ["EG433 pay"]),
    ],
)
def test_ingress_from_opens_the_ingress_half_alone(project: str, expected: list[str], found: list[str]) -> None:
    """A caller that stays closed on its own side is reported."""
    rows = ("web | cart | 8443 | None", "cart | None | 8080 | web, pay, Office", "pay | None | 1 | None")
    text = services(*rows, header="Service | Calls | Listens on | Ingress from")
    assert callers(text, catalog(**OUTSIDE), project) == expected
    assert flows(text, catalog(**OUTSIDE), project) == ([] if "ingress" in project else ["web -> cart 8080/TCP"])
    assert [it for it in findings(text, catalog(**OUTSIDE), project) if not it.startswith("EG444")] == found


@each(
    ("project", "label"),
    [("", "grants nothing"), (BOTH, "grants ingress alone")],
)
def test_a_caller_without_a_row_of_its_own_is_told_what_its_cell_grants(project: str, label: str) -> None:
    text = services("cart | None | 8080 | pay", "pay | None | 1 | None", header="Service | Calls | Port | Ingress from")
    found = compile_text(f"# Shop\n\n{text}", catalog(), project)[1].sorted()
    (said,) = (it for it in found if it.code.id == "EG433")
    assert said.primary.text == label
    assert said.help is not None
    repair = said.help.partition("add to the project file: ")[2]
    mended = compile_text(f"# Shop\n\n{text}", catalog(), "\n".join(filter(None, (project, repair))))
    assert [it.code.id for it in mended[1].sorted() if it.code.id not in ("EG444", "EG461")] == []
    assert flows(f"# Shop\n\n{text}", catalog(), repair) == ["pay -> cart 8080/TCP"]


def test_a_row_of_callers_may_be_about_a_group() -> None:
    text = SHOP + services("team | Office, web", header="Service | Called by")
    entries = catalog(**OUTSIDE) + "groups:\n  team: {members: [web, cart]}\n"
    expected = ["office -> cart 8080/TCP", "web -> cart 8080/TCP", "office -> web 8443/TCP"]
    assert callers(text, entries) == expected


def test_a_row_turned_round() -> None:
    rows = ("cart | web | 8080 | ingress", "cart | Office | 443 | ingress", "cart | Office | 444 | egress")
    text = SHOP.replace("| cart | 8443", "| None | 8443") + services(*rows, header="Service | Peer | Port | Direction")
    assert callers(text, catalog(**OUTSIDE)) == ["office -> cart 443/TCP", "web -> cart 8080/TCP"]
    assert flows(text, catalog(**OUTSIDE), BOTH) == ["cart -> office 444/TCP", "web -> cart 8080/TCP"]


def test_groups_on_either_end() -> None:
    entries = catalog(**OUTSIDE) + (
        "groups:\n  shops: {members: [web, cart]}\n  outsiders: {members: [Office, Prometheus]}\n"
        "  others: {allServices: true, except: [web]}\n"
    )
    text = SHOP + services("pay | shops | 1", header=NEEDS)
    text += services("outsiders | shops | 9100 | yes", "Office | others | 443 | yes", header=FLOWS)
    assert callers(text, entries) == [
        "office -> cart 443/TCP, 9100/TCP",
        "pay -> cart 8080/TCP",
        "prometheus -> cart 9100/TCP",
        "web -> cart 8080/TCP",
        "office -> pay 443/TCP",
        "office -> web 9100/TCP",
        "pay -> web 8443/TCP",
        "prometheus -> web 9100/TCP",
    ]


def test_a_service_that_calls_itself_has_both_halves() -> None:
    text = services("web | web | 8443", "cart | All services | 8080", header=NEEDS)
    assert flows(text, BASE, BOTH) == ["cart -> web 8443/TCP", "web -> web 8443/TCP"]
    assert callers(text, BASE) == ["cart -> web 8443/TCP", "web -> web 8443/TCP"]


WIDE = {
    "db": "{namespace: data, selector: {app: db, tier: store}}",
    "cache": "{namespace: data, selector: {app: cache, tier: store}, directions: egress}",
    "cart": "{namespace: other, selector: {app: cart, tier: store}}",
    "stores": "{namespace: data, selector: {tier: store}, ports: [9000]}",
    "data_pods": "{namespace: data, selector: any pod, ports: [9001]}",
}


@each(
    ("row", "expected"),
    [
        ("web | stores | 9000 | yes", ["web -> db 9000/TCP"]),
        ("web | data pods | 9001 | yes", ["web -> db 9001/TCP"]),
        ("web | stores | 9002 | yes", ["web -> db 9002/TCP"]),
        ("Office | stores | 9000 | yes", ["office -> db 9000/TCP"]),
        ("db | stores | 9000 | yes", ["db -> db 9000/TCP"]),
    ],
)
def test_a_wide_destination_is_opened_at_each_service_in_it(row: str, expected: list[str]) -> None:
    """Of those that limit ingress, and in its namespace alone."""
    text = services(*(f"{name} | None | 1" for name in ("web", "cart", "db", "cache")), header=NEEDS)
    text += services(row, header=FLOWS)
    assert callers(text, catalog(**WIDE, **OUTSIDE)) == expected


PRIMARY = "{selector: {app: db, role: primary}, ports: [5432]}"


@each(
    ("entries", "row", "found"),
    [
        ({"primary": PRIMARY}, "web | primary | 5432 | yes", ["EG449 primary"]),
        ({"primary": PRIMARY}, "web, cart | primary | 5432 | yes", ["EG449 primary"]),
        ({"primary": PRIMARY}, "Office | primary | 5432 | yes", ["EG449 primary"]),
        ({"primary": PRIMARY, "db": "{directions: egress}"}, "web | primary | 5432 | yes", []),
        # Pods that only may be those of the service, and pods of another namespace.
        ({"primary": "{selector: {role: primary}, ports: [5432]}"}, "web | primary | 5432 | yes", []),
        ({"primary": PRIMARY.replace("{s", "{namespace: x, s", 1)}, "web | primary | 5432 | yes", []),
    ],
)
def test_some_of_the_pods_of_a_service_cannot_be_opened_alone(
    entries: dict[str, str], row: str, found: list[str]
) -> None:
    text = services("web | None | 1", "cart | None | 2", "db | None | 5432", header=NEEDS) + services(row, header=FLOWS)
    known = catalog(**entries, **OUTSIDE)
    assert [it for it in findings(text, known, BOTH) if not it.startswith("EG444")] == found


def test_pods_of_a_service_that_are_another_service_are_opened_by_the_policy_of_that() -> None:
    text = services("web | primary | 1", "db | None | 5432", "primary | None | 5432", header=NEEDS)
    entries = catalog(primary="{selector: {app: db, role: primary}}")
    assert callers(text, entries) == ["web -> primary 5432/TCP"]
    again = entries + "  leader: {selector: {role: primary, app: db}, ports: [5432]}\n"
    assert callers(text.replace("| primary | 1", "| leader | 1"), again) == ["web -> primary 5432/TCP"]


def test_one_name_in_two_namespaces() -> None:
    detail = services("db | a | 1 | x", "db | b | 2 | y", header="Destination | Namespace | Port | Purpose")
    entries = (
        BASE
        + "destinations:\n  in a: {namespace: a, selector: {app: db}}\n  in b: {namespace: b, selector: {app: db}}\n"
    )
    text = services("in a | None | 1", "in b | None | 2", "web | db (b) | 3", header=NEEDS) + detail
    assert callers(text, entries) == ["web -> in-b 2/TCP"]


@each(
    ("translation", "port", "expected", "outgoing"),
    [
        ("before", "", "8080/TCP, 9000/TCP", "80/TCP, 9000/TCP"),
        ("before", " (80)", "8080/TCP", "80/TCP"),
        ("after", "", "8080/TCP, 9000/TCP", "8080/TCP, 9000/TCP"),
        ("after", " (9000)", "9000/TCP", "9000/TCP"),
    ],
)
def test_ingress_has_the_ports_of_pods(translation: str, port: str, expected: str, outgoing: str) -> None:
    entries = catalog(db="{ports: [{port: 8080, servicePort: 80}, 9000]}")
    project = f"{BOTH}\ncluster: {{serviceTranslation: {translation}}}"
    text = services(f"web | db{port} | 1", "db | None | ", header=NEEDS)
    assert callers(text, entries, project) == [f"web -> db {expected}"]
    assert flows(text, entries, project) == [f"web -> db {outgoing}"]


@each(
    ("translation", "port", "expected"),
    [
        ("before", "80", "8080/TCP"),
        ("before", "8080", "8080/TCP"),
        ("before", "9000", "9000/TCP"),
        ("before", "80, 9000", "9000/TCP, 8080/TCP"),
        ("before", "80-81", "80-81/TCP, 8080/TCP"),
        ("before", "1-9999", "1-9999/TCP"),
        ("before", "", ""),
        ("after", "80", "80/TCP"),
        ("after", "8080", "8080/TCP"),
    ],
)
def test_what_is_denied_in_ingress_has_the_ports_of_pods(translation: str, port: str, expected: str) -> None:
    entries = catalog(db="{ports: [{port: 8080, servicePort: 80}, 9000]}", **OUTSIDE)
    project = f"{BOTH}\ncluster: {{serviceTranslation: {translation}}}"
    for source in ("Prometheus", "Anything"):
        text = services("web | None | 1", "db | None | ", header=NEEDS)
        text += services(f"{source} | db | {port} | no", header=FLOWS)
        denied = [it for it in compiled(text, entries, project).denials if it.direction is Direction.INGRESS]
        assert [say_ports(it.ports) for it in denied] == [expected]


def test_a_denial_of_the_port_of_a_service_contradicts_a_grant_of_the_pod_port() -> None:
    entries = catalog(db="{ports: [{port: 8080, servicePort: 80}]}", **OUTSIDE)
    text = services("db | None | ", header=NEEDS)
    text += services("Prometheus | db | 80 | no", "Prometheus | db | 8080 | yes", header=FLOWS)
    assert "EG428 db" in findings(text, entries, f"{BOTH}\ncluster: {{serviceTranslation: before}}")


def test_where_policy_sees_pod_ports_the_port_of_a_service_opens_no_other() -> None:
    """A row for a wider destination says the port itself."""
    entries = catalog(
        db="{ports: [{port: 8080, servicePort: 80}], selector: {app: db, tier: x}}",
        stores="{selector: {tier: x}, ports: [80]}",
    )
    text = services("web | stores | 1", "db | None | ", header=NEEDS)
    assert callers(text, entries, f"{BOTH}\ncluster: {{serviceTranslation: after}}") == ["web -> db 80/TCP"]
    assert callers(text, entries, f"{BOTH}\ncluster: {{serviceTranslation: before}}") == ["web -> db 8080/TCP"]


def test_rows_of_one_caller_are_one_entry_with_all_their_ports_purposes_and_places() -> None:
    entries = catalog(db="{selector: {app: db, tier: x}, ports: [5432]}", stores="{selector: {tier: x}, ports: [9000]}")
    text = services("web | None | 1", "db | None | 5432", header=NEEDS)
    text += services(
        "web | db | 5432 | orders", "web | stores | 9000 | health", "web | db | 5433 | admin",
        header="From | To | Port | Purpose",
    )  # fmt: skip
    db, web = compiled(text, entries).services
    (grant,) = db.callers
    assert (grant.source.key, [it.port for it in grant.ports]) == ("web", [5432, 5433, 9000])
    assert grant.purpose == "admin; orders; health"
    assert [it.text for it in grant.origins] == ["db", "stores", "db"]
    assert [(it.destination.key, it.purpose) for it in web.grants] == [("db", "admin; orders"), ("stores", "health")]


def test_the_order_of_rows_changes_nothing() -> None:
    rows = ["web | db | 5432 | yes", "Office | db | 5432 | yes", "db | web | 1 | yes", "web | db | 1 | yes"]
    expected = ["office -> db 5432/TCP", "web -> db 1/TCP, 5432/TCP", "db -> web 1/TCP"]
    assert callers(services(*rows, header=FLOWS), catalog(**OUTSIDE)) == expected
    assert callers(services(*reversed(rows), header=FLOWS), catalog(**OUTSIDE)) == expected
