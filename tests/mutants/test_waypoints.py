"""The objects of a waypoint, broken one at a time: the proof reports each change that matters, and no other."""

import copy
from collections.abc import Callable
from typing import Any, Final

import pytest

from mutants.changing import Manifest
from mutants.verdict import Subject
from support.dialect_projects import ROOT, render_project
from support.tables import each

PROJECT: Final = ROOT / "tests" / "golden" / "hosts-through-a-waypoint" / "egressc.yaml"

Change = Callable[[Manifest], object]


@pytest.fixture(scope="module")
def subject() -> Subject:
    return Subject(render_project(PROJECT))


def rule(policy: Manifest) -> Any:
    return policy["spec"]["rules"][0]


def sources(policy: Manifest) -> Any:
    return rule(policy)["from"]


def drop_name(policy: Manifest) -> None:
    for key in ("when", "to"):
        rule(policy).pop(key, None)


def name_another(policy: Manifest) -> None:
    held = rule(policy)
    if "when" in held:
        held["when"][0]["values"] = ["other.example"]
    else:
        held["to"][0]["operation"]["hosts"] = ["other.example"]


BREAKING: Final[dict[str, tuple[str, Change]]] = {
    "a Gateway of another name": ("Gateway", lambda it: it["metadata"].update(name="other")),
    "a Gateway elsewhere": ("Gateway", lambda it: it["metadata"].update(namespace="other")),
    "a Gateway for other namespaces": (
        "Gateway",
        lambda it: it["spec"]["listeners"][0]["allowedRoutes"]["namespaces"].update({"from": "All"}),
    ),
    "a Gateway for pods": ("Gateway", lambda it: it["metadata"]["labels"].update({"istio.io/waypoint-for": "all"})),
    "a Gateway of another class": ("Gateway", lambda it: it["spec"].update(gatewayClassName="istio")),
    "a Gateway without tunnels": (
        "Gateway",
        lambda it: it["spec"].update(gatewayClassName="istio", listeners=[]),
    ),
    "an entry for another host": ("ServiceEntry", lambda it: it["spec"].update(hosts=["other.example"])),
    "an entry for one host more": ("ServiceEntry", lambda it: it["spec"]["hosts"].append("other.example")),
    "an entry on another port": ("ServiceEntry", lambda it: it["spec"]["ports"][0].update(number=444)),
    "an entry on one port more": (
        "ServiceEntry",
        lambda it: it["spec"]["ports"].append({"number": 444, "name": "more", "protocol": "TLS"}),
    ),
    "an entry of another waypoint": (
        "ServiceEntry",
        lambda it: it["metadata"]["labels"].update({"istio.io/use-waypoint": "other"}),
    ),
    "an entry with an endpoint": (
        "ServiceEntry",
        lambda it: it["spec"].update(endpoints=[{"address": "other.example"}]),
    ),
    "an entry that resolves nothing": ("ServiceEntry", lambda it: it["spec"].update(resolution="NONE")),
    "an entry that leads to a port without TLS": (
        "ServiceEntry",
        lambda it: it["spec"]["ports"][0].pop("targetPort", 0),
    ),
    "an entry of another name": ("ServiceEntry", lambda it: it["metadata"].update(name="other")),
    "a policy for everybody": ("AuthorizationPolicy", lambda it: rule(it).pop("from")),
    "a policy without rules": ("AuthorizationPolicy", lambda it: it["spec"].update(rules=[])),
    "a policy for a namespace": (
        "AuthorizationPolicy",
        lambda it: sources(it).append({"source": {"namespaces": ["other", "payments", "shop"]}}),
    ),
    "a policy without a client": ("AuthorizationPolicy", lambda it: sources(it).pop()),
    "a policy for other clients": (
        "AuthorizationPolicy",
        lambda it: rule(it).update({"from": [{"source": {"namespaces": ["other"]}}]}),
    ),
    "a policy for any name": ("AuthorizationPolicy", drop_name),
    "a policy for another name": ("AuthorizationPolicy", name_another),
    "a policy that only logs": (
        "AuthorizationPolicy",
        lambda it: it["metadata"].update(annotations={"istio.io/dry-run": "true"}),
    ),
    "a policy that audits": ("AuthorizationPolicy", lambda it: it["spec"].update(action="AUDIT")),
    "a policy that denies": ("AuthorizationPolicy", lambda it: it["spec"].update(action="DENY")),
    "a policy of another entry": (
        "AuthorizationPolicy",
        lambda it: it["spec"]["targetRefs"][0].update(name="other"),
    ),
    "a policy of a Service": ("AuthorizationPolicy", lambda it: it["spec"]["targetRefs"][0].update(kind="Service")),
    "a policy elsewhere": ("AuthorizationPolicy", lambda it: it["metadata"].update(namespace="other")),
    "TLS for another host": ("DestinationRule", lambda it: it["spec"].update(host="other.example")),
    "no TLS": (
        "DestinationRule",
        lambda it: it["spec"]["trafficPolicy"]["portLevelSettings"][0]["tls"].update(mode="DISABLE"),
    ),
}
HARMLESS: Final[dict[str, tuple[str, Change]]] = {
    "a label": ("Gateway", lambda it: it["metadata"]["labels"].update(team="web")),
    "namespaces that see an entry": ("ServiceEntry", lambda it: it["spec"].pop("exportTo")),
    "an entry without a label": ("ServiceEntry", lambda it: it["metadata"]["labels"].pop("istio.io/use-waypoint")),
    "another order of clients": ("AuthorizationPolicy", lambda it: sources(it).reverse()),
    "another trust domain": (
        "AuthorizationPolicy",
        lambda it: sources(it)[-1]["source"].update(
            principals=[name.replace("cluster.local", "mesh") for name in sources(it)[-1]["source"]["principals"]]
        ),
    ),
    "another name of a policy": ("AuthorizationPolicy", lambda it: it["metadata"].update(name="other")),
}


def is_reported(subject: Subject, kind: str, change: Change) -> list[bool]:
    """For each object of a kind whether its change is reported, both ways to prove."""
    found = []
    for at, it in enumerate(subject.manifests):
        if it["kind"] == kind:
            mutant = copy.deepcopy(subject.manifests)
            change(mutant[at])
            if mutant != subject.manifests:
                found += [subject.is_reported(mutant, beside_others=beside) for beside in (False, True)]
    return found


def test_what_was_rendered_is_proven(subject: Subject) -> None:
    assert not subject.is_reported(subject.manifests)
    assert not subject.is_reported(subject.manifests, beside_others=True)


@each("case", [*BREAKING])
def test_a_broken_object_is_reported(subject: Subject, case: str) -> None:
    found = is_reported(subject, *BREAKING[case])
    assert found
    assert all(found)


@each("case", [*HARMLESS])
def test_a_harmless_change_is_not(subject: Subject, case: str) -> None:
    found = is_reported(subject, *HARMLESS[case])
    assert found
    assert not any(found)


@each("kind", ["Gateway", "ServiceEntry", "AuthorizationPolicy", "DestinationRule"])
def test_a_missing_object_is_reported(subject: Subject, kind: str) -> None:
    places = [at for at, it in enumerate(subject.manifests) if it["kind"] == kind]
    assert places
    for at in places:
        left = [*subject.manifests[:at], *subject.manifests[at + 1 :]]
        assert subject.is_reported(left), subject.manifests[at]["metadata"]["name"]
