"""Single changes: what is added, removed, changed, freed, moved, new and gone."""

from typing import Any

from egressc.verify.changes.change import Changes
from egressc.verify.changes.find import find_changes
from egressc.verify.flows.words import say_peer, say_ports, say_witness
from egressc.verify.listing.entries import Names
from verify.reading import read_policies

Manifest = dict[str, Any]


def _policy(name: str, *rules: Manifest, pods: Manifest | None = None, **spec: Any) -> Manifest:
    selected = {"matchLabels": {"app": name}} if pods is None else pods
    metadata = {"name": name, "namespace": "shop"}
    body = {"podSelector": selected, "policyTypes": ["Egress"], "egress": list(rules), **spec}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": body}


def _to(app: str, *ports: int | str) -> Manifest:
    return {"to": [{"podSelector": {"matchLabels": {"app": app}}}], "ports": [{"port": port} for port in ports]}


def _out(cidr: str, *excepts: str) -> Manifest:
    return {"to": [{"ipBlock": {"cidr": cidr, "except": list(excepts)}}], "ports": [{"port": 443}]}


def _changes(old: list[Manifest], new: list[Manifest]) -> Changes:
    return find_changes(read_policies(old), read_policies(new), Names())


def _told(changes: Changes) -> list[str]:
    return [
        f"{change.kind} {(change.new or change.old).name}"  # type: ignore[union-attr]  # one of them is there
        f" +[{', '.join(f'{say_peer(it.peer)} {say_ports(it.ports)}' for it in change.opens)}]"
        f" -[{', '.join(f'{say_peer(it.peer)} {say_ports(it.ports)}' for it in change.closes)}]"
        for change in changes.flows
    ]


DB, CACHE = "pods app=db in shop", "pods app=cache in shop"


def test_a_destination_comes_and_goes() -> None:
    one, two = [_policy("web", _to("db", 5432))], [_policy("web", _to("db", 5432), _to("cache", 6379))]
    assert _told(_changes(one, two)) == [f"added {CACHE} +[{CACHE} 6379/TCP] -[]"]
    assert _told(_changes(two, one)) == [f"removed {CACHE} +[] -[{CACHE} 6379/TCP]"]


def test_only_the_ports_that_differ_count() -> None:
    changes = _changes([_policy("web", _to("db", 1, 2))], [_policy("web", _to("db", 2, 3))])
    assert _told(changes) == [f"changed {DB} +[{DB} 3/TCP] -[{DB} 1/TCP]"]
    (change,) = changes.flows
    assert say_witness(change.opens[0].witness) == "pod app=web in shop -> pod app=db in shop on 3/TCP"


def test_a_narrower_network_closes_the_rest_of_it() -> None:
    changes = _changes([_policy("web", _out("203.0.113.0/24"))], [_policy("web", _out("203.0.113.0/25"))])
    # The smaller network is a new entry that opens nothing.
    assert _told(changes) == ["changed 203.0.113.0/24 +[] -[203.0.113.128/25 443/TCP]"]


def test_two_rules_for_one_are_no_change() -> None:
    more = _policy("more", _to("db", 2), pods={"matchLabels": {"app": "web"}})
    assert _changes([_policy("web", _to("db", 1, 2))], [_policy("web", _to("db", 1)), more]).is_empty


def test_an_end_that_is_refused_at_the_other_end_is_no_change() -> None:
    closed = _policy("db", policyTypes=["Ingress"], ingress=[])
    assert _changes([_policy("web"), closed], [_policy("web", _to("db", 5432)), closed]).is_empty
    assert not _changes([_policy("web")], [_policy("web", _to("db", 5432))]).is_empty


def test_pods_that_nothing_isolates_any_more_are_free() -> None:
    unguarded = _policy("web", policyTypes=["Ingress"], ingress=[])
    guarded = _policy("web", _to("db", 1), policyTypes=["Egress", "Ingress"], ingress=[])
    changes = _changes([guarded], [unguarded])
    assert [str(freed.direction) for freed in changes.freed] == ["egress"]
    assert changes.freed[0].opens
    assert changes.widens
    back = _changes([unguarded], [guarded])
    assert back.freed[0].closes
    assert not back.widens


def test_a_service_that_is_gone_is_free_unless_another_policy_isolates_it() -> None:
    everyone = _policy("all", pods={})
    (gone,) = _changes([_policy("web", _to("db", 1))], []).gone
    assert gone.is_free
    changes = _changes([_policy("web", _to("db", 1)), everyone], [everyone])
    assert not changes.gone[0].is_free
    assert not changes.widens
