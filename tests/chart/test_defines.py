"""The library's named templates: where they live, what they may use, and each public one rendered alone."""

import json
import re
from pathlib import Path

import pytest
import yaml

from support.chart_samples import BOTH, COMPILED, EVERYTHING, INGRESS, PODS, TCP_5432
from support.helm_engines import ROOT, Embedded, Engine, HelmFailed, Values

TEMPLATES = ROOT / "charts" / "network-policy" / "templates"
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.rglob("*.tpl"))}
DEFINE = re.compile(r'{{-? define "([^"]+)"')
# What may differ from one run or machine to the next; what makes values a template; toYaml loses strings in silence.
FORBIDDEN = re.compile(
    r"\b(lookup|now|date\w*|ago|rand\w*|uuidv4|gen\w+|env|expandenv|getHostByName|Capabilities|tpl|keys|values|shuffle"
    r"|toYaml|merge\w*|mustMerge\w*|unset|Files)\b"
)
PUBLIC = [
    found
    for path in SOURCES
    if path.relative_to(TEMPLATES).parts[0] != "internal"
    for found in DEFINE.findall(SOURCES[path])
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_one_define_under_its_own_name_with_a_doc_block(path: Path) -> None:
    parts = path.relative_to(TEMPLATES).with_suffix("").parts
    folders, thing = parts[:-1], parts[-1].removeprefix("_")
    expected = ".".join(["network-policy", *folders, *([] if (thing,) == folders else [thing])])
    assert DEFINE.findall(SOURCES[path]) == [expected]
    assert SOURCES[path].startswith(f"{{{{/*\n{expected}: ")
    for heading in ("\nInput   ", "\nOutput  "):
        assert heading in SOURCES[path]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_nothing_depends_on_time_chance_cluster_or_map_order(path: Path) -> None:
    code = "".join(re.findall(r"{{(?!-? ?/\*).*?}}", SOURCES[path]))
    code = re.sub(r'"[^"]*"|\.\w+', "", code)
    assert not FORBIDDEN.findall(code)


def test_files_of_the_library_are_all_partials() -> None:
    assert all(path.name.startswith("_") and path.suffix == ".tpl" for path in TEMPLATES.rglob("*") if path.is_file())


def test_the_readme_lists_every_public_define() -> None:
    readme = (ROOT / "charts" / "network-policy" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(network-policy\.[a-z.]+)` ", readme, re.MULTILINE) == sorted(PUBLIC)


ALONE: dict[str, tuple[Values, str]] = {
    "network-policy.policy.annotations": (
        {"argument": {"Values": {"networkPolicy": {"commonAnnotations": {"note": "on"}}}}},
        'note: "on"',
    ),
    "network-policy.egress.dns": (
        {"argument": {"profile": "openshift"}},
        """# DNS: openshift
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: openshift-dns
      podSelector:
        matchLabels:
          dns.operator.openshift.io/daemonset-dns: default
  ports:
    - protocol: UDP
      port: 5353
    - protocol: TCP
      port: 5353""",
    ),
    "network-policy.egress.dependency": (
        {"argument": {"key": "db", "dependency": {"to": [PODS], "ports": [TCP_5432]}}},
        """# db
- to:
    - podSelector:
        matchLabels:
          app: db
  ports:
    - protocol: TCP
      port: 5432""",
    ),
    "network-policy.egress.extra": (
        {"argument": {"ports": [{"port": 443}]}},
        """- ports:
    - protocol: TCP
      port: 443""",
    ),
    "network-policy.egress": (
        {"argument": {"Values": {"networkPolicy": {"dns": {"profile": "any"}, "egress": [{}]}}}},
        """# DNS: any
- to:
    - namespaceSelector: {}
    - ipBlock:
        cidr: 0.0.0.0/0
    - ipBlock:
        cidr: ::/0
  ports:
    - protocol: UDP
      port: 53
    - protocol: TCP
      port: 53
# networkPolicy.egress[0]
- {}""",
    ),
    "network-policy.ingress.caller": (
        {"argument": {"key": "web", "caller": {"purpose": "HTTP", "from": [PODS], "allPorts": ["TCP"]}}},
        """# web: HTTP
- from:
    - podSelector:
        matchLabels:
          app: db
  ports:
    - protocol: TCP""",
    ),
    "network-policy.ingress.extra": (
        {"argument": {"from": [{"namespaceSelector": {}}]}},
        """- from:
    - namespaceSelector: {}""",
    ),
    "network-policy.ingress": (
        {"argument": {"Values": {"networkPolicy": {"policyTypes": ["Ingress"], "ingress": [{}]}}}},
        """# networkPolicy.ingress[0]
- {}""",
    ),
    # What it renders is in test_batch.py.
    "network-policy.policy.batch": (
        {"argument": {"releases": [{"Values": {"networkPolicy": {"enabled": False}}}]}},
        '""',
    ),
    # What it renders is in test_guardrails.py.
    "network-policy.policy.guardrails": ({"argument": {"Values": {"networkPolicy": {"enabled": False}}}}, ""),
    # What it renders is in test_gateway.py.
    "network-policy.policy.gateway": ({"argument": {"Values": {"networkPolicy": {"enabled": False}}}}, ""),
    "network-policy.policy.labels": (
        {},
        """app.kubernetes.io/instance: rel
app.kubernetes.io/managed-by: Helm
app.kubernetes.io/name: probe
app.kubernetes.io/version: "1.0"
helm.sh/chart: probe-0.1.0""",
    ),
    "network-policy.policy.name": ({}, "rel"),
    "network-policy.policy": (
        {
            "argument": {
                "Values": {"networkPolicy": {"enabled": False}},
                "Release": {"Name": "rel", "Namespace": "ns", "Service": "Helm"},
                "Chart": {"Name": "chart", "Version": "1.0.0"},
            }
        },
        "",
    ),
    "network-policy.policy.notes": (
        {},
        """NetworkPolicy rel isolates the egress of the pods in namespace ns with

  app.kubernetes.io/instance=rel,app.kubernetes.io/name=probe

This policy allows them only what is listed here:

  DNS (kube-dns)
    to pods k8s-app=kube-dns in namespaces kubernetes.io/metadata.name=kube-system
    on 53/UDP, 53/TCP

Policies add up: another NetworkPolicy for these pods can allow more.
The cluster needs a network plugin (CNI) that enforces egress policies. One that does not accepts this policy and lets
everything through.

See the policy and the pods it is for:

  kubectl describe networkpolicy rel --namespace ns
  kubectl get pods --namespace ns --show-labels
""",
    ),
    "network-policy.policy.service": (
        {
            "argument": {
                "Values": {"networkPolicy": {"enabled": False}},
                "Release": {"Name": "rel", "Namespace": "ns", "Service": "Helm"},
                "Chart": {"Name": "chart", "Version": "1.0.0"},
            }
        },
        "",
    ),
    # What it renders is in test_namespace.py.
    "network-policy.policy.namespace": ({"argument": {"Values": {"networkPolicy": {"enabled": False}}}}, ""),
    "network-policy.policy.podselector": (
        {},
        """matchLabels:
  app.kubernetes.io/name: probe
  app.kubernetes.io/instance: rel""",
    ),
    # What it renders is in test_probe.py.
    "network-policy.probe": ({"argument": {"Values": {"networkPolicy": {"probe": {"enabled": False}}}}}, ""),
    "network-policy.policy.validate": ({}, ""),
}


def test_every_public_define_is_rendered_alone() -> None:
    assert sorted(ALONE) == sorted(PUBLIC)


@pytest.mark.parametrize("define", ALONE)
def test_renders_alone(engine: Engine, probe_chart: Path, define: str) -> None:
    probe, expected = ALONE[define]
    text = engine.template(probe_chart, {"probe": {"define": define, **probe}})
    assert json.loads(text.partition("output: ")[2]) == expected


@pytest.mark.parametrize(
    ("define", "argument", "problem"),
    [
        (
            "network-policy.egress.dependency",
            {"key": "db", "dependency": {"to": [], "ports": [TCP_5432]}},
            "db.to: has no peer, which Kubernetes reads as everything; write at least one peer (every "
            "address is 0.0.0.0/0 and ::/0)",
        ),
        (
            "network-policy.egress.dns",
            {"profile": "coredns"},
            'dns.profile: "coredns" is not a DNS profile; write kube-dns (kubeadm, EKS, GKE, AKS), k8s-app-coredns '
            "(CoreDNS chart, Canonical Kubernetes), nodelocal, openshift, any, custom or none",
        ),
        (
            "network-policy.egress.extra",
            {"ports": [{"port": 443, "endport": 444}]},
            "rule.ports[0].endport: unknown key; write port, protocol or endPort",
        ),
        (
            "network-policy.ingress.caller",
            {"key": "web", "caller": {"from": [PODS]}},
            "web.ports: has no port, which Kubernetes reads as every port; write at least one port, or in a dependency "
            "or caller allPorts: [TCP]",
        ),
        (
            "network-policy.ingress.extra",
            {"to": [PODS]},
            "rule.to: unknown key; write from or ports",
        ),
        (
            "network-policy.ingress",
            {"Values": {"networkPolicy": {"ingress": [{}]}}},
            "networkPolicy.ingress[0]: has no effect, because policyTypes does not list Ingress; add Ingress to "
            "policyTypes, or remove the rule",
        ),
    ],
)
def test_a_part_alone_checks_its_argument(probe_chart: Path, define: str, argument: Values, problem: str) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(probe_chart, {"probe": {"define": define, "argument": argument}})
    assert failed.value.problems == [problem]


NOTES_OF_INGRESS = """NetworkPolicy rel isolates the ingress of the pods in namespace ns with

  app.kubernetes.io/name=orders

This policy lets in only what is listed here:

  load-balancer
    from 10.0.0.0/8 except 10.1.0.0/16
    on any/TCP, any/UDP
  Shop front: Orders (HTTP)
    from pods app.kubernetes.io/name=shop-front in namespaces kubernetes.io/metadata.name=edge
    on 8080/TCP, metrics/TCP
  networkPolicy.ingress[0]
    from everything
    on any port
  networkPolicy.ingress[1]
    from pods app=db in its own namespace
    on any port
  networkPolicy.ingress[2]
    from everything
    on 9000-9001/TCP, any/TCP
  networkPolicy.ingress[3]
    from every pod in every namespace
    on http/SCTP

Policies add up: another NetworkPolicy for these pods can allow more.
The cluster needs a network plugin (CNI) that enforces ingress policies. One that does not accepts this policy and lets
everything through.

"""


def notes(engine: Engine, probe_chart: Path, values: Values) -> str:
    text = engine.template(probe_chart, values, {"probe": {"define": "network-policy.policy.notes"}})
    output = json.loads(text.partition("output: ")[2])
    assert isinstance(output, str)
    return output


def test_the_notes_say_who_is_let_in(engine: Engine, probe_chart: Path) -> None:
    assert notes(engine, probe_chart, INGRESS).startswith(NOTES_OF_INGRESS)


def test_the_notes_of_a_policy_without_callers_say_nothing_is_let_in(engine: Engine, probe_chart: Path) -> None:
    closed = {"networkPolicy": {"policyTypes": ["Ingress"], "callers": {"web": None}}}
    assert "This policy lets in only what is listed here:\n\n  nothing\n\nPolicies add" in notes(
        engine, probe_chart, closed
    )


def test_the_notes_of_both_directions_hold_both_lists(engine: Engine, probe_chart: Path) -> None:
    said = notes(engine, probe_chart, BOTH)
    assert said.startswith("NetworkPolicy shop-web isolates the ingress and egress of the pods in namespace ns with")
    assert "(CNI) that enforces ingress and egress policies" in said
    outward, inward = (notes(engine, probe_chart, values) for values in (EVERYTHING, INGRESS))
    for text, heading in ((outward, "This policy allows them only"), (inward, "This policy lets in only")):
        assert text.partition(heading)[2].partition("\n\nPolicies add up")[0] in said


def test_a_context_of_ones_own_is_enough(engine: Engine, probe_chart: Path, plain_chart: Path) -> None:
    """What renders many services in one go stands on this: no more of the root context is read."""
    context = {
        "Values": COMPILED,
        "Release": {"Name": "ai-service", "Namespace": "plane", "Service": "Helm"},
        "Chart": {"Name": "service-policy", "Version": "0.1.0", "AppVersion": "0.1.0"},
    }
    values = {"probe": {"define": "network-policy.policy", "argument": context}}
    output = json.loads(engine.template(probe_chart, values).partition("output: ")[2])
    alone = engine.template(plain_chart, COMPILED, release="ai-service", namespace="plane")
    assert yaml.safe_load(output) == yaml.safe_load(alone)
    assert output.strip() in alone.replace("---\n# Source: service-policy/templates/networkpolicy.yaml", "---")


def test_rendering_changes_no_values(engine: Engine, probe_chart: Path, tmp_path: Path) -> None:
    """Two renders in one run: the second would show what the first did to .Values."""
    template = tmp_path / "probe" / "templates" / "probe.yaml"
    template.parent.mkdir(parents=True)
    for path in probe_chart.rglob("*"):
        if path.is_file():
            copy = tmp_path / "probe" / path.relative_to(probe_chart)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    template.write_text(
        "before: {{ .Values | toJson | sha256sum }}\n"
        'output: {{ include "network-policy.policy" . | sha256sum }}\n'
        'notes: {{ include "network-policy.policy.notes" . | sha256sum }}\nafter: {{ .Values | toJson | sha256sum }}\n'
        'again: {{ include "network-policy.policy" . | sha256sum }}\nkind: Probe\n'
    )
    seen = yaml.safe_load(engine.template(tmp_path / "probe", BOTH))
    assert seen["before"] == seen["after"]
    assert seen["output"] == seen["again"]
