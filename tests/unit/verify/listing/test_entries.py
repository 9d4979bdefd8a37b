"""Entries of services: policies of manifests in the words of a table that knows their pods."""

from egressc.diagnostics.core import Report
from egressc.model.flows import Direction
from egressc.source import Source
from egressc.verify.flows.words import say_peer, say_ports
from egressc.verify.intent.table import intend
from egressc.verify.listing.entries import DNS, Entries, Names, entries_of
from egressc.verify.manifests.reader import read_manifests
from support.compiled import compile_text, services

CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Redis Cache: {selector: {app: redis}, ports: [6379]}
  Mail: {addresses: [192.0.2.0/24, 198.51.100.0/24], ports: [587]}
"""
TABLE = services("Web Shop | Redis Cache, Mail", "Orders | Redis Cache", header="Service | Depends on")


def rule(*peers: str, port: int = 1) -> str:
    return f"{{to: [{', '.join(peers)}], ports: [{{port: {port}}}]}}"


def pods(app: str) -> str:
    return f"{{podSelector: {{matchLabels: {{app: {app}}}}}}}"


def policy(app: str, *rules: str, direction: str = "egress") -> str:
    listed = ", ".join(rules) if direction == "egress" else ", ".join(rules).replace("to:", "from:")
    return (
        f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p-{app}, namespace: shop}}\n"
        f"spec: {{podSelector: {{matchLabels: {{app: {app}}}}}, policyTypes: [{direction.title()}], "
        f"{direction}: [{listed}]}}\n"
    )


def entries(text: str) -> Entries:
    policies, compiled = compile_text(TABLE, CATALOG)
    assert policies is not None, compiled.sorted()
    names = Names()
    names.learn(policies, intend(policies))
    return entries_of(read_manifests([Source("m.yaml", text)], Report()).policies, names)


def told(text: str) -> dict[str, list[str]]:
    return {
        key: [f"{direction} {name}: {it.name}" for (direction, name), it in service.entries.items()]
        for key, service in entries(text).services.items()
    }


MAIL = ("{ipBlock: {cidr: 192.0.2.0/24}}", "{ipBlock: {cidr: 198.51.100.0/24}}")


def test_what_a_table_names_has_its_name() -> None:
    assert told(policy("web-shop", rule(pods("redis")), rule(pods("orders")), rule(*MAIL))) == {
        "web-shop": ["egress redis-cache: Redis Cache", "egress orders: Orders", "egress mail: Mail"]
    }


def test_what_no_table_names_is_in_words() -> None:
    other, one = "pods app=other in shop", "192.0.2.0/24"
    assert told(policy("other", rule(pods("other")), rule(MAIL[0]))) == {
        other: [f"egress {other}: {other}", f"egress {one}: {one}"]
    }


def test_an_ingress_is_by_whom_it_lets_in() -> None:
    known = told(policy("orders", rule(pods("redis")), direction="ingress"))
    assert known == {"orders": ["ingress redis-cache: Redis Cache"]}
    words = "pods app=stranger in shop"
    unknown = told(policy("orders", rule(pods("stranger")), direction="ingress"))
    assert unknown == {"orders": [f"ingress {words}: {words}"]}


def test_policies_on_the_same_pods_are_one_service_and_their_ports_add_up() -> None:
    two = policy("web-shop", rule(pods("redis"), port=1)) + policy("web-shop", rule(pods("redis"), port=2)).replace(
        "p-web-shop", "more"
    )
    (service,) = entries(two).services.values()
    entry = service.entries[Direction.EGRESS, "redis-cache"]
    assert [f"{say_peer(peer)} {say_ports(ports)}" for peer, ports in entry.reach.items()] == [
        "pods app=redis in shop 1-2/TCP"
    ]
    assert say_ports(entry.ports) == "1-2/TCP"
    assert [(held.name, it.index) for held, it in entry.rules] == [("p-web-shop", 0), ("more", 0)]
    assert entry.origins == ()


def test_a_policy_that_selects_nobody_is_no_service() -> None:
    nobody = policy("web-shop").replace(
        "{matchLabels: {app: web-shop}}",
        "{matchLabels: {app: a}, matchExpressions: [{key: app, operator: DoesNotExist}]}",
    )
    assert told(nobody) == {}


def test_intended_policies_are_known_by_their_names_and_dns_by_its_own() -> None:
    policies, _ = compile_text(TABLE, CATALOG)
    assert policies is not None
    names, intended = Names(), intend(policies)
    names.learn(policies, intended)
    found = entries_of(intended, names).services
    assert [(key, [it.name for it in service.entries.values()]) for key, service in found.items()] == [
        ("orders", [DNS, "Redis Cache"]),
        ("web-shop", [DNS, "Mail", "Redis Cache"]),
    ]
    (row,) = found["orders"].entries[Direction.EGRESS, "redis-cache"].origins
    assert row.text == "Redis Cache"


def test_the_same_pods_under_another_name_are_one_service() -> None:
    one, other = entries(policy("orders")), entries(policy("orders"))
    renamed = Entries(one.policies, {"x": one.services["orders"]}).renamed_like(other)
    assert list(renamed.services) == ["orders"]
    kept = Entries(one.policies, {"x": entries(policy("web-shop")).services["web-shop"]}).renamed_like(other)
    assert list(kept.services) == ["x"]
