"""One CiliumNetworkPolicy as flows: what is read, what is overlooked, and what no agent takes.

What Cilium's own engine says of the same policies: tests/oracles/test_cilium_verdicts.py.
"""

import yaml

from egressc.dialects.cilium.read import readers
from egressc.dialects.shapes.fields import Problems
from egressc.model.flows import Policy
from egressc.source import Source, Span
from support.tables import each

_PLACE = Span(Source("policy.yaml", ""), 0, 0)


def read(spec: str, kind: str = "CiliumNetworkPolicy") -> tuple[Policy | None, Problems]:
    manifest = {
        "apiVersion": "cilium.io/v2",
        "kind": kind,
        "metadata": {"name": "web"},
        "spec": yaml.safe_load(spec),
    }
    problems = Problems()
    reader = readers()["cilium.io/v2", kind]
    return reader.read(manifest, "shop", "web", origin=_PLACE, path="", problems=problems), problems


def egress(rule: str) -> str:
    return f"{{endpointSelector: {{matchLabels: {{app: web}}}}, egress: [{rule}]}}"


@each(
    ("spec", "said"),
    [
        ("{endpointSelector: {}}", "has no rules"),
        ("{endpointSelector: {}, nodeSelector: {}, egress: [{}]}", "cannot be used with endpointSelector"),
        (
            "{endpointSelector: {matchLabels: {'any:io.kubernetes.pod.namespace': data}}, egress: [{}]}",
            "another namespace",
        ),
        (
            "{endpointSelector: {matchLabels: {pod-template-hash: abc}}, egress: [{}]}",
            "left out of Cilium's identities",
        ),
        (egress("{toEndpoints: [{matchLabels: {'k8s:io.cilium.k8s.policy.serviceaccount': a}}]}"), "service account"),
        (egress("{toEndpoints: [{matchLabels: {'container:app': a}}]}"), 'the source "container"'),
        (egress("{toEndpoints: [{}], toCIDR: [10.0.0.0/8]}"), "cannot be used with toEndpoints"),
        (egress("{toCIDRSet: [{cidr: 203.0.113.9}]}"), "has no prefix length"),
        (egress("{toCIDRSet: [{cidr: 10.0.0.0/8, except: [11.0.0.0/16]}]}"), "is not inside the network"),
        (egress("{toCIDRSet: [{cidr: 10.0.0.0/8, except: 5}]}"), "must be a list"),
        (egress("{toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.2.3]}]}"), "has no prefix length"),
        (egress("{toCIDRSet: [{except: [10.1.0.0/16]}]}"), "must be a network"),
        (egress("{toCIDRSet: [{cidrGroupSelector: {}}]}"), "is a group of networks"),
        (egress("{toServices: [{k8sService: {serviceName: db}}]}"), "names a Service"),
        (egress("{toEntities: [internet]}"), "is no entity of Cilium"),
        (egress("{toFQDNs: [{matchName: '*.example.com'}]}"), "which only a matchPattern has"),
        (egress("{toFQDNs: [{matchPattern: 'api-*.example.com'}]}"), "has a wildcard inside a label"),
        (egress("{toFQDNs: [{matchName: a.com, matchPattern: '*.a.com'}]}"), "either a matchName or a matchPattern"),
        (
            egress("{toEndpoints: [{}], toPorts: [{ports: [{port: '0443'}]}]}"),
            "is neither a port number nor a port name",
        ),
        (egress("{toEndpoints: [{}], toPorts: [{ports: [{port: 443}]}]}"), "must be a string"),
        (
            egress("{toEndpoints: [{}], toPorts: [{ports: [{port: '1', protocol: ICMP}]}]}"),
            "is not TCP, UDP, SCTP or ANY",
        ),
        (egress("{icmps: [{fields: [{type: 8}]}], toPorts: [{ports: [{port: '1'}]}]}"), "cannot be used with toPorts"),
        (egress("{toPorts: [{rules: {dns: [{matchPattern: '*'}]}}]}"), "needs single ports"),
        (egress("{toPorts: [{ports: [{port: '0'}], rules: {dns: [{matchPattern: '*'}]}}]}"), "needs single ports"),
        ("{endpointSelector: {}, egressDeny: [{toFQDNs: [{matchName: a.com}]}]}", "is an unknown field"),
        (
            "{endpointSelector: {}, egressDeny: [{toPorts: [{ports: [{port: '1'}], rules: {http: [{}]}}]}]}",
            "unknown field",
        ),
        ("{endpointSelector: {}, ingress: [{fromServices: []}]}", "is an unknown field"),
    ],
)
def test_what_no_agent_takes_or_nobody_here_reads(spec: str, said: str) -> None:
    policy, problems = read(spec)
    assert policy is None
    assert any(said in it.text for it in problems.found), problems.found


@each(
    ("spec", "said"),
    [
        (egress("{toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: [{method: GET}]}}]}"), "narrows"),
        (egress("{toPorts: [{ports: [{port: '443'}], serverNames: [a.com]}]}"), "narrows"),
        (egress("{toEndpoints: [{}], authentication: {mode: required}}"), "narrows"),
        (egress("{toEntities: [world], icmps: [{fields: [{type: 8}]}]}"), "opens ICMP"),
        (egress("{toEntities: [world], toPorts: [{ports: [{port: '0', protocol: GRE}]}]}"), "opens GRE"),
    ],
)
def test_what_no_flow_shows_is_told(spec: str, said: str) -> None:
    policy, problems = read(spec)
    assert policy is not None
    assert [said in it.text for it in problems.overlooked] == [True]


@each("name", ["0a", "0x50", "08a", "http", "HTTP"])
def test_names_of_ports_may_begin_with_a_digit(name: str) -> None:
    policy, problems = read(egress(f"{{toPorts: [{{ports: [{{port: '{name}', protocol: TCP}}]}}]}}"))
    assert policy is not None, problems.found
    assert policy.egress is not None
    assert policy.egress[0].ports.tcp.names == {name.lower()}


@each(
    ("rule", "is_read"),
    [
        (
            "toEndpoints: [{}], toPorts: [{ports: [{port: '53', protocol: UDP}], rules: {dns: [{matchPattern: '*'}]}}]",
            True,
        ),
        ("toEndpoints: [{}], toPorts: [{ports: [{port: '53'}], rules: {dns: [{matchPattern: '*'}]}}]", True),
        (
            "toEndpoints: [{}], toPorts: [{ports: [{port: '53', protocol: TCP}], rules: {dns: [{matchPattern: '*'}]}}]",
            False,
        ),
        ("toEndpoints: [], toPorts: [{ports: [{port: '53'}], rules: {dns: [{matchPattern: '*'}]}}]", False),
        ("toEndpoints: [{}], toPorts: [{ports: [{port: '53'}]}]", False),
    ],
)
def test_dns_answers_are_read_where_a_rule_lets_questions_through(rule: str, is_read: bool) -> None:
    policy, problems = read(egress(f"{{{rule}}}"))
    assert policy is not None, problems.found
    assert bool(policy.resolves) == is_read


def test_an_empty_list_of_groups_is_none_and_of_peers_is_nobody() -> None:
    open_to_all, _ = read("{endpointSelector: {}, ingress: [{fromGroups: [], toPorts: [{ports: [{port: '80'}]}]}]}")
    nobody, _ = read("{endpointSelector: {}, ingress: [{fromEndpoints: [], toPorts: [{ports: [{port: '80'}]}]}]}")
    assert open_to_all is not None
    assert nobody is not None
    assert [bool(it.pods) for policy in (open_to_all, nobody) for it in policy.ingress or ()] == [True, False]


def test_what_denies_most_addresses_denies_hosts_too() -> None:
    policy, _ = read("{endpointSelector: {}, egressDeny: [{toCIDR: [0.0.0.0/0]}]}")
    small, _ = read("{endpointSelector: {}, egressDeny: [{toCIDR: [203.0.113.0/24]}]}")
    assert policy is not None
    assert small is not None
    assert [rule.addresses.names_hosts for it in (policy, small) for rule in it.egress or ()] == [True, False]


def test_labels_of_another_namespace_select_by_it() -> None:
    """Only `k8s:io.kubernetes.pod.namespace` is overwritten by the agent."""
    own, _ = read("{endpointSelector: {matchLabels: {'k8s:io.kubernetes.pod.namespace': data}}, egress: [{}]}")
    blue, _ = read("{endpointSelector: {matchLabels: {'io.cilium.k8s.namespace.labels.team': blue}}, egress: [{}]}")
    assert own is not None
    assert blue is not None
    assert {key for key, _ in own.subject.namespaces} == {"kubernetes.io/metadata.name"}
    assert {key for key, _ in blue.subject.namespaces} == {"kubernetes.io/metadata.name", "team"}


def test_a_label_that_is_null_is_absent_as_an_api_server_has_it() -> None:
    """So the selector has no such label, and selects more."""
    null = "{matchLabels: {app: null}}"
    with_null, _ = read(f"{{endpointSelector: {null}, egress: [{{toEndpoints: [{null}]}}]}}")
    without, _ = read("{endpointSelector: {}, egress: [{toEndpoints: [{}]}]}")
    assert with_null == without
