"""Policies of the whole cluster and their neighbours: each has one change that is wrong, to everybody or to us."""

from typing import Final, NamedTuple

CLUSTER: Final = """
apiVersion: policy.networking.k8s.io/v1beta1
kind: ClusterNetworkPolicy
metadata: {name: one}
spec:
  tier: Admin
  priority: 10
  subject: {pods: {namespaceSelector: {matchLabels: {team: red}}, podSelector: {matchLabels: {app: web}}}}
  egress:
  - name: data
    action: Deny
    to: [{networks: [10.0.0.0/8, "fd00::/8"]}]
    protocols: [{tcp: {destinationPort: {number: 443}}}, {udp: {destinationPort: {range: {start: 1, end: 65535}}}}]
  - {action: Accept, to: [{domainNames: ["*.example.com", api.example.org.]}]}
  - {action: Pass, to: [{namespaces: {}}, {pods: {podSelector: {}}}], protocols: [{destinationNamedPort: http}]}
  ingress:
  - {action: Deny, from: [{namespaces: {matchExpressions: [{key: team, operator: NotIn, values: [red]}]}}]}
"""
ADMIN: Final = """
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: one}
spec:
  priority: 1000
  subject: {namespaces: {matchLabels: {team: red}}}
  egress:
  - name: data
    action: Allow
    to: [{networks: [10.0.0.0/8]}]
    ports: [{portNumber: {port: 443}}, {portRange: {protocol: UDP, start: 8000, end: 8100}}]
  - {action: Pass, to: [{namespaces: {}}, {pods: {namespaceSelector: {}, podSelector: {}}}]}
  ingress:
  - {action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {port: 22, protocol: SCTP}}]}
"""
BASELINE: Final = (
    ADMIN.replace("kind: Admin", "kind: BaselineAdmin")
    .replace("name: one", "name: default")
    .replace("  priority: 1000\n", "")
    .replace("action: Pass", "action: Deny")
)
EKS: Final = """
apiVersion: networking.k8s.aws/v1alpha1
kind: ClusterNetworkPolicy
metadata: {name: one}
spec:
  tier: Baseline
  priority: 0
  subject: {namespaces: {matchLabels: {team: red}}}
  egress:
  - name: data
    action: Accept
    to: [{networks: [10.0.0.0/8]}]
    ports: [{portNumber: {port: 443}}, {portRange: {protocol: UDP, start: 8000, end: 8100}}]
  - {action: Pass, to: [{namespaces: {}}, {pods: {namespaceSelector: {}, podSelector: {}}}], ports: [{namedPort: http}]}
  ingress:
  - {action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {port: 22, protocol: SCTP}}]}
"""
KINDS: Final = (CLUSTER, CLUSTER.replace("v1beta1", "v1alpha2"), ADMIN, BASELINE, EKS)


class Neighbour(NamedTuple):
    """A policy with one change, and what is wrong then: part of the path, and of the problem."""

    manifest: str
    old: str
    new: str
    path: str
    said: str

    @property
    def changed(self) -> str:
        assert self.old in self.manifest, self.old
        return self.manifest.replace(self.old, self.new, 1)


def _many(text: str, count: int) -> str:
    return ", ".join(text.replace("#", str(number)) for number in range(count))


def _rules(count: int) -> str:
    return "  - {action: Deny, from: [{namespaces: {}}]}\n" * count


WRONG: Final = (
    Neighbour(CLUSTER, "tier: Admin", "tier: Middle", "spec.tier", "is not Admin or Baseline"),
    Neighbour(CLUSTER, "tier: Admin", "tier: null", "spec.tier", "is missing"),
    Neighbour(CLUSTER, "  tier: Admin\n", "", "spec.tier", "is missing"),
    Neighbour(CLUSTER, "  priority: 10\n", "", "spec.priority", "is missing"),
    Neighbour(CLUSTER, "priority: 10", "priority: 1001", "spec.priority", "between 0 and 1000"),
    Neighbour(CLUSTER, "priority: 10", "priority: -1", "spec.priority", "between 0 and 1000"),
    Neighbour(CLUSTER, "priority: 10", "priority: true", "spec.priority", "between 0 and 1000"),
    Neighbour(CLUSTER, "priority: 10", 'priority: "10"', "spec.priority", "between 0 and 1000"),
    Neighbour(CLUSTER, "subject: {pods:", "subject: {namespaces: {}, pods:", "spec.subject", "exactly one of"),
    Neighbour(ADMIN, "{namespaces: {matchLabels: {team: red}}}", "{}", "spec.subject", "exactly one of"),
    Neighbour(ADMIN, "  subject: {namespaces: {matchLabels: {team: red}}}\n", "", "spec.subject", "is missing"),
    Neighbour(CLUSTER, "spec:", "spec:\n  podSelector: {}", "spec.podSelector", "is an unknown field"),
    Neighbour(CLUSTER, "podSelector: {matchLabels: {app: web}}", "", "spec.subject.pods.podSelector", "is missing"),
    Neighbour(CLUSTER, "{podSelector: {}}", "{namespaceSelector: {}}", "to[1].pods.podSelector", "is missing"),
    Neighbour(
        ADMIN, "{namespaceSelector: {}, podSelector: {}}", "{podSelector: {}}", "namespaceSelector", "is missing"
    ),
    Neighbour(EKS, "{namespaceSelector: {}, podSelector: {}}", "{podSelector: {}}", "namespaceSelector", "is missing"),
    Neighbour(CLUSTER, "action: Deny\n", "action: Allow\n", "egress[0].action", "is not Accept or Deny or Pass"),
    Neighbour(ADMIN, "action: Allow", "action: Accept", "egress[0].action", "is not Allow or Deny or Pass"),
    Neighbour(BASELINE, "action: Allow", "action: Pass", "egress[0].action", "is not Allow or Deny"),
    Neighbour(EKS, "action: Accept", "action: Allow", "egress[0].action", "is not Accept or Deny or Pass"),
    Neighbour(CLUSTER, "    action: Deny\n", "", "egress[0].action", "is missing"),
    Neighbour(CLUSTER, "name: data", f"name: {'a' * 101}", "egress[0].name", "more than 100 characters"),
    Neighbour(CLUSTER, 'to: [{networks: [10.0.0.0/8, "fd00::/8"]}]', "to: []", "egress[0].to", "1 to 25 are allowed"),
    Neighbour(CLUSTER, '    to: [{networks: [10.0.0.0/8, "fd00::/8"]}]\n', "", "egress[0].to", "is missing"),
    Neighbour(
        CLUSTER, ", from: [{namespaces: {matchExp", ", to: [{namespaces: {matchExp", "ingress[0].to", "unknown field"
    ),
    Neighbour(CLUSTER, "to: [{networks", "to: [{}, {networks", "egress[0].to[0]", "exactly one of"),
    Neighbour(
        CLUSTER, "from: [", f"from: [{_many('{namespaces: {}}', 25)}, ", "ingress[0].from", "1 to 25 are allowed"
    ),
    Neighbour(
        ADMIN, "from: [", f"from: [{_many('{namespaces: {}}', 100)}, ", "ingress[0].from", "1 to 100 are allowed"
    ),
    Neighbour(EKS, "from: [", f"from: [{_many('{namespaces: {}}', 100)}, ", "ingress[0].from", "1 to 100 are allowed"),
    Neighbour(CLUSTER, "from: [", "from: [{networks: [10.0.0.0/8]}, ", "from[0].networks", "is an unknown field"),
    Neighbour(ADMIN, "from: [", "from: [{networks: [10.0.0.0/8]}, ", "from[0].networks", "is an unknown field"),
    Neighbour(CLUSTER, "  ingress:\n", f"  ingress:\n{_rules(25)}", "spec.ingress", "0 to 25 are allowed"),
    Neighbour(ADMIN, "  ingress:\n", f"  ingress:\n{_rules(100)}", "spec.ingress", "0 to 100 are allowed"),
    Neighbour(CLUSTER, "[10.0.0.0/8,", "[10.1.0.0/8,", "networks[0]", "write 10.0.0.0/8"),
    Neighbour(CLUSTER, "[10.0.0.0/8,", "[10.0.0.0,", "networks[0]", "has no prefix length"),
    Neighbour(CLUSTER, "[10.0.0.0/8,", '["::ffff:10.0.0.0/104",', "networks[0]", "IPv4-mapped"),
    Neighbour(CLUSTER, "[10.0.0.0/8,", "[010.0.0.0/8,", "networks[0]", "has no IPv4 or IPv6 address"),
    Neighbour(CLUSTER, "[10.0.0.0/8,", "[8,", "networks[0]", "must be a string"),
    Neighbour(CLUSTER, "[10.0.0.0/8,", "[10.0.0.0/8, 10.0.0.0/8,", "networks[1]", "is there twice"),
    Neighbour(CLUSTER, "[10.0.0.0/8,", f"[{_many('10.#.0.0/16', 25)},", "networks", "1 to 25 are allowed"),
    Neighbour(CLUSTER, '[10.0.0.0/8, "fd00::/8"]', "[]", "networks", "1 to 25 are allowed"),
    Neighbour(
        CLUSTER,
        '"fd00::/8"',
        '"2001:0db8:0000:0000:0000:0000:192.168.100.200/128"',
        "networks[1]",
        "more than 43 characters",
    ),
    Neighbour(ADMIN, "[10.0.0.0/8]", "[10.0.0.0/33]", "networks[0]", "prefix length between 0 and 32"),
    Neighbour(EKS, "[10.0.0.0/8]", "[10.0.0.0/8, 10.0.0.0/8]", "networks[1]", "is there twice"),
    Neighbour(CLUSTER, '"*.example.com"', '"*.*.example.com"', "domainNames[0]", "is not a DNS name"),
    Neighbour(CLUSTER, '"*.example.com"', '"*"', "domainNames[0]", "is not a DNS name"),
    Neighbour(CLUSTER, '"*.example.com"', '"example"', "domainNames[0]", "is not a DNS name"),
    Neighbour(CLUSTER, '"*.example.com"', f"{_many('a#.example.com', 25)}", "domainNames", "1 to 25 are allowed"),
    Neighbour(
        EKS, "action: Pass, to: [", "action: Pass, to: [{domainNames: [a.example]}, ", "domainNames", "only for rules"
    ),
    Neighbour(CLUSTER, "{tcp:", "{sctp: {destinationPort: {number: 1}}, tcp:", "protocols[0]", "exactly one of"),
    Neighbour(CLUSTER, "{destinationPort: {number: 443}}", "{}", "protocols[0].tcp.destinationPort", "is missing"),
    Neighbour(CLUSTER, "{number: 443}", "{}", "protocols[0].tcp.destinationPort", "exactly one of"),
    Neighbour(CLUSTER, "{number: 443}", "{number: 0}", "destinationPort.number", "between 1 and 65535"),
    Neighbour(CLUSTER, "{number: 443}", "{number: 65536}", "destinationPort.number", "between 1 and 65535"),
    Neighbour(CLUSTER, "{number: 443}", '{number: "443"}', "destinationPort.number", "between 1 and 65535"),
    Neighbour(CLUSTER, "start: 1,", "start: 65535,", "range.end", "must be greater than start"),
    Neighbour(CLUSTER, "start: 1,", "", "range.start", "is missing"),
    Neighbour(CLUSTER, "{number: 443}", "{number: null}", "tcp.destinationPort", "exactly one of"),
    Neighbour(CLUSTER, "{number: 443}", "null", "protocols[0].tcp.destinationPort", "is missing"),
    Neighbour(CLUSTER, "{podSelector: {}}", "{podSelector: null}", "to[1].pods.podSelector", "is missing"),
    Neighbour(CLUSTER, "to: [{networks", "to: [null, {networks", "egress[0].to[0]", "exactly one of"),
    Neighbour(CLUSTER, "[{destinationNamedPort: http}]", "[]", "egress[2].protocols", "1 to 25 are allowed"),
    Neighbour(
        CLUSTER,
        "protocols: [{dest",
        f"protocols: [{_many('{tcp: {destinationPort: {number: 1#}}}', 25)}, {{dest",
        "egress[2].protocols",
        "1 to 25 are allowed",
    ),
    Neighbour(CLUSTER, "to: [{namespaces", "to: [{networks: [10.0.0.0/8]}, {namespaces", "to[0]", "has no named ports"),
    Neighbour(
        CLUSTER, "to: [{namespaces", "to: [{domainNames: [a.example]}, {namespaces", "to[0]", "has no named ports"
    ),
    Neighbour(ADMIN, "{port: 443}", "{port: 443, protocol: 6}", "portNumber.protocol", "must be a string"),
    Neighbour(ADMIN, "{port: 443}", "{}", "portNumber.port", "is missing"),
    Neighbour(ADMIN, "{port: 443}", "{port: 443, endPort: 444}", "portNumber.endPort", "is an unknown field"),
    Neighbour(ADMIN, "{portNumber: {port: 443}}", "{}", "ports[0]", "exactly one of"),
    Neighbour(ADMIN, "start: 8000", "start: 0", "portRange.start", "between 1 and 65535"),
    Neighbour(
        ADMIN, "ports: [{portNumber: {port: 22", "protocols: [{portNumber: {port: 22", "protocols", "unknown field"
    ),
    Neighbour(EKS, "start: 8000", "start: 8100", "portRange.end", "must be greater than start"),
    Neighbour(BASELINE, "name: default", "name: other", "metadata.name", "the only one of this kind"),
    Neighbour(BASELINE, "spec:", "spec:\n  priority: 1", "spec.priority", "is an unknown field"),
    Neighbour(ADMIN, "spec:", "spec:\n  tier: Admin", "spec.tier", "is an unknown field"),
)
"""What an API server refuses by the custom resource definitions."""

UNREAD: Final = (
    # Labels of nodes are unknown here.
    Neighbour(CLUSTER, "to: [{networks", "to: [{nodes: {}}, {networks", "to[0].nodes", "selects nodes"),
    # By the API only for rules that accept; the plugins refuse it, as Cilium does, or leave it out.
    Neighbour(
        CLUSTER, "action: Accept, to: [{domainNames", "action: Deny, to: [{domainNames", "domainNames", "only for"
    ),
    Neighbour(CLUSTER, "tier: Admin", "tier: Baseline", "domainNames", "is not read in the tier Baseline"),
    # No pod has such a port, and no object such a label.
    Neighbour(
        CLUSTER, "destinationNamedPort: http", "destinationNamedPort: HTTP!", "destinationNamedPort", "port name"
    ),
    Neighbour(CLUSTER, "operator: NotIn", "operator: Outside", "matchExpressions[0].operator", "is not In, NotIn"),
    Neighbour(CLUSTER, "{app: web}", "{app: -web}", "matchLabels[app]", "is not a label value"),
    Neighbour(ADMIN, "{port: 443}", "{port: 443, protocol: ICMP}", "portNumber.protocol", "is not TCP, UDP or SCTP"),
    # The comments of the API require it, the definitions do not.
    Neighbour(ADMIN, "start: 8000", "start: 8100", "portRange.end", "must be greater than start"),
    # What the controller of EKS would read as other ports, or as every port.
    Neighbour(EKS, "[{namedPort: http}]", "[{}]", "ports[0]", "exactly one of"),
    Neighbour(EKS, "{namedPort: http}", "{namedPort: http, portNumber: {port: 1}}", "ports[0]", "exactly one of"),
    Neighbour(EKS, "Pass, to: [", "Pass, to: [{networks: [10.0.0.0/8]}, ", "to[0]", "has no named ports"),
    Neighbour(EKS, "[10.0.0.0/8]", "[nowhere]", "networks[0]", "is not a network"),
)
"""What an API server takes, and nobody here reads."""
