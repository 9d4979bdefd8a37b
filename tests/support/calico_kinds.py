"""Policies of Calico and their neighbours: each has one change, wrong to everybody, to Calico's own code, or to us.

Calico's custom resources do not look into selectors, networks and ports: what is wrong there they take.
"""

from typing import Final

from support.cluster_policy_kinds import Neighbour

POLICY: Final = """
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: one, namespace: shop}
spec:
  order: 900
  selector: app == 'web' && !has(canary)
  types: [Egress, Ingress]
  egress:
  - action: Allow
    protocol: TCP
    destination:
      namespaceSelector: team == 'data'
      selector: app in {'db'}
      ports: [5432, "8000:8100", http]
  - action: Deny
    protocol: UDP
    destination: {nets: [10.0.0.0/8], notNets: [10.1.0.0/16], notPorts: [53]}
  - {action: Allow, destination: {services: {name: kubernetes, namespace: default}}}
  - {action: Log}
  ingress:
  - action: Pass
    protocol: SCTP
    source: {selector: has(team), notSelector: team == 'red'}
    destination: {ports: [7000]}
"""
CLUSTER: Final = """
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: one}
spec:
  tier: default
  order: 10
  namespaceSelector: team == 'data'
  selector: all()
  types: [Egress]
  egress:
  - {action: Deny, destination: {namespaceSelector: global(), selector: role == 'banned'}}
  - {action: Allow, notProtocol: UDP}
"""
TIER: Final = """
apiVersion: projectcalico.org/v3
kind: Tier
metadata: {name: platform}
spec: {order: 100, defaultAction: Pass}
"""
SET: Final = """
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata: {name: banned, labels: {role: banned}}
spec: {nets: [203.0.113.0/24, 198.51.100.7]}
"""
KINDS: Final = (POLICY, CLUSTER, TIER, SET)
_RULE: Final = "spec.egress[0]"
_END: Final = f"{_RULE}.destination"
_SECOND: Final = "spec.egress[1].destination"
_FIFTY_ONE: Final = ", ".join(map(str, range(1, 52)))

WRONG: Final = (
    Neighbour(POLICY, "order: 900", "order: first", "spec.order", "is not a number"),
    Neighbour(POLICY, "order: 900", "priority: 900", "spec.priority", "is an unknown field"),
    Neighbour(POLICY, "order: 900", "namespaceSelector: all()", "spec.namespaceSelector", "is an unknown field"),
    Neighbour(POLICY, "[Egress, Ingress]", "[Egress, Egress]", "spec.types", "is there twice"),
    Neighbour(POLICY, "[Egress, Ingress]", "[Egress, Both]", "spec.types", "is not Ingress or Egress"),
    Neighbour(POLICY, "[Egress, Ingress]", "[]", "spec.types", "has 0 entries"),
    Neighbour(POLICY, "selector: app == 'web' && !has(canary)", "selector: global()", "spec.selector", "global()"),
    Neighbour(POLICY, "action: Allow", "action: Accept", f"{_RULE}.action", "is not Allow or Deny or Pass or Log"),
    Neighbour(POLICY, "- action: Allow\n    protocol", "- protocol", f"{_RULE}.action", "is missing"),
    Neighbour(POLICY, "destination:\n      namespace", "to:\n      namespace", f"{_RULE}.to", "is an unknown field"),
    Neighbour(POLICY, "selector: app in", "podSelector: app in", f"{_END}.podSelector", "is an unknown field"),
    Neighbour(POLICY, "{services: {name", "{ports: [1], services: {name", "spec.egress[2].destination", "has ports"),
    Neighbour(
        POLICY, "{services: {name", "{nets: [10.0.0.0/8], services: {name", "spec.egress[2].destination.nets", "cannot"
    ),
    Neighbour(POLICY, "{name: kubernetes, namespace: default}", "{name: ''}", "spec.egress[2]", "names a Service"),
    Neighbour(
        POLICY, "selector: has(team)", "selector: global()", "spec.ingress[0].source.selector", "only for namespaceSel"
    ),
    Neighbour(POLICY, "[53]", f"[{_FIFTY_ONE}]", f"{_SECOND}.notPorts", "51"),
    Neighbour(POLICY, "app in {'db'}", "app in {'" + "d" * 1024 + "'}", f"{_END}.selector", "1024"),
    Neighbour(CLUSTER, "order: 10\n", "order: 10\n  podSelector: {}\n", "spec.podSelector", "is an unknown field"),
    Neighbour(CLUSTER, "order: 10\n", "order: 10\n  doNotTrack: 'false'\n", "spec.doNotTrack", "is not true or false"),
    Neighbour(CLUSTER, "order: 10\n", "order: 10\n  preDNAT: 'no'\n", "spec.preDNAT", "is not true or false"),
    Neighbour(CLUSTER, "order: 10\n", "order: 10\n  preDNAT: 1\n", "spec.preDNAT", "is not true or false"),
    Neighbour(CLUSTER, "order: 10\n", "order: 10\n  applyOnForward: {}\n", "spec.applyOnForward", "is not true or"),
    Neighbour(TIER, "order: 100,", "order: high,", "spec.order", "is not a number"),
    Neighbour(TIER, "order: 100,", "rank: 100,", "spec.rank", "is an unknown field"),
    Neighbour(TIER, "{name: platform}", "{name: default}", "spec", "differs from the tier default that Calico creates"),
    Neighbour(SET, "nets: [203", "networks: [203", "spec.networks", "is an unknown field"),
)
"""What the API server refuses too."""

WRONG_TO_CALICO: Final = (
    Neighbour(POLICY, "app in {'db'}", "app === db", f"{_END}.selector", "cannot be read from"),
    Neighbour(POLICY, "team == 'data'", "team = 'data'", f"{_END}.namespaceSelector", "cannot be read"),
    Neighbour(POLICY, "app == 'web' &&", "app == 'web' &", "spec.selector", "cannot be read from"),
    Neighbour(POLICY, "    protocol: TCP\n", "", _END, "which need the protocol"),
    Neighbour(POLICY, "protocol: TCP", "protocol: ICMP", _END, "which need the protocol"),
    Neighbour(POLICY, "protocol: TCP", "protocol: tcp", f"{_RULE}.protocol", "is not a protocol"),
    Neighbour(POLICY, "protocol: TCP", "protocol: 256", f"{_RULE}.protocol", "is not a protocol"),
    Neighbour(POLICY, "5432", "0", f"{_END}.ports[0]", "is not between 1 and"),
    Neighbour(POLICY, "5432", "65536", f"{_END}.ports[0]", "is not between 1 and"),
    Neighbour(POLICY, '"8000:8100"', '"8100:8000"', f"{_END}.ports[1]", "ends before it starts"),
    Neighbour(POLICY, '"8000:8100"', '"8000-8100"', f"{_END}.ports[1]", "is not a port"),
    Neighbour(POLICY, "http]", "HTTP_]", f"{_END}.ports[2]", "is not a port"),
    Neighbour(POLICY, "[10.0.0.0/8]", "[10.0.0.0]", f"{_SECOND}.nets[0]", "has no prefix length"),
    Neighbour(POLICY, "[10.0.0.0/8]", "[10.0.0/8]", f"{_SECOND}.nets[0]", "has no IPv4 or IPv6"),
    Neighbour(POLICY, "[10.0.0.0/8]", '[10.0.0.0/8, "::/0"]', _SECOND, "of both address families"),
    Neighbour(
        CLUSTER, "global(), ", "global() || has(x), ", "spec.egress[0].destination.namespaceSelector", "global()"
    ),
)
"""What Calico's own code refuses, or reads as nothing, and its custom resources take."""

UNREAD: Final = (
    Neighbour(POLICY, "app == 'web' &&", "app contains 'web' &&", "spec.selector", "tests the text of the label"),
    Neighbour(POLICY, "app == 'web' && !has(canary)", "app == 'web' || has(canary)", "spec.selector", "alternatives"),
    Neighbour(POLICY, "order: 900", "order: 1000", "spec.order", "is the order of NetworkPolicies"),
    Neighbour(POLICY, "order: 900", "tier: platform", "spec.tier", "is in no manifest"),
    Neighbour(POLICY, "order: 900", "serviceAccountSelector: all()", "spec.serviceAccountSelector", "service accounts"),
    Neighbour(POLICY, "{name: kubernetes,", "{name: dns,", "spec.egress[2].destination.services", "names a Service"),
    Neighbour(
        POLICY,
        "selector: app in {'db'}",
        "serviceAccounts: {names: [db]}",
        f"{_END}.serviceAcc",
        "accounts",
    ),
    Neighbour(
        POLICY,
        "selector: app in {'db'}",
        "nets: [10.0.0.0/8]",
        f"{_END}.nets",
        "selects pods by addresses",
    ),
    Neighbour(POLICY, "{nets: [10.0.0.0/8], notNets", "{notNets", f"{_SECOND}.notNets", "alone also"),
    Neighbour(POLICY, "{action: Log}", "{action: Allow, ipVersion: 4}", "spec.egress[3].ipVersion", "by the family"),
    *(
        Neighbour(POLICY, "Allow, dest", f"Allow, ipVersion: {version}, dest", "spec.egress[2].ipVersion", "API server")
        for version in (4, 6)
    ),
    Neighbour(
        POLICY, "{action: Log}", "{action: Allow, source: {selector: has(x)}}", "spec.egress[3].source", "narrows"
    ),
    Neighbour(POLICY, "{ports: [7000]}", "{nets: [10.0.0.0/8]}", "spec.ingress[0].destination.nets", "narrows"),
    Neighbour(CLUSTER, "notProtocol: UDP", "destination: {notSelector: has(x)}", _SECOND, "alone also"),
    Neighbour(
        CLUSTER, "global(), ", "global(), notSelector: a contains 'b', ", "spec.egress[0].destination", "the text"
    ),
)
"""What is right, and not read."""
