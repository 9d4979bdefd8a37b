"""What a person reads when the schema refuses a values document."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egressc.contract.finding import Finding
from egressc.contract.validation import ERRORS_MAX, find_violations, is_valid
from egressc.diagnostics.core import Diagnostic
from egressc.source import Source, Span
from unit.contract.values_corpus import ARITHMETIC, INVALID, VALID, Document, policy

COMPILER = Path(__file__).parents[3] / "compiler"
NOWHERE = Span(Source("values.yaml", ""), 0, 0)
BOTH = "or write directions: both in the project file or for the service in the catalog"


# Message and repair.
SAID: dict[str, tuple[str, str]] = {
    "quoted number": ('EG240 port "80" is a number in quotes', "write 80 without quotes"),
    "port 65536": ("EG240 port 65536 is not in 1..65535", ""),
    "port with a fraction": ("EG240 port is 80.5, not a whole number or a string", ""),
    "protocol in lower case": ('EG240 protocol "tcp" is not one of TCP, UDP, SCTP', "write TCP"),
    "protocol unknown": ('EG240 protocol "ICMP" is not one of TCP, UDP, SCTP', ""),
    "label value is a number": ('EG240 label "app" is 1, not a string', 'write "1" in quotes'),
    "unknown member": ('EG241 "egres" is not a key of networkPolicy', 'write "egress"'),
    "extra has an ingress word": (
        'EG241 "from" is not a key of an extra rule',
        "write one of ports, to",
    ),
    "addresses without cidr": ('EG242 ipBlock has no "cidr"', 'write a network, such as cidr: "203.0.113.0/24"'),
    "dependency without ports": (
        'EG242 dependency "db" has no "ports"',
        'write the ports, or allPorts: ["TCP"] for every port',
    ),
    "addresses and pods": (
        "EG243 a peer with ipBlock cannot have podSelector",
        "write ipBlock and selectors as two items of the list",
    ),
    "dependency with ports twice": ("EG243 ports and allPorts exclude each other", "remove one of the two"),
    "endPort with a name": (
        'EG243 endPort needs a number as port, not "http"',
        "write the first port as a number",
    ),
    "endPort without port": ('EG242 a port has no "port"', "write the number of the pod's port"),
    "any with ports": ('EG243 "ports" belongs only to the profile custom', "write profile: custom, or remove it"),
    "Exists with values": ("EG243 Exists and DoesNotExist take no values", "write In or NotIn, or remove values"),
    "own selector empty": ("EG240 podSelector is empty", "write matchLabels that only the pods of this service have"),
    "no policy type": ("EG240 policyTypes is empty", "write Egress, Ingress, or both"),
    "policy type in lower case": ('EG240 policy type "ingress" is not one of Ingress, Egress', "write Ingress"),
    "policy type in lower case with a caller": (
        'EG240 policy type "ingress" is not one of Ingress, Egress',
        "write Ingress",
    ),
    "policy type that is null": ("EG240 policy type is null, not a string", ""),
    "policy type twice": ("EG240 policyTypes has the same item twice", ""),
    "policy types as a word": ('EG240 policyTypes is "Ingress", not a list', ""),
    "caller of egress": ("EG243 callers has no effect: policyTypes does not list Ingress", f"remove callers, {BOTH}"),
    "caller where types were dropped": (
        "EG243 callers has no effect: policyTypes does not list Ingress",
        f"remove callers, {BOTH}",
    ),
    "ingress rule of egress": (
        "EG243 ingress has no effect: policyTypes does not list Ingress",
        f"remove ingress, {BOTH}",
    ),
    "dependency of ingress": (
        "EG243 dependencies has no effect: policyTypes does not list Egress",
        f"remove dependencies, {BOTH}",
    ),
    "egress rule of ingress": (
        "EG243 egress has no effect: policyTypes does not list Egress",
        f"remove egress, {BOTH}",
    ),
    "caller without peers": (
        'EG242 caller "web" has no "from"',
        "write at least one peer, even for every pod or every address",
    ),
    "caller with no peer": ("EG240 from is empty", "write at least one peer, even for every pod or every address"),
    "caller without ports": (
        'EG242 caller "web" has no "ports"',
        'write the ports, or allPorts: ["TCP"] for every port',
    ),
    "caller with ports twice": ("EG243 ports and allPorts exclude each other", "remove one of the two"),
    "caller with to": (
        'EG241 "to" is not a key of caller "web"',
        "write one of allPorts, entities, from, hosts, name, ports, purpose",
    ),
    "dependency with from": (
        'EG241 "from" is not a key of dependency "db"',
        "write one of allPorts, entities, hosts, name, ports, purpose, to",
    ),
    "ingress rule with an egress word": ('EG241 "to" is not a key of an extra rule', "write one of from, ports"),
    "address without length": ('EG245 network "10.0.0.0" has no prefix length, such as "/32"', 'write "10.0.0.0/32"'),
    "a name for a network": (
        'EG245 network "internet" has no prefix length, such as "/32"',
        'write address and prefix length, such as "203.0.113.0/24"',
    ),
    "name with a line feed": ('EG240 port "http\\n" can contain only a-z, 0-9 and -', ""),
    "guardrail is null": (
        'EG240 guardrail "metadata" is null, not a map',
        "remove the line: only the project file removes a guardrail",
    ),
    "guardrails are null": (
        "EG240 guardrails is null, not a map",
        "remove the line: only the project file removes a guardrail",
    ),
    "labels of a namespace are null": ('EG240 namespace "shop" is null, not a map', ""),
    "guardrail without rules": (
        'EG242 guardrail "metadata" has no "rules"',
        "write what the guardrail denies: to or from, and ports or allPorts",
    ),
    "guardrail with a misspelt key": ('EG241 "rule" is not a key of guardrail "metadata"', 'write "rules"'),
    "denied rule with both sides": ("EG243 to and from exclude each other", "write two rules"),
    "denied rule with ports twice": ("EG243 ports and allPorts exclude each other", "remove one of the two"),
    "denied peer without its namespaces": (
        'EG242 a peer has no "namespaceSelector"',
        "write the labels of namespaces, or namespaceSelector: {} for every namespace",
    ),
    "denied port by name": ('EG240 port is "http", not a whole number', ""),
}


def say(finding: Finding) -> Diagnostic:
    return finding.at(NOWHERE)


def test_findings_are_the_verdict() -> None:
    """What only arithmetic shows is left to others."""
    cases = VALID | ARITHMETIC | INVALID
    assert {name for name, document in cases.items() if find_violations(document)} == set(INVALID)


def test_every_refusal_is_explained_once() -> None:
    said = {name: [say(finding).message for finding in find_violations(INVALID[name])] for name in INVALID}
    odd = {
        name: messages
        for name, messages in said.items()
        if len(messages) != len(set(messages))
        or any("refused by the schema" in it or "\n" in it or it.endswith(".") for it in messages)
    }
    assert odd == {}


def test_message_and_repair() -> None:
    said = {}
    for name in SAID:
        (finding,) = find_violations(INVALID[name])
        diagnostic = say(finding)
        said[name] = (f"{diagnostic.code.id} {diagnostic.message}", diagnostic.help)
    assert said == SAID


def test_finding_of_a_key_points_at_the_key() -> None:
    (finding,) = find_violations(policy(egres=[]))
    assert (finding.path, finding.at_key) == (("networkPolicy", "egres"), True)


def test_all_findings_are_reported_not_the_first() -> None:
    document = policy(enabled="yes", dns={"profile": "bind"}, egress=[{"ports": [{"port": 0}, {"port": "80"}]}])
    paths = {finding.path[1:] for finding in find_violations(document)}
    assert paths == {
        ("enabled",),
        ("dns", "profile"),
        ("egress", 0, "ports", 0, "port"),
        ("egress", 0, "ports", 1, "port"),
    }


def test_document_that_is_no_map() -> None:
    documents: tuple[object, ...] = (None, [], "text", 1, True)
    for document in documents:
        (finding,) = find_violations(document)
        assert say(finding).message.startswith("values file is ")


def test_hostile_size_ends_in_a_bounded_report() -> None:
    for document in (policy(egress=[{"from": []}] * 5000), policy(commonLabels={f"{n} a": "x" for n in range(5000)})):
        assert len(find_violations(document)) == ERRORS_MAX


def test_a_profile_is_advised_by_the_cluster_and_not_by_its_spelling() -> None:
    for dns in ({"profile": "coredns"}, {}):
        (finding,) = find_violations(policy(dns=dns))
        assert "write kube-dns where DNS pods carry k8s-app=kube-dns, as on kubeadm, EKS, GKE, AKS" in say(finding).help


def test_long_text_is_cut_in_messages() -> None:
    (finding,) = find_violations(policy(dns={"profile": "x" * 100_000}))
    assert len(say(finding).message) < 250


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.sampled_from(["podSelector", "dns", "dependencies", "egress", "commonLabels", "x"]), anything)
def test_any_refused_document_is_explained(member: str, value: object) -> None:
    document: Document = policy(**{member: value})
    findings = find_violations(document)
    assert bool(findings) is not is_valid(document)
    for finding in findings:
        assert "refused by the schema" not in say(finding).message


@pytest.mark.slow
def test_importing_the_checks_imports_no_validator() -> None:
    program = (
        "import sys; import egressc.contract.validation; "
        "print([name for name in ('jsonschema', 'jsonschema_rs') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(COMPILER)}
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (run.stdout.strip(), run.stderr) == ("[]", "")
