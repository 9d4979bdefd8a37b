"""The pods that a policy of the whole cluster selects, and the peers of its rules.

Networks hold addresses alone here, though by the API they also match pods that have these addresses
(docs/exactness.md).
"""

import re
from typing import Final, NamedTuple

from egressc.dialects.cluster_policies.forms import ADMIN, Form
from egressc.dialects.shapes.fields import Object, Problems, mapping, only, shown
from egressc.dialects.shapes.hosts import spell_any_depth
from egressc.dialects.shapes.limited import distinct, one_of
from egressc.dialects.shapes.networks import read_network, with_hosts
from egressc.dialects.shapes.selectors import read_pod_selector, read_selector
from egressc.model.address_sets import NO_ADDRESSES, AddressSet, join_addresses, named
from egressc.model.flows import PodClass, RuleAction
from egressc.model.host_sets import HostSet
from egressc.model.label_classes import ANY, has_members, select_namespaces

_MOST_TEXTS: Final = 25
_LONGEST_NETWORK: Final = 43
_LABEL: Final = r"[a-zA-Z0-9](?:[-a-zA-Z0-9_]*[a-zA-Z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:\*\.)?(?:{_LABEL}\.)+{_LABEL}\.?\Z")
_BESIDE_NAMES: Final = ("networks", "nodes", "domainNames")


class PeerReach(NamedTuple):
    """What a peer holds; `learned` are the hosts that it names."""

    pods: tuple[PodClass, ...] = ()
    outside: AddressSet = NO_ADDRESSES
    learned: HostSet = ()


def read_subject(spec: Object, form: Form, problems: Problems) -> PodClass | None:
    """The pods that a policy selects; None after a problem."""
    subject = mapping(spec, "subject", "spec", problems)
    if subject is None:
        if "subject" not in spec:
            problems.add("spec.subject", "is missing")
        return None
    key = one_of(subject, ("namespaces", "pods"), "spec.subject", problems)
    return _read_pods(subject, key, form, "spec.subject", problems) if key else None


def read_peer(
    peer: Object, kinds: tuple[str, ...], action: RuleAction, tier: int, form: Form, path: str, problems: Problems
) -> PeerReach:
    """One peer of a rule, of which `kinds` are the fields that its direction knows."""
    key = one_of(peer, kinds, path, problems)
    match key:
        case "namespaces" | "pods":
            pods = _read_pods(peer, key, form, path, problems)
            empty = pods is None or not (has_members(pods.pods) and has_members(pods.namespaces))
            return PeerReach() if pods is None or empty else PeerReach((pods,))
        case "networks":
            return PeerReach((), with_hosts(_read_networks(peer, form, path, problems), action))
        case "domainNames":
            hosts = _read_names(peer, action, tier, form, path, problems)
            return PeerReach((), hosts, hosts.names)
        case "nodes":
            problems.add(f"{path}.nodes", "selects nodes, whose labels and addresses are not known")
        case _:
            pass
    return PeerReach()


def excludes_port_names(peer: object) -> bool:
    """Whether a peer has no ports with names."""
    return isinstance(peer, dict) and any(key in peer for key in _BESIDE_NAMES)


def _read_pods(parent: Object, key: str, form: Form, path: str, problems: Problems) -> PodClass | None:
    selected = mapping(parent, key, path, problems)
    if selected is None:
        return None
    at = f"{path}.{key}"
    if key == "namespaces":
        return PodClass(select_namespaces(read_selector(selected, at, problems)), ANY)
    only(selected, frozenset(("namespaceSelector", "podSelector")), at, problems)
    needed = ("namespaceSelector", "podSelector") if form.needs_namespaces else ("podSelector",)
    for field in needed:
        if field not in selected:
            problems.add(f"{at}.{field}", "is missing: {} selects all")
    places, pods = (mapping(selected, field, at, problems) or {} for field in ("namespaceSelector", "podSelector"))
    return PodClass(
        select_namespaces(read_selector(places, f"{at}.namespaceSelector", problems)),
        read_pod_selector(pods, f"{at}.podSelector", problems),
    )


def _read_networks(peer: Object, form: Form, path: str, problems: Problems) -> AddressSet:
    found: list[AddressSet] = []
    for at, written in distinct(peer, "networks", _MOST_TEXTS, path, problems):
        network = read_network(written)
        if isinstance(network, str):
            problems.add(at, f"{shown(written)} is not a network: it {network}")
            continue
        if len(written) > _LONGEST_NETWORK:
            problems.add(at, f"{shown(written)} has more than {_LONGEST_NETWORK} characters")
        if network.strict:
            said = f"{shown(written)} has bits beyond its prefix length"
            if form.networks_are_strict:
                problems.add(at, f"{said}: write {network.strict}")
            else:
                problems.doubt(at, f"{said}, and is read as {network.strict}")
        found.append(network.addresses)
    return join_addresses(found)


def _read_names(peer: Object, action: RuleAction, tier: int, form: Form, path: str, problems: Problems) -> AddressSet:
    """`*.` is one or more labels here."""
    if action is not RuleAction.ALLOW:
        problems.add(f"{path}.domainNames", "is only for rules that accept")
    elif tier != ADMIN:
        problems.add(f"{path}.domainNames", "is not read in the tier Baseline")
    elif form.has_cilium:
        problems.overlook(f"{path}.domainNames", "on Cilium, also opens DNS to the pods with k8s-app: kube-dns")
    found = []
    for at, written in distinct(peer, "domainNames", _MOST_TEXTS, path, problems):
        if not _DOMAIN.match(written):
            problems.add(at, f"{shown(written)} is not a DNS name, or one behind *.")
            continue
        found.append(spell_any_depth(written))
    return named(*found)
