"""Policies of EKS and GKE that name hosts, and their neighbours: each has one change, wrong to everybody or to us."""

from typing import Final, NamedTuple

from support.cluster_policy_kinds import Neighbour

EKS: Final = """
apiVersion: networking.k8s.aws/v1alpha1
kind: ApplicationNetworkPolicy
metadata: {name: one, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress, Ingress]
  egress:
  - to: [{domainNames: [api.example.com, "*.Example.org."]}]
    ports: [{protocol: TCP, port: 443}, {protocol: UDP, port: 8000, endPort: 8100}]
  - to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {namespaceSelector: {}, podSelector: {}}]
    ports: [{port: http}]
  ingress:
  - from: [{podSelector: {matchExpressions: [{key: team, operator: In, values: [red]}]}}]
"""
GKE: Final = """
apiVersion: networking.gke.io/v1alpha1
kind: FQDNNetworkPolicy
metadata: {name: one, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  egress:
  - matches: [{name: api.Example.com.}, {pattern: "*.example.org"}, {pattern: "*"}]
    ports: [{protocol: TCP, port: 443}, {protocol: ALL}]
  - matches: [{pattern: "*.*.example.net"}]
"""
KINDS: Final = (EKS, GKE)
_FROM: Final = EKS[EKS.index("  - from:") :]
_LONG_LABEL: Final = "x" * 64


class Named(NamedTuple):
    """A policy with another host in its first rule, and which hosts that are, in our own spelling."""

    manifest: str
    new: str
    means: str

    @property
    def changed(self) -> str:
        old = (
            '[api.example.com, "*.Example.org."]'
            if self.manifest == EKS
            else '[{name: api.Example.com.}, {pattern: "*.example.org"}, {pattern: "*"}]'
        )
        assert old in self.manifest
        return self.manifest.replace(old, f"[{self.new}]", 1)


NAMES: Final = (
    Named(EKS, "example.com", "example.com"),
    Named(EKS, "EXAMPLE.com.", "example.com"),
    Named(EKS, '"*.example.com"', "**.example.com"),
    Named(EKS, '"*.Example.Com."', "**.example.com"),
    Named(EKS, "_dmarc.a_b.xn--p1ai", "_dmarc.a_b.xn--p1ai"),
    Named(GKE, "{name: example.com}", "example.com"),
    Named(GKE, "{name: EXAMPLE.com.}", "example.com"),
    Named(GKE, "{name: localhost}", "localhost"),
    Named(GKE, "{name: a_b.a--b.example}", "a_b.a--b.example"),
    Named(GKE, "{pattern: example.com}", "example.com"),
    Named(GKE, '{pattern: "*.example.com"}', "*.example.com"),
    Named(GKE, '{pattern: "*.*.*.Example.com."}', "*.*.*.example.com"),
    Named(GKE, '{pattern: "*.com"}', "*.com"),
    Named(GKE, '{pattern: "*"}', "*"),
)
"""What both take."""

WRONG: Final = (
    Neighbour(EKS, "  podSelector: {matchLabels: {app: web}}\n", "", "spec.podSelector", "is missing"),
    Neighbour(EKS, "  podSelector: {matchLabels: {app: web}}", "  podSelector: null", "spec.podSelector", "is missing"),
    Neighbour(EKS, "spec:", "spec:\n  subject: {}", "spec.subject", "is an unknown field"),
    Neighbour(EKS, "name: one", "name: One", "metadata.name", '"One"'),
    Neighbour(EKS, "[Egress, Ingress]", "Egress", "spec.policyTypes", "must be a list"),
    Neighbour(EKS, "[Egress, Ingress]", "[Egress, null]", "spec.policyTypes[1]", "must not be null"),
    Neighbour(EKS, '[api.example.com, "*.Example.org."]', "[]", "to[0].domainNames", "1 or more are needed"),
    Neighbour(EKS, "[api.example.com,", "[api.example.com, api.example.com,", "domainNames[1]", "is there twice"),
    Neighbour(EKS, "[api.example.com,", "[null,", "domainNames[0]", "must not be null"),
    Neighbour(EKS, "[api.example.com,", "[5,", "domainNames[0]", "must be a string"),
    Neighbour(EKS, "[api.example.com,", "[example,", "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", '["",', "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", '["*",', "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", '["*.example",', "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", '["*.*.example.com",', "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", '["**.example.com",', "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", '["a*.example.com",', "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", '["api.*.com",', "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", "[https://example.com,", "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", "[api..example.com,", "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", "[api-.example.com,", "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", "[-api.example.com,", "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", "[api.example.com..,", "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "[api.example.com,", '["api.example.com\\n",', "domainNames[0]", "is not a DNS name"),
    Neighbour(EKS, "{domainNames: [", "{podSelector: {}, domainNames: [", "egress[0].to[0]", "exclude each other"),
    Neighbour(EKS, "{domainNames: [", "{namespaceSelector: {}, domainNames: [", "to[0]", "exclude each other"),
    Neighbour(EKS, "{domainNames: [", "{ipBlock: {cidr: 10.0.0.0/8}, domainNames: [", "to[0]", "exclude each other"),
    Neighbour(EKS, "from: [", "from: [{domainNames: [a.example]}, ", "from[0].domainNames", "is an unknown field"),
    Neighbour(EKS, "  - to: [{ipBlock", "  - from: [{ipBlock", "egress[1].from", "is an unknown field"),
    Neighbour(EKS, "to: [{domain", "to: [null, {domain", "egress[0].to[0]", "must not be null"),
    Neighbour(EKS, "ingress:\n", "ingress:\n  - null\n", "ingress[0]", "must not be null"),
    Neighbour(EKS, "ports: [{port: http}]", "ports: [null]", "egress[1].ports[0]", "must not be null"),
    Neighbour(EKS, "{port: http}", "{port: true}", "ports[0].port", "is not a port between"),
    Neighbour(EKS, "endPort: 8100", 'endPort: "8100"', "ports[1].endPort", "is not a port between"),
    Neighbour(EKS, "{port: http}", "{port: 80, protocol: 6}", "ports[0].protocol", "must be a string"),
    Neighbour(EKS, "{port: http}", "{port: 80, name: http}", "ports[0].name", "is an unknown field"),
    Neighbour(EKS, "{cidr: 10.0.0.0/8, except", "{except", "ipBlock.cidr", "is not a network"),
    Neighbour(EKS, "operator: In, ", "", "matchExpressions[0].operator", "is not In, NotIn"),
    Neighbour(EKS, "values: [red]", "values: [null]", "matchExpressions[0].values[0]", "must not be null"),
    Neighbour(EKS, "{app: web}", "{app: 5}", "matchLabels[app]", "is not a label value"),
    Neighbour(GKE, "  podSelector: {matchLabels: {app: web}}\n", "", "spec.podSelector", "is missing"),
    Neighbour(GKE, "  podSelector: {matchLabels: {app: web}}", "  podSelector: null", "spec.podSelector", "is missing"),
    Neighbour(GKE, "spec:", "specification:", "spec", "is missing"),
    Neighbour(GKE, "spec:", "spec:\n  policyTypes: [Egress]", "spec.policyTypes", "is an unknown field"),
    Neighbour(GKE, "spec:", "spec:\n  ingress: []", "spec.ingress", "is an unknown field"),
    Neighbour(GKE, "{name: one, ", "{name: one.-, ", "metadata.name", '"one.-"'),
    Neighbour(GKE, "  egress:\n", "  rules:\n", "spec.egress", "is missing"),
    Neighbour(GKE, "  egress:\n", "  egress: []\n  rules:\n", "spec.egress", "1 or more are needed"),
    Neighbour(GKE, "  egress:\n", "  egress:\n  - null\n", "spec.egress[0]", "must not be null"),
    Neighbour(GKE, "  egress:\n", "  egress:\n  - {}\n", "spec.egress[0].matches", "is missing"),
    Neighbour(GKE, "  egress:\n", "  egress:\n  - {ports: [{port: 1}]}\n", "egress[0].matches", "is missing"),
    Neighbour(GKE, "  egress:\n", "  egress:\n  - {matches: []}\n", "egress[0].matches", "1 or more are needed"),
    Neighbour(GKE, "  egress:\n", "  egress:\n  - {matches: [null]}\n", "matches[0]", "must not be null"),
    Neighbour(GKE, "  egress:\n", "  egress:\n  - {to: [], matches: [{name: a}]}\n", "egress[0].to", "unknown field"),
    Neighbour(GKE, "{name: api.Example.com.}", "{}", "matches[0]", "exactly one of name, pattern"),
    Neighbour(GKE, "{name: api.Example.com.}", "{name: null}", "matches[0]", "exactly one of name, pattern"),
    Neighbour(GKE, "{name: api", '{pattern: "*", name: api', "matches[0]", "exactly one of name, pattern"),
    Neighbour(GKE, "{name: api", "{host: api", "matches[0].host", "is an unknown field"),
    Neighbour(GKE, "{name: api.Example.com.}", "{name: 5}", "matches[0].name", "must be a string"),
    Neighbour(GKE, "{name: api.Example.com.}", '{name: "*.example.com"}', "matches[0].name", "is not a DNS name"),
    Neighbour(GKE, "{name: api.Example.com.}", "{name: https://a.com}", "matches[0].name", "is not a DNS name"),
    Neighbour(GKE, "{name: api.Example.com.}", "{name: a..com}", "matches[0].name", "is not a DNS name"),
    Neighbour(GKE, "{name: api.Example.com.}", "{name: .com}", "matches[0].name", "is not a DNS name"),
    Neighbour(GKE, "{name: api.Example.com.}", "{name: -a.com}", "matches[0].name", "is not a DNS name"),
    Neighbour(GKE, "{name: api.Example.com.}", "{name: a-.com}", "matches[0].name", "is not a DNS name"),
    Neighbour(GKE, "{name: api.Example.com.}", "{name: _a.com}", "matches[0].name", "is not a DNS name"),
    Neighbour(GKE, "{name: api.Example.com.}", '{name: "a.com\\n"}', "matches[0].name", "is not a DNS name"),
    Neighbour(GKE, '{pattern: "*.example.org"}', '{pattern: "-*.org"}', "matches[1].pattern", "or a pattern of names"),
    Neighbour(GKE, '{pattern: "*.example.org"}', '{pattern: "*..org"}', "matches[1].pattern", "or a pattern of names"),
    Neighbour(GKE, "port: 443", "port: 0", "ports[0].port", "between 1 and 65535"),
    Neighbour(GKE, "port: 443", "port: 65536", "ports[0].port", "between 1 and 65535"),
    Neighbour(GKE, "port: 443", 'port: "443"', "ports[0].port", "between 1 and 65535"),
    Neighbour(GKE, "port: 443", "port: http", "ports[0].port", "between 1 and 65535"),
    Neighbour(GKE, "port: 443", "port: 443, endPort: 444", "ports[0].endPort", "is an unknown field"),
    Neighbour(GKE, "protocol: TCP", "protocol: SCTP", "ports[0].protocol", "is not TCP or UDP or ALL"),
    Neighbour(GKE, "protocol: TCP", "protocol: tcp", "ports[0].protocol", "is not TCP or UDP or ALL"),
    Neighbour(GKE, "protocol: TCP", 'protocol: ""', "ports[0].protocol", "is not TCP or UDP or ALL"),
    Neighbour(GKE, "protocol: TCP", "protocol: 6", "ports[0].protocol", "is not TCP or UDP or ALL"),
    Neighbour(GKE, "ports: [{", "ports: [null, {", "ports[0]", "must not be null"),
    Neighbour(GKE, "{app: web}", "{app: [web]}", "matchLabels[app]", "is not a label value"),
)
"""What an API server refuses by the custom resource definitions."""

UNREAD: Final = (
    # The definition requires no spec, and nobody says what a policy without one is.
    Neighbour(EKS, EKS[EKS.index("spec:") :], "", "spec", "is missing"),
    # EKS and NetworkPolicy differ: see the reader.
    Neighbour(
        EKS.replace("  ingress:\n", "  ingress: []\n").replace(_FROM, ""),
        "  policyTypes: [Egress, Ingress]\n",
        "",
        "spec.policyTypes",
        "is missing",
    ),
    Neighbour(EKS.replace("  ingress:\n" + _FROM, ""), "[Egress, Ingress]", "[]", "spec.policyTypes", "is missing"),
    # No host has such a name.
    Neighbour(EKS, "[api.example.com,", '["[a.example.com",', "domainNames[0]", "is not a DNS name"),
    # What the API server refuses in a NetworkPolicy, of which these fields are.
    Neighbour(EKS, "[Egress, Ingress]", "[egress, Ingress]", "policyTypes[0]", "is not Ingress or Egress"),
    Neighbour(EKS, "[Egress, Ingress]", "[Egress, Ingress, Egress]", "spec.policyTypes", "more than two entries"),
    Neighbour(EKS, "{port: http}", "{port: 0}", "egress[1].ports[0].port", "between 1 and 65535"),
    Neighbour(EKS, "{port: http}", '{port: "80"}', "egress[1].ports[0].port", "without quotes"),
    Neighbour(EKS, "{port: http}", "{port: http, endPort: 90}", "ports[0].endPort", "needs a port number"),
    Neighbour(EKS, "{port: http}", "{protocol: ICMP}", "ports[0].protocol", "is not TCP, UDP or SCTP"),
    Neighbour(EKS, "endPort: 8100", "endPort: 7999", "ports[1].endPort", "between 8000 and 65535"),
    Neighbour(EKS, "cidr: 10.0.0.0/8", "cidr: nowhere", "ipBlock.cidr", "is not a network"),
    Neighbour(EKS, "[10.1.0.0/16]", "[192.0.2.0/24]", "ipBlock.except[0]", "must be inside"),
    Neighbour(EKS, "to: [{ipBlock", "to: [{}, {ipBlock", "egress[1].to[0]", "must have a podSelector"),
    Neighbour(EKS, "{ipBlock: {", "{podSelector: {}, ipBlock: {", "egress[1].to[0]", "exclude each other"),
    Neighbour(EKS, "operator: In", "operator: Inside", "matchExpressions[0].operator", "is not In, NotIn"),
    Neighbour(EKS, "values: [red]", "values: []", "matchExpressions[0].values", "needs values"),
    Neighbour(EKS, "{app: web}", "{app: -web}", "matchLabels[app]", "is not a label value"),
    Neighbour(GKE, "{app: web}", f"{{app: {_LONG_LABEL}}}", "matchLabels[app]", "is not a label value"),
    # A name of nothing.
    Neighbour(GKE, "{name: api.Example.com.}", '{name: ""}', "matches[0].name", "is not a DNS name"),
    Neighbour(GKE, '{pattern: "*"}', '{pattern: ""}', "matches[2].pattern", "or a pattern of names"),
    # Characters of one label: no set of whole labels is that.
    Neighbour(GKE, '"*.example.org"', '"a*.example.org"', "matches[1].pattern", "no whole label before a name"),
    Neighbour(GKE, '"*.example.org"', '"**.example.org"', "matches[1].pattern", "no whole label before a name"),
    Neighbour(GKE, '"*.example.org"', '"www.*.org"', "matches[1].pattern", "no whole label before a name"),
    # Whether these are names of so many labels, or every name, the API does not say.
    Neighbour(GKE, '"*.example.org"', '"*."', "matches[1].pattern", "no whole label before a name"),
    Neighbour(GKE, '"*.example.org"', '"*.*"', "matches[1].pattern", "no whole label before a name"),
)
"""What an API server takes, and nobody here reads."""
