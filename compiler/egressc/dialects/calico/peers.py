"""The other end of a Calico rule: pods by selectors, networks, the API server's Service, or everything.

Source: projectcalico/calico libcalico-go/lib/backend/syncersv1/updateprocessors/rules.go.
"""

from typing import Final, NamedTuple

from egressc.dialects.calico.grammar import (
    EVERYTHING,
    All,
    BadSelectorError,
    Global,
    Node,
    Not,
    holds_global,
    in_namespaces,
    parse,
)
from egressc.dialects.calico.selectors import meet_all, pods_by_labels, pods_by_namespace, select
from egressc.dialects.calico.sets import SetSelector, read_networks
from egressc.dialects.shapes.fields import Object, Problems, mapping, only, shown, text
from egressc.dialects.shapes.networks import with_hosts
from egressc.model.address_sets import (
    API_SERVER_BY_NAME,
    EVERY_ADDRESS,
    METADATA_NETWORKS,
    NO_ADDRESSES,
    AddressSet,
    block,
    common,
    join_addresses,
    subtract,
)
from egressc.model.cluster import PRIVATE_RANGES
from egressc.model.flows import EVERY_POD, PodClass, RuleAction
from egressc.model.label_classes import ANY, namespace

_SELECTORS: Final = ("selector", "notSelector", "namespaceSelector")
_NETWORKS: Final = ("nets", "notNets")
_MOST_NETS: Final = 256
_MOST_SHOWN: Final = 80
_API_SERVICE: Final = {"name": "kubernetes", "namespace": "default"}
# Addresses that no pod and no node has for others: those of one link, and those of instance metadata.
_OF_NO_POD: Final = join_addresses(map(block, ("169.254.0.0/16", "fe80::/10", *METADATA_NETWORKS)))
_OF_PODS: Final = subtract(join_addresses(map(block, PRIVATE_RANGES)), _OF_NO_POD)


class Peer(NamedTuple):
    """`sets`: network sets that it selects too. `is_service`: its ports in egress are those of the Service."""

    pods: tuple[PodClass, ...] = ()
    outside: AddressSet = NO_ADDRESSES
    sets: SetSelector | None = None
    is_service: bool = False


_EVERYBODY: Final = Peer((EVERY_POD,), join_addresses((EVERY_ADDRESS, API_SERVER_BY_NAME)))


def read_peer(entity: Object, home: str, action: RuleAction, path: str, problems: Problems) -> Peer:
    """`home` is the namespace of the policy, empty for one of the whole cluster."""
    selectors = [key for key in _SELECTORS if text(entity, key, path, problems)]
    networks = [key for key in _NETWORKS if entity.get(key)]
    if entity.get("serviceAccounts") is not None:
        problems.add(f"{path}.serviceAccounts", "selects pods by service accounts, which are not known")
    if entity.get("services") is not None:
        return _read_service(entity, [*selectors, *networks], home, path, problems)
    if selectors and networks:
        problems.add(f"{path}.{networks[0]}", "next to a selector selects pods by addresses, which are not known")
    if selectors:
        return _select(entity, selectors, home, path, problems)
    return _read_networks(entity, action, path, problems) if networks else _EVERYBODY


def _select(entity: Object, given: list[str], home: str, path: str, problems: Problems) -> Peer:
    labels, excluded, namespaces = (read_selector(entity, key, path, problems) for key in _SELECTORS)
    if given == ["notSelector"] and not home:
        problems.add(f"{path}.notSelector", "alone also selects addresses outside, which is not read")
    if holds_global(namespaces) and namespaces != Global():
        problems.add(f"{path}.namespaceSelector", "has global() next to something else, which Calico refuses")
    for key, node in zip(_SELECTORS, (labels, excluded), strict=False):
        if holds_global(node):
            problems.add(f"{path}.{key}", "has global(), which is only for namespaceSelector")
    wanted = All((labels, Not(excluded))) if "notSelector" in given else labels
    places = None if "namespaceSelector" not in given else in_namespaces(namespaces)
    chosen = [select_pods(wanted, path, problems)]
    if places is not None:
        chosen.append(select_pods(places, f"{path}.namespaceSelector", problems, by_namespace=True))
    elif home:
        chosen.append([PodClass(namespace(home), ANY)])
    sets = SetSelector(
        labels, excluded if "notSelector" in given else None, places, home if places is None else "", path
    )
    try:
        return Peer(tuple(meet_all(iter(chosen))), NO_ADDRESSES, sets)
    except BadSelectorError as error:
        problems.add(path, str(error))
        return Peer()


def read_selector(entity: Object, key: str, path: str, problems: Problems) -> Node:
    """The selector under a key; everything where it is absent, or after a problem."""
    written = text(entity, key, path, problems)
    try:
        return parse(written)
    except BadSelectorError as error:
        short = written if len(written) <= _MOST_SHOWN else f"{written[:_MOST_SHOWN]}…"
        problems.add(f"{path}.{key}", f"{shown(short)} {error}")
        return EVERYTHING


def select_pods(node: Node, path: str, problems: Problems, *, by_namespace: bool = False) -> list[PodClass]:
    """The pods that a selector selects, by labels of their own or of their namespaces; none after a problem."""
    try:
        return select(node, pods_by_namespace if by_namespace else pods_by_labels)
    except BadSelectorError as error:
        problems.add(path, str(error))
        return []


def _read_networks(entity: Object, action: RuleAction, path: str, problems: Problems) -> Peer:
    if not entity.get("nets"):
        problems.add(f"{path}.notNets", "alone also selects pods by their addresses, which are not known")
    found, taken = (read_networks(entity, key, _MOST_NETS, path, problems) for key in _NETWORKS)
    both = join_addresses((found, taken))
    if both.v4 and both.v6:
        problems.add(path, "has networks of both address families, which Calico refuses")
    return Peer((), settle_addresses(subtract(found, taken), action, f"{path}.nets", problems))


def has_pod_networks(addresses: AddressSet) -> bool:
    """Whether pods and nodes can have some of these addresses, which a rule of Calico then matches too."""
    return any(common(addresses, _OF_PODS))


def settle_addresses(addresses: AddressSet, action: RuleAction, path: str, problems: Problems) -> AddressSet:
    """Networks as their rule means them: what denies most addresses also denies hosts, wherever these are."""
    if action is RuleAction.ALLOW:
        return addresses
    if has_pod_networks(addresses):
        problems.overlook(path, "also decides about pods and nodes with these addresses, which is not looked at")
    return with_hosts(addresses, action)


def _read_service(entity: Object, others: list[str], home: str, path: str, problems: Problems) -> Peer:
    service = mapping(entity, "services", path, problems) or {}
    only(service, frozenset(_API_SERVICE), f"{path}.services", problems)
    if others:
        problems.add(f"{path}.{others[0]}", "cannot be used with services")
    named_as = {key: text(service, key, f"{path}.services", problems) for key in _API_SERVICE}
    if not home and not named_as["namespace"]:
        problems.add(f"{path}.services.namespace", "is missing")
    if {**named_as, "namespace": named_as["namespace"] or home} != _API_SERVICE:
        problems.add(f"{path}.services", "names a Service, whose endpoints are not known: only kubernetes is read")
    return Peer((), API_SERVER_BY_NAME, None, is_service=True)
