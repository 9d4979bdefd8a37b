"""Policy sets for tests: one by hand, and any at all that the model allows."""

from hypothesis import strategies as st

from egressc.model.policy import (
    DIRECTIONS,
    AddressPeer,
    Direction,
    Dns,
    Expression,
    Grant,
    GrantEnd,
    Operator,
    Peer,
    PodPeer,
    PolicySet,
    Port,
    Protocol,
    Selector,
    ServicePolicy,
)
from egressc.source import Source, Span

DOCUMENT = Source("platform/services.md", "# Services\n\n| Service | Needs |\n|---|---|\n" + "| a row | of it |\n" * 40)


NOBODY = GrantEnd("nobody", "nobody", ())  # the other end, where a test looks at one half


def row(line: int) -> Span:
    """A cell of the document, on a line counted from 1."""
    start = sum(len(text) + 1 for text in DOCUMENT.text.split("\n")[: line - 1]) + 2
    return Span(DOCUMENT, start, start + 5)


def labels(*pairs: tuple[str, str]) -> Selector:
    return Selector(match_labels=pairs)


def dependency(key: str, *ports: Port, purpose: str = "", lines: tuple[int, ...] = (5,)) -> Grant:
    peer = PodPeer(labels(("kubernetes.io/metadata.name", "data")), labels(("app.kubernetes.io/name", key)))
    return Grant(NOBODY, GrantEnd(key, key, (peer,)), ports, purpose, tuple(row(line) for line in lines))


def service(identifier: str, *dependencies: Grant, dns: Dns | None = None) -> ServicePolicy:
    selector = labels(("app.kubernetes.io/name", identifier))
    return ServicePolicy(identifier, identifier, "shop", selector, dns or Dns("kube-dns"), dependencies, row(5))


def tcp(number: int) -> Port:
    return Port(Protocol.TCP, number)


# Text as documents hold it: no lone surrogates, which UTF-8 has not.
texts = st.text(max_size=40)
keys = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
selectors = st.builds(
    Selector,
    match_labels=st.dictionaries(texts, texts, max_size=3).map(lambda pairs: tuple(pairs.items())),
    match_expressions=st.lists(
        st.builds(Expression, texts, st.sampled_from(Operator), st.lists(texts, max_size=3).map(tuple)), max_size=2
    ).map(tuple),
)
pod_peers = st.builds(PodPeer, st.none() | selectors, st.none() | selectors).filter(
    lambda peer: peer.namespaces is not None or peer.pods is not None
)
peers: st.SearchStrategy[Peer] = pod_peers | st.builds(
    AddressPeer, st.sampled_from(("0.0.0.0/0", "::/0", "203.0.113.0/24")), st.lists(texts, max_size=6).map(tuple)
)
numbers = st.integers(1, 65535)
single_ports = st.builds(Port, st.sampled_from(Protocol), numbers | keys) | st.tuples(numbers, numbers).map(
    lambda ends: Port(Protocol.TCP, min(ends), max(ends))
)
ports = st.lists(single_ports | st.builds(Port, st.sampled_from(Protocol), st.none()), min_size=1, max_size=5).map(
    tuple
)
several_peers = st.lists(peers, min_size=1, max_size=3).map(tuple)
places = st.integers(5, 44).map(row)
ends = st.builds(GrantEnd, keys, texts, several_peers, st.lists(texts, max_size=2).map(tuple))
origins = st.lists(places, min_size=1, max_size=3).map(tuple)
dependencies = st.builds(Grant, st.just(NOBODY), ends, ports, texts, origins)
callers = st.builds(Grant, ends, st.just(NOBODY), ports, texts, origins)
dns = st.sampled_from((Dns("kube-dns"), Dns("any"), Dns("none"))) | st.builds(
    Dns, st.just("custom"), several_peers, ports
)


def _of_its_directions(policy: ServicePolicy) -> ServicePolicy:
    """What belongs to a direction that a policy does not limit is not in it."""
    if Direction.INGRESS not in policy.directions:
        policy = policy._replace(callers=())
    return policy if Direction.EGRESS in policy.directions else policy._replace(dns=Dns("none"), grants=())


services = st.builds(
    ServicePolicy,
    keys,
    texts,
    keys,
    selectors.filter(lambda selector: not selector.selects_everything),
    dns,
    st.lists(dependencies, max_size=3, unique_by=lambda each: each.destination.key).map(tuple),
    places,
    st.lists(callers, max_size=3, unique_by=lambda each: each.source.key).map(tuple),
    st.sampled_from([*DIRECTIONS.values()]),
).map(_of_its_directions)
policy_sets = st.lists(services, min_size=1, max_size=4, unique_by=lambda each: each.id).map(
    lambda each: PolicySet(tuple(each))
)
