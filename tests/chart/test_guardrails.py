"""The chart of a cluster's guardrails: what it renders for each API, and what it refuses."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.contract.guardrails import GuardrailValuesDocument
from egressc.contract.validation import is_valid
from support.chart_copies import lint_and_package, with_notes, without_schema
from support.guardrail_samples import (
    ALL_PROTOCOLS,
    API_VERSIONS,
    CLUSTER,
    DATABASES,
    GUARDRAILS,
    METADATA,
    TENANT_B,
)
from support.helm_engines import ROOT, Binary, Embedded, Engine, HelmFailed, Values, merge
from support.odd_values import odd_values

CNP, CNP_BETA, ANP, EKS = API_VERSIONS
NAME, NAMESPACE = "guardrail-policy", "kube-system"
PORT = {"port": 443, "protocol": "TCP"}
HTTPS: dict[str, object] = {"ports": [PORT]}
EXPECTED = {CNP: "guardrails-cluster.yaml", ANP: "guardrails-admin.yaml", EKS: "guardrails-eks.yaml"}


@pytest.fixture(scope="session")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart without links, of which Helm speaks on stderr."""
    return Path(shutil.copytree(ROOT / NAME, tmp_path_factory.mktemp("charts") / NAME))


@pytest.fixture(scope="session")
def unchecked(chart: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return without_schema(chart, tmp_path_factory.mktemp("unchecked"))


def of_cluster(*changes: Values, api: str = CNP) -> Values:
    values = merge(CLUSTER, {"networkPolicy": {"apiVersion": api}})
    for each in changes:
        values = merge(values, {"networkPolicy": each})
    return values


def settings(*changes: Values) -> dict[str, object]:
    held = of_cluster(*changes)["networkPolicy"]
    assert isinstance(held, dict)
    return held


def guardrail(*rules: object, **members: object) -> Values:
    """Values with one guardrail, `a`."""
    whole: dict[str, object] = {"priority": 100, "namespaceSelector": {}, "rules": list(rules), **members}
    return {"networkPolicy": {**settings(), "guardrails": {"a": whole}}}


def text_of(engine: Engine, chart: Path, values: Values) -> str:
    return engine.template(chart, values, release=NAME, namespace=NAMESPACE)


def render(chart: Path, values: Values) -> list[dict[str, Any]]:
    return [it for it in yaml.safe_load_all(text_of(Embedded(), chart, values)) if it]


def problems(chart: Path, values: Values) -> list[str]:
    try:
        render(chart, values)
    except HelmFailed as failed:
        return failed.problems or [str(failed)]
    return []


@pytest.mark.parametrize("api", EXPECTED)
def test_renders_the_expected_text(
    engine: Engine, chart: Path, api: str, expect_text: Callable[[str, str], None]
) -> None:
    expect_text(EXPECTED[api], text_of(engine, chart, of_cluster(api=api)))


def test_the_newer_version_has_the_same_fields(chart: Path) -> None:
    older, newer = (text_of(Embedded(), chart, of_cluster(api=api)) for api in (CNP, CNP_BETA))
    assert newer == older.replace("/v1alpha2", "/v1beta1")


def test_objects_say_what_the_values_say(chart: Path) -> None:
    metadata, tenants = render(chart, of_cluster())
    assert (metadata["metadata"]["name"], tenants["metadata"]["name"]) == (f"{NAME}-metadata", f"{NAME}-tenants")
    assert "namespace" not in metadata["metadata"]
    assert (metadata["metadata"]["labels"]["team"], metadata["metadata"]["annotations"]) == ("platform", {"note": "on"})
    assert metadata["spec"] == {
        "tier": "Admin",
        "priority": 100,
        "subject": {"namespaces": {}},
        "egress": [
            {
                "name": "metadata-egress-1",
                "action": "Deny",
                "to": [{"networks": ["169.254.169.254/32", "fd00:ec2::254/128"]}],
            }
        ],
    }
    assert tenants["spec"]["subject"] == {
        "pods": {
            "namespaceSelector": {"matchLabels": {"tenant": "a"}},
            "podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]},
        }
    }
    assert tenants["spec"]["egress"][0]["to"] == [{"namespaces": TENANT_B["namespaceSelector"]}, {"pods": DATABASES}]
    assert [it["from"] for it in tenants["spec"]["ingress"]] == [[{"namespaces": TENANT_B["namespaceSelector"]}]]


@pytest.mark.parametrize("api", API_VERSIONS)
def test_nothing_but_denials_is_rendered(chart: Path, api: str) -> None:
    for policy in render(chart, of_cluster(api=api)):
        assert policy["apiVersion"] == api
        assert policy["spec"].get("tier", "Admin") == "Admin"
        rules = [*policy["spec"].get("egress", ()), *policy["spec"].get("ingress", ())]
        assert rules
        assert {it["action"] for it in rules} == {"Deny"}


def test_disabled_renders_nothing(engine: Engine, chart: Path) -> None:
    assert text_of(engine, chart, of_cluster({"enabled": False})).strip() == ""


def test_a_long_name_is_short_enough_and_its_own(chart: Path) -> None:
    rule = {"to": [METADATA], "allPorts": ["TCP"]}
    whole = {"priority": 1, "namespaceSelector": {}, "rules": [rule]}
    keys = [f"{'long-' * 12}{end}" for end in "ab"]
    policies = render(chart, {"networkPolicy": {**settings(), "guardrails": dict.fromkeys(keys, whole)}})
    names = [it["metadata"]["name"] for it in policies]
    assert len(set(names)) == 2
    assert all(len(name) <= 63 for name in names)
    assert all(len(rule["name"]) <= 100 for it in policies for rule in it["spec"]["egress"])


def triples(policy: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The direction, the peer and the port of everything that a policy denies, each network apart."""
    found = []
    for direction, side in (("egress", "to"), ("ingress", "from")):
        for rule in policy["spec"].get(direction, ()):
            for port in rule.get("protocols", rule.get("ports", ["everything"])):
                for peer in rule[side]:
                    found += [(direction, str(it), str(port)) for it in peer.get("networks", [peer])]
    return sorted(found)


LIMITS = {CNP: 25, CNP_BETA: 25, ANP: 100, EKS: 100}


@pytest.mark.parametrize("api", API_VERSIONS)
def test_what_is_too_much_for_a_rule_becomes_several(chart: Path, api: str) -> None:
    """Each kind has limits of its own, and none of them loses or repeats anything."""
    most = LIMITS[api]
    networks = [{"ipBlock": {"cidr": f"10.{n // 250}.{n % 250}.0/24"}} for n in range(most * 25 + 60)]
    namespaces = [{"namespaceSelector": {"matchLabels": {"team": f"t-{n}"}}} for n in range(most * 2 + 3)]
    ports = [{"port": n, "protocol": "TCP"} for n in range(1, most * 2 + 6)]
    values = guardrail(
        {"to": networks, "allPorts": ALL_PROTOCOLS}, {"from": namespaces, "ports": ports}, {"to": namespaces, **HTTPS}
    )
    (policy,) = render(chart, merge(values, {"networkPolicy": {"apiVersion": api}}))
    rules = {direction: policy["spec"][direction] for direction in ("egress", "ingress")}
    assert {direction: len(held) for direction, held in rules.items()} == {"egress": 2 + 3, "ingress": 3 * 3}
    for rule in [*rules["egress"], *rules["ingress"]]:
        peers, port_list = rule.get("to", rule.get("from")), rule.get("protocols", rule.get("ports", [{}]))
        assert 1 <= len(peers) <= most
        assert 1 <= len(port_list) <= most
        assert all(1 <= len(it["networks"]) <= 25 for it in peers if "networks" in it)
    names = [rule["name"] for held in rules.values() for rule in held]
    assert len(set(names)) == len(names)
    found = triples(policy)
    assert len(set(found)) == len(found)
    assert len(found) == len(networks) + len(namespaces) * len(ports) + len(namespaces)


PORTS: dict[str, tuple[dict[str, object], list[object], list[object]]] = {
    "number": (HTTPS, [{"tcp": {"destinationPort": {"number": 443}}}], [{"portNumber": PORT}]),
    "range": (
        {"ports": [{"port": 8000, "endPort": 8100, "protocol": "UDP"}]},
        [{"udp": {"destinationPort": {"range": {"start": 8000, "end": 8100}}}}],
        [{"portRange": {"protocol": "UDP", "start": 8000, "end": 8100}}],
    ),
    "range of one port": (
        {"ports": [{"port": 53, "endPort": 53, "protocol": "SCTP"}]},
        [{"sctp": {"destinationPort": {"number": 53}}}],
        [{"portNumber": {"protocol": "SCTP", "port": 53}}],
    ),
    "every port of two protocols": (
        {"allPorts": ["UDP", "TCP"]},
        [{name: {"destinationPort": {"range": {"start": 1, "end": 65535}}}} for name in ("udp", "tcp")],
        [{"portRange": {"protocol": name, "start": 1, "end": 65535}} for name in ("UDP", "TCP")],
    ),
}


def test_ports_of_each_kind(chart: Path) -> None:
    for api in API_VERSIONS:
        for name, (written, protocols, ports) in PORTS.items():
            values = merge(guardrail({"to": [METADATA], **written}), {"networkPolicy": {"apiVersion": api}})
            (rule,) = render(chart, values)[0]["spec"]["egress"]
            found = rule.get("protocols"), rule.get("ports")
            assert found == ((protocols, None) if api in (CNP, CNP_BETA) else (None, ports)), (api, name)
        everything = guardrail({"to": [METADATA], "allPorts": ["SCTP", "UDP", "TCP"]})
        (rule,) = render(chart, merge(everything, {"networkPolicy": {"apiVersion": api}}))[0]["spec"]["egress"]
        assert rule.keys() == {"name", "action", "to"}


def test_a_network_that_is_there_twice_is_denied_once(chart: Path) -> None:
    """The list of a peer's networks is a set: the API server refuses one with the same item twice."""
    (policy,) = render(chart, guardrail({"to": [METADATA, METADATA], **HTTPS}))
    assert policy["spec"]["egress"][0]["to"] == [{"networks": ["169.254.169.254/32"]}]


NOT_AN_API = (
    "is not an API that has such policies; write policy.networking.k8s.io/v1alpha2, policy.networking.k8s.io/v1beta1, "
    "policy.networking.k8s.io/v1alpha1, networking.k8s.aws/v1alpha1 or projectcalico.org/v3"
)
BELOW = "networkPolicy.guardrails.a"
RULE: dict[str, object] = {"to": [METADATA], **HTTPS}
# Without the schema, in exact words.
REFUSED: dict[str, tuple[Values, str]] = {
    "no release": (
        of_cluster({"release": None}),
        "networkPolicy.release: is missing; add a values file that `egressc compile` wrote, or write name and "
        "namespace of the release",
    ),
    "another release": (
        of_cluster({"release": {"name": "guardrails"}}),
        'networkPolicy.release.name: these values are for the release "guardrails", but this one is guardrail-policy; '
        "install it as guardrails, or write guardrail-policy in another values file",
    ),
    "another namespace": (
        of_cluster({"release": {"namespace": "platform"}}),
        "networkPolicy.release.namespace: these values are for the namespace platform, but this release is in "
        "kube-system; install with --namespace platform, or write kube-system in another values file",
    ),
    "no namespace": (
        of_cluster({"release": {"namespace": None}}),
        "networkPolicy.release.namespace: is missing; write the namespace of the release",
    ),
    "no API": (of_cluster({"apiVersion": None}), f"networkPolicy.apiVersion: null {NOT_AN_API}"),
    "another API": (
        of_cluster(api="networking.k8s.io/v1"),
        f'networkPolicy.apiVersion: "networking.k8s.io/v1" {NOT_AN_API}',
    ),
    "settings": (
        {"networkPolicy": "on"},
        'networkPolicy: "on" is not a map; write release, apiVersion and guardrails below it',
    ),
    "keys of a service": (
        of_cluster({"dns": {"profile": "none"}}),
        "networkPolicy.dns: unknown key; write release, enabled, apiVersion, guardrails, commonLabels or "
        "commonAnnotations",
    ),
    "a place of the library": (
        {**of_cluster(), "network-policy": {"networkPolicy": {}}},
        "network-policy.networkPolicy: is not read; write networkPolicy at the top of the values, next to the other "
        "keys of your chart",
    ),
    "a hook": (
        of_cluster({"commonAnnotations": {"helm.sh/hook": "test"}}),
        "networkPolicy.commonAnnotations.helm.sh/hook: takes the policy out of the release; remove it",
    ),
    "guardrails that a later file removed": (
        of_cluster({"guardrails": None}),
        "networkPolicy.guardrails: is null, which would remove every guardrail; remove the line",
    ),
    "a guardrail that a later file removed": (
        of_cluster({"guardrails": {"metadata": None}}),
        "networkPolicy.guardrails.metadata: is null, which would remove the guardrail; remove the line",
    ),
    "a misspelt key": (
        guardrail(RULE, podselector={}),
        f"{BELOW}.podselector: unknown key; write purpose, priority, namespaceSelector, podSelector or rules",
    ),
    "no rule": (guardrail(), f"{BELOW}.rules: is empty, so the guardrail denies nothing; write what is denied"),
    "no priority": (guardrail(RULE, priority=None), f"{BELOW}.priority: null is not a priority; write 0 to 1000"),
    "a priority in quotes": (
        guardrail(RULE, priority="1"),
        f'{BELOW}.priority: "1" is not a priority; write 0 to 1000',
    ),
    "a priority too high": (
        guardrail(RULE, priority=1001),
        f"{BELOW}.priority: 1001 is not a priority; write 0 to 1000",
    ),
    "a negative priority": (guardrail(RULE, priority=-1), f"{BELOW}.priority: -1 is not a priority; write 0 to 1000"),
    "half a priority": (guardrail(RULE, priority=1.5), f"{BELOW}.priority: 1.5 is not a priority; write 0 to 1000"),
    "namespaces that are null": (
        guardrail(RULE, namespaceSelector=None),
        f"{BELOW}.namespaceSelector: null is not a map; write matchLabels below it, or {{}} for all",
    ),
    "a label that a later file removed": (
        guardrail(RULE, namespaceSelector={"matchLabels": {"tenant": None}}),
        f"{BELOW}.namespaceSelector.matchLabels.tenant: has no value; write one, or remove the label",
    ),
    "pods that are text": (
        guardrail(RULE, podSelector="app=db"),
        f'{BELOW}.podSelector: "app=db" is not a map; write matchLabels below it, or {{}} for all',
    ),
    "addresses that connect": (
        guardrail({"from": [METADATA], **HTTPS}),
        f"{BELOW}.rules[0].from[0].ipBlock: cannot be denied, because a cluster-wide policy names who connects by "
        "namespaces and pods; remove the peer",
    ),
    "bits beyond the prefix": (
        guardrail({"to": [{"ipBlock": {"cidr": "10.1.0.0/8"}}], **HTTPS}),
        f"{BELOW}.rules[0].to[0].ipBlock.cidr: 10.1.0.0/8 has bits beyond its prefix; write the first address of the "
        "network",
    ),
    "too many rules": (
        guardrail(*[RULE] * 26),
        f"{BELOW}.rules: need 26 egress rules, but a ClusterNetworkPolicy can have 25; write several guardrails",
    ),
    "too many rules of EKS": (
        merge(guardrail(*[{"from": [TENANT_B], **HTTPS}] * 101), {"networkPolicy": {"apiVersion": EKS}}),
        f"{BELOW}.rules: need 101 ingress rules, but a ClusterNetworkPolicy can have 100; write several guardrails",
    ),
    "too many rules of AdminNetworkPolicy": (
        merge(guardrail(*[RULE] * 101), {"networkPolicy": {"apiVersion": ANP}}),
        f"{BELOW}.rules: need 101 egress rules, but an AdminNetworkPolicy can have 100; write several guardrails",
    ),
}


def test_says_what_is_wrong_and_what_to_write(unchecked: Path) -> None:
    said = {name: problems(unchecked, values) for name, (values, _) in REFUSED.items()}
    assert said == {name: [message] for name, (_, message) in REFUSED.items()}


def test_values_without_guardrails_are_refused(chart: Path, unchecked: Path) -> None:
    whole = settings()
    without = {"networkPolicy": {key: value for key, value in whole.items() if key != "guardrails"}}
    words = "add the values file that `egressc compile` wrote"
    assert problems(unchecked, without) == [f"networkPolicy.guardrails: is missing; {words}"]
    empty = {"networkPolicy": {**whole, "guardrails": {}}}
    assert problems(unchecked, empty) == [f"networkPolicy.guardrails: is empty; {words}"]
    assert problems(chart, {}) != []


def test_the_schema_refuses_it_too() -> None:
    """But what is of this release alone, below the name of the library, or counted."""
    others = {"another release", "another namespace", "bits beyond the prefix"}
    counted = {name for name in REFUSED if name.startswith("too many rules")}
    accepted = {name for name, (values, _) in REFUSED.items() if is_valid(values, GuardrailValuesDocument)}
    assert accepted == others | counted


@pytest.mark.parametrize("case", ["too many rules", "a guardrail that a later file removed", "another namespace"])
def test_every_engine_refuses_in_the_same_words(engine: Engine, unchecked: Path, case: str) -> None:
    values, message = REFUSED[case]
    with pytest.raises(HelmFailed) as failed:
        text_of(engine, unchecked, values)
    assert failed.value.problems == [message]


def test_a_later_values_file_removes_no_guardrail(engine: Engine, chart: Path, unchecked: Path) -> None:
    for each in (chart, unchecked):
        for removed in ({"guardrails": None}, {"guardrails": {"metadata": None}}):
            with pytest.raises(HelmFailed):
                engine.template(each, of_cluster(), {"networkPolicy": removed}, release=NAME, namespace=NAMESPACE)


def denials(policies: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Everything that policies deny, and for whom, in plain text."""
    for policy in policies:
        yield from ((str(policy["spec"]["subject"]), *it) for it in triples(policy))


def test_an_odd_value_is_refused_or_denies_as_much(unchecked: Path) -> None:
    """A part of another type, missing or under another name never lets through what was denied."""
    rules = [{"to": [METADATA, DATABASES], "allPorts": ["TCP"]}, {"from": [TENANT_B], "ports": [PORT]}]
    whole = guardrail(*rules, podSelector={"matchLabels": {"app": "web"}}, purpose="Why")
    denied = set(denials(render(unchecked, whole)))
    held = whole["networkPolicy"]
    assert isinstance(held, dict)
    weaker, asked = [], 0
    for odd in odd_values(held["guardrails"]):
        values = {"networkPolicy": {**held, "guardrails": odd}}
        if is_valid(values, GuardrailValuesDocument):
            continue
        asked += 1
        try:
            policies = render(unchecked, values)
        except HelmFailed:
            continue
        if not denied <= set(denials(policies)):
            weaker.append(odd)
    assert asked > 300
    assert weaker == []


def test_helm_finds_nothing_to_say_against_it(helm: Binary, chart: Path, tmp_path: Path) -> None:
    assert lint_and_package(helm, chart, of_cluster(), NAMESPACE, tmp_path).is_file()


def test_the_notes_say_what_is_denied(engine: Engine, chart: Path, tmp_path: Path) -> None:
    shown = with_notes(chart, tmp_path, "guardrails")
    said, off = (
        yaml.safe_load(text_of(engine, shown, of_cluster(*changes)))["notes"] for changes in ((), ({"enabled": False},))
    )
    assert said == NOTES
    assert off == (
        "networkPolicy.enabled is false: this release has no policies, and the cluster denies nothing that a guardrail "
        "denies.\n"
    )


NOTES = """No policy of a service or namespace can allow what these guardrails deny, each a ClusterNetworkPolicy:

  metadata: No pod reads the credentials of its node
    for every pod in every namespace
    no connection to 169.254.169.254/32
                  to fd00:ec2::254/128
                  on any/TCP, any/UDP, any/SCTP
  tenants
    for pods app in namespaces tenant=a
    no connection to every pod in namespaces tenant=b
                  to pods app=db in namespaces tenant notin (a)
                  on 443/TCP, 8000-8100/TCP, 53-53/UDP
    no connection from every pod in namespaces tenant=b
                  on any/TCP

The cluster needs a network plugin (CNI) that enforces these policies. One that does not lets everything through.

See the policies:

  kubectl get clusternetworkpolicies.policy.networking.k8s.io --selector app.kubernetes.io/instance=guardrail-policy
"""


def test_its_library_is_that_of_the_other_charts() -> None:
    linked = ROOT / NAME / "charts" / "network-policy"
    assert linked.resolve() == (ROOT / "charts" / "network-policy").resolve()
    locks = [(ROOT / name).read_text() for name in ("Chart.lock", f"{NAME}/Chart.lock")]
    assert locks[0] == locks[1]
    described = yaml.safe_load((ROOT / NAME / "Chart.yaml").read_text())
    other = yaml.safe_load((ROOT / "namespace-policy" / "Chart.yaml").read_text())
    shared = ("version", "appVersion", "kubeVersion", "dependencies")
    assert {key: described[key] for key in shared} == {key: other[key] for key in shared}


def test_the_sample_guards_what_services_are_checked_for() -> None:
    """The same guardrails are in the values of services and in those of the cluster."""
    held = CLUSTER["networkPolicy"]
    assert isinstance(held, dict)
    assert {name: it["rules"] for name, it in held["guardrails"].items()} == {
        name: it["rules"] for name, it in GUARDRAILS.items()
    }
