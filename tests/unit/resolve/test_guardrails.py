"""What guardrails deny, with their exceptions taken out, and which services they guard."""

from egressc.model.guardrails import Guardrail
from egressc.pipeline import Compilation
from egressc.verify.flows.words import say_rule
from egressc.verify.intent.guardrails import intend_guardrails
from support.compiled import codes, compile_whole
from support.compiled import services as _table
from support.tables import each

CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  web: {}
  Redis: {ports: [6379]}
  Vault: {namespace: vault, selector: {app: vault}, ports: [8200]}
  Named: {namespace: vault, selector: {app: named}, ports: [http]}
  Near: {to: [{podSelector: {matchLabels: {app: near}}}], ports: [80]}
  Partner: {addresses: [203.0.113.0/24], ports: [443]}
  Partner admin: {addresses: [203.0.113.128/25], ports: [443]}
  LLM: {hosts: [api.example.com], internet: true, ports: [443]}
  Other tenants: {namespaces: {matchExpressions: [{key: tenant, operator: NotIn, values: [a]}]}, selector: any pod}
  Tenants: {namespaces: {matchExpressions: [{key: tenant, operator: Exists}]}, selector: any pod}
  Blessed: {namespaces: {matchLabels: {tenant: b, blessed: "yes"}}, selector: {app: api}}
"""
TABLE = _table("web | Redis | 6379", header="From | To | Port")


def compiled(project: str, table: str = TABLE) -> Compilation:
    found, report = compile_whole(table, CATALOG, project)
    assert found is not None, [it.message for it in report.sorted()]
    return found


def say(guardrail: Guardrail) -> list[str]:
    """What it denies: `egress all pods in vault on any port`."""
    (policy,) = intend_guardrails([guardrail], None)
    return [f"{direction} {say_rule(rule)}" for direction, rule in policy.every_rule()]


@each(
    ("guardrail", "expected"),
    [
        ("{denyTo: [Vault]}", ["egress pods app=vault in vault on any port"]),
        ("{denyTo: [{name: Vault, ports: [8200]}]}", ["egress pods app=vault in vault on 8200/TCP"]),
        ('{denyTo: ["Vault (8200)"]}', ["egress pods app=vault in vault on 8200/TCP"]),
        ("{denyFrom: [Vault]}", ["ingress pods app=vault in vault on any port"]),
        ("{denyFrom: [Partner]}", ["ingress 203.0.113.0/24 on any port"]),
        ("{denyTo: [192.0.2.0/24]}", ["egress 192.0.2.0/24 on any port"]),
        ("{denyTo: [Partner], exceptTo: [Partner admin]}", ["egress 203.0.113.0/25 on any port"]),
        (
            "{denyTo: [Partner], exceptTo: [{name: Partner admin, ports: [443]}]}",
            [
                "egress 203.0.113.0/25 on any port",
                "egress 203.0.113.128/25 on 1-442/TCP, 444-65535/TCP, any/UDP, any/SCTP",
            ],
        ),
        (
            "{denyTo: [{name: Vault, ports: [8200, 8300]}], exceptTo: [{name: Vault, ports: [8300]}]}",
            ["egress pods app=vault in vault on 8200/TCP"],
        ),
        (
            "{denyTo: [Tenants], exceptTo: [Blessed]}",
            [
                "egress all pods in namespaces blessed not yes, with tenant or "
                "all pods in namespaces blessed=yes, tenant other than b or "
                "pods app not api in namespaces blessed=yes, tenant=b on any port"
            ],
        ),
    ],
)
def test_what_is_denied(guardrail: str, expected: list[str]) -> None:
    (found,) = compiled(f"guardrails: {{one: {guardrail}}}\n").resolution.guardrails
    assert say(found) == expected


@each(
    ("guardrail", "code"),
    [
        ("{denyTo: [LLM]}", "EG497 LLM"),
        ("{denyTo: [Near]}", "EG497 Near"),
        ("{denyTo: [{name: Named, ports: [http]}]}", "EG497 Named"),
        ("{denyTo: [Nobody]}", "EG301 Nobody"),
        ("{denyTo: [Vault], exceptTo: [Vault]}", "EG498 one"),
        ("{namespaces: {kubernetes.io/metadata.name: lab}, denyTo: [Vault]}", "EG498 one"),
    ],
)
def test_what_cannot_be_denied(guardrail: str, code: str) -> None:
    _, report = compile_whole(TABLE, CATALOG, f"guardrails: {{one: {guardrail}}}\n")
    assert codes(report) == [code]


# A policy of the cluster has no networks among those who send.
def test_an_address_cannot_be_denied_as_a_caller_where_a_policy_enforces_it() -> None:
    project = (
        "guardrails: {one: {denyFrom: [Partner]}}\n"
        "cluster: {guardrails: {apiVersion: policy.networking.k8s.io/v1alpha2}}\n"
    )
    _, report = compile_whole(TABLE, CATALOG, project)
    assert codes(report) == ["EG497 Partner"]


# Whichever of the two ports is written: egress may see the one or the other.
@each(("port", "translation"), [(8080, "before"), (80, "before"), (8080, "after"), (80, "after")])
def test_ports_of_pods_and_of_services_are_denied_together(port: int, translation: str) -> None:
    catalog = CATALOG + "  Shop: {ports: [{port: 8080, servicePort: 80}]}\n"
    project = (
        f"guardrails: {{one: {{denyTo: [{{name: Shop, ports: [{port}]}}]}}}}\n"
        f"cluster: {{serviceTranslation: {translation}}}\n"
    )
    found, report = compile_whole(TABLE, catalog, project)
    assert found is not None, report.diagnostics
    assert say(found.resolution.guardrails[0]) == ["egress pods app=shop in shop on 80/TCP, 8080/TCP"]


# One that only guardrails name is wide on purpose.
def test_what_is_denied_is_used_and_not_wide() -> None:
    _, report = compile_whole(TABLE, CATALOG, "guardrails: {one: {denyTo: [Tenants]}}\n")
    assert codes(report) == []


@each(
    ("guardrail", "labels", "services"),
    [
        ("denyTo: [Vault]", "", ["cart", "web"]),
        ("pods: {app: web}, denyTo: [Vault]", "", ["web"]),
        ("namespaces: {tenant: a}, denyTo: [Vault]", "", ["cart", "web"]),
        ("namespaces: {tenant: a}, denyTo: [Vault]", "shop: {labels: {tenant: a}}, data: {labels: {}}", ["web"]),
        ("namespaces: {tenant: a}, denyTo: [Vault]", "shop: {labels: {tenant: b}}", ["cart"]),
    ],
)
def test_which_services_it_guards(guardrail: str, labels: str, services: list[str]) -> None:
    table = _table("web | shop | cart", "cart | data | None", header="Service | Namespace | Calls")
    project = f"guardrails: {{one: {{{guardrail}}}}}\ncluster: {{namespaces: {{{labels}}}}}\n"
    found, report = compile_whole(table, CATALOG + "  cart: {ports: [80]}\n", project)
    assert found is not None, [it.message for it in report.sorted()]
    assert sorted(found.resolution.guarded) == services


# Which namespaces are known has no effect on the rules: the values have their labels besides.
def test_a_service_is_told_the_rules_of_the_guardrail() -> None:
    project = (
        "guardrails: {one: {denyTo: [Other tenants]}}\n"
        "cluster: {namespaces: {shop: {labels: {tenant: a}}, rival: {labels: {tenant: b}}, shared: {labels: {}}}}\n"
    )
    resolution = compiled(project).resolution
    assert say(resolution.guardrails[0]) == ["egress all pods in namespaces tenant not a on any port"]
    assert resolution.guarded["web"] == resolution.guardrails


# What some cannot send, others cannot be sent: each where its policy limits it.
@each(
    ("directions", "web", "vault"),
    [
        ("egress", ["egress pods app=vault in vault on 8200/TCP"], []),
        ("ingress", [], ["ingress pods app=web in any namespace on 8200/TCP"]),
        (
            "both",
            ["egress pods app=vault in vault on 8200/TCP"],
            ["ingress pods app=web in any namespace on 8200/TCP"],
        ),
    ],
)
def test_both_ends_are_told(directions: str, web: list[str], vault: list[str]) -> None:
    table = _table("web | shop | None", "Vault | vault | None", header="Service | Namespace | Calls")
    project = (
        f"directions: {directions}\n"
        "guardrails: {one: {pods: {app: web}, denyTo: [{name: Vault, ports: [8200]}]}}\n"
    )
    found = compiled(project, table).resolution.guarded
    assert [say(it) for it in found.get("web", ())] == ([web] if web else [])
    assert [say(it) for it in found.get("vault", ())] == ([vault] if vault else [])


# Pods of the catalog and of workloads show that there are pods with the labels of both.
@each(("entry", "guarded"), [("  Cards: {selector: {app: web, tier: pci}}\n", True), ("", False)])
def test_known_pods_with_the_labels_of_both(entry: str, guarded: bool) -> None:
    project = "guardrails: {one: {pods: {tier: pci}, denyTo: [Vault]}}\n"
    found, report = compile_whole(TABLE, CATALOG + entry, project)
    assert found is not None, report.diagnostics
    assert ("web" in found.resolution.guarded) is guarded
