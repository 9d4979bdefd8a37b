"""Single differences: who is blamed, what is shown, and what does not count."""

from typing import Any

from egressc.model.address_sets import AddressSet
from egressc.model.flows import Approximation, Difference, DifferenceKind, Direction, Pod
from egressc.verify.comparison.compare import compare
from oracles.reading import read_policies
from support.tables import each


def _policy(name: str, spec: dict[str, Any], namespace: str = "shop") -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _egress(name: str, *rules: dict[str, Any], pods: dict[str, Any] | None = None) -> dict[str, Any]:
    selected = {"matchLabels": {"app": name}} if pods is None else pods
    return _policy(name, {"podSelector": selected, "policyTypes": ["Egress"], "egress": list(rules)})


def _to(app: str, port: int | str = 80) -> dict[str, Any]:
    return {"to": [{"podSelector": {"matchLabels": {"app": app}}}], "ports": [{"port": port}]}


def _differences(
    one: list[dict[str, Any]], other: list[dict[str, Any]], *, narrow: bool = False, before: bool = False
) -> list[Difference]:
    return compare(read_policies(one), read_policies(other), of_intended_only=narrow, before_translation=before)


def test_a_wider_rule_is_blamed_with_a_witness() -> None:
    (difference,) = _differences([_egress("web", _to("db"))], [_egress("web", _to("db"), _to("cache", 6379))])
    assert difference.kind is DifferenceKind.OVER
    assert difference.policy is not None
    assert difference.rule is not None
    assert (difference.policy.name, difference.rule.index) == ("web", 1)
    assert difference.witness.source == Pod("shop", {"app": "web"}, {})
    assert difference.witness.destination == Pod("shop", {"app": "cache"}, {})
    assert (difference.witness.protocol, difference.witness.port) == ("TCP", 6379)
    assert [policy.name for policy in difference.against] == ["web"]
    assert difference.approximate == ()


@each(
    "other",
    [
        _to("cache"),
        _to("db", 81),
        {"to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}], "ports": [{"port": 80}]},
        {"to": [{"podSelector": {"matchLabels": {"app": "db"}}, "namespaceSelector": {}}], "ports": [{"port": 81}]},
    ],
)
def test_a_rule_in_place_of_another_opens_and_closes(other: dict[str, Any]) -> None:
    kinds = [it.kind for it in _differences([_egress("web", _to("db"))], [_egress("web", other)])]
    assert kinds == [DifferenceKind.OVER, DifferenceKind.UNDER]


@each("cidr", ["192.0.2.0/24", "2001:db8::/32"])
def test_a_network_in_place_of_another_opens_and_closes(cidr: str) -> None:
    one, other = ({"to": [{"ipBlock": {"cidr": it}}]} for it in ("203.0.113.0/24", cidr))
    kinds = [it.kind for it in _differences([_egress("web", one)], [_egress("web", other)])]
    assert kinds == [DifferenceKind.OVER, DifferenceKind.UNDER]


def test_a_lost_policy_leaves_its_pods_alone() -> None:
    (difference,) = _differences([_egress("web", _to("db"))], [])
    assert (difference.kind, difference.policy) == (DifferenceKind.OVER, None)


def test_an_emptied_selector_is_seen_on_other_pods() -> None:
    differences = _differences([_egress("web", _to("db"))], [_egress("web", _to("db"), pods={})])
    (difference,) = differences
    assert (difference.kind, difference.policy) == (DifferenceKind.UNDER, None)
    assert isinstance(difference.witness.source, Pod)
    assert difference.witness.source.labels.get("app") != "web"
    assert _differences([_egress("web", _to("db"))], [_egress("web", _to("db"), pods={})], narrow=True) == []


def test_overlapping_services_add_up() -> None:
    """A pod with both labels may use the rules of both services: neither alone is missing anything."""
    both = {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "api"]}]}
    intended = [_egress("web", _to("db")), _egress("api", _to("db"))]
    assert _differences(intended, [_egress("all", _to("db"), pods=both)]) == []


def test_what_the_servers_ingress_denies_is_no_difference() -> None:
    closed = _policy("db", {"podSelector": {"matchLabels": {"app": "db"}}, "policyTypes": ["Ingress"]})
    assert _differences([_egress("web"), closed], [_egress("web", _to("db")), closed]) == []


def test_a_closed_server_denies_what_the_client_may() -> None:
    closed = _policy("db", {"podSelector": {"matchLabels": {"app": "db"}}, "policyTypes": ["Ingress"]})
    (difference,) = _differences([_egress("web", _to("db"))], [_egress("web", _to("db")), closed], narrow=True)
    assert (difference.kind, difference.direction) == (DifferenceKind.UNDER, Direction.INGRESS)
    assert [policy.name for policy in difference.against] == ["db"]
    assert isinstance(difference.witness.source, Pod)
    assert difference.witness.source.labels == {"app": "web"}
    assert difference.witness.port == 80


def test_a_namespace_has_one_set_of_labels() -> None:
    """No pod of a namespace with env=prod is reached from the same namespace with env=test."""
    place = {"namespaceSelector": {"matchLabels": {"env": "prod", "kubernetes.io/metadata.name": "shop"}}}
    server = _policy(
        "db",
        {
            "podSelector": {"matchLabels": {"app": "db"}},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"env": "test"}}}]}],
        },
    )
    reach = {"to": [{**place, "podSelector": {"matchLabels": {"app": "db"}}}]}
    assert _differences([_egress("web"), server], [_egress("web", reach), server]) == []


def test_a_named_port_is_no_number() -> None:
    differences = _differences([_egress("web", _to("db", "pg"))], [_egress("web", _to("db", 5432))])
    assert [difference.kind for difference in differences] == [DifferenceKind.OVER, DifferenceKind.UNDER]
    assert all(Approximation.NAMED_PORT in difference.approximate for difference in differences)
    assert differences[1].witness.port_names == {"pg"}


def test_a_named_port_means_nothing_outside() -> None:
    addresses = {"to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}], "ports": [{"port": "pg"}]}
    assert _differences([_egress("web")], [_egress("web", addresses)]) == []


def test_an_except_that_is_lost_gives_an_address_in_it() -> None:
    block = {"cidr": "0.0.0.0/0"}
    (difference,) = _differences(
        [_egress("web", {"to": [{"ipBlock": {**block, "except": ["10.0.0.0/8"]}}]})],
        [_egress("web", {"to": [{"ipBlock": block}]})],
    )
    assert difference.witness.destination == "10.0.0.0"
    assert difference.approximate == (Approximation.POD_ADDRESS,)
    assert isinstance(difference.peer, AddressSet)


def test_what_opens_the_internet_is_shown_by_a_public_address() -> None:
    """Although private ones come first: they are open on every port, public ones on all but one."""
    everything = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"protocol": "TCP"}]}
    public = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}], "ports": [{"port": 443}]}
    (difference,) = _differences([_egress("web", public)], [_egress("web", everything)])
    assert difference.witness.destination == "1.0.0.0"
    assert difference.approximate == ()


def _ingress(name: str, *rules: dict[str, Any]) -> dict[str, Any]:
    selected = {"matchLabels": {"app": name}}
    return _policy(name, {"podSelector": selected, "policyTypes": ["Ingress"], "ingress": list(rules)})


def _from(app: str, port: int | str = 8080, end: int | None = None) -> dict[str, Any]:
    ports = {"port": port} if end is None else {"port": port, "endPort": end}
    return {"from": [{"podSelector": {"matchLabels": {"app": app}}}], "ports": [ports]}


@each(
    ("sent", "admitted", "expected"),
    [
        ((_to("db"),), (_from("web"),), []),
        ((), (_from("web"),), ["egress under 80"]),
        ((_to("db", 81),), (_from("web"),), ["egress over 81", "egress under 80"]),
        ((_to("db"), _to("db", 81)), (_from("web"),), ["egress over 81"]),
        ((_to("db"),), (), ["ingress under 8080"]),
        ((_to("db"),), (_from("web", 1000, 65535),), ["ingress over 1000"]),
        ((_to("db"),), (_from("web", "http"),), ["ingress over 1 http", "ingress under 8080"]),
        # Whom the other end does not name at all, it lets through on no port.
        ((_to("db"), _to("cache", 6379)), (_from("web"),), ["egress over 6379"]),
        ((_to("db"),), (_from("web"), _from("cache")), []),
    ],
)
def test_before_translation_the_ends_of_a_flow_have_ports_of_their_own(
    sent: tuple[dict[str, Any], ...], admitted: tuple[dict[str, Any], ...], expected: list[str]
) -> None:
    """Egress names the port of the Service, ingress that of the pod: each is compared by itself."""
    wanted = [_egress("web", _to("db")), _ingress("db", _from("web")), _egress("cache")]
    found = [_egress("web", *sent), _ingress("db", *admitted), _egress("cache")]
    said = [
        " ".join([it.direction, it.kind.name.lower(), str(it.witness.port), *it.witness.port_names])
        for it in _differences(wanted, found, before=True)
    ]
    assert sorted(said) == sorted(expected)


def test_after_translation_what_one_end_closes_is_no_difference() -> None:
    wanted = [_egress("web", _to("db")), _ingress("db", _from("web", 80))]
    found = [_egress("web", _to("db"), _to("db", 81)), _ingress("db", _from("web", 80))]
    assert _differences(wanted, found) == []
    assert len(_differences(wanted, found, before=True)) == 1
