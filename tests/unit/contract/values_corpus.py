"""Values documents with their near misses, one for every rule of the contract.

JSON Schema decides on `VALID` and `INVALID`. `ARITHMETIC` are invalid too, but only comparing two values shows it.
"""

from typing import Any

from egressc.model.management import UNMANAGED

Document = dict[str, Any]

PEER: Document = {"podSelector": {"matchLabels": {"app": "db"}}}
PORT: Document = {"port": 5432, "protocol": "TCP"}
DEPENDENCY: Document = {"to": [PEER], "ports": [PORT]}


HOSTS_ALONE: Document = {"hosts": ["api.example.com"], "ports": [PORT]}
ENTITIES_ALONE: Document = {"entities": ["kube-apiserver"], "ports": [PORT]}
CILIUM: Document = {"kind": "Cilium", "version": "1.19"}


def of_dialect(dialect: Any, **dependencies: Any) -> Document:
    return policy(dialect=dialect, dependencies=dependencies)


def policy(**members: Any) -> Document:
    return {"networkPolicy": members}


def extra(**rule: Any) -> Document:
    return policy(egress=[rule])


def dependency(**members: Any) -> Document:
    return policy(dependencies={"db": {**DEPENDENCY, **members}})


def caller(**members: Any) -> Document:
    return policy(policyTypes=["Ingress"], callers={"web": {"from": [PEER], "ports": [PORT], **members}})


def inward(**rule: Any) -> Document:
    return policy(policyTypes=["Ingress"], ingress=[rule])


def without(document: Document, member: str) -> Document:
    return {name: value for name, value in document.items() if name != member}


def peer(**members: Any) -> Document:
    return extra(to=[members])


def port(**members: Any) -> Document:
    return extra(to=[PEER], ports=[members])


def cidr(text: str, *excepts: str) -> Document:
    return peer(ipBlock={"cidr": text, "except": list(excepts)} if excepts else {"cidr": text})


def labels(**pairs: Any) -> Document:
    return peer(podSelector={"matchLabels": pairs})


def label(key: str, value: Any = "x") -> Document:
    return peer(podSelector={"matchLabels": {key: value}})


def expression(**members: Any) -> Document:
    return peer(podSelector={"matchExpressions": [members]})


def own_pods(**members: Any) -> Document:
    return policy(podSelector=members)


def release(**members: Any) -> Document:
    return policy(release=members, podSelector={"matchLabels": {"app": "web"}})


def probe(**members: Any) -> Document:
    return policy(probe={"enabled": True, **members})


def connection(**members: Any) -> Document:
    return probe(connections={"db": {"expect": "allow", "host": "db", "port": 5432, **members}})


METADATA: Document = {"ipBlock": {"cidr": "169.254.169.254/32"}}
DENIED: Document = {"to": [METADATA], "allPorts": ["TCP"]}


def guardrail(**members: Any) -> Document:
    return policy(guardrails={"metadata": {"rules": [DENIED], **members}})


def denied(**rule: Any) -> Document:
    """A guardrail with one rule, a member of which is left out by None."""
    whole = {**DENIED, **rule}
    return guardrail(rules=[{key: value for key, value in whole.items() if value is not None}])


def denied_peer(**members: Any) -> Document:
    return denied(to=[members])


VALID: dict[str, Document] = {
    "nothing": {},
    "empty policy": policy(),
    "disabled": policy(enabled=False),
    "release": release(name="rel", namespace="ns"),
    "release that a later file dropped": policy(release=None),
    "global": {"global": {"anything": [1]}},
    "name override": {"nameOverride": "checkout"},
    "empty name override": {"nameOverride": "", "fullnameOverride": ""},
    # rules
    "no extras": policy(egress=[]),
    "rule that allows everything": extra(),
    "rule without ports": extra(to=[PEER]),
    "rule without peers": extra(ports=[PORT]),
    "empty lists": extra(to=[], ports=[]),
    "same rule twice": policy(egress=[{"to": [PEER]}, {"to": [PEER]}]),
    # peers
    "any pod": peer(podSelector={}),
    "any namespace": peer(namespaceSelector={}),
    "both selectors": peer(namespaceSelector={}, podSelector={}),
    "addresses": cidr("203.0.113.0/24"),
    # CIDRs
    "every IPv4 address": cidr("0.0.0.0/0"),
    "every IPv6 address": cidr("::/0"),
    "one IPv4 address": cidr("203.0.113.7/32"),
    "one IPv6 address": cidr("2001:db8::1/128"),
    "upper-case IPv6": cidr("FE80:0:0::/64"),
    "whole IPv6": cidr("1:2:3:4:5:6:7:8/128"),
    "IPv6 with trailing colons": cidr("1:2:3:4:5:6:7::/112"),
    "IPv6 with an IPv4 tail": cidr("64:ff9b::192.0.2.0/120"),
    "two IPv4 excepts": cidr("10.0.0.0/8", "10.1.0.0/16", "10.2.3.4/32"),
    "IPv6 except": cidr("::/0", "fc00::/7"),
    # ports
    "first port": port(port=1),
    "last port": port(port=65535, protocol="TCP"),
    "protocol alone": port(protocol="SCTP"),
    "empty port": port(),
    "named port": port(port="http"),
    "named port of one letter": port(port="a"),
    "named port with digits first": port(port="8080-http"),
    "named port of fifteen characters": port(port="a23456789012345"),
    "range": port(port=8000, endPort=8100),
    "range of one": port(port=8000, endPort=8000),
    # labels
    "label": labels(app="db"),
    "empty label value": label("app", ""),
    "label with a prefix": label("app.kubernetes.io/name"),
    "label with odd characters": label("A_b.c-9", "A_b.c-9"),
    "label value of 63": label("app", "x" * 63),
    "label name of 63": label("x" * 63),
    "label prefix of 253": label(".".join(["x" * 62] * 4) + "yz/x"),
    # expressions
    "In": expression(key="app", operator="In", values=["a", "b"]),
    "NotIn": expression(key="app", operator="NotIn", values=["a"]),
    "Exists": expression(key="app", operator="Exists"),
    "DoesNotExist with empty values": expression(key="app", operator="DoesNotExist", values=[]),
    "selector with empty parts": peer(podSelector={"matchLabels": {}, "matchExpressions": []}),
    # the pods of the service
    "own labels": own_pods(matchLabels={"app": "x"}),
    "own expression": own_pods(matchExpressions=[{"key": "app", "operator": "Exists"}]),
    "own labels dropped for an expression": own_pods(
        matchLabels=None, matchExpressions=[{"key": "app", "operator": "Exists"}]
    ),
    "own label dropped": own_pods(matchLabels={"app": "x", "team": None}),
    "own labels dropped": policy(podSelector=None),
    # dependencies
    "dependency": dependency(),
    "dependency dropped": policy(dependencies={"db": None}),
    "dependency with words": dependency(name="Café {{ x }}", purpose="line\nbreak # and 'quotes'"),
    "dependency with hosts below a name": dependency(hosts=["*.example.com", "**.azure.com"]),
    "NetworkPolicy by its name": of_dialect({"kind": "NetworkPolicy"}, db=DEPENDENCY),
    "no dialect": of_dialect(None, db=DEPENDENCY),
    "Cilium": of_dialect(CILIUM, db=DEPENDENCY, llm=HOSTS_ALONE, api=ENTITIES_ALONE, gone=None),
    "Cilium with strict DNS": of_dialect({**CILIUM, "strictDns": True, "clusterDomain": "k8s.internal"}),
    "EKS": of_dialect({"kind": "EKS"}, db=DEPENDENCY, llm=HOSTS_ALONE, gone=None),
    "GKE": of_dialect({"kind": "GKE"}, db=DEPENDENCY, llm=HOSTS_ALONE),
    "Calico": of_dialect({"kind": "Calico"}, db=DEPENDENCY, api=ENTITIES_ALONE, gone=None),
    "staged policies of Calico": of_dialect({"kind": "CalicoStaged"}, db=DEPENDENCY),
    "caller that is an entity": {
        "networkPolicy": {"dialect": CILIUM, "policyTypes": ["Ingress"], "callers": {"api": ENTITIES_ALONE}}
    },
    "dependency with hosts": dependency(hosts=["api.example.com", "localhost", "x.1a"]),
    "dependency with a named port": dependency(ports=[{"port": "http", "protocol": "TCP"}]),
    "dependency with a range": dependency(ports=[{"port": 1, "endPort": 2, "protocol": "TCP"}]),
    "dependency on all ports": policy(dependencies={"db": {"to": [PEER], "allPorts": ["TCP", "UDP", "SCTP"]}}),
    "ports dropped for allPorts": dependency(ports=None, allPorts=["TCP"]),
    "dependency in any namespace": dependency(to=[{"namespaceSelector": {}}]),
    "key of 63 characters": policy(dependencies={"x" * 63: DEPENDENCY}),
    # directions
    "egress alone": policy(policyTypes=["Egress"]),
    "ingress alone": policy(policyTypes=["Ingress"]),
    "both directions": policy(
        policyTypes=["Ingress", "Egress"],
        dependencies={"db": DEPENDENCY},
        callers={"web": {"from": [PEER], "ports": [PORT]}},
        egress=[{"to": [PEER]}],
        ingress=[{"from": [PEER]}],
    ),
    "policy types dropped": policy(policyTypes=None, dependencies={"db": DEPENDENCY}, egress=[{}]),
    "nothing left of ingress": policy(callers={"web": None}, ingress=[]),
    "nothing left of egress": policy(policyTypes=["Ingress"], dependencies={"db": None}, egress=[]),
    "dns of ingress alone": policy(policyTypes=["Ingress"], dns={"profile": "kube-dns"}),
    "caller": caller(),
    "caller on all ports": caller(ports=None, allPorts=["TCP", "UDP", "SCTP"]),
    "caller from addresses": caller(**{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}, hosts=["lb.example.com"]),
    "ingress rule that allows everything": inward(),
    "ingress rule without ports": inward(**{"from": [PEER]}),
    "ingress rule without peers": inward(ports=[PORT]),
    "empty lists of ingress": inward(**{"from": [], "ports": []}),
    # DNS
    "dns": policy(dns={"profile": "kube-dns"}),
    "dns with dropped peers": policy(dns={"profile": "any", "to": None, "ports": None}),
    "dns by its label": policy(dns={"profile": "k8s-app-coredns"}),
    "no dns": policy(dns={"profile": "none"}),
    "custom dns": policy(dns={"profile": "custom", "to": [PEER], "ports": [PORT]}),
    "dns dropped": policy(dns=None),
    # probes
    "probe": probe(),
    "probe dropped": policy(probe=None),
    "probe that is off": policy(probe={}),
    "probe with least numbers": probe(timeoutSeconds=1, attempts=1, settleSeconds=0),
    "probe with most numbers": probe(timeoutSeconds=60, attempts=10, settleSeconds=300),
    "probe with an image by digest": probe(image="registry.example.com:5000/a/b@sha256:" + "0" * 64),
    "probe with an odd image": probe(image='$(HOME)$$"\\{{x}}'),
    "probe with a long name": probe(dnsName=".".join(["x" * 62] * 4)),
    "probe with labels": probe(podLabels={"tier": "a", "gone": None}, control={"podLabels": {"a/b": "", "c": None}}),
    "probe without control": probe(control={"enabled": False}),
    "probe's control dropped": probe(control=None),
    "probe with a Secret": probe(imagePullSecrets=[{"name": "my.registry"}]),
    "connection": connection(),
    "connection dropped": probe(connections={"db": None}),
    "connections": probe(
        connections={
            "a": {"expect": "allow", "host": "db.shop.svc.cluster.local", "port": 1, "protocol": "UDP"},
            "x" * 63: {"expect": "deny", "host": "db", "port": 65535, "protocol": None},
            "0": {"expect": "deny", "host": "x.1a", "port": 80, "protocol": "SCTP"},
        }
    ),
    "connection to an IPv4 address": connection(host="169.254.169.254"),
    "connection to an IPv6 address": connection(host="FD00::1:2"),
    "connection to an IPv6 address with an IPv4 tail": connection(host="64:ff9b::192.0.2.1"),
    # metadata
    "common label dropped": policy(commonLabels={"a": None}, commonAnnotations={"a": None}),
    "common labels": policy(
        commonLabels={"team.example.com/name": "a"}, commonAnnotations={"A.example/b": "any text\n"}
    ),
    # guardrails
    "no guardrails": policy(guardrails={}),
    "guardrail": guardrail(),
    "guardrail with a purpose": guardrail(purpose="No pod reads the credentials of its node"),
    "guardrail that denies callers": denied(**{"to": None, "from": [{"namespaceSelector": {}, "podSelector": {}}]}),
    "guardrail that denies addresses as callers": denied(**{"to": None, "from": [METADATA]}),
    "guardrail for a range of one port": denied(
        allPorts=None, ports=[{"port": 443, "endPort": 443, "protocol": "TCP"}, {"port": 1, "protocol": "SCTP"}]
    ),
    "labels of namespaces": policy(namespaceLabels={"shop": {"tenant": "a"}, "kube-system": {}}),
    "no labels of namespaces": policy(namespaceLabels={}),
    "guardrail of a namespace": {"networkPolicy": {"guardrails": {"metadata": {"rules": [DENIED, DENIED]}}}},
}

INVALID: dict[str, Document] = {
    "release without its pods": policy(release={"name": "rel", "namespace": "ns"}),
    "release whose pods were dropped": policy(release={"name": "rel", "namespace": "ns"}, podSelector=None),
    "release that is a word": policy(release="rel", podSelector={"matchLabels": {"app": "web"}}),
    "empty release": release(),
    "release without a namespace": release(name="rel"),
    "release whose namespace was dropped": release(name="rel", namespace=None),
    "release without a name": release(namespace="ns"),
    "release with something else": release(name="rel", namespace="ns", context="prod"),
    "release in no namespace that can be": release(name="rel", namespace="Ns"),
    "release with a name that cannot be": release(name="rel_1", namespace="ns"),
    # probes
    "probe's key": probe(connection={}),
    "probe as text": policy(probe="on"),
    "probe switched by a word": policy(probe={"enabled": "yes"}),
    "probe's timeout of nothing": probe(timeoutSeconds=0),
    "probe's timeout above a minute": probe(timeoutSeconds=61),
    "probe's timeout in quotes": probe(timeoutSeconds="3"),
    "no attempt": probe(attempts=0),
    "eleven attempts": probe(attempts=11),
    "half an attempt": probe(attempts=1.5),
    "settling before time began": probe(settleSeconds=-1),
    "settling too long": probe(settleSeconds=301),
    "no image": probe(image=""),
    "image with a blank": probe(image="busybox 1.37"),
    "image with a line break": probe(image="busybox\n"),
    "dnsName as an address": probe(dnsName="10.0.0.10"),
    "dnsName as an option": probe(dnsName="-debug"),
    "dnsName of two lines": probe(dnsName="a\nok"),
    "probe's label": probe(podLabels={"tier": 5}),
    "probe's label key": probe(podLabels={"a b": "c"}),
    "probe's label value": probe(podLabels={"tier": "a b"}),
    "control as a list": probe(control=[]),
    "control's key": probe(control={"labels": {}}),
    "control switched by a word": probe(control={"enabled": "no"}),
    "control's label": probe(control={"podLabels": {"a": 1}}),
    "Secret as text": probe(imagePullSecrets=["registry"]),
    "Secret without a name": probe(imagePullSecrets=[{}]),
    "Secret with a null": probe(imagePullSecrets=[{"name": None}]),
    "Secret's name": probe(imagePullSecrets=[{"name": "A"}]),
    "Secret's key": probe(imagePullSecrets=[{"name": "a", "namespace": "b"}]),
    "connections as a list": probe(connections=[]),
    "connection as text": probe(connections={"db": "db:5432"}),
    "connection's key": connection(hosts=["db"]),
    "connection that expects nothing": probe(connections={"db": {"host": "db", "port": 1}}),
    "connection to nowhere": probe(connections={"db": {"expect": "deny", "port": 1}}),
    "connection to no port": probe(connections={"db": {"expect": "deny", "host": "db"}}),
    "connection that expects something else": connection(expect="Allow"),
    "connection to a URL": connection(host="http://db"),
    "connection to a host and port": connection(host="db:80"),
    "connection to an option": connection(host="-e"),
    "connection to a host of two lines": connection(host="db\nok 9"),
    "connection to a host with a variable": connection(host="$(HOME)"),
    "connection to a host with an end": connection(host="db."),
    "connection to a network": connection(host="10.0.0.0/8"),
    "connection to an address with a zone": connection(host="fe80::1%eth0"),
    "connection to port 0": connection(port=0),
    "connection to port 65536": connection(port=65536),
    "connection to a named port": connection(port="http"),
    "connection to a port in quotes": connection(port="80"),
    "connection over another protocol": connection(protocol="ICMP"),
    "connection's name in upper case": probe(connections={"DB": {"expect": "allow", "host": "db", "port": 1}}),
    "connection's name of 64 characters": probe(connections={"x" * 64: {"expect": "deny", "host": "a", "port": 1}}),
    "connection's name of two lines": probe(connections={"a\nok": {"expect": "allow", "host": "db", "port": 1}}),
    "unknown member at the top": {"service": {}},
    "policy is a list": {"networkPolicy": []},
    "policy is null": {"networkPolicy": None},
    "unknown member": policy(egres=[]),
    "enabled is a word": policy(enabled="true"),
    "enabled is a number": policy(enabled=1),
    "enabled is null": policy(enabled=None),
    "name override with a capital": {"nameOverride": "Checkout"},
    "name override too long": {"fullnameOverride": "x" * 64},
    "name override with a line feed": {"nameOverride": "checkout\n"},
    # rules
    "extras are a map": policy(egress={}),
    "extras are null": policy(egress=None),
    "extra is null": policy(egress=[None]),
    "extra has an ingress word": policy(egress=[{"from": [PEER]}]),
    "to is a map": extra(to=PEER),
    "to is null": extra(to=None),
    "ports are null": extra(ports=None),
    # peers
    "empty peer": peer(),
    "peer is null": extra(to=[None]),
    "peer with a null selector": peer(podSelector=None),
    "addresses and pods": peer(ipBlock={"cidr": "10.0.0.0/8"}, podSelector={}),
    "addresses and namespaces": peer(ipBlock={"cidr": "10.0.0.0/8"}, namespaceSelector={}),
    "unknown peer": peer(serviceSelector={}),
    "addresses without cidr": peer(ipBlock={}),
    "addresses as text": peer(ipBlock="10.0.0.0/8"),
    "except is null": peer(ipBlock={"cidr": "10.0.0.0/8", "except": None}),
    # CIDRs
    "address without length": cidr("10.0.0.0"),
    "IPv6 address without length": cidr("2001:db8::1"),
    "leading zero in the address": cidr("010.0.0.0/8"),
    "leading zero in the length": cidr("10.0.0.0/08"),
    "leading zero in an IPv6 length": cidr("2001:db8::/032"),
    "IPv4 length of 33": cidr("10.0.0.0/33"),
    "IPv6 length of 129": cidr("::/129"),
    "octet of 256": cidr("256.0.0.0/8"),
    "three octets": cidr("10.0.0/8"),
    "five octets": cidr("10.0.0.0.0/8"),
    "netmask": cidr("10.0.0.0/255.0.0.0"),
    "zone": cidr("fe80::%eth0/64"),
    "group of five digits": cidr("20010:db8::/32"),
    "two double colons": cidr("2001::db8::/32"),
    "a name for a network": cidr("internet"),
    "network with a blank": cidr(" 10.0.0.0/8"),
    "network with a line feed": cidr("10.0.0.0/8\n"),
    "network with other digits": cidr("\u0661\u0660.0.0.0/8"),
    "negative length": cidr("10.0.0.0/-1"),
    "except without length": cidr("10.0.0.0/8", "10.1.2.3"),
    # ports
    "port zero": port(port=0),
    "port 65536": port(port=65536),
    "negative port": port(port=-1),
    "port with a fraction": port(port=80.5),
    "port is true": port(port=True),
    "port is null": port(port=None),
    "quoted number": port(port="80"),
    "name of sixteen characters": port(port="a234567890123456"),
    "name with a capital": port(port="Http"),
    "name with an underscore": port(port="my_port"),
    "name with two hyphens": port(port="a--b"),
    "name with a hyphen first": port(port="-a"),
    "name with a hyphen last": port(port="a-"),
    "name without a letter": port(port="1-2"),
    "empty name": port(port=""),
    "name with a line feed": port(port="http\n"),
    "protocol in lower case": port(port=80, protocol="tcp"),
    "protocol unknown": port(port=80, protocol="ICMP"),
    "protocol is null": port(port=80, protocol=None),
    "endPort without port": port(endPort=90),
    "endPort with a name": port(port="http", endPort=90),
    "endPort zero": port(port=80, endPort=0),
    "endPort 65536": port(port=80, endPort=65536),
    "endPort is a name": port(port=80, endPort="http"),
    "endPort is null": port(port=80, endPort=None),
    "port as Services have it": port(targetPort=80),
    # labels
    "label value is a number": label("app", 1),
    "label value is true": label("app", True),
    "label value is null": label("app", None),
    "label value of 64": label("app", "x" * 64),
    "label value with a blank": label("app", "a b"),
    "label value with a hyphen first": label("app", "-a"),
    "label value with a dot last": label("app", "a."),
    "label value with a line feed": label("app", "a\n"),
    "label value with an umlaut": label("app", "ü"),
    "label key empty": label(""),
    "label key with a line feed": label("app\n"),
    "label key of 64": label("x" * 64),
    "label key with two slashes": label("a/b/c"),
    "label key with nothing before its slash": label("/b"),
    "label key with nothing after its slash": label("a/"),
    "label prefix with a capital": label("A/b"),
    "label prefix of 254": label(".".join(["x" * 62] * 4) + "xyz/x"),
    # expressions
    "In without values": expression(key="app", operator="In"),
    "NotIn with empty values": expression(key="app", operator="NotIn", values=[]),
    "Exists with values": expression(key="app", operator="Exists", values=["a"]),
    "operator in lower case": expression(key="app", operator="in", values=["a"]),
    "operator of another dialect": expression(key="app", operator="Gt", values=["1"]),
    "expression without key": expression(operator="Exists"),
    "expression without operator": expression(key="app"),
    "expression with a bad key": expression(key="a/b/c", operator="Exists"),
    "expression with a bad value": expression(key="app", operator="In", values=["a b"]),
    "expression with a number": expression(key="app", operator="In", values=[1]),
    "labels outside matchLabels": peer(podSelector={"app": "db"}),
    # the pods of the service
    "own selector empty": own_pods(),
    "own labels empty": own_pods(matchLabels={}),
    "own expressions empty": own_pods(matchExpressions=[]),
    "own parts null": own_pods(matchLabels=None, matchExpressions=None),
    "own labels all null": own_pods(matchLabels={"app": None, "team": None}),
    "own labels without matchLabels": own_pods(app="x"),
    # dependencies
    "dependencies are a list": policy(dependencies=[DEPENDENCY]),
    "dependency without to": policy(dependencies={"db": {"ports": [PORT]}}),
    "dependency with no peer": dependency(to=[]),
    "dependency with null to": dependency(to=None),
    "dependency without ports": policy(dependencies={"db": {"to": [PEER]}}),
    "dependency with no port": dependency(ports=[]),
    "dependency with null ports": dependency(ports=None),
    "dependency with ports twice": dependency(allPorts=["TCP"]),
    "dependency with no protocol in allPorts": policy(dependencies={"db": {"to": [PEER], "allPorts": []}}),
    "allPorts is true": policy(dependencies={"db": {"to": [PEER], "allPorts": True}}),
    "allPorts twice the same": policy(dependencies={"db": {"to": [PEER], "allPorts": ["TCP", "TCP"]}}),
    "dependency port without protocol": dependency(ports=[{"port": 80}]),
    "dependency port without port": dependency(ports=[{"protocol": "TCP"}]),
    "dependency key with a capital": policy(dependencies={"Db": DEPENDENCY}),
    "dependency key of 64": policy(dependencies={"x" * 64: DEPENDENCY}),
    "dependency key empty": policy(dependencies={"": DEPENDENCY}),
    "dependency key with a line feed": policy(dependencies={"db\n": DEPENDENCY}),
    "dependency key that climbs": policy(dependencies={"../db": DEPENDENCY}),
    "host with a wildcard within": dependency(hosts=["api.*.example.com"]),
    "host with a wildcard in a label": dependency(hosts=["a*.example.com"]),
    "host with three stars": dependency(hosts=["***.example.com"]),
    "hosts of a top-level domain": dependency(hosts=["**.com"]),
    "every host": dependency(hosts=["*"]),
    "hosts alone in a NetworkPolicy": {"networkPolicy": {"dependencies": {"llm": HOSTS_ALONE}}},
    "hosts alone in a named NetworkPolicy": of_dialect({"kind": "NetworkPolicy"}, llm=HOSTS_ALONE),
    "hosts alone where the dialect is null": of_dialect(None, llm=HOSTS_ALONE),
    "dialect as a word": of_dialect("Cilium"),
    "dialect without a kind": of_dialect({"version": "1.19"}),
    "unknown dialect": of_dialect({"kind": "Antrea"}),
    "Cilium without its version": of_dialect({"kind": "Cilium"}),
    "Cilium with a null version": of_dialect({"kind": "Cilium", "version": None}),
    "version as a number": of_dialect({"kind": "Cilium", "version": 1.19}),
    "version with a patch": of_dialect({"kind": "Cilium", "version": "1.19.2"}),
    "version of NetworkPolicy": of_dialect({"kind": "NetworkPolicy", "version": "1.19"}),
    "strict DNS of NetworkPolicy": of_dialect({"kind": "NetworkPolicy", "strictDns": True}),
    "strict DNS as a word": of_dialect({**CILIUM, "strictDns": "yes"}),
    "cluster domain with a capital": of_dialect({**CILIUM, "clusterDomain": "Cluster.local"}),
    "dialect with another key": of_dialect({**CILIUM, "mode": "fast"}),
    "nobody in Cilium": of_dialect(CILIUM, db={"ports": [PORT]}),
    "no hosts in Cilium": of_dialect(CILIUM, db={"hosts": None, "ports": [PORT]}),
    "nobody in EKS": of_dialect({"kind": "EKS"}, db={"ports": [PORT]}),
    "entities alone in GKE": of_dialect({"kind": "GKE"}, api=ENTITIES_ALONE),
    "version of EKS": of_dialect({"kind": "EKS", "version": "1.19"}),
    "cluster domain of GKE": of_dialect({"kind": "GKE", "clusterDomain": "k8s.internal"}),
    "hosts alone in Calico": of_dialect({"kind": "Calico"}, llm=HOSTS_ALONE),
    "nodes in Calico": of_dialect({"kind": "Calico"}, api={"entities": ["host"], "ports": [PORT]}),
    "version of Calico": of_dialect({"kind": "Calico", "version": "3.30"}, db=DEPENDENCY),
    "caller of Calico that is an entity": {
        "networkPolicy": {"dialect": {"kind": "Calico"}, "policyTypes": ["Ingress"], "callers": {"api": ENTITIES_ALONE}}
    },
    "hosts alone in a staged policy": of_dialect({"kind": "CalicoStaged"}, llm=HOSTS_ALONE),
    "version of a staged policy": of_dialect({"kind": "CalicoStaged", "version": "3.30"}, db=DEPENDENCY),
    "unknown entity": of_dialect(CILIUM, api={"entities": ["internet"], "ports": [PORT]}),
    "no entity": of_dialect(CILIUM, api={"entities": [], "ports": [PORT]}),
    "entities alone in a NetworkPolicy": of_dialect(None, api=ENTITIES_ALONE),
    "caller by name alone": {
        "networkPolicy": {"dialect": CILIUM, "policyTypes": ["Ingress"], "callers": {"llm": HOSTS_ALONE}}
    },
    "host is an address": dependency(hosts=["10.0.0.1"]),
    "host with a capital": dependency(hosts=["Example.com"]),
    "host with a scheme": dependency(hosts=["https://example.com"]),
    "host with an empty label": dependency(hosts=["a..b"]),
    "host label of 64": dependency(hosts=["x" * 64 + ".com"]),
    "purpose is a number": dependency(purpose=1),
    # directions
    "no policy type": policy(policyTypes=[]),
    "policy type in lower case": policy(policyTypes=["ingress"]),
    "policy type in lower case with a caller": policy(
        policyTypes=["ingress"], callers={"web": {"from": [PEER], "ports": [PORT]}}
    ),
    "policy type that is null": policy(policyTypes=[None]),
    "policy type twice": policy(policyTypes=["Egress", "Egress"]),
    "policy types as a word": policy(policyTypes="Ingress", callers={"web": {"from": [PEER], "ports": [PORT]}}),
    "caller of egress": policy(callers={"web": {"from": [PEER], "ports": [PORT]}}),
    "caller where types were dropped": policy(
        policyTypes=None, callers={"web": {"from": [PEER], "ports": [PORT]}, "gone": None}
    ),
    "ingress rule of egress": policy(policyTypes=["Egress"], ingress=[{}]),
    "dependency of ingress": policy(policyTypes=["Ingress"], dependencies={"a": DEPENDENCY, "b": DEPENDENCY}),
    "egress rule of ingress": policy(policyTypes=["Ingress"], egress=[{}]),
    "callers are a list": policy(policyTypes=["Ingress"], callers=[]),
    "callers are null": policy(policyTypes=["Ingress"], callers=None),
    "caller without peers": policy(policyTypes=["Ingress"], callers={"web": {"ports": [PORT]}}),
    "caller with no peer": caller(**{"from": []}),
    "caller with null peers": caller(**{"from": None}),
    "caller without ports": policy(policyTypes=["Ingress"], callers={"web": {"from": [PEER]}}),
    "caller with ports twice": caller(allPorts=["TCP"]),
    "caller port without protocol": caller(ports=[{"port": 80}]),
    "caller key with a capital": policy(policyTypes=["Ingress"], callers={"Web": {"from": [PEER], "ports": [PORT]}}),
    "caller with to": caller(to=[PEER]),
    "dependency with from": dependency(**{"from": [PEER]}),
    "ingress rules are a map": policy(policyTypes=["Ingress"], ingress={}),
    "ingress rules are null": policy(policyTypes=["Ingress"], ingress=None),
    "ingress rule is null": policy(policyTypes=["Ingress"], ingress=[None]),
    "ingress rule with an egress word": inward(to=[PEER]),
    "ingress rule with null peers": inward(**{"from": None}),
    "ingress rule with an empty peer": inward(**{"from": [{}]}),
    # DNS
    "dns profile unknown": policy(dns={"profile": "bind"}),
    "dns by its software": policy(dns={"profile": "coredns"}),
    "no dns with ports": policy(dns={"profile": "none", "ports": [PORT]}),
    "dns without profile": policy(dns={}),
    "dns as a word": policy(dns="kube-dns"),
    "custom dns without ports": policy(dns={"profile": "custom", "to": [PEER]}),
    "custom dns without to": policy(dns={"profile": "custom", "ports": [PORT]}),
    "custom dns with no peer": policy(dns={"profile": "custom", "to": [], "ports": [PORT]}),
    "custom dns with null ports": policy(dns={"profile": "custom", "to": [PEER], "ports": None}),
    "kube-dns with peers": policy(dns={"profile": "kube-dns", "to": [PEER], "ports": [PORT]}),
    "any with ports": policy(dns={"profile": "any", "ports": [PORT]}),
    # metadata
    "common label is a number": policy(commonLabels={"a": 1}),
    "common annotation is true": policy(commonAnnotations={"a": True}),
    "common annotation key": policy(commonAnnotations={"a/b/c": "x"}),
    **{
        f"{key} in {field}": policy(**{field: {key: "x"}})
        for key in UNMANAGED
        for field in ("commonAnnotations", "commonLabels")
    },
    # guardrails
    "guardrails are null": policy(guardrails=None),
    "guardrails are a list": policy(guardrails=[DENIED]),
    "guardrail is null": policy(guardrails={"metadata": None}),
    "guardrail with a capital": policy(guardrails={"Metadata": {"rules": [DENIED]}}),
    "guardrail without rules": policy(guardrails={"metadata": {}}),
    "guardrail with no rule": guardrail(rules=[]),
    "guardrail with a misspelt key": guardrail(rule=[]),
    "guardrail with a priority": guardrail(priority=100),
    "purpose of a guardrail is null": guardrail(purpose=None),
    "labels of namespaces are null": policy(namespaceLabels=None),
    "labels of namespaces are a list": policy(namespaceLabels=["shop"]),
    "labels of a namespace are null": policy(namespaceLabels={"shop": None}),
    "labels of a namespace are text": policy(namespaceLabels={"shop": "tenant=a"}),
    "label of a namespace is null": policy(namespaceLabels={"shop": {"tenant": None}}),
    "label of a namespace is true": policy(namespaceLabels={"shop": {"tenant": True}}),
    "label of a namespace with a space": policy(namespaceLabels={"shop": {"tenant": "a b"}}),
    "key of a label of a namespace": policy(namespaceLabels={"shop": {"a tenant": "a"}}),
    "denied rule is null": guardrail(rules=[None]),
    "denied rule without peers": denied(to=None),
    "denied rule with no peer": denied(to=[]),
    "denied rule with both sides": denied(**{"from": [METADATA]}),
    "denied rule without ports": denied(allPorts=None),
    "denied rule with ports twice": denied(ports=[PORT]),
    "denied rule with a misspelt key": denied(port=[PORT]),
    "denied peer empty": denied_peer(),
    "denied peer with an except": denied_peer(ipBlock={"cidr": "10.0.0.0/8", "except": []}),
    "denied peer without its namespaces": denied_peer(podSelector={}),
    "denied peer with null namespaces": denied_peer(namespaceSelector=None),
    "denied peer of two kinds": denied_peer(**METADATA, namespaceSelector={}),
    "denied port by name": denied(allPorts=None, ports=[{"port": "http", "protocol": "TCP"}]),
    "denied port without protocol": denied(allPorts=None, ports=[{"port": 443}]),
    "denied port without port": denied(allPorts=None, ports=[{"protocol": "TCP"}]),
    "denied protocol unknown": denied(allPorts=["ICMP"]),
}

ARITHMETIC: dict[str, Document] = {
    "endPort below port": port(port=90, endPort=80),
    "bits beyond the prefix": cidr("10.1.2.3/8"),
    "bits beyond an IPv6 prefix": cidr("2001:db8::1/64"),
    "IPv4-mapped address": cidr("::ffff:10.0.0.0/104"),
    "IPv4-mapped address in hex": cidr("::ffff:a00:0/104"),
    "nine groups": cidr("1::2:3:4:5:6:7:8/128"),
    "except equal to cidr": cidr("10.0.0.0/8", "10.0.0.0/8"),
    "except outside cidr": cidr("10.0.0.0/8", "11.0.0.0/16"),
    "except wider than cidr": cidr("10.0.0.0/8", "10.0.0.0/7"),
    "except of the other family": cidr("::/0", "10.0.0.0/8"),
    "except with bits beyond the prefix": cidr("10.0.0.0/8", "10.1.2.3/16"),
    "endPort below port in a dependency": dependency(ports=[{"port": 90, "endPort": 80, "protocol": "TCP"}]),
    "endPort below port in a caller": caller(ports=[{"port": 90, "endPort": 80, "protocol": "TCP"}]),
    "bits beyond the prefix in a caller": caller(**{"from": [{"ipBlock": {"cidr": "10.1.2.3/8"}}]}),
    "endPort below port in an ingress rule": inward(ports=[{"port": 90, "endPort": 80}]),
    "except outside cidr in an ingress rule": inward(
        **{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}}]}
    ),
    "except outside cidr of custom dns": policy(
        dns={
            "profile": "custom",
            "to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}}],
            "ports": [PORT],
        }
    ),
    "endPort below port of a guardrail": denied(allPorts=None, ports=[{"port": 9, "endPort": 8, "protocol": "TCP"}]),
    "bits beyond the prefix of a guardrail": denied_peer(ipBlock={"cidr": "10.1.2.3/8"}),
    "bits beyond the prefix of a denied caller": denied(**{"to": None, "from": [{"ipBlock": {"cidr": "10.1.2.3/8"}}]}),
}
