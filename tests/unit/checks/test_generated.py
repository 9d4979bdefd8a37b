"""Generated documents: each against the schema, shared rules compared once."""

from typing import Any

from egressc.checks.generated import GeneratedDocuments
from egressc.model.json_schema import json_schema_of
from egressc.model.values import ServiceValues
from support.tables import each


def document(*rules: dict[str, Any], **policy: Any) -> dict[str, Any]:
    dependencies = {f"d{number}": rule for number, rule in enumerate(rules)}
    return {"networkPolicy": {"dns": {"profile": "kube-dns"}, "dependencies": dependencies, "egress": [], **policy}}


def rule(cidr: str = "10.0.0.0/8", **members: Any) -> dict[str, Any]:
    return {"to": [{"ipBlock": {"cidr": cidr}}], "ports": [{"port": 80, "protocol": "TCP"}], **members}


def test_sound_documents_are_taken() -> None:
    shared = rule()
    documents = GeneratedDocuments()
    assert documents.takes(document(shared))
    assert documents.takes(document(shared, rule("192.0.2.0/24")))


@each(
    "wrong",
    [
        rule("10.0.0.1/8"),
        rule(ports=[]),
        rule(ports=[{"port": 9, "endPort": 8, "protocol": "TCP"}]),
        rule(to=[]),
        {"to": rule()["to"]},
    ],
)
def test_one_wrong_rule_is_enough(wrong: dict[str, Any]) -> None:
    documents = GeneratedDocuments()
    assert not documents.takes(document(rule(), wrong))
    assert not documents.takes(document(wrong)), "a refused rule is not remembered as a fitting one"


def test_a_known_rule_under_another_key_is_looked_at_again() -> None:
    shared = rule()
    documents = GeneratedDocuments()
    assert documents.takes(document(shared))
    whole = document()
    whole["networkPolicy"]["dependencies"] = {"No-Label": shared}
    assert not documents.takes(whole)


def test_the_schema_judges_every_dependency_alone() -> None:
    """What looking at a rule once relies on: no keyword counts the dependencies, or ties one to another."""
    schema = json_schema_of(ServiceValues, comment="")
    members = schema["definitions"]["NetworkPolicyValues"]["properties"]["dependencies"]
    assert members.keys() == {"description", "type", "propertyNames", "additionalProperties"}


def test_what_belongs_to_the_document_is_looked_at_each_time() -> None:
    shared = rule()
    documents = GeneratedDocuments()
    assert documents.takes(document(shared))
    assert not documents.takes(document(shared, podSelector={}))
    assert not documents.takes(document(shared, dns={"profile": "kube-dns", "to": [{"podSelector": {}}]}))
