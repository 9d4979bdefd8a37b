"""What the library's own checks refuse, without any schema, and the exact words they use."""

from pathlib import Path

import pytest

from chart_samples import PODS, TCP_5432, dependency, with_dependency
from egressc.model.management import UNMANAGED
from helm_engines import Embedded, Engine, HelmFailed, Values

EVERYTHING_READ = (
    "and Kubernetes reads that as everything; write at least one peer (every address is 0.0.0.0/0 and ::/0)"
)
NO_PORT = (
    "names no port, and Kubernetes reads that as every port; "
    "write at least one port, or in a dependency allPorts: [TCP]"
)
A_PEER = "write podSelector, namespaceSelector or ipBlock"
A_PROTOCOL = "write TCP, UDP or SCTP"


def settings(**keys: object) -> Values:
    return {"networkPolicy": keys}


def port(**keys: object) -> Values:
    return with_dependency(ports=[{"port": 443, "protocol": "TCP", **keys}])


def peer(**keys: object) -> Values:
    return with_dependency(to=[keys])


def expression(**keys: object) -> Values:
    return peer(podSelector={"matchExpressions": [{"key": "app", "operator": "In", "values": ["a"], **keys}]})


DB = "networkPolicy.dependencies.db"
PORT = f"{DB}.ports[0]"
PEER = f"{DB}.to[0]"
EXPRESSION = f"{PEER}.podSelector.matchExpressions[0]"
A_RELEASE = "is not a map; write name and namespace below it"
LABEL_ADVICE = "is not a string; write it in quotes"

REFUSED: dict[str, tuple[Values, str]] = {
    "settings": (
        {"networkPolicy": False},
        "networkPolicy: false is not a map; write enabled, dns, dependencies or egress below it",
    ),
    "misspelt key": (
        settings(dependancies={}),
        "networkPolicy.dependancies: no such key; write release, enabled, podSelector, dns, dependencies, egress, "
        "commonLabels, commonAnnotations or probe",
    ),
    "release": (settings(release="rel"), f'networkPolicy.release: "rel" {A_RELEASE}'),
    "empty release": (settings(release=""), f'networkPolicy.release: "" {A_RELEASE}'),
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
    "enabled": (
        settings(enabled="false"),
        'networkPolicy.enabled: "false" is neither true nor false; write one of them without quotes',
    ),
    "nameOverride": ({"nameOverride": 5}, "nameOverride: 5 is not a string; write it in quotes"),
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
    "podSelector's label": (
        settings(podSelector={"matchLabels": {"app": "a", "tier": 1}}),
        f"networkPolicy.podSelector.matchLabels.tier: 1 {LABEL_ADVICE}",
    ),
    "podSelector's shape": (
        settings(podSelector=["app"]),
        'networkPolicy.podSelector: ["app"] is not a map; write matchLabels below it',
    ),
    "DNS": (settings(dns="kube-dns"), 'networkPolicy.dns: "kube-dns" is not a map; write profile below it'),
    "DNS profile": (
        settings(dns={"profile": "kubedns"}),
        'networkPolicy.dns.profile: "kubedns" is not a DNS profile; '
        "write kube-dns (kubeadm, EKS, GKE, AKS), k8s-app-coredns (CoreDNS chart, Canonical Kubernetes), nodelocal, "
        "openshift, any, custom or none",
    ),
    "DNS peers of a profile": (
        settings(dns={"profile": "any", "ports": [TCP_5432]}),
        "networkPolicy.dns.ports: belongs to the profile custom, and the profile here is any; "
        "write profile: custom, or remove ports",
    ),
    "peers without DNS": (
        settings(dns={"profile": "none", "to": [PODS]}),
        "networkPolicy.dns.to: belongs to the profile custom, and the profile here is none; "
        "write profile: custom, or remove to",
    ),
    "custom DNS without ports": (
        settings(dns={"profile": "custom", "to": [PODS]}),
        f"networkPolicy.dns.ports: {NO_PORT}",
    ),
    "dependencies as a list": (
        settings(dependencies=[]),
        "networkPolicy.dependencies: [] is not a map; write a key for each dependency, and to and ports below it",
    ),
    "dependency": (
        settings(dependencies={"db": True}),
        f"{DB}: true is not a map; write to and ports below it, or null to drop the dependency",
    ),
    "dependency's key": (
        with_dependency(port=5432),
        f"{DB}.port: no such key; write name, purpose, hosts, to, ports or allPorts",
    ),
    "purpose": (with_dependency(purpose=["a"]), f'{DB}.purpose: ["a"] is not a string; write it in quotes'),
    "no peers": (with_dependency(to=None), f"{DB}.to: is missing, {EVERYTHING_READ}"),
    "empty peers": (with_dependency(to=[]), f"{DB}.to: names nothing to reach, {EVERYTHING_READ}"),
    "peers as a map": (
        with_dependency(to=PODS),
        f'{DB}.to: {{"podSelector":{{"matchLabels":{{"app":"db"}}}}}} is not a list; write each peer after a hyphen',
    ),
    "no ports": (with_dependency(ports=None), f"{DB}.ports: {NO_PORT}"),
    "empty ports": (with_dependency(ports=[]), f"{DB}.ports: {NO_PORT}"),
    "both ports": (with_dependency(allPorts=["TCP"]), f"{DB}.allPorts: excludes ports; write one of the two"),
    "allPorts": (
        with_dependency(ports=None, allPorts=["tcp"]),
        f'{DB}.allPorts[0]: "tcp" is not a protocol; {A_PROTOCOL}',
    ),
    "empty peer": (peer(), f"{PEER}: selects nothing; {A_PEER}"),
    "peer of nulls": (peer(podSelector=None), f"{PEER}: selects nothing; {A_PEER}"),
    "null peer": (with_dependency(to=[None]), f"{PEER}: null is not a peer; {A_PEER}"),
    "misspelt peer": (
        peer(namespaceSelector={}, podselector={"matchLabels": {"app": "db"}}),
        f"{PEER}.podselector: no such key; {A_PEER}",
    ),
    "peer of two kinds": (
        peer(podSelector={}, ipBlock={"cidr": "10.0.0.0/8"}),
        f"{PEER}.ipBlock: excludes podSelector and namespaceSelector; write it as a peer of its own",
    ),
    "labels in a list": (
        peer(podSelector={"matchLabels": ["app"]}),
        f'{PEER}.podSelector.matchLabels: ["app"] is not a map; write a key and a value on each line',
    ),
    "label without a value": (
        peer(podSelector={"matchLabels": {"app": None}}),
        f"{PEER}.podSelector.matchLabels.app: null {LABEL_ADVICE}",
    ),
    "labels of a namespace": (
        peer(namespaceSelector={"matchLabels": {"team": True}}),
        f"{PEER}.namespaceSelector.matchLabels.team: true {LABEL_ADVICE}",
    ),
    "labels beside matchLabels": (
        peer(podSelector={"app": "db"}),
        f"{PEER}.podSelector.app: no such key; write matchLabels or matchExpressions",
    ),
    "operator": (
        expression(operator="in"),
        f'{EXPRESSION}.operator: "in" is not an operator; write In, NotIn, Exists or DoesNotExist',
    ),
    "In nothing": (expression(values=[]), f"{EXPRESSION}.values: is empty; write at least one value for In"),
    "Exists with values": (expression(operator="Exists"), f"{EXPRESSION}.values: means nothing to Exists; remove it"),
    "value of an expression": (expression(values=[1]), f"{EXPRESSION}.values[0]: 1 {LABEL_ADVICE}"),
    "CIDR": (
        peer(ipBlock={"cidr": "10.0.0.1"}),
        f'{PEER}.ipBlock.cidr: "10.0.0.1" is not a network; write one such as "203.0.113.0/24" or "2001:db8::/64"',
    ),
    "except": (
        peer(ipBlock={"cidr": "10.0.0.0/8", "except": ["10.1.0.0"]}),
        f'{PEER}.ipBlock.except[0]: "10.1.0.0" is not a network; write one inside cidr',
    ),
    "no protocol": (
        with_dependency(ports=[{"port": 443}]),
        f"{PORT}.protocol: is missing; {A_PROTOCOL}",
    ),
    "protocol": (port(protocol="tcp"), f'{PORT}.protocol: "tcp" is not a protocol; {A_PROTOCOL}'),
    "no port": (
        with_dependency(ports=[{"protocol": "TCP"}]),
        f"{PORT}.port: is missing; write a number or a name",
    ),
    "port 0": (port(port=0), f"{PORT}.port: 0 is not a port; write 1 to 65535, or a name"),
    "port 65536": (port(port=65536), f"{PORT}.port: 65536 is not a port; write 1 to 65535, or a name"),
    "half a port": (port(port=443.5), f"{PORT}.port: 443.5 is not a port; write 1 to 65535, or a name"),
    "port true": (port(port=True), f"{PORT}.port: true is not a port; write 1 to 65535, or a name"),
    "port in quotes": (
        port(port="443"),
        f'{PORT}.port: "443" is not the name of a port; write a number without quotes, or a name of lower-case letters',
    ),
    "empty name of a port": (
        port(port=""),
        f'{PORT}.port: "" is not the name of a port; write a number without quotes, or a name of lower-case letters',
    ),
    "range that falls": (
        port(endPort=80),
        f"{PORT}.endPort: 80 is less than port 443; write 443 or more, or remove endPort",
    ),
    "range past the end": (port(endPort=70000), f"{PORT}.endPort: 70000 is not a port; write 443 to 65535"),
    "range of names": (
        port(port="http", endPort=80),
        f"{PORT}.endPort: needs a number as port; write the first port of the range there",
    ),
    "extras as a map": (
        settings(egress={}),
        "networkPolicy.egress: {} is not a list; write each rule after a hyphen",
    ),
    "extra": (settings(egress=["all"]), 'networkPolicy.egress[0]: "all" is not a rule; write to and ports below it'),
    "extra's key": (
        settings(egress=[{"from": []}]),
        "networkPolicy.egress[0].from: no such key; write to or ports",
    ),
    "extra's peers": (
        settings(egress=[{"to": PODS}]),
        'networkPolicy.egress[0].to: {"podSelector":{"matchLabels":{"app":"db"}}} is not a list; '
        "write each item after a hyphen",
    ),
    "extra's port": (
        settings(egress=[{}, {"ports": [{"port": 443, "endPort": 80}]}]),
        "networkPolicy.egress[1].ports[0].endPort: 80 is less than port 443; write 443 or more, or remove endPort",
    ),
    "common labels": (settings(commonLabels={"team": 1}), f"networkPolicy.commonLabels.team: 1 {LABEL_ADVICE}"),
    "annotations": (
        settings(commonAnnotations=["a"]),
        'networkPolicy.commonAnnotations: ["a"] is not a map; write a key and a value on each line',
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


@pytest.mark.parametrize(("values", "message"), REFUSED.values(), ids=REFUSED)
def test_says_what_is_wrong_and_what_to_write(unchecked_chart: Path, values: Values, message: str) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, values)
    assert failed.value.problems == [message]


def test_one_failure_names_every_problem(engine: Engine, unchecked_chart: Path) -> None:
    """All values that are refused and do not exclude each other, at once, on every engine in the same words."""
    values = {
        "networkPolicy": {
            "dns": {"profile": "kubedns"},
            "dependencies": {"db": dependency(to=[]), "web": dependency(ports=[{"port": 443, "endPort": 80}])},
            "egress": [{"ports": [{"protocol": "tcp"}]}],
        }
    }
    with pytest.raises(HelmFailed) as failed:
        engine.template(unchecked_chart, values)
    assert failed.value.problems == [
        REFUSED["DNS profile"][1],
        REFUSED["empty peers"][1],
        REFUSED["range that falls"][1].replace(".db.", ".web."),
        'networkPolicy.egress[0].ports[0].protocol: "tcp" is not a protocol; write TCP, UDP or SCTP',
    ]


@pytest.mark.parametrize(("values", "message"), REFUSED.values(), ids=REFUSED)
def test_a_schema_refuses_it_too_or_the_templates_do(plain_chart: Path, values: Values, message: str) -> None:
    with pytest.raises(HelmFailed):
        Embedded().template(plain_chart, values)


@pytest.mark.parametrize(
    "rule",
    [{}, {"to": []}, {"ports": []}, {"ports": [{}]}, {"to": [{"podSelector": {}}]}, {"ports": [{"protocol": "SCTP"}]}],
    ids=str,
)
def test_extras_are_taken_as_the_api_server_takes_them(engine: Engine, plain_chart: Path, rule: Values) -> None:
    assert engine.template(plain_chart, {"networkPolicy": {"egress": [rule]}})
