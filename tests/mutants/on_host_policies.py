"""Changes of the policies of EKS and GKE for hosts; the NetworkPolicies next to them have operators enough.

An operator here changes what is allowed, or what the API server takes, with each of its mutants; those of HARMLESS
never do.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mutants import on_policies
from mutants.changing import Manifest, Operator, on_each, once, operator, ports_of, rules_of
from support.host_policies import EKS_KIND, GKE_KIND

HOST_OPERATORS: dict[str, Operator] = {}
HARMLESS = frozenset(
    ("rename the policy", "repeat a rule", "reorder rules", "split the hosts", "write a host otherwise")
)

_EVERY_ADDRESS = {"ipBlock": {"cidr": "0.0.0.0/0"}}

for shared in on_policies.OF_ANY_KIND:
    operator(shared, HOST_OPERATORS)


on_each_for_hosts = partial(on_each, operators=HOST_OPERATORS, kinds=(EKS_KIND, GKE_KIND))


def _hosts(spec: Manifest) -> Iterator[tuple[list[Any], int, str]]:
    """Each host as `*.` and `**.` of ours have it, with the list and the place in it."""
    for _, _, rule in rules_of(spec):
        for peer in rule.get("to", ()):
            for at, name in enumerate(list(peer.get("domainNames", ()))):
                yield peer["domainNames"], at, f"*{name}" if name.startswith("*") else name
        for at, match in enumerate(list(rule.get("matches", ()))):
            yield rule["matches"], at, match.get("name") or match["pattern"]


def _written(policy: Manifest, host: str) -> Any:
    """A host as the kind of policy has it."""
    if policy["kind"] == EKS_KIND:
        return host.removeprefix("*") if host.startswith("**.") else host
    return {"pattern" if "*" in host else "name": host}


# Pods and directions


@on_each_for_hosts
def select_other_pods_for_hosts(policy: Manifest, spec: Manifest) -> Iterator[None]:
    labels = spec["podSelector"].get("matchLabels", {})
    for key in list(labels):
        yield from once(labels, key, "mistaken")


@on_each_for_hosts
def select_every_pod_for_hosts(policy: Manifest, spec: Manifest) -> Iterator[None]:
    if spec["podSelector"]:
        yield from once(spec, "podSelector", {})


@on_each_for_hosts
def isolate_another_direction(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """The reader refuses an ApplicationNetworkPolicy without policyTypes."""
    for types in (["Ingress"], ["Egress", "Ingress"], ...):
        if "policyTypes" in spec:
            yield from once(spec, "policyTypes", types)


# Hosts


@on_each_for_hosts
def change_a_host(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for hosts, at, host in _hosts(spec):
        yield from once(hosts, at, _written(policy, f"{host}.evil.example"))


@on_each_for_hosts
def drop_a_host(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """The last one leaves an empty list, which the API server refuses."""
    for hosts, at, _ in _hosts(spec):
        yield from once(hosts, at, ...)


@on_each_for_hosts
def widen_a_host(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for hosts, at, host in _hosts(spec):
        depth = "**" if policy["kind"] == EKS_KIND else "*"
        if not host.startswith("*"):
            yield from once(hosts, at, _written(policy, f"{depth}.{host.partition('.')[2]}"))
        if policy["kind"] == GKE_KIND:
            yield from once(hosts, at, _written(policy, "*"))
        elif host.count(".") > 2 or not host.startswith("*"):
            yield from once(hosts, at, _written(policy, f"**.{host.split('.', 2)[-1]}"))


@on_each_for_hosts
def narrow_a_host(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for hosts, at, host in _hosts(spec):
        if host.startswith("*"):
            yield from once(hosts, at, _written(policy, f"some{host.lstrip('*')}"))


@on_each_for_hosts
def open_addresses_with_hosts(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        if "to" in rule:
            yield from once(rule, "to", [*rule["to"], _EVERY_ADDRESS])
            yield from once(rule, "to", [_EVERY_ADDRESS])
            yield from once(rule, "to", [{**rule["to"][0], **_EVERY_ADDRESS}])


@on_each_for_hosts
def drop_the_hosts_of_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """A rule of ports alone opens them to everybody in EKS; GKE refuses it."""
    for _, _, rule in rules_of(spec):
        for key in ("to", "matches"):
            if key in rule:
                yield from once(rule, key, ...)
                yield from once(rule, key, [])


@on_each_for_hosts
def split_the_hosts(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        for at, peer in enumerate(list(rule.get("to", ()))):
            apart = [{"domainNames": [name]} for name in peer.get("domainNames", ())]
            yield from once(rule, "to", [*rule["to"][:at], *apart, *rule["to"][at + 1 :]])
        if len(rule.get("matches", ())) > 1:
            yield from once(rule, "matches", [*reversed(rule["matches"]), rule["matches"][0]])


@on_each_for_hosts
def write_a_host_otherwise(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for hosts, at, host in _hosts(spec):
        yield from once(hosts, at, _written(policy, f"{host.upper()}."))


# Ports


@on_each_for_hosts
def change_a_port_for_hosts(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, port in ports_of(spec):
        if "port" in port:
            yield from once(port, "port", port["port"] + 1)
            yield from once(port, "port", ...)
            yield from once(port, "port", 0)


@on_each_for_hosts
def widen_a_port_for_hosts(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """GKE has no ranges: its API server drops the end without a word."""
    for _, _, port in ports_of(spec):
        if "port" in port:
            yield from once(port, "endPort", max(port["port"], port.get("endPort") or 0) + 1)


@on_each_for_hosts
def drop_the_ports_for_hosts(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        for at in range(len(rule.get("ports", ()))):
            yield from once(rule["ports"], at, ...)
        if any("port" in port for port in rule.get("ports", ())):
            yield from once(rule, "ports", ...)


@on_each_for_hosts
def change_a_protocol_for_hosts(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        for port in rule.get("ports", ()):
            known = {it["protocol"] for it in rule["ports"] if it.get("port") == port.get("port")}
            for protocol in ("TCP", "UDP", "SCTP", "ALL"):
                if protocol not in known and len(known) < 3:
                    yield from once(port, "protocol", protocol)
