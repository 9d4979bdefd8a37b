"""What the charts refuse for the kind Cilium, each in the words that say what to write; near misses are accepted.

Cilium ignores a policy that its agent refuses, which leaves the service open: so these are refused before.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.chart_samples import caller, dependency
from support.helm_engines import ROOT, Embedded, Engine, HelmFailed, Values, merge

HTTPS = [{"port": 443, "protocol": "TCP"}]
LLM = {"hosts": ["api.openai.com"], "ports": HTTPS}
CUSTOM = {"profile": "custom", "to": [{"ipBlock": {"cidr": "10.0.0.10/32"}}]}
RANGE = [{"port": 53, "endPort": 54, "protocol": "UDP"}]


def settings(**changes: object) -> dict[str, object]:
    """Values of a release; `version` and further keys of the dialect are given as dialect=."""
    dialect = {"kind": "Cilium", "version": "1.19"}
    given = changes.pop("dialect", {})
    assert isinstance(given, Mapping)
    return {"networkPolicy": {"dialect": {**dialect, **given}, **changes}}


def with_rule(rule: Mapping[str, object], **dialect: object) -> dict[str, object]:
    return settings(dialect=dialect, dependencies={"a": rule})


def with_host(host: object, **dialect: object) -> dict[str, object]:
    return with_rule({"hosts": [host], "ports": HTTPS}, **dialect)


def with_caller(rule: Mapping[str, object]) -> dict[str, object]:
    return settings(policyTypes=["Ingress"], callers={"a": rule})


def labels(key: str, **more: object) -> dict[str, object]:
    return {"matchLabels": {key: "x"}, **more}


def expression(operator: str, values: list[str]) -> dict[str, object]:
    return {"matchExpressions": [{"key": "app", "operator": operator, "values": values}]}


A = "networkPolicy.dependencies.a"
DIALECT = "networkPolicy.dialect"
HOST = (
    "is not a host; write a DNS name of two or more labels in lower case, with *. in front for one more label or **. "
    "for one or more"
)
SERVICE = (
    "is a name inside the cluster, and Cilium does not filter these by name; remove it, and write the pods behind it "
    "in `to` of another dependency"
)
NETWORK = "is not a network; write an address and a prefix length, such as 203.0.113.0/24"
PORT = "is not a port; write 1 to 65535, or the name of a container port"
NAMED = "is a name that Cilium gives to something else; write another label"
VALUE = "is not the value of a label; write letters, digits and -_. with 63 characters at most"

REFUSED: dict[str, tuple[Values, str]] = {
    "dialect that is text": (
        {"networkPolicy": {"dialect": "Cilium"}},
        f'{DIALECT}: "Cilium" is not a map; write kind below it',
    ),
    "unknown kind": (
        settings(dialect={"kind": "Antrea"}),
        f'{DIALECT}.kind: "Antrea" is not a kind of policy; write NetworkPolicy, Cilium, EKS, GKE, Istio, Calico or '
        "CalicoStaged",
    ),
    "unknown key": (
        settings(dialect={"strictDNS": True}),
        f"{DIALECT}.strictDNS: unknown key; write kind, version, strictDns, clusterDomain, gatewayNamespace or "
        "waypoint",
    ),
    "version of a NetworkPolicy": (
        {"networkPolicy": {"dialect": {"version": "1.19"}}},
        f"{DIALECT}.version: belongs only to the kind Cilium, but the kind is NetworkPolicy; write kind: Cilium, or "
        "remove version",
    ),
    "strict DNS of a NetworkPolicy": (
        {"networkPolicy": {"dialect": {"strictDns": False}}},
        f"{DIALECT}.strictDns: belongs only to the kind Cilium, but the kind is NetworkPolicy; write kind: Cilium, or "
        "remove strictDns",
    ),
    "no version": (
        settings(dialect={"version": None}),
        f'{DIALECT}.version: is missing; write the version of the cluster\'s Cilium in quotes, such as "1.19"',
    ),
    "version that is a number": (
        settings(dialect={"version": 1.2}),
        f'{DIALECT}.version: 1.2 is not a version; write the first two numbers in quotes, such as "1.19"',
    ),
    "version with a patch": (
        settings(dialect={"version": "1.19.2"}),
        f'{DIALECT}.version: "1.19.2" is not a version; write the first two numbers in quotes, such as "1.19"',
    ),
    "old version": (
        settings(dialect={"version": "1.14"}),
        f"{DIALECT}.version: 1.14 is too old for these policies; write 1.15 or later",
    ),
    "strict DNS that is text": (
        settings(dialect={"strictDns": "yes"}),
        f'{DIALECT}.strictDns: "yes" is neither true nor false; write one of the two',
    ),
    "strict DNS of an old version": (
        settings(dialect={"strictDns": True, "version": "1.18"}),
        f"{DIALECT}.strictDns: needs Cilium 1.19 or later, but version is 1.18; remove it",
    ),
    "cluster domain": (
        settings(dialect={"clusterDomain": "Cluster.local"}),
        f'{DIALECT}.clusterDomain: "Cluster.local" is not a domain; write a DNS name in lower case, such as '
        "cluster.local",
    ),
    "any DNS server": (
        settings(dns={"profile": "any"}, dependencies={"a": LLM}),
        "networkPolicy.dns.profile: any cannot be used with hosts: a pod could ask a DNS server of its own, and so "
        "reach any address; write the profile of the cluster's DNS",
    ),
    "range of DNS ports": (
        settings(dns={**CUSTOM, "ports": RANGE}, dependencies={"a": LLM}),
        "networkPolicy.dns.ports[0].endPort: cannot be used with hosts: Cilium reads names on single ports only; "
        "write each port",
    ),
    "DNS among every address": (
        settings(dns={**CUSTOM, "to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": HTTPS}, dependencies={"a": LLM}),
        "networkPolicy.dns.to[0].ipBlock.cidr: 0.0.0.0/0 cannot be used with hosts: a pod could ask a DNS server of "
        "its own, and so reach any address; write the addresses of the cluster's DNS",
    ),
    "DNS in every namespace": (
        settings(dns={**CUSTOM, "to": [{"namespaceSelector": {}}], "ports": HTTPS}, dependencies={"a": LLM}),
        "networkPolicy.dns.to[0].namespaceSelector: every namespace cannot be used with hosts: a pod could ask a DNS "
        "server of its own, and so reach any address; write the namespace of the cluster's DNS",
    ),
    "DNS port 0": (
        settings(dns={**CUSTOM, "ports": [{"port": 0, "protocol": "UDP"}]}),
        f"networkPolicy.dns.ports[0].port: 0 {PORT}",
    ),
    "DNS addresses": (
        settings(dns={"profile": "custom", "to": [{"ipBlock": {"cidr": "10.0.0.10"}}], "ports": HTTPS}),
        f'networkPolicy.dns.to[0].ipBlock.cidr: "10.0.0.10" {NETWORK}',
    ),
    **{
        f"host {host!r}": (with_host(host), f'{A}.hosts[0]: "{host}" {HOST}')
        for host in (
            "localhost",
            "*",
            "**",
            "*.com",
            "API.test.example",
            "a*.test.example",
            "*.*.test.example",
            "a_b.test",
            "api.test.example.",
            "***.test.example",
            "10.0.0.1",
            "a..test",
            "-a.test",
            "https://api.test",
        )
    },
    "host that is long": (with_host(f"{'a' * 64}.test"), f'{A}.hosts[0]: "{"a" * 64}.test" {HOST}'),
    "host of 255 characters": (
        with_host(f"{'a.' * 127}b"),
        f"{A}.hosts[0]: {json.dumps('a.' * 127 + 'b')[:80]} {HOST}",
    ),
    "host with a long end": (with_host(f"a.{'b' * 64}"), f'{A}.hosts[0]: "a.{"b" * 64}" {HOST}'),
    "host that is a number": (with_host(7), f"{A}.hosts[0]: 7 {HOST}"),
    **{
        f"service {host}": (with_host(host, clusterDomain="k8s.example"), f'{A}.hosts[0]: "{host}" {SERVICE}')
        for host in (
            "db.shop.svc",
            "db.shop.svc.cluster.local",
            "*.shop.svc.k8s.example",
            "**.svc.cluster.local",
            "**.cluster.local",
            "**.k8s.example",
            "node.cluster.local",
        )
    },
    "any depth of an old version": (
        with_host("**.azure.com", version="1.18"),
        f'{A}.hosts[0]: "**.azure.com" needs Cilium 1.19 or later, because Cilium 1.18 reads **. as one label; write '
        "*. for one label, or each host",
    ),
    "hosts that are text": (
        with_rule({"hosts": "api.test.example", "ports": HTTPS}),
        f'{A}.hosts: "api.test.example" is not a list; write each item after a hyphen',
    ),
    "no hosts": (
        with_rule(dependency(hosts=[])),
        f"{A}.hosts: is empty; write at least one, or remove the key",
    ),
    "unknown entity": (
        with_rule({"entities": ["world"], "ports": HTTPS}),
        f'{A}.entities[0]: "world" is not an entity; write kube-apiserver, host or remote-node',
    ),
    "unknown entity of a caller": (
        with_caller({"entities": ["kube-apiserver", "all"], "ports": HTTPS}),
        'networkPolicy.callers.a.entities[1]: "all" is not an entity; write kube-apiserver, host or remote-node',
    ),
    "hosts and entities": (
        with_rule({**LLM, "entities": ["host"]}),
        f"{A}.entities: cannot be used with hosts; write two dependencies",
    ),
    "nobody to reach": (
        with_rule({"ports": HTTPS}),
        f"{A}: has no peer, which Cilium reads as everything; write hosts, entities or to below it",
    ),
    "nobody who calls": (
        with_caller({"hosts": ["a.test.example"], "ports": HTTPS}),
        "networkPolicy.callers.a: has no peer, which Cilium reads as everything; write entities or from below it",
    ),
    "no ports": (
        with_rule({"hosts": ["api.openai.com"]}),
        f"{A}.ports: has no port, which Kubernetes reads as every port; write at least one port, or in a dependency or "
        "caller allPorts: [TCP]",
    ),
    "peers next to hosts": (
        with_rule({**LLM, "to": [{}]}),
        f"{A}.to[0]: selects nothing; write podSelector, namespaceSelector or ipBlock",
    ),
    **{
        f"port {port!r}": (
            with_rule({**LLM, "ports": [{"port": port, "protocol": "TCP"}]}),
            f"{A}.ports[0].port: {text} {PORT}",
        )
        for port, text in (
            (0, "0"),
            ("0", '"0"'),
            ("443", '"443"'),
            (80.5, "80.5"),
            (65536, "65536"),
            (True, "true"),
            ("a" * 16, f'"{"a" * 16}"'),
        )
    },
    "range of an old version": (
        with_rule({**LLM, "ports": [{"port": 80, "endPort": 90, "protocol": "TCP"}]}, version="1.15"),
        f"{A}.ports[0].endPort: needs Cilium 1.16 or later, but version is 1.15; write each port",
    ),
    "network": (
        with_rule(dependency(to=[{"ipBlock": {"cidr": "10.0.0.0/33"}}])),
        f'{A}.to[0].ipBlock.cidr: "10.0.0.0/33" {NETWORK}',
    ),
    "network with too many groups": (
        with_rule(dependency(to=[{"ipBlock": {"cidr": "1:2:3:4::5:6:7:8/64"}}])),
        f'{A}.to[0].ipBlock.cidr: "1:2:3:4::5:6:7:8/64" {NETWORK}',
    ),
    "exception": (
        with_rule(dependency(to=[{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.1"]}}])),
        f'{A}.to[0].ipBlock.except[0]: "10.0.0.1" {NETWORK}',
    ),
    "exception outside": (
        with_rule(dependency(to=[{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16", "192.168.0.0/16"]}}])),
        f"{A}.to[0].ipBlock.except[1]: 192.168.0.0/16 is not inside 10.0.0.0/8; write a network inside it, or remove "
        "this one",
    ),
    "exception that is larger": (
        with_rule(dependency(to=[{"ipBlock": {"cidr": "2001:db8::/32", "except": ["2001:d00::/24"]}}])),
        f"{A}.to[0].ipBlock.except[0]: 2001:d00::/24 is not inside 2001:db8::/32; write a network inside it, or "
        "remove this one",
    ),
    "exception of the other family": (
        with_rule(dependency(to=[{"ipBlock": {"cidr": "::/0", "except": ["10.0.0.0/8"]}}])),
        f"{A}.to[0].ipBlock.except[0]: 10.0.0.0/8 is not inside ::/0; write a network inside it, or remove this one",
    ),
    "a namespace as a label of pods": (
        with_rule(dependency(to=[{"podSelector": labels("io.kubernetes.pod.namespace")}])),
        f"{A}.to[0].podSelector.matchLabels.io.kubernetes.pod.namespace: io.kubernetes.pod.namespace {NAMED}",
    ),
    "a label of Cilium's": (
        settings(podSelector=labels("io.cilium.k8s.policy.cluster")),
        f"networkPolicy.podSelector.matchLabels.io.cilium.k8s.policy.cluster: io.cilium.k8s.policy.cluster {NAMED}",
    ),
    "key of a label": (
        settings(podSelector=labels("a b")),
        'networkPolicy.podSelector.matchLabels.a b: "a b" is not the key of a label; write a name of letters, digits '
        "and -_. with 63 characters at most",
    ),
    "value of a label": (
        settings(podSelector={"matchLabels": {"app": "a b"}}),
        f'networkPolicy.podSelector.matchLabels.app: "a b" {VALUE}',
    ),
    "value of an expression": (
        with_rule(dependency(to=[{"podSelector": expression("In", ["a", "-"])}])),
        f'{A}.to[0].podSelector.matchExpressions[0].values[1]: "-" {VALUE}',
    ),
    "no values": (
        with_rule(dependency(to=[{"podSelector": expression("NotIn", [])}])),
        f"{A}.to[0].podSelector.matchExpressions[0].values: is empty; write at least one value after a hyphen",
    ),
    "values of an operator without": (
        with_rule(dependency(to=[{"podSelector": expression("Exists", ["a"])}])),
        f"{A}.to[0].podSelector.matchExpressions[0].values: cannot be used with Exists; remove it",
    ),
    "long label": (
        settings(podSelector=labels("a" * 60)),
        f"networkPolicy.podSelector.matchLabels.{'a' * 60}: {'a' * 60} is too long for Cilium, which writes it as "
        f"k8s.{'a' * 60}, with 63 characters at most; write another label",
    ),
    "long label of namespaces": (
        with_rule(
            dependency(
                to=[{"namespaceSelector": {"matchExpressions": [{"key": "a" * 29, "operator": "Exists"}]}}],
            )
        ),
        f"{A}.to[0].namespaceSelector.matchExpressions[0].key: {'a' * 29} is too long for Cilium, which writes it as "
        f"k8s.io.cilium.k8s.namespace.labels.{'a' * 29}, with 63 characters at most; write another label",
    ),
}

ACCEPTED: dict[str, Values] = {
    "oldest version": settings(dialect={"version": "1.15"}),
    "one label of an old version": with_host("*.azure.com", version="1.18"),
    "every port of hosts": with_rule({"hosts": ["api.test.example"], "allPorts": ["TCP"]}),
    "another major version": with_host("**.azure.com", version="2.0", strictDns=True),
    "strict DNS": with_host("**.azure.com", strictDns=True, clusterDomain="local"),
    "no DNS": settings(dns={"profile": "none"}, dependencies={"a": LLM}),
    "any DNS server without hosts": settings(dns={"profile": "any"}),
    "any DNS server and hosts of a caller": settings(
        dns={"profile": "any"}, policyTypes=["Ingress", "Egress"], callers={"a": caller(hosts=["a.test.example"])}
    ),
    "range of DNS ports without hosts": settings(dns={**CUSTOM, "ports": RANGE}),
    "range": with_rule({**LLM, "ports": [{"port": 80, "endPort": 90, "protocol": "TCP"}]}, version="1.16"),
    "hosts twice": with_rule({**LLM, "hosts": ["a.test.example", "a.test.example"]}),
    "one label below": with_host("*.svc.test.example"),
    "a long host": with_host(f"{'a' * 63}.test"),
    "numbers": with_host("1.2.3.4a"),
    "entities twice": with_rule({"entities": ["host", "host", "remote-node"], "ports": HTTPS}),
    "whole networks": with_rule(dependency(to=[{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["0.0.0.0/0"]}}])),
    "mapped addresses": with_rule(dependency(to=[{"ipBlock": {"cidr": "::/0", "except": ["64:ff9b::1.2.3.4/128"]}}])),
    "longest labels": settings(
        podSelector=labels("a" * 59),
        dependencies={
            "a": dependency(to=[{"namespaceSelector": labels("a" * 28), "podSelector": labels("b/" + "a" * 63)}])
        },
    ),
}


@pytest.mark.parametrize(("values", "problem"), REFUSED.values(), ids=list(REFUSED))
def test_says_what_is_wrong_and_what_to_write(unchecked_chart: Path, values: Values, problem: str) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, values)
    assert failed.value.problems == [problem]


@pytest.mark.parametrize("values", ACCEPTED.values(), ids=list(ACCEPTED))
def test_a_near_miss_is_rendered(unchecked_chart: Path, values: Values) -> None:
    assert "kind: CiliumNetworkPolicy" in Embedded().template(unchecked_chart, values)


def test_one_failure_names_every_problem(engine: Engine, unchecked_chart: Path) -> None:
    names = ["DNS port 0", "long label", "old version"]
    rules = ["nobody to reach", "unknown entity", "exception outside", "port 0", "host '*'"]
    values: dict[str, object] = {}
    for name in names:
        values = merge(values, REFUSED[name][0])
    dependencies = {}
    expected = [REFUSED[name][1] for name in ("old version", "long label", "DNS port 0")]
    for number, name in enumerate(rules):
        policy = REFUSED[name][0]["networkPolicy"]
        assert isinstance(policy, dict)
        dependencies[f"a{number}"] = policy["dependencies"]["a"]
        expected.append(REFUSED[name][1].replace("dependencies.a", f"dependencies.a{number}"))
    with pytest.raises(HelmFailed) as failed:
        engine.template(unchecked_chart, merge(values, {"networkPolicy": {"dependencies": dependencies}}))
    assert failed.value.problems == expected


SHOP: dict[str, object] = settings(release={"name": "rel", "namespace": "ns"})
OF_OTHERS = ", which services of the namespace can have: "
OF_NAMESPACES: dict[str, tuple[Values, str]] = {
    "strict DNS": (
        {"dialect": {"strictDns": True}},
        f"{DIALECT}.strictDns: would let no service of the namespace ask for its hosts, which these values do not "
        "know; remove it",
    ),
    "range of DNS ports": (
        {"dns": {**CUSTOM, "ports": RANGE}},
        f"networkPolicy.dns.ports[0].endPort: cannot be used with hosts{OF_OTHERS}Cilium reads names on single ports "
        "only; write each port",
    ),
    "any DNS server for an opt-in": (
        {
            "dns": {"profile": "any"},
            "optIns": {"o": {"podSelector": labels("a"), "dependencies": {"a": LLM}}},
        },
        REFUSED["any DNS server"][1],
    ),
    "host of an opt-in": (
        {"optIns": {"o": {"podSelector": labels("a"), "dependencies": {"a": {"hosts": ["*"], "ports": HTTPS}}}}},
        f'networkPolicy.optIns.o.dependencies.a.hosts[0]: "*" {HOST}',
    ),
    "label of an opt-in": (
        {"optIns": {"o": {"podSelector": labels("io.kubernetes.pod.namespace"), "dependencies": {}}}},
        "networkPolicy.optIns.o.podSelector.matchLabels.io.kubernetes.pod.namespace: io.kubernetes.pod.namespace "
        f"{NAMED}",
    ),
}


@pytest.fixture(scope="module")
def namespace_chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart of namespaces without its schema."""
    chart = Path(shutil.copytree(ROOT / "namespace-policy", tmp_path_factory.mktemp("charts") / "namespace-policy"))
    (chart / "values.schema.json").unlink()
    return chart


@pytest.mark.parametrize(("changes", "problem"), OF_NAMESPACES.values(), ids=list(OF_NAMESPACES))
def test_a_namespace_is_checked_too(namespace_chart: Path, changes: Values, problem: str) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(namespace_chart, merge(SHOP, {"networkPolicy": changes}))
    assert failed.value.problems == [problem]
