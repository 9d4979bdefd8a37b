"""Hosts by name: who tells pods where a name leads."""

from support.compiled import findings, services
from support.tables import each

CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  LLM API: {hosts: [api.example.com], ports: [443]}
  Archive: {addresses: [203.0.113.0/24], ports: [443]}
"""
ANYWHERE = "{profile: custom, to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [53]}"
SERVER = ANYWHERE.replace("0.0.0.0/0", "10.0.0.53/32")


@each(
    ("destination", "dns", "is_reported"),
    [
        ("LLM API", ANYWHERE, True),
        ("LLM API", SERVER, False),
        ("LLM API", "{profile: any}", False),  # rendered so that nothing is learned from the answers
        ("LLM API", "true", False),
        ("Archive", ANYWHERE, False),
    ],
)
def test_a_baseline_can_let_pods_choose_who_tells_them(destination: str, dns: str, is_reported: bool) -> None:
    project = f'cluster:\n  dialect: Cilium\n  cilium: {{version: "1.20"}}\n  baseline: {{deny: egress, dns: {dns}}}\n'
    found = findings(services(f"Assistant | {destination}", header="Service | Depends on"), CATALOG, project)
    assert ("EG490 Assistant" in found) == is_reported, found
