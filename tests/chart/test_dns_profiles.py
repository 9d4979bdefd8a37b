"""The DNS rule of each profile: whom it names, on which ports, over both protocols."""

import json
import re
from pathlib import Path

import pytest
import yaml

from support.helm_engines import Embedded, Engine, HelmFailed, Values


def pods(namespace: str, **labels: str) -> Values:
    return {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        "podSelector": {"matchLabels": labels},
    }


KUBE_DNS = pods("kube-system", **{"k8s-app": "kube-dns"})
PROFILES = {
    "kube-dns": ([KUBE_DNS], 53),
    "k8s-app-coredns": ([pods("kube-system", **{"k8s-app": "coredns"})], 53),
    "nodelocal": ([{"ipBlock": {"cidr": "169.254.20.10/32"}}, KUBE_DNS], 53),
    "openshift": ([pods("openshift-dns", **{"dns.operator.openshift.io/daemonset-dns": "default"})], 5353),
    "any": ([{"namespaceSelector": {}}, {"ipBlock": {"cidr": "0.0.0.0/0"}}, {"ipBlock": {"cidr": "::/0"}}], 53),
}


@pytest.mark.parametrize("profile", PROFILES)
def test_names_its_peers_and_both_protocols(engine: Engine, plain_chart: Path, profile: str) -> None:
    peers, port = PROFILES[profile]
    policy = yaml.safe_load(engine.template(plain_chart, {"networkPolicy": {"dns": {"profile": profile}}}))
    assert policy["spec"]["egress"] == [
        {"to": peers, "ports": [{"protocol": "UDP", "port": port}, {"protocol": "TCP", "port": port}]}
    ]


def test_custom_says_it_all_itself(engine: Engine, plain_chart: Path) -> None:
    rule = {"to": [{"ipBlock": {"cidr": "10.0.0.10/32"}}], "ports": [{"port": 5300, "protocol": "UDP"}]}
    policy = yaml.safe_load(engine.template(plain_chart, {"networkPolicy": {"dns": {"profile": "custom", **rule}}}))
    assert policy["spec"]["egress"] == [rule]


def test_none_has_no_rule_for_dns(engine: Engine, plain_chart: Path) -> None:
    rule = {"to": [{"ipBlock": {"cidr": "10.0.0.10/32"}}], "ports": [{"port": 80, "protocol": "TCP"}]}
    for rest in ({"dependencies": {"a": rule}}, {"egress": [rule]}):
        policy = yaml.safe_load(engine.template(plain_chart, {"networkPolicy": {"dns": {"profile": "none"}, **rest}}))
        assert policy["spec"]["egress"] == [rule]


@pytest.mark.parametrize("dependencies", [{}, {"dropped": None}])
def test_none_alone_denies_everything(engine: Engine, plain_chart: Path, dependencies: Values) -> None:
    settings = {"dns": {"profile": "none"}, "dependencies": dependencies}
    spec = yaml.safe_load(engine.template(plain_chart, {"networkPolicy": settings}))["spec"]
    assert (spec["policyTypes"], spec["egress"]) == (["Egress"], [])


def test_a_part_alone_is_empty_too(engine: Engine, probe_chart: Path) -> None:
    none: Values = {"networkPolicy": {"dns": {"profile": "none"}}}

    def said(define: str, **probe: object) -> str:
        text = engine.template(probe_chart, none, {"probe": {"define": define, **probe}})
        output = json.loads(text.partition("output: ")[2])
        assert isinstance(output, str)
        return output

    assert said("network-policy.egress.dns", argument={"profile": "none"}) == "# DNS: none"
    assert yaml.safe_load(said("network-policy.egress")) == []
    assert "  DNS (none)\n    to nothing: the service cannot resolve names\n\n" in said("network-policy.policy.notes")


def test_the_profiles_in_the_message_are_those_that_render(unchecked_chart: Path) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, {"networkPolicy": {"dns": {"profile": "kubedns"}}})
    choices = re.sub(r" \([^)]*\)", "", failed.value.problems[0].partition("; write ")[2])
    assert choices.replace(" or ", ", ").split(", ") == [*PROFILES, "custom", "none"]
