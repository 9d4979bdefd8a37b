"""CiliumNetworkPolicies: what the charts render for the kind Cilium, byte for byte the same on every engine."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.chart_samples import BOTH, COMPILED, INGRESS, dependency, released
from support.helm_engines import ROOT, Embedded, Engine, HelmFailed, Values, merge

CILIUM: dict[str, object] = {"networkPolicy": {"dialect": {"kind": "Cilium", "version": "1.19"}}}
HTTPS = [{"port": 443, "protocol": "TCP"}]
LLM = {
    "name": "LLM APIs",
    "purpose": "OpenAI and others",
    "hosts": ["api.openai.com", "*.anthropic.com", "**.azure.com"],
    "ports": HTTPS,
}
API_SERVER = {"entities": ["kube-apiserver"], "ports": [{"port": 6443, "protocol": "TCP"}]}
MIXED = {
    "purpose": "pods and addresses",
    "to": [
        {"ipBlock": {"cidr": "10.1.0.0/16", "except": ["10.1.2.0/24"]}},
        {"podSelector": {"matchLabels": {"app": "db"}}},
        {"namespaceSelector": {"matchLabels": {"team": "shop", "kubernetes.io/metadata.name": "data"}}},
        {"ipBlock": {"cidr": "2001:db8::/32"}},
    ],
    "ports": [{"port": 8000, "endPort": 8100, "protocol": "TCP"}, {"port": "metrics", "protocol": "UDP"}],
}
SERVICE = merge(
    COMPILED,
    merge(CILIUM, {"networkPolicy": {"dependencies": {"llm-apis": LLM, "api-server": API_SERVER, "mixed": MIXED}}}),
)
WEBHOOK = {"entities": ["kube-apiserver"], "ports": [{"port": 9443, "protocol": "TCP"}]}
SAMPLES: dict[str, Values] = {
    "service": SERVICE,
    "extras": merge(BOTH, merge(CILIUM, {"networkPolicy": {"callers": {"webhook": WEBHOOK}}})),
    "strict": merge(SERVICE, {"networkPolicy": {"dialect": {"strictDns": True}, "dns": {"profile": "nodelocal"}}}),
    "closed": merge(CILIUM, {"networkPolicy": {"policyTypes": ["Egress", "Ingress"], "dns": {"profile": "none"}}}),
}
NAMESPACE: dict[str, object] = {
    "networkPolicy": {
        "release": {"name": "namespace-policy", "namespace": "shop"},
        "dialect": {"kind": "Cilium", "version": "1.19"},
        "policyTypes": ["Ingress", "Egress"],
        "dependencies": {"within": {"to": [{"podSelector": {}}], "allPorts": ["TCP"]}},
        "optIns": {"llm-access": {"podSelector": {"matchLabels": {"llm": "allowed"}}, "dependencies": {"llm": LLM}}},
        "egress": [{"to": [{"podSelector": {}}]}],
        "commonLabels": {"team": "platform"},
    }
}


@pytest.fixture(scope="session")
def namespace_chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart of namespaces without its schema."""
    chart = Path(shutil.copytree(ROOT / "namespace-policy", tmp_path_factory.mktemp("charts") / "namespace-policy"))
    (chart / "values.schema.json").unlink()
    return chart


def with_rule(rule: Mapping[str, object], **settings: object) -> dict[str, object]:
    return merge(CILIUM, {"networkPolicy": {"dependencies": {"a": rule}, **settings}})


def in_order(text: str) -> str:
    """The documents as the binaries print them: kinds that Helm does not know come last."""
    parts = text.split("---\n# Source: ")[1:]
    return "".join(f"---\n# Source: {it}" for it in sorted(parts, key=lambda it: "\nkind: NetworkPolicy\n" not in it))


def documents(engine: Engine, chart: Path, values: Values, namespace: str = "ns") -> list[dict[str, Any]]:
    text = engine.template(chart, values, namespace=namespace)
    return sorted((it for it in yaml.safe_load_all(text) if it), key=lambda it: str(it["kind"]))


def rules(chart: Path, values: Values) -> list[dict[str, Any]]:
    """The egress rules after those of DNS."""
    egress = documents(Embedded(), chart, values)[0]["spec"]["egress"]
    assert isinstance(egress, list)
    return egress[1:]


def render(engine: Engine, chart: Path, define: str, argument: Values) -> str:
    text = engine.template(chart, {"probe": {"define": f"network-policy.{define}", "argument": argument}})
    output = json.loads(text.partition("output: ")[2])
    assert isinstance(output, str)
    return output


@pytest.mark.parametrize(("name", "values"), SAMPLES.items(), ids=list(SAMPLES))
def test_renders_the_expected_text(
    engine: Engine, unchecked_chart: Path, name: str, values: Values, expect_text: Callable[[str, str], None]
) -> None:
    expect_text(f"cilium-{name}.yaml", in_order(engine.template(unchecked_chart, values)))


def test_a_namespace_and_its_opt_ins(
    engine: Engine, namespace_chart: Path, expect_text: Callable[[str, str], None]
) -> None:
    text = engine.template(namespace_chart, NAMESPACE, release="namespace-policy", namespace="shop")
    expect_text("cilium-namespace.yaml", in_order(text))


def test_the_kind_networkpolicy_is_the_default(engine: Engine, unchecked_chart: Path) -> None:
    for dialect in (None, {}, {"kind": None}, {"kind": "NetworkPolicy"}):
        values = merge(BOTH, {"networkPolicy": {"dialect": dialect}})
        assert engine.template(unchecked_chart, values) == engine.template(unchecked_chart, BOTH)


def test_the_kind_networkpolicy_ignores_hosts_and_entities(engine: Engine, unchecked_chart: Path) -> None:
    plain = {"networkPolicy": {"dependencies": {"db": dependency()}}}
    values = {"networkPolicy": {"dependencies": {"db": dependency(hosts=["db.test"], entities=["host"])}}}
    assert engine.template(unchecked_chart, values) == engine.template(unchecked_chart, plain)


def test_extra_rules_are_those_of_the_networkpolicy(unchecked_chart: Path) -> None:
    plain = Embedded().template(unchecked_chart, BOTH)
    _, extras = Embedded().template(unchecked_chart, SAMPLES["extras"]).split("kind: NetworkPolicy\n")
    blocks = [block.partition("\n  egress:")[0] for block in plain.split("    # networkPolicy.")[1:]]
    assert len(blocks) == 8
    assert all(f"    # networkPolicy.{block}" in extras for block in blocks)


@pytest.mark.parametrize("direction", ["egress", "ingress"])
def test_the_extras_limit_only_the_directions_that_they_have(unchecked_chart: Path, direction: str) -> None:
    settings = {"policyTypes": ["Ingress", "Egress"], direction: [{}]}
    policy, extras = documents(Embedded(), unchecked_chart, merge(CILIUM, {"networkPolicy": settings}))
    assert (policy["spec"]["ingress"], len(policy["spec"]["egress"])) == ([{}], 1)
    assert extras["spec"]["policyTypes"] == [direction.title()]
    assert extras["spec"][direction] == [{}]


@pytest.mark.parametrize(("name", "start"), [("short", "short-extra"), ("long-" * 12 + "end", "long-long-")])
def test_names_of_extras_are_short_enough(unchecked_chart: Path, name: str, start: str) -> None:
    values = merge(CILIUM, {"fullnameOverride": name, "networkPolicy": {"egress": [{}]}})
    policy, extras = documents(Embedded(), unchecked_chart, values)
    assert policy["metadata"]["name"] == name
    assert extras["metadata"]["name"].startswith(start)
    assert extras["metadata"]["name"] != name
    assert len(extras["metadata"]["name"]) <= 63
    assert extras["metadata"]["labels"] == policy["metadata"]["labels"]


@pytest.mark.parametrize(("policy_types", "fields"), [(["Egress"], ["egress"]), (["Ingress"], ["ingress"])])
def test_a_direction_without_rules_denies_everything(
    unchecked_chart: Path, policy_types: list[str], fields: list[str]
) -> None:
    """Cilium isolates a direction only if its list is not empty."""
    settings = {"policyTypes": policy_types, "dns": {"profile": "none"}, "dependencies": {"gone": None}}
    (policy,) = documents(Embedded(), unchecked_chart, merge(CILIUM, {"networkPolicy": settings}))
    assert policy["spec"] == {"endpointSelector": policy["spec"]["endpointSelector"]} | {it: [{}] for it in fields}


def test_peers_next_to_hosts_and_entities_are_left_out(unchecked_chart: Path) -> None:
    internet = [{"ipBlock": {"cidr": "0.0.0.0/0"}}]
    for changes in ({"hosts": ["api.test.example"]}, {"entities": ["host"]}):
        (rule,) = rules(unchecked_chart, with_rule({"to": internet, "ports": HTTPS, **changes}))
        assert set(rule) == {"toFQDNs" if "hosts" in changes else "toEntities", "toPorts"}


def test_hosts_of_a_caller_have_no_effect(unchecked_chart: Path) -> None:
    values = merge(INGRESS, CILIUM)
    (policy, _) = documents(Embedded(), unchecked_chart, values)
    assert policy["spec"]["ingress"][0]["fromCIDRSet"] == [{"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}]


PLACE = "k8s:io.kubernetes.pod.namespace"
EXISTS = {"key": PLACE, "operator": "Exists"}
TEAM = "k8s:io.cilium.k8s.namespace.labels.team"
SELECTORS: dict[str, tuple[Values, Values]] = {
    "pods of the own namespace": (
        {"podSelector": {"matchLabels": {"app": "db"}}},
        {"matchLabels": {"k8s:app": "db", PLACE: "ns"}},
    ),
    "every pod of the own namespace": ({"podSelector": {}}, {"matchLabels": {PLACE: "ns"}}),
    "every pod": ({"namespaceSelector": {}}, {"matchExpressions": [EXISTS]}),
    "pods in every namespace": (
        {"namespaceSelector": {}, "podSelector": {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}},
        {"matchExpressions": [EXISTS, {"key": "k8s:app", "operator": "DoesNotExist"}]},
    ),
    "namespaces by label": (
        {"namespaceSelector": {"matchLabels": {"team": "a"}}},
        {"matchLabels": {TEAM: "a"}, "matchExpressions": [EXISTS]},
    ),
    "namespaces without a label": (
        {"namespaceSelector": {"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["a"]}]}},
        {"matchExpressions": [{"key": TEAM, "operator": "NotIn", "values": ["a"]}, EXISTS]},
    ),
    "namespaces by name": (
        {
            "namespaceSelector": {
                "matchExpressions": [
                    {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["a", "b"]},
                    {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["b"]},
                ]
            }
        },
        {
            "matchExpressions": [
                {"key": PLACE, "operator": "In", "values": ["a", "b"]},
                {"key": PLACE, "operator": "NotIn", "values": ["b"]},
            ]
        },
    ),
    "a key twice": (
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "a"}},
            "podSelector": {
                "matchLabels": {"app": "db"},
                "matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["x"]}],
            },
        },
        {
            "matchLabels": {"k8s:app": "db", PLACE: "a"},
            "matchExpressions": [{"key": "k8s:app", "operator": "NotIn", "values": ["x"]}],
        },
    ),
    "a label of pods that namespaces have": (
        {"namespaceSelector": {}, "podSelector": {"matchLabels": {"kubernetes.io/metadata.name": "a"}}},
        {"matchLabels": {"k8s:kubernetes.io/metadata.name": "a"}, "matchExpressions": [EXISTS]},
    ),
}


@pytest.mark.parametrize(("peer", "selector"), SELECTORS.values(), ids=list(SELECTORS))
def test_every_selector_keeps_its_meaning(unchecked_chart: Path, peer: Values, selector: Values) -> None:
    (rule,) = rules(unchecked_chart, with_rule(dependency(to=[peer])))
    assert rule["toEndpoints"] == [selector]


def test_a_removed_label_leaves_the_selector(unchecked_chart: Path) -> None:
    selector = {"podSelector": {"matchLabels": {"app": "web", "tier": None}}}
    (policy,) = documents(Embedded(), unchecked_chart, merge(CILIUM, {"networkPolicy": selector}))
    assert policy["spec"]["endpointSelector"] == {"matchLabels": {"k8s:app": "web"}}


def test_many_ports_are_split_where_cilium_stops(unchecked_chart: Path) -> None:
    ports = [{"port": number, "protocol": "UDP"} for number in range(1, 82)]
    (rule,) = rules(unchecked_chart, with_rule(dependency(ports=ports)))
    assert [len(it["ports"]) for it in rule["toPorts"]] == [40, 40, 1]
    written = [port for it in rule["toPorts"] for port in it["ports"]]
    assert written == [{"port": str(number), "protocol": "UDP"} for number in range(1, 82)]


KUBE_DNS = {"matchLabels": {"k8s:k8s-app": "kube-dns", PLACE: "kube-system"}}
PROFILES: dict[str, list[tuple[str, list[Any]]]] = {
    "kube-dns": [("toEndpoints", [KUBE_DNS])],
    "k8s-app-coredns": [("toEndpoints", [{"matchLabels": {"k8s:k8s-app": "coredns", PLACE: "kube-system"}}])],
    "nodelocal": [("toEndpoints", [KUBE_DNS]), ("toCIDRSet", [{"cidr": "169.254.20.10/32"}])],
    "openshift": [
        (
            "toEndpoints",
            [{"matchLabels": {"k8s:dns.operator.openshift.io/daemonset-dns": "default", PLACE: "openshift-dns"}}],
        )
    ],
    "any": [
        ("toEndpoints", [{"matchExpressions": [EXISTS]}]),
        ("toCIDRSet", [{"cidr": "0.0.0.0/0"}, {"cidr": "::/0"}]),
    ],
}


@pytest.mark.parametrize(
    ("profile", "has_hosts"),
    [
        (profile, has_hosts)
        for profile in PROFILES
        for has_hosts in (False, True)
        if (profile, has_hosts) != ("any", True)
    ],
)
def test_dns_is_that_of_the_profile(unchecked_chart: Path, profile: str, has_hosts: bool) -> None:
    dependencies = {"llm": LLM} if has_hosts else {}
    values = merge(CILIUM, {"networkPolicy": {"dns": {"profile": profile}, "dependencies": dependencies}})
    egress = documents(Embedded(), unchecked_chart, values)[0]["spec"]["egress"]
    number = "5353" if profile == "openshift" else "53"
    entry: dict[str, object] = {
        "ports": [{"port": number, "protocol": "UDP"}, {"port": number, "protocol": "TCP"}],
        **({"rules": {"dns": [{"matchPattern": "*"}]}} if has_hosts else {}),
    }
    expected = [{kind: peers, "toPorts": [entry]} for kind, peers in PROFILES[profile]]
    assert egress[: len(expected)] == expected
    assert len(egress) == len(expected) + has_hosts


@pytest.mark.parametrize("profile", PROFILES)
def test_no_name_is_learned_from_servers_of_a_pods_own(namespace_chart: Path, profile: str) -> None:
    """Services of the namespace can have hosts, and whoever answers for these says which addresses are open."""
    values = merge(NAMESPACE, {"networkPolicy": {"dns": {"profile": profile}, "optIns": None}})
    text = Embedded().template(namespace_chart, values, release="namespace-policy", namespace="shop")
    rules = next(yaml.safe_load_all(text))["spec"]["egress"]
    learned = [entry for it in rules for entry in it["toPorts"] if "rules" in entry]
    assert bool(learned) == (profile != "any")


def test_strict_dns_lists_the_hosts_of_the_release_and_the_cluster(unchecked_chart: Path) -> None:
    dialect = {"strictDns": True, "clusterDomain": "k8s.example"}
    hosts = {"b": {**LLM, "hosts": ["api.openai.com", "api.openai.com", "a.test.example"]}, "a": LLM, "gone": None}
    values = merge(CILIUM, {"networkPolicy": {"dialect": dialect, "dependencies": hosts}})
    (entry,) = documents(Embedded(), unchecked_chart, values)[0]["spec"]["egress"][0]["toPorts"]
    assert entry["rules"]["dns"] == [
        {"matchName": "api.openai.com"},
        {"matchPattern": "*.anthropic.com"},
        {"matchPattern": "**.azure.com"},
        {"matchName": "a.test.example"},
        {"matchPattern": "**.k8s.example"},
    ]
    plain = merge(CILIUM, {"networkPolicy": {"dialect": dialect}})
    (entry,) = documents(Embedded(), unchecked_chart, plain)[0]["spec"]["egress"][0]["toPorts"]
    assert "rules" not in entry


CHART = {"Name": "service-policy", "Version": "0.1.0", "AppVersion": "0.1.0", "IsRoot": True}


def test_a_batch_is_its_single_renders(engine: Engine, probe_chart: Path) -> None:
    """Of both dialects, in two namespaces, with the rules given by name as well."""
    own_dns = {"profile": "custom", "to": [{"podSelector": {}}], "ports": [{"port": 53, "protocol": "UDP"}]}
    dns = [merge(CILIUM, {"networkPolicy": {"dns": it}}) for it in (None, {"profile": "kube-dns"}, own_dns)]
    samples: list[Values] = [*SAMPLES.values(), *dns, COMPILED, {"networkPolicy": {"enabled": False}}]
    rules: dict[str, object] = {}
    given: list[Values] = []
    shared: list[Values] = []
    for number, sample in enumerate([*samples, *samples]):
        name, namespace = f"web-{number}", f"ns-{number % 2}"
        values: dict[str, Any] = released(sample, name, namespace)
        names: dict[str, dict[str, str]] = {"dependencies": {}, "callers": {}}
        for kind, peers in (("dependencies", "to"), ("callers", "from")):
            for key, rule in values["networkPolicy"].get(kind, {}).items():
                names[kind][key] = json.dumps([key, rule, peers])
                rules[names[kind][key]] = {"key": key, "rule": rule, "peers": peers}
        release = {"Name": name, "Namespace": namespace, "Service": "Helm"}
        given.append({"Values": values, "Release": release})
        by_name = {**values, "networkPolicy": {**values["networkPolicy"], **names}}
        shared.append({"Values": by_name, "Release": release})
    singles = [render(engine, probe_chart, "policy", {**each, "Chart": CHART}) for each in given]
    assert sum("CiliumNetworkPolicy" in each for each in singles) == 2 * len([*SAMPLES, *dns])
    for releases in (given, shared):
        argument = {"Chart": CHART, "releases": releases, "rules": rules}
        batch = render(engine, probe_chart, "policy.batch", argument)
        assert list(map(json.loads, batch.split("\n"))) == singles


NOTES = """CiliumNetworkPolicy rel isolates the egress of the pods in namespace ns with

  app.kubernetes.io/name=ai-service

This policy allows them only what is listed here:

  DNS (kube-dns)
    to pods k8s-app=kube-dns in namespaces kubernetes.io/metadata.name=kube-system
    on 53/UDP, 53/TCP
  api-server
    to kube-apiserver
    on 6443/TCP
  LLM APIs: OpenAI and others
    to api.openai.com
    to *.anthropic.com
    to **.azure.com
    on 443/TCP
"""
NEEDS = """
Policies add up: another NetworkPolicy or CiliumNetworkPolicy for these pods can allow more.
The cluster needs Cilium 1.19. Rules for host names also need its DNS proxy, which is on unless l7Proxy is false.
They allow the addresses that the cluster's DNS gave the pods for these names.

See the policy and the pods it is for:

  kubectl describe ciliumnetworkpolicy rel --namespace ns
"""


def test_the_notes_say_the_kind_and_the_hosts(engine: Engine, probe_chart: Path) -> None:
    def notes(values: Values) -> str:
        text = engine.template(probe_chart, values, {"probe": {"define": "network-policy.policy.notes"}})
        output = json.loads(text.partition("output: ")[2])
        assert isinstance(output, str)
        return output

    said = notes(SERVICE)
    assert said.startswith(NOTES)
    assert NEEDS + "  kubectl get pods" in said
    extra = "\n  kubectl describe networkpolicy rel-extra --namespace ns\n  kubectl get pods"
    assert extra not in said
    assert extra in notes(merge(SERVICE, {"networkPolicy": {"egress": [{}]}}))


def test_the_probe_is_the_same(engine: Engine, unchecked_chart: Path) -> None:
    probe = {"networkPolicy": {"probe": {"enabled": True, "control": {"podLabels": {"role": "control"}}}}}
    plain, cilium = (
        [it for it in documents(engine, unchecked_chart, merge(values, probe)) if it["kind"] == "Pod"]
        for values in (COMPILED, merge(COMPILED, CILIUM))
    )
    assert plain == cilium
    assert len(plain) == 2


@pytest.mark.parametrize("define", ["egress", "ingress"])
def test_a_list_alone_is_for_networkpolicy_only(engine: Engine, probe_chart: Path, define: str) -> None:
    with pytest.raises(HelmFailed) as failed:
        render(engine, probe_chart, define, {"Values": SERVICE})
    assert failed.value.problems == [
        "networkPolicy.dialect.kind: Cilium needs more than this list; include network-policy.policy, or write "
        "NetworkPolicy"
    ]
