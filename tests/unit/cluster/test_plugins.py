"""Network plugins and the DNS cache, by their DaemonSets."""

import pytest

from egressc.cluster.plugins import Plugins, look_for_plugins
from recorded_cluster import daemon_set

_AGENT = {"name": "aws-eks-nodeagent", "args": ["--enable-ipv6=false", "--enable-network-policy=true"]}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("calico-node", Plugins(("Calico",), (), "")),
        ("cilium", Plugins(("Cilium",), (), "")),
        ("kube-flannel-ds", Plugins((), ("Flannel",), "")),
        ("node-exporter", Plugins((), (), "")),
        ("node-local-dns", Plugins((), (), "DaemonSet kube-system/node-local-dns")),
        ("aws-node", Plugins((), ("the AWS VPC CNI",), "")),
    ],
)
def test_by_name(name: str, found: Plugins) -> None:
    assert look_for_plugins([daemon_set(name)]) == found


def test_the_aws_plugin_enforces_where_its_agent_is_told_to() -> None:
    assert look_for_plugins([daemon_set("aws-node", _AGENT)]).enforcing == ("the AWS VPC CNI",)
    told_not = {**_AGENT, "args": ["--enable-network-policy=false"]}
    assert look_for_plugins([daemon_set("aws-node", told_not)]).enforcing == ()
