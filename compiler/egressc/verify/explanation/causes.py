"""The usual causes of a denial, by a word that programs can tell apart, each with its repair."""

from collections.abc import Mapping
from typing import NamedTuple

from egressc.diagnostics.live import NODE_LOCAL_ADDRESS
from egressc.model.address_sets import holds
from egressc.model.dns_profiles import PROFILES, dns_reach
from egressc.model.flows import Endpoint, Pod, Rule, RuleAction
from egressc.model.label_classes import NAMESPACE_NAME, Labels, matches
from egressc.model.peers import read_peers
from egressc.model.policy import Dns, Protocol
from egressc.model.port_sets import has_port, port_set
from egressc.source import Span
from egressc.verify.explanation.misses import Shortfall, label_namespace, lacks
from egressc.verify.flows.internet import METADATA
from egressc.verify.flows.verdicts import Guard, meets_peer
from egressc.verify.flows.witnesses import is_inside
from egressc.verify.flows.words import say_who
from egressc.verify.intent.guardrails import is_guardrail
from egressc.verify.manifests.places import rule_name

DNS_PORTS = (53, 5353)
_LINK_LOCAL = ("169.254.", "fe80:")


class DenialCause(NamedTuple):
    kind: str
    text: str
    repair: str


def stale_cause(asked: Guard | None, update: str, off: Mapping[str, Span]) -> DenialCause | None:
    """A row, an extra rule or the DNS profile lets it through, and the policies at hand do not know that.

    `update` is what brings them up to date; `off`: where policies are switched off.
    """
    if asked is None or not asked.isolates or not asked.allows:
        return None
    rule = asked.deciding[0].rule
    who = str(rule.origins[0]) if rule.origins else "the DNS profile"
    if (place := off.get(asked.deciding[0].policy.name)) is not None:
        text = f"{who} asks for this, but the policy is switched off ({place})"
        return DenialCause("switched-off", text, f"switch it on again: remove `enabled: false` ({place})")
    return DenialCause(
        "stale-policy",
        f"{who} asks for this, but the policies do not allow it: they are older, or were edited",
        update,
    )


def denial_cause(denying: Guard | None, ask: str) -> DenialCause | None:
    """A row that says no to it, one about this destination first. `ask` is how to ask for what no row speaks of."""
    deciding = denying.deciding if denying is not None else ()
    if not deciding or deciding[0].rule.action is RuleAction.DENY:  # what guardrails deny is told apart
        return None
    rule = next((it.rule for it in deciding if it.rule.name), deciding[0].rule)
    (row,) = rule.origins
    repair = f"change this row, {row}, if you need the connection" if rule.name else ask
    return DenialCause("denied-by-row", f'denied: row "{row.text}" says no ({row})', repair)


def denying_rule_cause(denying: Guard, update: str) -> DenialCause:
    """A rule of a live or rendered policy that denies it. `update` is what brings ours up to date; "" if none is."""
    policy, rule = denying.deciding[0].policy, denying.deciding[0].rule
    name = rule_name(policy, rule, denying.direction)
    if update and is_guardrail(policy):
        old = "no guardrail of the project file does: the policies are older, or were edited"
        return DenialCause("stale-policy", f"{name} denies it, but {old}", update)
    return DenialCause("denied-by-rule", f"{name} denies it", f"narrow or remove {name}")


def dns_cause(dns: Dns, end: Endpoint, protocol: Protocol, port: int) -> DenialCause | None:
    """DNS that another profile would let through, and the one at hand does not."""
    if port not in DNS_PORTS or _lets_through(dns, end, protocol, port):
        return None
    for profile in PROFILES:
        if profile != "any" and _lets_through(Dns(profile), end, protocol, port):
            what = "the DNS cache on the node (NodeLocal DNS)" if end == NODE_LOCAL_ADDRESS else "DNS in this cluster"
            return DenialCause(
                "dns-profile",
                f'the DNS profile is "{dns.profile}", but {what} needs the profile "{profile}"',
                f"write `cluster: {{dns: {{profile: {profile}}}}}` in the project file, and compile"
                if dns.has_rule
                else f"if you mean DNS, write `dns: {{profile: {profile}}}` in place of none, and compile",
            )
    return None


def address_cause(end: Endpoint, *, has_rows: bool) -> DenialCause | None:
    """An address where clusters have pods and Services: rules about pods hold for pods, not for addresses.

    `has_rows`: there are tables, in which a row may ask for it.
    """
    if not isinstance(end, str) or not is_inside(end):
        return None
    if holds(METADATA, end):
        what = f"{end} is where clouds give credentials to any client"
        if not has_rows:
            return DenialCause("metadata-address", what, "if you mean that, write an ipBlock with it in a rule")
        return DenialCause(
            "metadata-address",
            f"{what}: only a row that names it opens it",
            'if you mean that, write "node metadata" in a row',
        )
    if end.startswith(_LINK_LOCAL):
        return None
    return DenialCause(
        "cluster-address",
        f"{end} may be a Service or a pod: policy sees the pod behind a Service, and its labels",
        "ask about the pod or the destination by name" if has_rows else "ask about the workload by name",
    )


def namespace_cause(guard: Guard, end: Endpoint, known: Mapping[str, Mapping[str, str]]) -> DenialCause | None:
    """A namespace without the labels that a rule selects it by. `known` are namespaces of manifests, with their labels.

    A namespace that no manifest shows is taken to have the labels that `end` gives it.
    """
    if not isinstance(end, Pod):
        return None
    labels = {**known.get(end.namespace, end.namespace_labels), NAMESPACE_NAME: end.namespace}
    for judged in guard.near_misses:
        for peer in judged.rule.pods if judged.meets_port else ():
            wanted = _labels_to_add(peer.namespaces, labels) if matches(peer.pods, end.labels) else []
            if wanted:
                keys, said = ", ".join(it.key for it in wanted), ", ".join(it.words for it in wanted)
                return DenialCause(
                    "namespace-label",
                    f"the namespace {end.namespace} has no label {keys}, but the rule needs {said}",
                    label_namespace(end.namespace, wanted),
                )
    return None


def closed_ingress_cause(guard: Guard, source: Endpoint, repair: str) -> DenialCause:
    """`repair` is what a nearer look says; else one more rule is."""
    named = ", ".join(policy.title for policy in guard.isolating)
    return DenialCause(
        "ingress-closed",
        "the source's egress allows it, but the destination's ingress denies it",
        repair or f"add {say_who(source)} to an ingress rule of {named}",
    )


def _labels_to_add(wanted: Labels, actual: Mapping[str, str]) -> list[Shortfall]:
    """Labels that would make a namespace one of the class, where it lacks some and has no wrong one."""
    found = list(lacks(wanted, actual))
    return found if all(lack.key != NAMESPACE_NAME and lack.key not in actual for lack in found) else []


def _lets_through(dns: Dns, end: Endpoint, protocol: Protocol, port: int) -> bool:
    peers, ports = dns_reach(dns)
    pods, addresses = read_peers(peers, "")
    opened = port_set(ports)
    names = end.names_of(protocol, port) if isinstance(end, Pod) else frozenset[str]()
    return meets_peer(Rule(0, pods, addresses, opened), end) and has_port(opened, protocol, port, names)
