"""Ends of rows that no policy of these sources can open, in a namespace whose baseline closes them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial

from egressc.diagnostics.baselines import EndHome, closed_by_baseline, closed_end
from egressc.diagnostics.core import Report
from egressc.model.cluster import Cluster
from egressc.model.endpoints import is_within
from egressc.model.known_namespaces import Namespaces
from egressc.model.label_classes import ANY, NAMESPACE_NAME, both, matches, select_namespaces
from egressc.model.policy import Direction, Grant, GrantEnd, Peer, PodPeer, Port, Selector, ServicePolicy
from egressc.model.port_sets import covers, port_set
from egressc.model.texts import place_of_name
from egressc.resolve.peers import pods_of
from egressc.source import Located


def check_closed_ends(
    grants: Iterable[Grant],
    baselines: Mapping[str, ServicePolicy],
    own: Collection[str],
    others: Collection[str],
    cluster: Cluster,
    namespaces: Namespaces,
    report: Report,
) -> None:
    """EG467, once an end: a baseline closes its pods, and no policy would open them. EG471 where others have one.

    Args:
        baselines: by namespace.
        own: the keys of ends that have a policy or a baseline of these sources.
        others: the keys of ends whose policies are those of other owners.
        namespaces: those of which manifests say the labels.
    """
    told: set[str] = set()
    for grant in grants:
        for direction, end, other in (
            (Direction.EGRESS, grant.source, grant.destination),
            (Direction.INGRESS, grant.destination, grant.source),
        ):
            if end.key in own or end.key in told:
                continue
            for policy, home in _touched(end, baselines, cluster, namespaces):
                if direction in policy.directions and not _lets(policy, direction, other, grant.ports):
                    told.add(end.key)
                    place = Located(end.name, place_of_name(end.name, grant.origins[0]))
                    build = closed_by_baseline if end.key in others else partial(closed_end, home=home)
                    at = policy.origin
                    report.add(build(place, other.name, policy.namespace, direction.value, at, end.key))
                    break


def _touched(
    end: GrantEnd, baselines: Mapping[str, ServicePolicy], cluster: Cluster, namespaces: Namespaces
) -> Iterator[tuple[ServicePolicy, EndHome]]:
    """The baselines of the namespaces in which an end can have pods, and how that is known.

    A namespace whose labels are not known may have any.
    """
    # A rule for any namespace promises nothing of a single one.
    places = [it for peer in end.peers if isinstance(peer, PodPeer) and (it := pods_of(peer).namespaces) != ANY]
    for name, policy in baselines.items():
        named = dict.fromkeys((NAMESPACE_NAME, cluster.namespace_key), name)
        known = cluster.namespace_labels.get(name, namespaces.get(name))
        if known is None:
            home = select_namespaces(Selector((*named.items(),)))
            here = [it for it in places if both(it, home) is not None]
        else:
            here = [it for it in places if matches(it, {**known, **named})]
        if any(key in named and not values.excluded for it in here for key, values in it):
            yield policy, "named"
        elif here:
            yield policy, "possible" if known is None else "labelled"


def _lets(policy: ServicePolicy, direction: Direction, other: GrantEnd, ports: tuple[Port, ...]) -> bool:
    """Whether a baseline itself opens a direction of all its pods for the other end of a grant."""
    if direction is Direction.EGRESS:
        open_ends = [it.destination for it in policy.grants if covers(port_set(it.ports), port_set(ports))]
    else:
        open_ends = [it.source for it in policy.callers if covers(port_set(it.ports), port_set(ports))]
    return all(any(_holds(end, peer) for end in open_ends) for peer in other.peers)


def _holds(end: GrantEnd, peer: Peer) -> bool:
    if not isinstance(peer, PodPeer):
        return peer in end.peers
    return any(is_within(pods_of(peer), pods_of(it)) for it in end.peers if isinstance(it, PodPeer))
