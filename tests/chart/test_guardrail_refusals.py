"""Guardrails in the values of services and namespaces: no rule of any kind may allow what they deny."""

import shutil
from pathlib import Path

import pytest

from egressc.contract.validation import is_valid
from support.chart_samples import caller, dependency
from support.guardrail_samples import DATABASES, GUARDRAILS, METADATA, TENANT_B
from support.helm_engines import ROOT, Embedded, Engine, HelmFailed, Values, merge
from support.odd_values import odd_values

HTTPS: list[dict[str, object]] = [{"port": 443, "protocol": "TCP"}]
INTERNET = {"ipBlock": {"cidr": "0.0.0.0/0"}}
BY_METADATA = "which a guardrail denies (metadata: No pod reads the credentials of its node)"
BY_TENANTS = "which a guardrail denies (tenants)"
OR_TO = "or add it to exceptTo of the guardrail in the project file"
OR_FROM = "or add it to exceptFrom of the guardrail in the project file"
TENANT = "every pod in namespaces tenant=b"
CILIUM = {"kind": "Cilium", "version": "1.19"}
NODES = [{"ipBlock": {"cidr": "0.0.0.0/1"}}, {"ipBlock": {"cidr": "192.0.0.0/2"}}]


def settings(**keys: object) -> Values:
    """Values with guardrails; without a DNS rule, for any pods can be those of a tenant, the DNS pods too."""
    whole = {"policyTypes": ["Ingress", "Egress"], "dns": {"profile": "none"}, "guardrails": GUARDRAILS}
    return {"networkPolicy": {**whole, **keys}}


def extra(*peers: object, **rule: object) -> Values:
    return settings(egress=[{"to": list(peers), "ports": HTTPS, **rule}])


def denying(*peers: object, **rule: object) -> Values:
    """A guardrail `all` that denies peers on every TCP port."""
    return {"all": {"rules": [{"to": list(peers), "allPorts": ["TCP"], **rule}]}}


REFUSED: dict[str, tuple[Values, list[str]]] = {
    "everything": (
        settings(egress=[{}]),
        [
            f"networkPolicy.egress[0]: opens 169.254.169.254/32 on every port of TCP, {BY_METADATA}; write peers "
            f"without it below to, {OR_TO}",
            f"networkPolicy.egress[0]: opens {TENANT} on 443/TCP, {BY_TENANTS}; write peers without it below "
            f"to, {OR_TO}",
        ],
    ),
    "everyone": (
        settings(ingress=[{"from": []}]),
        [
            f"networkPolicy.ingress[0]: lets in {TENANT} on every port of TCP, {BY_TENANTS}; write peers without it "
            f"below from, {OR_FROM}"
        ],
    ),
    "a wider network": (
        extra(INTERNET, METADATA),
        [
            f"networkPolicy.egress[0].to[0]: opens 169.254.169.254/32 on 443/TCP, {BY_METADATA}; write "
            f"169.254.169.254/32 below except, {OR_TO}",
            f"networkPolicy.egress[0].to[1]: opens 169.254.169.254/32 on 443/TCP, {BY_METADATA}; remove the network, "
            f"{OR_TO}",
        ],
    ),
    "a smaller network": (
        settings(guardrails=denying(INTERNET), egress=[{"to": [METADATA]}]),
        [
            "networkPolicy.egress[0].to[0]: opens 169.254.169.254/32 on every port of TCP, which a guardrail denies "
            f"(all); remove the network, {OR_TO}"
        ],
    ),
    "two halves of a denied network": (
        settings(
            guardrails=denying({"ipBlock": {"cidr": "10.0.0.0/8"}}),
            egress=[{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/9", "10.128.0.0/9"]}}]}],
        ),
        [
            "networkPolicy.egress[0].to[0]: opens 10.0.0.0/8 on every port of TCP, which a guardrail denies (all); "
            f"write 10.0.0.0/8 below except, {OR_TO}"
        ],
    ),
    "networks that cannot be compared": (
        extra({"ipBlock": {"cidr": "010.0.0.0/8"}}, {"ipBlock": {"cidr": "::ffff:10.0.0.0/104"}}),
        [
            f'networkPolicy.egress[0].to[{at}].ipBlock.cidr: "{text}" cannot be compared with the guardrails; write an '
            "IPv4 or IPv6 network, such as 203.0.113.0/24"
            for at, text in enumerate(["010.0.0.0/8", "::ffff:10.0.0.0/104"])
        ],
    ),
    "a named port": (
        extra(TENANT_B, ports=[{"port": "http"}]),
        [
            f"networkPolicy.egress[0].to[0]: opens {TENANT} on http/TCP, {BY_TENANTS}; write labels of other pods, "
            f"{OR_TO}"
        ],
    ),
    "a range of ports": (
        extra(TENANT_B, ports=[{"port": 8080, "endPort": 9000}]),
        [
            f"networkPolicy.egress[0].to[0]: opens {TENANT} on 8080-8100/TCP, {BY_TENANTS}; write labels of other "
            f"pods, {OR_TO}"
        ],
    ),
    "pods of the own namespace, whose labels are not known": (
        extra({"podSelector": {}}),
        [
            f"networkPolicy.egress[0].to[0]: opens {TENANT} on 443/TCP, {BY_TENANTS}; write labels of other pods, "
            f"{OR_TO}"
        ],
    ),
    "pods without the label": (
        extra(
            {**DATABASES, "namespaceSelector": {"matchExpressions": [{"key": "tenant", "operator": "DoesNotExist"}]}}
        ),
        [
            "networkPolicy.egress[0].to[0]: opens pods app=db in namespaces tenant notin (a) on 443/TCP, "
            f"{BY_TENANTS}; write labels of other pods, {OR_TO}"
        ],
    ),
    "a dependency": (
        settings(dependencies={"db": dependency(to=[TENANT_B], ports=None, allPorts=["UDP"]), "gone": None}),
        [
            f"networkPolicy.dependencies.db.to[0]: opens {TENANT} on 53/UDP, {BY_TENANTS}; write labels of other pods, "
            f"{OR_TO}"
        ],
    ),
    "a caller": (
        settings(callers={"web": caller(**{"from": [TENANT_B]})}),
        [
            f"networkPolicy.callers.web.from[0]: lets in {TENANT} on 5432/TCP, {BY_TENANTS}; write labels of other "
            f"pods, {OR_FROM}"
        ],
    ),
    "the DNS of a profile": (
        settings(
            dns={"profile": "kube-dns"},
            guardrails=denying({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}),
        ),
        [
            "networkPolicy.dns: opens every pod in namespaces kubernetes.io/metadata.name=kube-system on 53/TCP, which "
            f"a guardrail denies (all); write another profile, {OR_TO}"
        ],
    ),
    "DNS anywhere": (
        settings(dns={"profile": "any"}, guardrails={"metadata": GUARDRAILS["metadata"]}),
        [
            f"networkPolicy.dns: opens {address} on 53/UDP, {BY_METADATA}; write another profile, {OR_TO}"
            for address in ("169.254.169.254/32", "fd00:ec2::254/128")
        ],
    ),
    "a custom DNS rule": (
        settings(dns={"profile": "custom", "to": [INTERNET], "ports": [{"port": 5353, "protocol": "UDP"}]}),
        [
            f"networkPolicy.dns.to[0]: opens 169.254.169.254/32 on 5353/UDP, {BY_METADATA}; write 169.254.169.254/32 "
            f"below except, {OR_TO}"
        ],
    ),
    "hosts where most addresses are denied": (
        settings(
            dialect=CILIUM,
            guardrails=denying(*NODES),
            dependencies={"a": {"hosts": ["api.example.com"], "ports": HTTPS}},
        ),
        [
            "networkPolicy.dependencies.a.hosts: opens the addresses of api.example.com on 443/TCP, which a guardrail "
            f"denies (all); remove the hosts, {OR_TO}"
        ],
    ),
}
# What is next to it and allowed.
TAKEN: dict[str, Values] = {
    "no rules": settings(),
    "another protocol": extra(TENANT_B, ports=[{"port": 443, "protocol": "UDP"}]),
    "another port": extra(TENANT_B, ports=[{"port": 8101}]),
    "a named port of another protocol": extra(TENANT_B, ports=[{"port": "http", "protocol": "SCTP"}]),
    "a network without it": extra({"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}),
    "the other family": extra({"ipBlock": {"cidr": "fd00:ec2::/120"}}),
    "labels that exclude it": extra({"namespaceSelector": {"matchLabels": {"tenant": "a"}}}),
    "addresses where pods are denied": settings(
        guardrails=denying({"namespaceSelector": {}}), egress=[{"to": [INTERNET]}], dns={"profile": "none"}
    ),
    "pods where addresses are denied": settings(
        guardrails=denying(INTERNET), egress=[{"to": [{"namespaceSelector": {}}]}]
    ),
    "another namespace than the release's": settings(
        guardrails=denying({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}),
        egress=[{"to": [{"podSelector": {}}]}],
    ),
    "callers where destinations are denied": settings(
        guardrails={"metadata": GUARDRAILS["metadata"]}, ingress=[{"from": [METADATA]}, {}]
    ),
    "no DNS rule": settings(guardrails=denying({"namespaceSelector": {}})),
    "the DNS of a profile, next to metadata": settings(
        dns={"profile": "nodelocal"}, guardrails={"metadata": GUARDRAILS["metadata"]}
    ),
    "no egress": settings(policyTypes=["Ingress"], dns={"profile": "any"}),
    "hosts where half of the addresses are denied": settings(
        dialect=CILIUM,
        guardrails=denying(NODES[0]),
        dependencies={"a": {"hosts": ["api.example.com"], "ports": HTTPS}},
    ),
    "entities": settings(
        dialect=CILIUM,
        guardrails=denying(INTERNET),
        dependencies={"a": {"entities": ["kube-apiserver"], "to": [INTERNET], "ports": HTTPS}},
    ),
    "hosts of a NetworkPolicy, whose peers count": settings(
        guardrails=denying(INTERNET),
        dependencies={"a": dependency(hosts=["api.example.com"])},
    ),
}


def problems(chart: Path, values: Values) -> list[str]:
    try:
        Embedded().template(chart, values)
    except HelmFailed as failed:
        return failed.problems or [str(failed)]
    return []


def test_refuses_rules_that_allow_what_a_guardrail_denies(unchecked_chart: Path) -> None:
    said = {name: problems(unchecked_chart, values) for name, (values, _) in REFUSED.items()}
    assert said == {name: messages for name, (_, messages) in REFUSED.items()}


def test_takes_what_is_next_to_it(unchecked_chart: Path) -> None:
    assert {name: problems(unchecked_chart, values) for name, values in TAKEN.items()} == {name: [] for name in TAKEN}


LABELS: dict[str, object] = {"rival": {"tenant": "b"}, "home": {"tenant": "a"}, "bare": {}}


def named(*names: str) -> dict[str, object]:
    name: dict[str, object] = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": list(names)}
    return {"namespaceSelector": {"matchExpressions": [name]}}


@pytest.mark.parametrize(
    ("denied", "refused"),
    [
        ({"matchLabels": {"tenant": "b"}}, ["rival", "unknown"]),
        (
            {"matchExpressions": [{"key": "tenant", "operator": "In", "values": ["a", "b"]}]},
            ["rival", "home", "unknown"],
        ),
        ({"matchExpressions": [{"key": "tenant", "operator": "NotIn", "values": ["a"]}]}, ["rival", "bare", "unknown"]),
        ({"matchExpressions": [{"key": "tenant", "operator": "Exists"}]}, ["rival", "home", "unknown"]),
        ({"matchExpressions": [{"key": "tenant", "operator": "DoesNotExist"}]}, ["bare", "unknown"]),
        ({"matchLabels": {"tenant": "b", "kubernetes.io/metadata.name": "home"}}, []),
        ({}, ["rival", "home", "bare", "unknown"]),
    ],
)
def test_a_known_namespace_is_refused_by_its_labels(
    engine: Engine, plain_chart: Path, denied: object, refused: list[str]
) -> None:
    names = [*LABELS, "unknown"]
    rules = [{"to": [named(name)]} for name in names] + [{"to": [named("home", "bare", "rival")]}]
    values = settings(guardrails=denying({"namespaceSelector": denied}), namespaceLabels=LABELS, egress=rules)
    places = [at for at, name in enumerate(names) if name in refused]
    places += [4] if {*refused} - {"unknown"} else []
    found: list[str] = []
    try:
        engine.template(plain_chart, values)
    except HelmFailed as failed:
        found = failed.problems
    assert [it.partition(":")[0] for it in found] == [f"networkPolicy.egress[{at}].to[0]" for at in places]


@pytest.mark.parametrize(
    ("peer", "is_refused"), [({"podSelector": {}}, False), ({"namespaceSelector": {}}, True), (named("home"), False)]
)
def test_a_release_in_a_known_namespace(
    engine: Engine, plain_chart: Path, peer: dict[str, object], *, is_refused: bool
) -> None:
    values = settings(
        guardrails=denying({"namespaceSelector": {"matchLabels": {"tenant": "b"}}}),
        namespaceLabels=LABELS,
        egress=[{"to": [peer]}],
    )
    if is_refused:
        with pytest.raises(HelmFailed, match="every pod in namespaces tenant=b"):
            engine.template(plain_chart, values, namespace="home")
    else:
        engine.template(plain_chart, values, namespace="home")


def test_every_engine_refuses_in_the_same_words(engine: Engine, plain_chart: Path) -> None:
    values, messages = REFUSED["a wider network"]
    with pytest.raises(HelmFailed) as failed:
        engine.template(plain_chart, values)
    assert failed.value.problems == messages


@pytest.mark.parametrize("removed", [{"guardrails": None}, {"guardrails": {"metadata": None}}], ids=["all", "one"])
def test_a_later_values_file_removes_no_guardrail(
    engine: Engine, plain_chart: Path, unchecked_chart: Path, removed: dict[str, object]
) -> None:
    with pytest.raises(HelmFailed) as failed:
        engine.template(unchecked_chart, settings(), {"networkPolicy": removed})
    said = {"all": "would remove every guardrail", "one": "would remove the guardrail"}
    place, words = ("", said["all"]) if removed["guardrails"] is None else (".metadata", said["one"])
    assert failed.value.problems == [f"networkPolicy.guardrails{place}: is null, which {words}; remove the line"]
    with pytest.raises(HelmFailed):
        engine.template(plain_chart, settings(), {"networkPolicy": removed})


def guardrail(**members: object) -> Values:
    return {"a": {"rules": [{"to": [METADATA], "allPorts": ["TCP"]}], **members}}


def ruled(**rule: object) -> Values:
    whole = {"to": [METADATA], "allPorts": ["TCP"], **rule}
    return guardrail(rules=[{key: value for key, value in whole.items() if value is not None}])


RULE = ".a.rules[0]"
PEER = f"{RULE}.to[0]"
MALFORMED: dict[str, tuple[object, str]] = {
    "a list": ([], ": [] is not a map; write each guardrail below its name"),
    "text": ({"a": "metadata"}, '.a: "metadata" is not a map; write purpose or rules below it'),
    "a misspelt key": (guardrail(rule=[]), ".a.rule: unknown key; write purpose or rules"),
    "a key of the cluster's": (guardrail(priority=1), ".a.priority: unknown key; write purpose or rules"),
    "a purpose that is not a string": (guardrail(purpose=["x"]), '.a.purpose: ["x"] is not text; write it in quotes'),
    "no rules": ({"a": {}}, ".a.rules: null is not a list; write what is denied, each rule after a hyphen"),
    "no rule": (guardrail(rules=[]), ".a.rules: is empty, so the guardrail denies nothing; write what is denied"),
    "a rule that is null": (
        guardrail(rules=[None]),
        f"{RULE}: null is not a rule; write to or from, and ports or allPorts, below it",
    ),
    "a misspelt key of a rule": (ruled(port=[]), f"{RULE}.port: unknown key; write to, from, ports or allPorts"),
    "no peers": (ruled(to=None), f"{RULE}: has neither to nor from; write one of the two"),
    "no peer": (ruled(to=[]), f"{RULE}.to: is empty; write at least one item"),
    "peers that are a map": (ruled(to={}), f"{RULE}.to: {{}} is not a list; write each item after a hyphen"),
    "both sides": (ruled(**{"from": [METADATA]}), f"{RULE}: has both to and from; write one of the two"),
    "no ports": (ruled(allPorts=None), f"{RULE}: has neither ports nor allPorts; write one of the two"),
    "both ports": (ruled(ports=HTTPS), f"{RULE}: has both ports and allPorts; write one of the two"),
    "another protocol": (
        ruled(allPorts=["tcp"]),
        f'{RULE}.allPorts[0]: "tcp" is not a protocol; write TCP, UDP or SCTP',
    ),
    "a port that is null": (
        ruled(allPorts=None, ports=[None]),
        f"{RULE}.ports[0]: null is not a map; write a port below it",
    ),
    "a named port": (
        ruled(allPorts=None, ports=[{"port": "http", "protocol": "TCP"}]),
        f'{RULE}.ports[0].port: "http" is not a port; write 1 to 65535',
    ),
    "no number": (
        ruled(allPorts=None, ports=[{"protocol": "TCP"}]),
        f"{RULE}.ports[0].port: is missing; write 1 to 65535",
    ),
    "no protocol": (
        ruled(allPorts=None, ports=[{"port": 80}]),
        f"{RULE}.ports[0].protocol: null is not a protocol; write TCP, UDP or SCTP",
    ),
    "a key of a port": (
        ruled(allPorts=None, ports=[{"port": 80, "protocol": "TCP", "endport": 90}]),
        f"{RULE}.ports[0].endport: unknown key; write port, endPort or protocol",
    ),
    "a range that falls": (
        ruled(allPorts=None, ports=[{"port": 90, "protocol": "TCP", "endPort": 80}]),
        f"{RULE}.ports[0].endPort: 80 is below port; write the last port of the range",
    ),
    "an empty peer": (
        ruled(to=[{}]),
        f"{PEER}.namespaceSelector: is missing; write the labels of namespaces, or {{}} for every namespace",
    ),
    "a misspelt peer": (
        ruled(to=[{"namespaceSelector": {}, "podselector": {}}]),
        f"{PEER}.podselector: unknown key; write ipBlock, namespaceSelector or podSelector",
    ),
    "a peer of two kinds": (
        ruled(to=[{**METADATA, "namespaceSelector": {}}]),
        f"{PEER}.ipBlock: cannot be used with podSelector or namespaceSelector; write it as its own peer",
    ),
    "addresses that are text": (
        ruled(to=[{"ipBlock": "10.0.0.0/8"}]),
        f'{PEER}.ipBlock: "10.0.0.0/8" is not a map; write cidr below it',
    ),
    "an except": (
        ruled(to=[{"ipBlock": {"cidr": "10.0.0.0/8", "except": []}}]),
        f"{PEER}.ipBlock.except: unknown key; write cidr",
    ),
    "an address": (
        ruled(to=[{"ipBlock": {"cidr": "10.0.0.1"}}]),
        f'{PEER}.ipBlock.cidr: "10.0.0.1" is not a network; write an address and a prefix length, such as '
        "203.0.113.0/24",
    ),
    "bits beyond the prefix": (
        ruled(to=[{"ipBlock": {"cidr": "10.1.0.0/8"}}]),
        f"{PEER}.ipBlock.cidr: 10.1.0.0/8 has bits beyond its prefix; write the first address of the network",
    ),
    "bits beyond an IPv6 prefix": (
        ruled(to=[{"ipBlock": {"cidr": "fd00::1/64"}}]),
        f"{PEER}.ipBlock.cidr: fd00::1/64 has bits beyond its prefix; write the first address of the network",
    ),
    "an IPv4-mapped network": (
        ruled(to=[{"ipBlock": {"cidr": "::ffff:10.0.0.0/104"}}]),
        f"{PEER}.ipBlock.cidr: ::ffff:10.0.0.0/104 is an IPv4-mapped network; write the IPv4 network",
    ),
    "namespaces that are null": (
        ruled(to=[{"namespaceSelector": None, "podSelector": {}}]),
        f"{PEER}.namespaceSelector: null is not a map; write matchLabels below it, or {{}} for all",
    ),
    "labels that are null": (
        ruled(to=[{"namespaceSelector": {"matchLabels": None}}]),
        f"{PEER}.namespaceSelector.matchLabels: is null, which means any labels; write labels, or remove the key",
    ),
    "a label that is true": (
        ruled(to=[{"namespaceSelector": {"matchLabels": {"tenant": True}}}]),
        f"{PEER}.namespaceSelector.matchLabels.tenant: true is not the value of a label; write letters, digits and -_. "
        "with 63 characters at most",
    ),
    "the key of a label": (
        ruled(to=[{"namespaceSelector": {}, "podSelector": {"matchLabels": {"an app": "x"}}}]),
        f'{PEER}.podSelector.matchLabels.an app: "an app" is not the key of a label; write a name of letters, digits '
        "and -_. with 63 characters at most",
    ),
    "In without values": (
        ruled(to=[{"namespaceSelector": {"matchExpressions": [{"key": "a", "operator": "In"}]}}]),
        f"{PEER}.namespaceSelector.matchExpressions[0].values: is empty; write at least one value after a hyphen",
    ),
}


def test_says_what_is_wrong_with_a_guardrail(unchecked_chart: Path) -> None:
    said = {name: problems(unchecked_chart, settings(guardrails=it)) for name, (it, _) in MALFORMED.items()}
    assert said == {name: [f"networkPolicy.guardrails{message}"] for name, (_, message) in MALFORMED.items()}


MALFORMED_LABELS: dict[str, tuple[object, str]] = {
    "null": (None, ": null is not a map; write the labels of each namespace below its name"),
    "a list": (["home"], ': ["home"] is not a map; write the labels of each namespace below its name'),
    "a namespace that is null": (
        {"home": None},
        ".home: null is not a map; write all labels of the namespace below it, or {} for none",
    ),
    "a label that is null": ({"home": {"tenant": None}}, ".home.tenant: has no value; write one, or remove the label"),
    "a label that is true": (
        {"home": {"tenant": True}},
        ".home.tenant: true is not the value of a label; write letters, digits and -_. with 63 characters at most",
    ),
}


def test_says_what_is_wrong_with_labels_of_namespaces(unchecked_chart: Path) -> None:
    said = {name: problems(unchecked_chart, settings(namespaceLabels=it)) for name, (it, _) in MALFORMED_LABELS.items()}
    assert said == {
        name: [f"networkPolicy.namespaceLabels{message}"] for name, (_, message) in MALFORMED_LABELS.items()
    }


def test_odd_labels_of_namespaces_are_refused_or_deny_what_the_sound_ones_deny(unchecked_chart: Path) -> None:
    opens = [{"to": [named("rival")], "ports": HTTPS}]
    labels = {"rival": {"tenant": "b"}}
    odd = (settings(namespaceLabels=it, egress=opens) for it in odd_values(labels))
    refusable = [it for it in odd if not is_valid(it)]
    assert len(refusable) > 20
    assert [it for it in refusable if not problems(unchecked_chart, it)] == []


def test_an_odd_guardrail_is_refused_or_denies_what_the_sound_one_denies(unchecked_chart: Path) -> None:
    """A part of another type, missing or under another name never lets through what was denied."""
    whole = {
        "a": {
            "purpose": "Why",
            "rules": [
                {"to": [METADATA], "allPorts": ["TCP"]},
                {"to": [DATABASES], "ports": [{"port": 8000, "endPort": 8100, "protocol": "TCP"}]},
            ],
        }
    }
    opens = [{"to": [METADATA], "ports": HTTPS}, {"to": [DATABASES], "ports": [{"port": 8050}]}]
    odd = (settings(guardrails=it, egress=opens) for it in odd_values(whole))
    refusable = [it for it in odd if not is_valid(it)]
    assert len(refusable) > 300
    assert [it for it in refusable if not problems(unchecked_chart, it)] == []


@pytest.fixture(scope="module")
def namespace_chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(ROOT / "namespace-policy", tmp_path_factory.mktemp("charts") / "namespace-policy"))


def test_a_namespace_and_its_opt_ins_are_checked_too(engine: Engine, namespace_chart: Path) -> None:
    opt_in = {
        "podSelector": {"matchLabels": {"internet": "allowed"}},
        "dependencies": {"all": dependency(to=[INTERNET])},
    }
    shop = {"release": {"name": "namespace-policy", "namespace": "shop"}, "optIns": {"internet": opt_in}}
    values = merge(settings(), {"networkPolicy": {**shop, "egress": [{"to": [METADATA]}]}})
    with pytest.raises(HelmFailed) as failed:
        engine.template(namespace_chart, values, release="namespace-policy", namespace="shop")
    assert failed.value.problems == [
        f"networkPolicy.optIns.internet.dependencies.all.to[0]: opens 169.254.169.254/32 on 5432/TCP, {BY_METADATA}; "
        f"write 169.254.169.254/32 below except, {OR_TO}",
        f"networkPolicy.egress[0].to[0]: opens 169.254.169.254/32 on every port of TCP, {BY_METADATA}; remove the "
        f"network, {OR_TO}",
    ]
