"""Guardrails in values files: what is written is valid by the contract, and is what the guardrail denies."""

import json

import yaml

from egressc.contract.guardrails import GuardrailValuesDocument
from egressc.contract.validation import find_violations
from egressc.diagnostics.core import Report
from egressc.emit.existing import merge_values
from egressc.emit.guardrail_policies import emit_guardrails
from egressc.emit.values import ServiceValues, emit_values
from egressc.model.known_namespaces import Namespaces
from egressc.source import Source
from support.compiled import compile_whole, services
from support.tables import each

TABLE = services("web | redis | 6379", header="From | To | Port")
CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  redis: {ports: [6379]}
  Partner: {addresses: [203.0.113.0/24]}
  Vault: {namespace: vault, selector: {app: vault}}
"""
PROJECT = """
guardrails:
  partner: {purpose: "No data: leaves", denyTo: [{name: Partner, ports: [443, "8000-8100"]}]}
  vault: {pods: {app: web}, denyTo: [Vault], denyFrom: [Vault]}
cluster:
  guardrails: {apiVersion: policy.networking.k8s.io/v1beta1, namespace: platform, priority: 10}
"""


def written() -> tuple[list[ServiceValues], ServiceValues]:
    found, report = compile_whole(TABLE, CATALOG, PROJECT)
    assert found is not None, report.diagnostics
    resolution = found.resolution
    values = emit_values(resolution.policies, schema_path="x", guarded=resolution.guarded)
    policies = resolution.answers.cluster.guardrails
    assert policies is not None
    return values, emit_guardrails(resolution.guardrails, policies, schema_path="y")


def test_the_text_says_what_the_data_does() -> None:
    services, release = written()
    for values in (*services, release):
        assert yaml.safe_load(values.new_text) == values.document()
    assert find_violations(release.document(), GuardrailValuesDocument) == []
    assert [find_violations(it.document()) for it in services] == [[]]


def test_a_service_is_told_what_its_pods_cannot_reach() -> None:
    (web,), _ = written()
    assert web.policy["guardrails"] == {
        "partner": {
            "purpose": "No data: leaves",
            "rules": [
                {
                    "to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}],
                    "ports": [
                        {"port": 443, "protocol": "TCP"},
                        {"port": 8000, "endPort": 8100, "protocol": "TCP"},
                    ],
                }
            ],
        },
        "vault": {
            "rules": [
                {
                    "to": [
                        {
                            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "vault"}},
                            "podSelector": {"matchLabels": {"app": "vault"}},
                        }
                    ],
                    "allPorts": ["SCTP", "TCP", "UDP"],
                }
            ],
        },
    }


ZONES = "".join(f"  Zone {n}: {{namespaces: {{zone: z{n}}}, selector: any pod}}\n" for n in range(20)) + (
    "  Prod: {namespaces: {env: prod}, selector: any pod}\n"
    "  Labs:\n    selector: any pod\n    namespaces:\n      matchLabels: {zone: z1}\n"
    "      matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [lab, other-lab]}]\n"
)


def told(namespaces: Namespaces, guardrails: str) -> ServiceValues:
    """The values of a service where these namespaces are known."""
    labels = json.dumps({name: {"labels": it} for name, it in namespaces.items()})
    project = f"cluster: {{namespaces: {labels}}}\nguardrails: {{{guardrails}}}\n"
    found, report = compile_whole(TABLE, CATALOG + ZONES, project)
    assert found is not None, [it.message for it in report.sorted()]
    guarded = found.resolution.guarded
    values, *_ = emit_values(found.policies, schema_path="x", guarded=guarded, namespaces=namespaces)
    return values


def test_a_file_names_each_namespace_once_however_many_guardrails_there_are() -> None:
    known = {f"place-{n}": {"team": f"t{n}", "zone": "other"} for n in range(40)}
    web = told(known, ", ".join(f"zone-{n}: {{denyTo: [Zone {n}]}}" for n in range(20)))
    assert len(yaml.safe_load(web.new_text)["networkPolicy"]["guardrails"]) == 20
    assert [web.new_text.count(f"{name}:") for name in known] == [1] * 40
    assert web.new_text.count("place-") == 40
    # Only labels that guardrails ask for.
    assert "team" not in web.new_text


@each(
    ("denied", "labels"),
    [
        # The chart takes any namespace that is not listed for one that a selector can match.
        ("Zone 1", {"b": {"zone": "z2"}, "bare": {}, "lab": {"zone": "z2"}}),
        ("Zone 1, Prod", {"a": {"zone": "z1"}, "b": {"env": "prod", "zone": "z2"}, "bare": {}, "lab": {"zone": "z2"}}),
        # What a name decides needs no labels.
        ("Labs", {"lab": {"zone": "z2"}}),
        ("Vault, Partner", None),
    ],
)
def test_labels_that_tell_namespaces_apart(denied: str, labels: object) -> None:
    known = {"a": {"zone": "z1"}, "b": {"zone": "z2", "env": "prod", "team": "x"}, "bare": {}, "lab": {"zone": "z2"}}
    web = told(known, f"one: {{denyTo: [{denied}]}}")
    assert web.policy.get("namespaceLabels") == labels


def test_the_release_of_the_cluster() -> None:
    _, release = written()
    assert release.file_name == "cluster/guardrails.yaml"
    said = release.document()["networkPolicy"]
    assert isinstance(said, dict)
    assert said["release"] == {"name": "guardrail-policy", "namespace": "platform"}
    assert said["apiVersion"] == "policy.networking.k8s.io/v1beta1"
    held = said["guardrails"]
    assert [(it["priority"], it["namespaceSelector"], it.get("podSelector")) for it in held.values()] == [
        (10, {}, None),
        (11, {}, {"matchLabels": {"app": "web"}}),
    ]
    assert [sorted(rule) for rule in held["vault"]["rules"]] == [["allPorts", "to"], ["allPorts", "from"]]


def test_what_the_operator_adds_stays() -> None:
    _, release = written()
    edited = release.new_text + "  commonLabels:\n    team: platform\n"
    assert merge_values(release, Source("guardrails.yaml", edited), Report()) == edited
    report = Report()
    assert merge_values(release, Source("guardrails.yaml", edited.replace("443", "444")), report) is None
    assert [it.code.id for it in report.diagnostics] == ["EG501"]
