"""Where values would lose their meaning in silence, the library refuses them without any schema, in exact words.

`test_odd_values.py` shows that nothing else of a wrong shape opens a service.
"""

from pathlib import Path

import pytest

from egressc.contract.validation import is_valid
from egressc.model.management import UNMANAGED
from support.chart_samples import PODS, TCP_5432, caller, dependency, with_caller, with_dependency
from support.helm_engines import Embedded, Engine, HelmFailed, Values

EVERYTHING_READ = "which Kubernetes reads as everything; write at least one peer (every address is 0.0.0.0/0 and ::/0)"
NO_PORT = (
    "has no port, which Kubernetes reads as every port; write at least one port, or in a dependency or caller "
    "allPorts: [TCP]"
)
A_PEER = "write podSelector, namespaceSelector or ipBlock"


def settings(**keys: object) -> Values:
    return {"networkPolicy": keys}


def peer(**keys: object) -> Values:
    return with_dependency(to=[keys])


def unlimited(missing: str) -> str:
    return (
        f"has no effect, because policyTypes does not list {missing}; add {missing} to policyTypes, or remove the rule"
    )


DB = "networkPolicy.dependencies.db"
WEB = "networkPolicy.callers.web"
PORT = f"{DB}.ports[0]"
PEER = f"{DB}.to[0]"

REFUSED: dict[str, tuple[Values, str]] = {
    "settings": (
        {"networkPolicy": False},
        "networkPolicy: false is not a map; write enabled, dns, dependencies or egress below it",
    ),
    "misspelt key": (
        settings(dependancies={}),
        "networkPolicy.dependancies: unknown key; write release, enabled, dialect, podSelector, policyTypes, dns, "
        "dependencies, callers, egress, ingress, guardrails, namespaceLabels, commonLabels, commonAnnotations or probe",
    ),
    "wrong place": (
        {"network-policy": {"networkPolicy": {"dependencies": {"db": dependency()}}}},
        "network-policy.networkPolicy: is not read; write networkPolicy at the top of the values, next to the other "
        "keys of your chart",
    ),
    "a name in the wrong place": (
        {"network-policy": {"fullnameOverride": "x"}},
        "network-policy.fullnameOverride: is not read; write fullnameOverride at the top of the values, next to the "
        "other keys of your chart",
    ),
    "empty podSelector": (
        settings(podSelector={}),
        "networkPolicy.podSelector: is empty, which selects every pod of the namespace; "
        "write matchLabels that only this service's pods have",
    ),
    "podSelector of nulls": (
        settings(podSelector={"matchLabels": {"app": None}}),
        "networkPolicy.podSelector: is empty, which selects every pod of the namespace; "
        "write matchLabels that only this service's pods have",
    ),
    "podSelector's shape": (
        settings(podSelector=["app"]),
        'networkPolicy.podSelector: ["app"] is not a map; write matchLabels below it',
    ),
    "DNS profile": (
        settings(dns={"profile": "kubedns"}),
        'networkPolicy.dns.profile: "kubedns" is not a DNS profile; '
        "write kube-dns (kubeadm, EKS, GKE, AKS), k8s-app-coredns (CoreDNS chart, Canonical Kubernetes), nodelocal, "
        "openshift, any, custom or none",
    ),
    "DNS peers of a profile": (
        settings(dns={"profile": "any", "ports": [TCP_5432]}),
        "networkPolicy.dns.ports: belongs only to the profile custom, but the profile is any; "
        "write profile: custom, or remove ports",
    ),
    "peers without DNS": (
        settings(dns={"profile": "none", "to": [PODS]}),
        "networkPolicy.dns.to: belongs only to the profile custom, but the profile is none; "
        "write profile: custom, or remove to",
    ),
    "custom DNS without ports": (
        settings(dns={"profile": "custom", "to": [PODS]}),
        f"networkPolicy.dns.ports: {NO_PORT}",
    ),
    "dependency's key": (
        with_dependency(port=5432),
        f"{DB}.port: unknown key; write name, purpose, hosts, entities, to, ports or allPorts",
    ),
    "no peers": (with_dependency(to=None), f"{DB}.to: has no peer, {EVERYTHING_READ}"),
    "empty peers": (with_dependency(to=[]), f"{DB}.to: has no peer, {EVERYTHING_READ}"),
    "no ports": (with_dependency(ports=None), f"{DB}.ports: {NO_PORT}"),
    "empty ports": (with_dependency(ports=[]), f"{DB}.ports: {NO_PORT}"),
    "both ports": (
        with_dependency(allPorts=["TCP"]),
        f"{DB}.allPorts: cannot be used with ports; remove one of the two",
    ),
    "empty peer": (peer(), f"{PEER}: selects nothing; {A_PEER}"),
    "peer of nulls": (peer(podSelector=None), f"{PEER}: selects nothing; {A_PEER}"),
    "misspelt peer": (
        peer(namespaceSelector={}, podselector={"matchLabels": {"app": "db"}}),
        f"{PEER}.podselector: unknown key; {A_PEER}",
    ),
    "peer of two kinds": (
        peer(podSelector={}, ipBlock={"cidr": "10.0.0.0/8"}),
        f"{PEER}.ipBlock: cannot be used with podSelector or namespaceSelector; write it as its own peer",
    ),
    "labels in a list": (
        peer(podSelector={"matchLabels": ["app"]}),
        f'{PEER}.podSelector.matchLabels: ["app"] is not a map; write a key and a value on each line',
    ),
    "label without a value": (
        peer(podSelector={"matchLabels": {"app": None}}),
        f"{PEER}.podSelector.matchLabels.app: has no value; write one, or remove the label",
    ),
    "labels beside matchLabels": (
        peer(podSelector={"app": "db"}),
        f"{PEER}.podSelector.app: unknown key; write matchLabels or matchExpressions",
    ),
    "no port": (
        with_dependency(ports=[{"protocol": "TCP"}]),
        f"{PORT}.port: is missing, which Kubernetes reads as every port; write a number or a name",
    ),
    "misspelt except": (
        peer(ipBlock={"cidr": "10.0.0.0/8", "exept": ["10.1.0.0/16"]}),
        f"{PEER}.ipBlock.exept: unknown key; write cidr or except",
    ),
    "except that is empty text": (
        peer(ipBlock={"cidr": "10.0.0.0/8", "except": ""}),
        f'{PEER}.ipBlock.except: "" is not a list; write each network after a hyphen',
    ),
    "expressions that are empty text": (
        peer(podSelector={"matchExpressions": ""}),
        f'{PEER}.podSelector.matchExpressions: "" is not a list; write each expression after a hyphen',
    ),
    "misspelt port": (
        settings(egress=[{"ports": [{"Port": 80}]}]),
        "networkPolicy.egress[0].ports[0].Port: unknown key; write port, protocol or endPort",
    ),
    "extra's key": (
        settings(egress=[{"from": []}]),
        "networkPolicy.egress[0].from: unknown key; write to or ports",
    ),
    "extra's peers": (
        settings(egress=[{"to": PODS}]),
        'networkPolicy.egress[0].to: {"podSelector":{"matchLabels":{"app":"db"}}} is not a list; '
        "write each item after a hyphen",
    ),
    **{
        f"{key} {side} that is null": (
            {"networkPolicy": {"policyTypes": ["Ingress", "Egress"], key: [{side: None, other: whole}]}},
            f"networkPolicy.{key}[0].{side}: null is not a list; write each item after a hyphen",
        )
        for key, peers in (("egress", "to"), ("ingress", "from"))
        for side, other, whole in ((peers, "ports", [{"port": 80}]), ("ports", peers, [PODS]))
    },
    "extra's port that is null": (
        settings(egress=[{"to": [PODS], "ports": [{"port": None}]}]),
        "networkPolicy.egress[0].ports[0].port: is null, which Kubernetes reads as every port; write a number or a "
        "name, or remove the key",
    ),
    "pods that are null": (
        peer(podSelector=None, namespaceSelector={"matchLabels": {"team": "a"}}),
        f"{PEER}.podSelector: is null, which Kubernetes reads as if it were absent; write labels, or remove the key",
    ),
    "labels that are null": (
        peer(podSelector={"matchLabels": None}),
        f"{PEER}.podSelector.matchLabels: is null, which Kubernetes reads as any labels; write labels, or remove the "
        "key",
    ),
    "except that is null": (
        peer(ipBlock={"cidr": "10.0.0.0/8", "except": None}),
        f"{PEER}.ipBlock.except: null is not a list; write each network after a hyphen",
    ),
    **{
        f"{key} that is {what}": (
            {"networkPolicy": {"policyTypes": ["Ingress", "Egress"], key: value}},
            f"networkPolicy.{key}: {said} is not a list; write each rule after a hyphen",
        )
        for key in ("egress", "ingress")
        for what, value, said in (("empty text", "", '""'), ("a rule", {"ports": []}, '{"ports":[]}'), ("0", 0, "0"))
    },
    **{
        f"{key} that are {what}": (
            {"networkPolicy": {"policyTypes": ["Ingress", "Egress"], key: value}},
            f"networkPolicy.{key}: {said} is not a map; write each rule below a name",
        )
        for key in ("dependencies", "callers")
        for what, value, said in (("empty text", "", '""'), ("a list", [], "[]"))
    },
    # directions
    "no policy type": (settings(policyTypes=[]), "networkPolicy.policyTypes: is empty; write Egress, Ingress, or both"),
    "policy type": (
        settings(policyTypes=["Egress", "ingress"]),
        'networkPolicy.policyTypes[1]: "ingress" is not a policy type; write Ingress or Egress',
    ),
    "policy type that is null": (
        settings(policyTypes=[None]),
        "networkPolicy.policyTypes[0]: null is not a policy type; write Ingress or Egress",
    ),
    "policy type twice": (
        settings(policyTypes=["Egress", "Egress"]),
        "networkPolicy.policyTypes: has the same item twice; write each once",
    ),
    "policy types as text": (
        settings(policyTypes="Egress"),
        'networkPolicy.policyTypes: "Egress" is not a list; write Egress, Ingress, or both, each after a hyphen',
    ),
    "caller of a policy for egress by default": (
        settings(callers={"web": caller()}),
        f"{WEB}: {unlimited('Ingress')}",
    ),
    "caller of a policy for egress": (
        settings(policyTypes=["Egress"], callers={"web": caller(), "gone": None}),
        f"{WEB}: {unlimited('Ingress')}",
    ),
    "extra rule for ingress of a policy for egress": (
        settings(ingress=[{"from": [PODS]}]),
        f"networkPolicy.ingress[0]: {unlimited('Ingress')}",
    ),
    "dependency of a policy for ingress": (
        settings(policyTypes=["Ingress"], dependencies={"db": dependency()}),
        f"{DB}: {unlimited('Egress')}",
    ),
    "extra rule for egress of a policy for ingress": (
        settings(policyTypes=["Ingress"], egress=[{}]),
        f"networkPolicy.egress[0]: {unlimited('Egress')}",
    ),
    "caller's key": (
        with_caller(to=[PODS]),
        f"{WEB}.to: unknown key; write name, purpose, hosts, entities, from, ports or allPorts",
    ),
    "dependency's peers under the other word": (
        with_dependency(**{"from": [PODS]}),
        f"{DB}.from: unknown key; write name, purpose, hosts, entities, to, ports or allPorts",
    ),
    "caller without peers": (with_caller(**{"from": None}), f"{WEB}.from: has no peer, {EVERYTHING_READ}"),
    "caller with empty peers": (with_caller(**{"from": []}), f"{WEB}.from: has no peer, {EVERYTHING_READ}"),
    "caller without peers on every port": (
        with_caller(**{"from": [], "ports": None, "allPorts": ["TCP"]}),
        f"{WEB}.from: has no peer, {EVERYTHING_READ}",
    ),
    "caller without ports": (with_caller(ports=None), f"{WEB}.ports: {NO_PORT}"),
    "caller with a port of nothing": (
        with_caller(ports=[{"protocol": "TCP"}]),
        f"{WEB}.ports[0].port: is missing, which Kubernetes reads as every port; write a number or a name",
    ),
    "caller with both ports": (
        with_caller(allPorts=["TCP"]),
        f"{WEB}.allPorts: cannot be used with ports; remove one of the two",
    ),
    "caller's peer": (
        with_caller(**{"from": [{"podselector": {}, "namespaceSelector": {}}, PODS]}),
        f"{WEB}.from[0].podselector: unknown key; {A_PEER}",
    ),
    "extra ingress rule's key": (
        settings(policyTypes=["Ingress"], ingress=[{"to": [PODS]}]),
        "networkPolicy.ingress[0].to: unknown key; write from or ports",
    ),
    "extra ingress rule that is text": (
        settings(policyTypes=["Ingress"], ingress=["all"]),
        'networkPolicy.ingress[0]: "all" is not a rule; write from and ports below it',
    ),
    "extra ingress rule's peer": (
        settings(policyTypes=["Ingress"], ingress=[{"from": [{}]}]),
        f"networkPolicy.ingress[0].from[0]: selects nothing; {A_PEER}",
    ),
    **{
        f"{key} in {field}": (
            settings(**{field: {key: "test"}}),
            f"networkPolicy.{field}.{key}: takes the policy out of the release; remove it",
        )
        for key in UNMANAGED
        for field in ("commonAnnotations", "commonLabels")
    },
}


def problems(chart: Path, values: Values) -> list[str]:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(chart, values)
    return failed.value.problems


def test_says_what_is_wrong_and_what_to_write(unchecked_chart: Path) -> None:
    said = {name: problems(unchecked_chart, values) for name, (values, _) in REFUSED.items()}
    assert said == {name: [message] for name, (_, message) in REFUSED.items()}


def test_the_schema_refuses_it_too() -> None:
    """But for a key in the wrong place, which the schema of the chart around the library cannot know."""
    accepted = {name for name, (values, _) in REFUSED.items() if is_valid(values)}
    assert accepted == set()


def test_one_failure_names_every_problem(engine: Engine, unchecked_chart: Path) -> None:
    """All values that are refused and do not exclude each other, at once, on every engine in the same words."""
    values = {
        "networkPolicy": {
            "dns": {"profile": "kubedns"},
            "dependencies": {"db": dependency(to=[]), "web": dependency(ports=[])},
            "egress": [{"from": []}],
            "callers": {"web": caller(to=[PODS], ports=[])},
            "ingress": [{"to": []}],
            "policyTypes": ["Ingress", "Egress"],
        }
    }
    with pytest.raises(HelmFailed) as failed:
        engine.template(unchecked_chart, values)
    assert failed.value.problems == [
        REFUSED["DNS profile"][1],
        REFUSED["empty peers"][1],
        REFUSED["empty ports"][1].replace(".db.", ".web."),
        REFUSED["extra's key"][1],
        REFUSED["caller's key"][1],
        REFUSED["caller without ports"][1],
        REFUSED["extra ingress rule's key"][1],
    ]


def test_a_rule_that_has_no_effect_is_checked_all_the_same(unchecked_chart: Path) -> None:
    """A repair of policyTypes brings no new refusals."""
    assert problems(unchecked_chart, settings(callers={"web": caller(ports=[])})) == [
        f"{WEB}: {unlimited('Ingress')}",
        f"{WEB}.ports: {NO_PORT}",
    ]


@pytest.mark.parametrize("types", [["Egress"], ["Ingress"], ["Ingress", "Egress"], None], ids=str)
def test_removed_rules_and_empty_lists_need_no_policy_type(engine: Engine, plain_chart: Path, types: object) -> None:
    gone = {"dependencies": {"db": None}, "callers": {"web": None}, "egress": [], "ingress": []}
    assert engine.template(plain_chart, settings(policyTypes=types, **gone))


@pytest.mark.parametrize(
    "rule",
    [{}, {"to": []}, {"ports": []}, {"ports": [{}]}, {"to": [{"podSelector": {}}]}, {"ports": [{"protocol": "SCTP"}]}],
    ids=str,
)
def test_extras_are_taken_as_the_api_server_takes_them(engine: Engine, plain_chart: Path, rule: Values) -> None:
    inward = {"from" if key == "to" else key: value for key, value in rule.items()}
    both = settings(policyTypes=["Ingress", "Egress"], egress=[rule], ingress=[inward])
    assert engine.template(plain_chart, both)
