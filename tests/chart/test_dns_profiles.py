"""The DNS rule of each profile: whom it names, on which ports, over both protocols."""

from pathlib import Path

import pytest
import yaml

from helm_engines import Embedded, Engine, HelmFailed, Values


def pods(namespace: str, **labels: str) -> Values:
    return {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        "podSelector": {"matchLabels": labels},
    }


KUBE_DNS = pods("kube-system", **{"k8s-app": "kube-dns"})
PROFILES = {
    "kube-dns": ([KUBE_DNS], 53),
    "coredns": ([pods("kube-system", **{"k8s-app": "coredns"})], 53),
    "nodelocal": ([{"ipBlock": {"cidr": "169.254.20.10/32"}}, KUBE_DNS], 53),
    "openshift": ([pods("openshift-dns", **{"dns.operator.openshift.io/daemonset-dns": "default"})], 5353),
    "any": ([{"namespaceSelector": {}}, {"ipBlock": {"cidr": "0.0.0.0/0"}}, {"ipBlock": {"cidr": "::/0"}}], 53),
}


@pytest.mark.parametrize("profile", PROFILES)
def test_names_its_peers_and_both_protocols(engine: Engine, root_chart: Path, profile: str) -> None:
    peers, port = PROFILES[profile]
    policy = yaml.safe_load(engine.template(root_chart, {"networkPolicy": {"dns": {"profile": profile}}}))
    assert policy["spec"]["egress"] == [
        {"to": peers, "ports": [{"protocol": "UDP", "port": port}, {"protocol": "TCP", "port": port}]}
    ]


def test_custom_says_it_all_itself(engine: Engine, root_chart: Path) -> None:
    rule = {"to": [{"ipBlock": {"cidr": "10.0.0.10/32"}}], "ports": [{"port": 5300, "protocol": "UDP"}]}
    policy = yaml.safe_load(engine.template(root_chart, {"networkPolicy": {"dns": {"profile": "custom", **rule}}}))
    assert policy["spec"]["egress"] == [rule]


def test_the_profiles_in_the_message_are_those_that_render(unchecked_chart: Path) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, {"networkPolicy": {"dns": {"profile": "kubedns"}}})
    listed = failed.value.problems[0].partition("; write ")[2].replace(" or ", ", ").split(", ")
    assert listed == [*PROFILES, "custom"]
