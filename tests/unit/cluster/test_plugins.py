"""Network plugins and the DNS cache, by their DaemonSets."""

from egressc.cluster.plugins import Plugins, add_nodes, look_for_plugins
from support.recorded_cluster import daemon_set, node
from support.tables import each

_AGENT = {"name": "aws-eks-nodeagent", "args": ["--enable-ipv6=false", "--enable-network-policy=true"]}


@each(
    ("name", "found"),
    [
        ("calico-node", Plugins(("Calico",), (), "")),
        ("cilium", Plugins(("Cilium",), (), "")),
        ("kube-ovn-cni", Plugins(("Kube-OVN",), (), "")),
        ("kube-flannel-ds", Plugins((), ("Flannel",), "")),
        ("kube-flannel-ds-amd64", Plugins((), ("Flannel",), "")),
        ("kube-flannel", Plugins((), ("Flannel",), "")),
        ("kindnet", Plugins((), ("kindnet",), "")),
        ("node-exporter", Plugins((), (), "")),
        ("node-local-dns", Plugins((), (), "DaemonSet kube-system/node-local-dns", ("169.254.20.10",))),
        ("aws-node", Plugins((), ("the AWS VPC CNI",), "")),
    ],
)
def test_by_name(name: str, found: Plugins) -> None:
    assert look_for_plugins([daemon_set(name)]) == found


def test_the_aws_plugin_enforces_where_its_agent_is_told_to() -> None:
    assert look_for_plugins([daemon_set("aws-node", _AGENT)]).enforcing == ("the AWS VPC CNI",)
    told_not = {**_AGENT, "args": ["--enable-network-policy=false"]}
    assert look_for_plugins([daemon_set("aws-node", told_not)]).enforcing == ()


def test_flannel_enforces_where_its_chart_adds_an_agent() -> None:
    agents = ({"name": "kube-flannel"}, {"name": "kube-network-policies"})
    assert look_for_plugins([daemon_set("kube-flannel-ds", *agents)]) == Plugins(("Flannel",), (), "")


@each(
    ("image", "enforces"),
    [
        ("docker.io/kindest/kindnetd:v20240513-cd2ac642", False),
        ("docker.io/kindest/kindnetd:v20240813-c6f155d6", True),
        ("docker.io/kindest/kindnetd:v20260528-9350166c", True),
        ("mirror.example/kindnetd:latest", False),
    ],
)
def test_the_plugin_of_kind_enforces_since_a_day(image: str, enforces: bool) -> None:
    found = look_for_plugins([daemon_set("kindnet", {"name": "kindnet-cni", "image": image})])
    assert found == (Plugins(("kindnet",), (), "") if enforces else Plugins((), ("kindnet",), ""))


def test_the_dns_cache_says_where_it_listens() -> None:
    cache = {"name": "node-cache", "args": ["-localip", "169.254.25.10,10.96.0.10", "-conf", "/etc/Corefile"]}
    found = look_for_plugins([daemon_set("node-local-dns", cache)])
    assert found.node_local_addresses == ("169.254.25.10", "10.96.0.10")


NOTHING = Plugins((), (), "")


@each(
    ("arguments", "enforces"),
    [
        ((), True),
        (("server",), True),
        (("server", "--disable-network-policy"), False),
        (("server", "--disable-network-policy", "--flannel-backend=none"), False),
        (("server", "--disable-network-policy=true"), False),
        (("server", "--disable-network-policy=false"), True),
        (("server", "--disable-network-policy", "false"), True),
    ],
)
def test_k3s_enforces_by_itself_unless_it_is_told_not_to(arguments: tuple[str, ...], enforces: bool) -> None:
    nodes = [node("agent", "v1.31.4+k3s1", "agent"), node("server", "v1.31.4+k3s1", *arguments)]
    assert bool(add_nodes(NOTHING, nodes).enforcing) is enforces


@each("version", ["v1.31.4", "v1.31.4+rke2r1", "v1.31.4+k0s", ""])
def test_other_kubelets_enforce_nothing(version: str) -> None:
    assert add_nodes(NOTHING, [node("one", version)]) == NOTHING
