"""Single changes: what is added, removed, changed, freed, moved, new and gone."""

from dataclasses import replace
from typing import Any

from egressc.model.flows import Policy
from egressc.verify.changes.change import Changes
from egressc.verify.changes.find import find_changes
from egressc.verify.flows.words import say_peer, say_ports, say_witness
from egressc.verify.listing.entries import Names
from oracles.reading import read_policies
from support.tables import each

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


def _changes(old: list[Manifest], new: list[Manifest], *, by_rows: bool = False, before: bool = False) -> Changes:
    sides = read_policies(old), read_policies(new)
    return find_changes(*sides, Names(), by_rows=by_rows, before_translation=before)


def _told(changes: Changes) -> list[str]:
    return [
        f"{change.kind} {(change.new or change.old).name}"  # type: ignore[union-attr]  # one of them is there
        f" +[{', '.join(f'{say_peer(it.peer)} {say_ports(it.ports)}' for it in change.opens)}]"
        f" -[{', '.join(f'{say_peer(it.peer)} {say_ports(it.ports)}' for it in change.closes)}]"
        for change in changes.flows
    ]


DB, CACHE, WEB = "pods app=db in shop", "pods app=cache in shop", "pods app=web in shop"


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


def _from(app: str, *ports: int) -> Manifest:
    return {"from": [{"podSelector": {"matchLabels": {"app": app}}}], "ports": [{"port": port} for port in ports]}


@each(
    ("sent", "admitted", "expected"),
    [
        ((80,), (8080,), []),
        ((80, 81), (8080,), [f"changed {DB} +[{DB} 81/TCP] -[]"]),
        ((), (8080,), [f"removed {DB} +[] -[{DB} 80/TCP]"]),
        ((80,), (8080, 9090), [f"changed {WEB} +[{WEB} 9090/TCP] -[]"]),
        ((80,), (9090,), [f"changed {WEB} +[{WEB} 9090/TCP] -[{WEB} 8080/TCP]"]),
        # Of a caller that is refused on every port both rows tell.
        ((80,), (), [f"removed {WEB} +[] -[{WEB} 8080/TCP]", f"changed {DB} +[] -[{DB} 80/TCP]"]),
    ],
)
def test_before_translation_the_ends_of_a_flow_have_ports_of_their_own(
    sent: tuple[int, ...], admitted: tuple[int, ...], expected: list[str]
) -> None:
    def side(sent: tuple[int, ...], admitted: tuple[int, ...]) -> list[Manifest]:
        rules = [_from("web", *admitted)] if admitted else []
        other = _from("other", 1)
        server = _policy("db", policyTypes=["Ingress"], ingress=[*rules, other])
        return [_policy("web", *([_to("db", *sent)] if sent else [])), server]

    was, now = side((80,), (8080,)), side(sent, admitted)
    assert sorted(_told(_changes(was, now, before=True))) == sorted(expected)
    back = _changes(now, was, before=True)
    assert back.is_empty is (not expected)


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
    assert gone.freed[0].is_whole
    assert gone.opens
    changes = _changes([_policy("web", _to("db", 1)), everyone], [everyone])
    assert not changes.gone[0].freed
    assert changes.gone[0].closes
    assert not changes.widens


def test_a_first_policy_closes_and_widens_nothing() -> None:
    changes = _changes([], [_policy("web", _to("db", 1))])
    (new,) = changes.new
    assert new.closes
    assert not new.opens
    assert not changes.widens


def test_what_a_table_asks_for_a_new_service_counts_as_opened() -> None:
    assert _changes([], [_policy("web", _to("db", 1))], by_rows=True).widens
    assert not _changes([_policy("web", _to("db", 1))], [_policy("web", _to("db", 1))], by_rows=True).widens


def test_beside_a_default_deny_a_first_policy_opens_its_rules() -> None:
    everyone = _policy("all", pods={})
    changes = _changes([everyone], [everyone, _policy("web", _to("db", 1))])
    (new,) = changes.new
    assert [[say_peer(part.peer) for part in entry.opens] for entry in new.entries] == [[DB]]
    assert not new.freed
    assert changes.widens


def test_a_policy_that_changes_no_flow_is_no_change() -> None:
    web = _policy("web", _to("db", 1))
    some = _policy("some", _to("db", 1), pods={"matchLabels": {"app": "web", "tier": "x"}})
    assert _changes([web], [web, some]).is_empty
    assert _changes([web, some], [web]).is_empty


def test_ingress_counts_as_egress_does() -> None:
    closed = _policy("web", policyTypes=["Ingress"], ingress=[])
    assert _changes([closed], []).widens
    assert not _changes([], [closed]).widens


def test_a_row_tells_what_the_other_end_refuses() -> None:
    web, closed = _policy("web", _to("db", 1)), _policy("db", policyTypes=["Ingress"], ingress=[])
    assert _told(_changes([web], [web, closed])) == [f"changed {DB} +[] -[{DB} 1/TCP]"]
    assert _told(_changes([web, closed], [web])) == [f"changed {DB} +[{DB} 1/TCP] -[]"]


def test_a_row_tells_of_a_policy_that_one_side_alone_has_at_the_other_end() -> None:
    web, closed = _policy("web", _to("db", 1)), _policy("db", policyTypes=["Ingress"], ingress=[])
    some = _policy("some", pods={"matchLabels": {"tier": "x"}}, policyTypes=["Ingress"], ingress=[{}])
    told = f"changed {DB} +[pods app=db, tier=x in shop 1/TCP] -[]"
    assert told in _told(_changes([web, closed], [web, closed, some]))


def test_of_a_narrower_selector_only_the_rest_is_free() -> None:
    narrow = _policy("web", _to("db", 1), pods={"matchLabels": {"app": "web", "tier": "x"}})
    changes = _changes([_policy("web", _to("db", 1))], [narrow])
    assert not changes.new
    assert not changes.flows
    (freed,) = changes.gone[0].freed
    assert [say_peer(pods) for pods in freed.pods] == ["pods app=web, tier not x in shop"]
    assert not freed.is_whole


def _of_a_table(*manifests: Manifest) -> list[Policy]:
    """Policies as the sources give them: known by their names, and rules by their destinations."""
    return [
        replace(policy, egress=tuple(replace(rule, name=f"rule-{rule.index}") for rule in policy.egress or ()))
        for policy in read_policies(list(manifests))
    ]


def test_a_service_that_selects_other_pods_frees_some_and_isolates_others() -> None:
    site = {"matchLabels": {"app": "site"}}
    old, new = _policy("web", _to("db", 1)), _policy("web", _to("db", 1), pods=site)
    changes = find_changes(_of_a_table(old), _of_a_table(new), Names())
    (moved,) = changes.moved
    assert (moved.service, say_peer(moved.was), say_peer(moved.now)) == (
        "web",
        "pods app=web in shop",
        "pods app=site in shop",
    )
    assert (moved.opens, moved.closes) == ((), ())
    assert [([say_peer(it) for it in freed.pods], bool(freed.opens), bool(freed.closes)) for freed in moved.freed] == [
        (["pods app=web in shop"], True, False),
        (["pods app=site in shop"], False, True),
    ]
    assert changes.widens
    assert not changes.is_empty
    assert (changes.flows, changes.freed, changes.new, changes.gone) == ((), (), (), ())


def test_beside_a_default_deny_moved_pods_gain_and_lose_the_rules() -> None:
    everyone, site = _policy("all", pods={}), {"matchLabels": {"app": "site"}}
    old, new = _policy("web", _to("db", 1)), _policy("web", _to("db", 2), pods=site)
    (moved,) = find_changes(_of_a_table(everyone, old), _of_a_table(everyone, new), Names()).moved
    assert [say_witness(it.witness) for it in moved.opens] == ["pod app=site in shop -> pod app=db in shop on 2/TCP"]
    assert [say_witness(it.witness) for it in moved.closes] == ["pod app=web in shop -> pod app=db in shop on 1/TCP"]
    assert moved.freed == ()
