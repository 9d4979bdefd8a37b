"""What an extra rule adds to the table: all of it, with each port, and the internet by name."""

from dataclasses import replace

import pytest
import yaml
from hypothesis import assume, given

from egressc.model.address_sets import NO_ADDRESSES, AddressSet, block
from egressc.model.flows import DifferenceKind, Direction, Endpoints, PodClass, Policy, Rule
from egressc.model.label_classes import has_members
from egressc.verify.comparison.compare import compare
from egressc.verify.flows.internet import reaches_internet
from egressc.verify.listing.additions import Additions, GrantedTable
from oracles.fuzzing import fuzz
from oracles.reading import read_policies
from oracles.worlds import Manifest, policy_sets
from support.tables import each

TABLE = """
- to: [{podSelector: {matchLabels: {app: redis}}}]
  ports: [{port: 6379}]
- to: [{podSelector: {matchLabels: {app: db}}}]
  ports: [{port: 5432}]
- to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]
  ports: [{port: 443}]
"""


def _policy(rules: object, name: str = "web") -> Manifest:
    spec = {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Egress"], "egress": rules}
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _added(rule: str) -> Additions:
    table, extra = read_policies([_policy(yaml.safe_load(TABLE)), _policy([yaml.safe_load(rule)], "extra")])
    return GrantedTable([table]).added_by(Direction.EGRESS, _rules(extra)[0], table.subject)


def _reach(peer: Endpoints) -> tuple[tuple[PodClass, ...], AddressSet]:
    return ((peer,), NO_ADDRESSES) if isinstance(peer, PodClass) else ((), peer)


def _one_address(text: str) -> AddressSet:
    return block(f"{text}/{128 if ':' in text else 32}")


def _rules(policy: Policy) -> tuple[Rule, ...]:
    return policy.egress or ()


@each(
    ("rule", "said"),
    [
        ("{to: [{podSelector: {matchLabels: {app: redis}}}], ports: [{port: 6379}]}", []),
        (
            "{to: [{podSelector: {matchLabels: {app: redis}}}], ports: [{port: 6379, endPort: 6380}]}",
            ["pods app=redis in shop on 6380/TCP"],
        ),
        (
            "{to: [{podSelector: {matchLabels: {app: redis}}}]}",
            ["pods app=redis in shop on 1-6378/TCP, 6380-65535/TCP, any/UDP, any/SCTP"],
        ),
        (
            "{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{protocol: TCP}]}",
            ["10.0.0.0/8 on any/TCP", "any IPv4 address but 10.0.0.0/8 on 1-442/TCP, 444-65535/TCP"],
        ),
        ("{to: [{namespaceSelector: {}}]}", ["all pods in any namespace on any port, except what the table asks for"]),
    ],
)
def test_all_that_a_rule_adds_is_said(rule: str, said: list[str]) -> None:
    assert sorted(part.say() for part in _added(rule).parts) == said


@each(
    ("others", "said"),
    [
        (0, "pods app=db in shop on 80/TCP"),
        (4, "pods app=db in shop on 80/TCP"),  # added for 16 classes of web's pods
        (5, "pods app=db in shop on 80/TCP, except what the table asks for"),  # for 32 of them
    ],
)
def test_what_is_added_for_many_classes_of_pods_is_said_as_a_whole(others: int, said: str) -> None:
    rule = {"to": [{"podSelector": {"matchLabels": {"app": "db"}}}], "ports": [{"port": 80}]}
    manifests = [_policy([]), *(_policy([rule], f"other-{number}") for number in range(others))]
    for number, manifest in enumerate(manifests[1:]):
        manifest["spec"]["podSelector"] = {"matchLabels": {f"a{number}": "x", f"b{number}": "x"}}
    web, *table = read_policies(manifests)
    (extra,) = read_policies([_policy([rule], "extra")])
    added = GrantedTable([web, *table]).added_by(Direction.EGRESS, _rules(extra)[0], web.subject)
    assert [part.say() for part in added.parts] == [said]


@each(
    ("rule", "opens"),
    [
        ("{}", True),
        ("{to: [{ipBlock: {cidr: 203.0.113.9/32}}], ports: [{port: 80}]}", True),
        ("{to: [{ipBlock: {cidr: 203.0.113.9/32}}], ports: [{port: 443}]}", False),
        ("{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}", False),
        ("{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: http}]}", False),
    ],
)
def test_the_internet_counts_where_no_row_asks_for_it(rule: str, opens: bool) -> None:
    assert _added(rule).opens_internet is opens


@pytest.mark.slow
@fuzz(150)
@given(policy_sets(("Egress",), most=3), policy_sets(("Egress",), most=1))
def test_the_table_and_the_parts_allow_what_the_table_and_the_rule_do(
    table: list[Manifest], extra: list[Manifest]
) -> None:
    # A table says nothing of ingress.
    asked = [replace(policy, ingress=None) for policy in read_policies(table)]
    for policy in read_policies(extra):
        for rule in policy.egress or ():
            subject = policy.subject
            assume(has_members(subject.pods))
            # A service is isolated, and the extra rule is one of its own.
            service = Policy(policy.namespace, "service", subject, (), None, policy.origin)
            added = GrantedTable([*asked, service]).added_by(Direction.EGRESS, rule, subject)
            parts = tuple(Rule(i, *_reach(part.peer), part.ports) for i, part in enumerate(added.parts))
            whole = Policy(policy.namespace, "whole", subject, (rule,), None, policy.origin)
            said = Policy(policy.namespace, "said", subject, parts, None, policy.origin)
            assert compare([*asked, service, said], [*asked, service, whole]) == []
            gained = compare([*asked, service], [*asked, service, whole])
            assert bool(gained) == bool(added.parts)
            assert {it.kind for it in gained} <= {DifferenceKind.OVER}
            assert added.opens_internet == any(
                isinstance(end := it.witness.destination, str) and reaches_internet(_one_address(end)) for it in gained
            )
