"""What holds for whole namespaces: which have a baseline, what it opens, and what it asks of the policies in it."""

from egressc.diagnostics.core import Lack, Report, Severity
from egressc.model.policy import Baseline, PolicySet
from egressc.model.ports import say_ports
from support.compiled import compile_text, services
from support.tables import each

BASE = "defaults: {selector: {app: '{id}'}}\n"
HEADER = "Service | Namespace | Calls | Listens on"
SHOP = services("web | shop | cart | 8443", "cart | data | None | 8080", header=HEADER)
NAMESPACES = "| Namespace | Default | DNS | Within namespace |\n|---|---|---|---|\n"


def compiled(text: str, project: str = "", entries: str = BASE) -> PolicySet:
    policies, report = compile_text(text, entries, project)
    assert policies is not None, report.sorted()
    return policies


def found_codes(compiled: tuple[PolicySet | None, Report]) -> list[str]:
    return [it.code.id for it in compiled[1].sorted()]


def denied(policies: PolicySet) -> dict[str, str]:
    return {it.policy.namespace: " ".join(it.policy.directions) for it in policies.baselines}


def opened(baseline: Baseline) -> set[str]:
    """What is open to the pods of a baseline, and to those of its opt-ins."""
    found = {f"-> DNS {it.dns.profile}" for it in baseline.policies if it.dns.has_rule}
    for policy in baseline.policies:
        key = policy.id.removeprefix(baseline.policy.id).removeprefix("/")
        found |= {f"{key}-> {it.destination.key} {say_ports(it.ports)}" for it in policy.grants}
        found |= {f"{key}<- {it.source.key} {say_ports(it.ports)}" for it in policy.callers}
    return found


@each(
    ("project", "expected"),
    [
        ("", {}),
        ("cluster: {baseline: {allowWithin: true}}", {}),
        ("cluster: {baseline: {deny: none}}", {}),
        ("cluster: {baseline: {deny: both}}", {"shop": "egress ingress", "data": "egress ingress"}),
        ("cluster: {baseline: {deny: egress}}", {"shop": "egress", "data": "egress"}),
        ("cluster: {namespaces: {shop: {baseline: {deny: ingress}}}}", {"shop": "ingress"}),
        ("cluster: {namespaces: {lab: {baseline: {deny: both}}}}", {"lab": "egress ingress"}),
        (
            "cluster: {baseline: {deny: both}, namespaces: {lab: {dns: {profile: any}}}}",
            {"shop": "egress ingress", "data": "egress ingress"},
        ),
        ("cluster: {baseline: {deny: both}, namespaces: {data: {baseline: {deny: none}}}}", {"shop": "egress ingress"}),
        (
            "cluster: {baseline: {deny: both}, namespaces: {data: {baseline: {deny: ingress}}}}",
            {"shop": "egress ingress", "data": "ingress"},
        ),
    ],
)
def test_a_namespace_has_a_baseline_where_something_is_denied(project: str, expected: dict[str, str]) -> None:
    assert denied(compiled(SHOP, project)) == expected


@each(
    ("cell", "expected"),
    [
        ("deny", "egress ingress"),
        ("Deny all traffic", "egress ingress"),
        ("default deny", "egress ingress"),
        ("deny egress", "egress"),
        ("deny ingress", "ingress"),
        ("egress denied", "egress"),
        ("deny inbound and outbound", "egress ingress"),
        ("deny ingress, egress", "egress ingress"),
        ("deny ingress, allow egress", "ingress"),
        ("allow egress; deny ingress", "ingress"),
        ("deny ingress but allow egress", "ingress"),
        ("allow", None),
        ("Allow all", None),
        ("no egress", "egress"),
        ("No access", "egress ingress"),
        ("no inbound, no outbound", "egress ingress"),
        ("ingress and egress denied", "egress ingress"),
        ("ingress, no egress", "unreadable"),
        ("ingress and egress allowed", "unreadable"),
        ("", None),
    ],
)
def test_a_table_of_namespaces_says_what_is_denied(cell: str, expected: str | None) -> None:
    text = f"{NAMESPACES}| shop | {cell} | | |\n\n{SHOP}"
    if expected == "unreadable":
        assert "EG233" in found_codes(compile_text(text, BASE))
        return
    assert denied(compiled(text)).get("shop") == expected


@each(
    ("language", "headers", "cells", "expected"),
    [
        ("de", "Namensraum | Grundregel", "ausgehend gesperrt", "egress"),
        ("de", "Namensraum | Standardregel", "eingehender und ausgehender Verkehr gesperrt", "egress ingress"),
        ("de", "Namensraum | Grundregel", "kein ausgehender Verkehr", "egress"),
        ("de", "Namensraum | Grundregel", "eingehend sperren, ausgehend erlauben", "ingress"),
        ("de", "Namensraum | Grundregel", "gesperrt", "egress ingress"),
        ("de", "Namensraum | Grundregel", "erlaubt", None),
        ("de", "Namensraum | Isolierung", "ja", "egress ingress"),
        ("de", "Namensraum | Isolierung", "nein", None),
        ("es", "Espacio de nombres | Por defecto", "denegar salida", "egress"),
        ("es", "Espacio de nombres | Por defecto", "tráfico entrante y saliente denegado", "egress ingress"),
        ("es", "Espacio de nombres | Por defecto", "sin salida", "egress"),
        ("es", "Espacio de nombres | Por defecto", "denegar entrada, permitir salida", "ingress"),
        ("fr", "Espace de noms | Par défaut", "trafic sortant refusé", "egress"),
        ("fr", "Espace de noms | Par défaut", "refuser entrée et sortie", "egress ingress"),
        ("fr", "Espace de noms | Par défaut", "aucun trafic entrant", "ingress"),
        ("fr", "Espace de noms | Par défaut", "autorisé", None),
        ("fr", "Espace de noms | Par défaut", "refuser entrée mais autoriser sortie", "ingress"),
    ],
)
def test_a_table_of_namespaces_in_another_language(
    language: str, headers: str, cells: str, expected: str | None
) -> None:
    text = f"| {headers} |\n|---|---|\n| shop | {cells} |\n\n{SHOP}"
    assert denied(compiled(text, f"tables: {{language: [{language}]}}")).get("shop") == expected


@each(
    ("language", "headers", "dns", "within", "expected"),
    [
        (
            "de",
            "Namensraum | Grundregel | Namensauflösung | Innerhalb des Namensraums",
            "nur kube-dns",
            "ja",
            "kube-dns",
        ),
        ("de", "Namensraum | Grundregel | DNS | Im Namensraum", "beliebig", "nein", "any"),
        ("es", "Espacio de nombres | Por defecto | DNS | Mismo namespace", "cualquiera", "sí", "any"),
        ("fr", "Espace de noms | Par défaut | Résolution de noms | Même namespace", "sans dns", "oui", "none"),
    ],
)
def test_dns_and_traffic_within_a_namespace_in_another_language(
    language: str, headers: str, dns: str, within: str, expected: str
) -> None:
    text = f"| {headers} |\n|---|---|---|---|\n| shop | deny egress | {dns} | {within} |\n\n{SHOP}"
    (baseline,) = compiled(text, f"tables: {{language: [{language}]}}").baselines
    assert baseline.policy.dns.profile == expected
    assert bool(baseline.policy.grants) is (within != "nein")


@each(
    ("header", "cell", "expected"),
    [
        ("Default deny", "yes", "egress ingress"),
        ("Default deny", "both", "egress ingress"),
        ("Default deny?", "ingress and egress", "egress ingress"),
        ("Deny by default", "egress", "egress"),
        ("Isolation", "deny ingress", "ingress"),
        ("Network isolation", "no", None),
        ("Default deny", "-", None),
    ],
)
def test_a_header_can_say_that_it_is_denied(header: str, cell: str, expected: str | None) -> None:
    text = f"{NAMESPACES.replace('Default', header)}| shop | {cell} | | |\n\n{SHOP}"
    assert denied(compiled(text)).get("shop") == expected


@each(
    ("said", "meaning", "expected"),
    [
        ("cut off", "deny", "egress ingress"),
        ("cut off", "deny all", "egress ingress"),
        ("cut off", "deny egress", "egress"),
        ("cut off", "allow", None),
        ("shop | cut off | | ", "shop | deny ingress | | ", "ingress"),
    ],
)
def test_the_project_file_says_what_a_default_means(said: str, meaning: str, expected: str | None) -> None:
    text = f"{NAMESPACES}| shop | cut off | | |\n\n{SHOP}"
    project = f"tables: {{readAs: {{{said!r}: {meaning!r}}}}}"
    assert denied(compiled(text, project)).get("shop") == expected


def test_a_row_about_a_namespace_is_never_dropped_without_a_word() -> None:
    text = f"{NAMESPACES}| shop | deny egress | | |\n\n{SHOP}"
    project = "tables: {readAs: {'shop | deny egress | | ': deny}}"
    assert "EG233" in found_codes(compile_text(text, BASE, project))
    allowed = text.replace("| Namespace |", "| Namespace | Approved |").replace("|---", "|---|---", 1)
    allowed = allowed.replace("| shop |", "| shop | no |", 1)
    assert "EG233" in found_codes(compile_text(allowed, BASE, ""))


def test_a_row_from_all_pods_of_a_namespace_is_one_of_each_service_in_it() -> None:
    flows = "\n| From | To | Port |\n|---|---|---|\n| Namespace shop | cart | 9 |\n"
    (web,) = [it for it in compiled(SHOP + flows).services if it.id == "web"]
    assert [(it.destination.key, say_ports(it.ports)) for it in web.grants] == [("cart", "9/TCP, 8080/TCP")]


def test_services_have_what_is_open_to_all_pods_of_their_namespace() -> None:
    said = "{deny: both, allowWithin: true, allowFrom: [Namespace lab], allowTo: [{name: cart, ports: [9]}]}"
    policies = compiled(SHOP, f"cluster: {{namespaces: {{shop: {{baseline: {said}}}}}}}")
    (web,) = [it for it in policies.services if it.id == "web"]
    assert [(it.destination.key, say_ports(it.ports)) for it in web.grants] == [
        ("cart", "9/TCP, 8080/TCP"),
        ("namespace-shop", "any/SCTP, any/TCP, any/UDP"),
    ]
    assert [it.source.key for it in web.callers] == ["namespace-lab", "namespace-shop"]


@each(
    "cell",
    [
        "deny some",
        "egress",
        "allow and deny",
        "none",
        "no",
        "none allowed",
        "allow no egress",
        "permit none",
        "deny except DNS",
        "deny egress on weekends",
        "not denied",
    ],
)
def test_what_else_a_default_says_is_refused(cell: str) -> None:
    assert found_codes(compile_text(f"{NAMESPACES}| shop | {cell} | | |\n\n{SHOP}", BASE, ""))[:1] == ["EG233"]


def test_a_table_and_the_project_file_complete_each_other_and_never_differ() -> None:
    text = f"{NAMESPACES}| shop | deny egress | any address | yes |\n\n{SHOP}"
    project = "cluster: {namespaces: {shop: {baseline: {allowTo: [Namespace data]}}}}"
    with_ports = project.replace("[Namespace data]", "[{name: Namespace data, ports: [443]}]")
    (baseline,) = compiled(text, with_ports).baselines
    assert opened(baseline) == {
        "-> DNS any",
        "-> namespace-data 443/TCP",
        "-> namespace-shop any/SCTP, any/TCP, any/UDP",
    }
    assert compiled(text).services[1].dns.profile == "any", "the column is about the services of the namespace too"
    for other in ("{baseline: {deny: both}}", "{dns: {profile: nodelocal}}", "{baseline: {allowWithin: false}}"):
        found = found_codes(compile_text(text, BASE, f"cluster: {{namespaces: {{shop: {other}}}}}"))
        assert "EG408" in found, other
    assert "EG401" in found_codes(compile_text(text, BASE, project)), "nobody says on which ports"


def test_policies_of_services_open_what_the_baseline_of_their_namespace_denies() -> None:
    project = "directions: egress\ncluster: {namespaces: {data: {baseline: {deny: ingress}}}}"
    sides = {
        it.id: (it.directions, [grant.source.key for grant in it.callers]) for it in compiled(SHOP, project).services
    }
    assert sides == {"web": (("egress",), []), "cart": (("egress", "ingress"), ["web"])}


def test_rows_about_all_pods_of_a_namespace_are_rules_of_its_baseline() -> None:
    flows = "\n| From | To | Port |\n|---|---|---|\n| Namespace lab | cart | 8080 |\n| web | Namespace lab | 9100 |\n"
    closed = "cluster: {namespaces: {lab: {baseline: {deny: both, dns: false}}}}"
    (baseline,) = compiled(SHOP + flows, closed).baselines
    assert opened(baseline) == {"-> cart 8080/TCP", "<- web 9100/TCP"}
    (baseline,) = compiled(SHOP + flows, closed.replace("both", "ingress")).baselines
    assert opened(baseline) == {"<- web 9100/TCP"}


def test_openings_of_one_end_are_one_rule() -> None:
    lab, cart = "Namespace lab, {name: Namespace lab, ports: [80]}", "cart, {name: cart, ports: [9]}"
    said = f"{{deny: both, allowFrom: [{lab}], allowTo: [{cart}]}}"
    (baseline,) = compiled(SHOP, f"cluster: {{namespaces: {{shop: {{baseline: {said}}}}}}}").baselines
    assert opened(baseline) == {
        "-> DNS kube-dns",
        "-> cart 9/TCP, 8080/TCP",
        "<- namespace-lab any/SCTP, any/TCP, any/UDP",
    }


def test_opt_ins_are_policies_of_their_own() -> None:
    project = """
cluster:
  ipFamilies: [IPv4]
  namespaces:
    shop:
      baseline:
        deny: egress
        optIns:
          lab: {selector: {lab: "yes"}, to: [{name: Namespace lab, ports: [80]}]}
          internet: {selector: {internet: "yes"}}
"""
    (baseline,) = compiled(SHOP, project).baselines
    assert [(it.id, dict(it.pod_selector.match_labels)) for it in baseline.opt_ins] == [
        ("namespaces/shop/internet", {"internet": "yes"}),
        ("namespaces/shop/lab", {"lab": "yes"}),
    ]
    assert opened(baseline) == {
        "-> DNS kube-dns",
        "internet-> internet any/SCTP, any/TCP, any/UDP",
        "lab-> namespace-lab 80/TCP",
    }


@each(
    ("project", "code"),
    [
        ("{deny: both, allowFrom: [Nobody]}", "EG301"),
        ("{deny: both, optIns: {UP: {selector: {a: b}}}}", "EG232"),
        ("{deny: both, optIns: {up: {selector: {matchLabels: {}}}}}", "EG232"),
        ("{deny: maybe}", "EG232"),
        ("{deny: ingress, allowTo: [cart]}", "EG465"),
        ("{deny: egress, allowFrom: [cart]}", "EG465"),
        ("{deny: ingress, optIns: {up: {selector: {a: b}}}}", "EG465"),
        ("{deny: none, allowWithin: true}", "EG465"),
    ],
)
def test_what_is_wrong_with_a_baseline_is_said(project: str, code: str) -> None:
    found = found_codes(compile_text(SHOP, BASE, f"cluster: {{namespaces: {{shop: {{baseline: {project}}}}}}}"))
    assert code in found


@each(
    ("baseline", "is_closed"),
    [
        ("{deny: ingress}", True),
        ("{deny: egress}", False),
        ("{deny: both, allowFrom: [web]}", False),
        ("{deny: both, allowFrom: [Namespace shop]}", False),
        ("{deny: both, allowFrom: [{name: Namespace shop, ports: [5432]}]}", False),
        ("{deny: both, allowFrom: [{name: Namespace shop, ports: [80]}]}", True),
        ("{deny: both, allowFrom: [Namespace lab]}", True),
        ("{deny: both, allowFrom: [Anywhere]}", False),
        ("{deny: both, allowWithin: true}", True),
    ],
)
def test_pods_without_a_policy_in_a_closed_namespace_are_told(baseline: str, is_closed: bool) -> None:
    text = services("web | shop | db:5432 | 8443", header=HEADER)
    entries = f"{BASE}destinations: {{db: {{namespace: data}}}}\n"
    project = f"cluster: {{namespaces: {{data: {{baseline: {baseline}}}}}}}"
    assert ("EG467" in found_codes(compile_text(text, entries, project))) is is_closed
    if is_closed:
        repaired = entries.replace("{namespace: data}", "{namespace: data, directions: ingress}")
        assert "EG467" not in found_codes(compile_text(text, repaired, project)), "the repair works"


def test_a_row_that_denies_and_a_baseline_that_opens_contradict_each_other() -> None:
    rows = "| web | orders | 80 | no |\n| web | kube-dns | 53 | no |\n"
    flows = f"\n| From | To | Port | Allowed |\n|---|---|---|---|\n{rows}"
    text = services("web | shop | None | 8443", "orders | shop | None | 80", header=HEADER) + flows
    project = (
        "cluster: {dns: {profile: none}, namespaces: {shop: {baseline: {deny: both, allowWithin: true, dns: %s}}}}"
    )
    found = found_codes(compile_text(text, BASE, project % "{profile: kube-dns}"))
    assert {"EG428", "EG429"} <= set(found)
    assert "EG429" not in found_codes(compile_text(text, BASE, project % "false"))


@each(
    ("baseline", "row", "differs"),
    [
        ("{dns: false}", "deny | kube-dns | cart", True),
        ("{dns: false}", "deny | none | cart", False),
        ("{allowTo: [{name: cart, ports: [8080]}]}", "deny | yes | cart (8080)", False),
        ("{allowTo: [{name: cart, ports: [8080]}]}", "deny | yes | cart (9090)", True),
        ("{allowTo: [cart]}", "deny | yes | cart (9090)", True),
        ("{allowTo: [cart, web]}", "deny | yes | web, cart", False),
        ("{allowTo: [cart]}", "deny | yes | None", True),
        ("{deny: ingress}", "deny | yes | cart", True),
    ],
)
def test_a_table_and_the_project_file_must_not_differ_about_a_namespace(baseline: str, row: str, differs: bool) -> None:
    text = f"{SHOP}\n| Namespace | Default | DNS | Depends on |\n|---|---|---|---|\n| shop | {row} |\n"
    found = found_codes(compile_text(text, BASE, f"cluster: {{namespaces: {{shop: {{baseline: {baseline}}}}}}}"))
    assert ("EG408" in found) is differs


def test_opt_ins_of_two_places_are_compared_by_what_they_select_and_reach() -> None:
    text = f"{SHOP}\n| Namespace | Default | Internet opt-in |\n|---|---|---|\n| shop | deny | net=yes |\n"
    project = "cluster: {namespaces: {shop: {baseline: {optIns: {internet-access: {selector: {net: '%s'}}}}}}}"
    assert "EG408" not in found_codes(compile_text(text, BASE, project % "yes"))
    assert "EG408" in found_codes(compile_text(text, BASE, project % "no"))


@each("role", ["Port", "Protocol", "Listens on"])
def test_a_limit_in_a_table_of_namespaces_is_refused(role: str) -> None:
    """It would not limit what the row opens."""
    text = f"{SHOP}\n| Namespace | Default | Depends on | {role} |\n|---|---|---|---|\n| shop | deny | cart | %s |\n"
    assert "EG233" not in found_codes(compile_text(text % "-", BASE))
    assert "EG233" in found_codes(compile_text(text % ("UDP" if role == "Protocol" else "8080"), BASE))


def test_a_service_is_no_namespace() -> None:
    text = services("Namespace shop | shop | cart | 8443", "cart | data | None | 8080", header=HEADER)
    assert "EG312" in found_codes(compile_text(text, BASE))


@each(
    ("name", "code"),
    [
        ("Postgress", "EG301"),
        ("A and B", "EG301"),
        ("any database", "EG301"),
        ("PG / Redis", "EG301"),
        ("cart (99999)", "EG212"),
        ("cart (laptops only)", "EG318"),
        ("cart (elsewhere)", "EG319"),
    ],
)
def test_no_repair_has_the_project_file_read_its_own_names_as_others(name: str, code: str) -> None:
    for key in ("allowTo", "allowFrom"):
        project = f"cluster: {{namespaces: {{shop: {{baseline: {{deny: both, {key}: ['{name}']}}}}}}}}"
        (found,) = (it for it in compile_text(SHOP, BASE, project)[1].sorted() if it.code.severity is Severity.ERROR)
        assert found.code.id == code
        assert found.help
        assert "readAs" not in found.help
        assert Lack.READ_AS not in {it.lack for it in found.missing}


def test_what_a_row_names_too_can_be_read_as_something_else() -> None:
    project = "cluster: {namespaces: {shop: {baseline: {deny: both, allowTo: [Postgress]}}}}"
    text = SHOP.replace("| cart | 8443 |", "| cart, Postgress | 8443 |")
    (found,) = (it for it in compile_text(text, BASE, project)[1].sorted() if it.code.id == "EG301")
    assert 'tables: {readAs: {"Postgress": "ignore"}}' in str(found.help)
