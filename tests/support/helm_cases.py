"""Values that both charts and all engines are tried with: what people write, what attackers write, what is wrong."""

import json
import random
from itertools import pairwise

from egressc.emit.values import emit_values
from egressc.helm.engine import RenderJob, ValuesFile
from egressc.model.policy import AddressPeer, Dns, Grant, GrantEnd, PolicySet, Port, Protocol
from egressc.source import Source
from support.policy_sets import NOBODY, dependency, row, service, tcp

HOSTILE = (
    "a\nb: c",
    "x\n---\nkind: Secret\nmetadata: {name: evil}",
    "{{ .Release.Name }} {{ fail `no` }}",
    "# not a comment",
    "quote \" and ' and \\ and `",
    "\u2028line\u2029paragraph\u0085next\r\n",
    "12 34 service-policy/templates/networkpolicy.yaml",
    "helm.sh/hook: pre-install",
    "日本語 ✓ \U0001f600",
    " $1 ${1} %s %!d ",
    "",
)
_QDRANT = """
    qdrant:
      name: Qdrant
      purpose: Vector search
      to: [{namespaceSelector: {matchLabels: {"team": data}}, podSelector: {matchLabels: {app: qdrant}}}]
      ports: [{port: 6333, protocol: TCP}, {port: 6334, protocol: TCP}]
"""
COMPILED = f"""
networkPolicy:
  enabled: true
  podSelector: {{matchLabels: {{"app.kubernetes.io/name": ai-service}}}}
  dns: {{profile: kube-dns}}
  dependencies: {_QDRANT}
    llm:
      name: LLM APIs
      hosts: [api.openai.com]
      to: [{{ipBlock: {{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}}}, {{ipBlock: {{cidr: "::/0"}}}}]
      ports: [{{port: 443, protocol: TCP}}]
    anything:
      to: [{{namespaceSelector: {{}}}}]
      allPorts: [TCP, UDP, SCTP]
  egress: []
"""


def _yaml(document: object) -> str:
    """JSON that YAML reads alike: a pair of escapes for one character means nothing to it."""
    return json.dumps(document, ensure_ascii=False).replace("\x85", "\\u0085")


# Every file of a case is one -f, in order.
GOOD: dict[str, tuple[str, ...]] = {
    "nothing but the defaults": (),
    "an empty file": ("",),
    "only a comment": ("# nothing yet\n",),
    "disabled": ("networkPolicy: {enabled: false}",),
    "compiled": (COMPILED,),
    "a document marker first": ("# a comment\n---\n" + COMPILED.lstrip(),),
    "windows line ends": (COMPILED.replace("\n", "\r\n"),),
    "a byte order mark": ("\ufeff" + COMPILED.lstrip(),),
    **{
        f"dns {profile}": (COMPILED, f"networkPolicy: {{dns: {{profile: {profile}}}}}")
        for profile in ("any", "k8s-app-coredns", "kube-dns", "nodelocal", "openshift", "none")
    },
    "nothing at all": ("networkPolicy: {dns: {profile: none}}",),
    "no dns and extras": (COMPILED, "networkPolicy: {dns: {profile: none}, dependencies: null, egress: [{}]}"),
    "no dns and what is dropped": (
        COMPILED,
        "networkPolicy: {dns: {profile: none}, dependencies: {qdrant: ~, llm: ~, anything: ~}}",
    ),
    "dns custom": (
        "networkPolicy: {dns: {profile: custom, to: [{ipBlock: {cidr: 192.0.2.53/32}}], "
        "ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}}",
    ),
    "a later file changes one port": (
        COMPILED,
        "networkPolicy: {dependencies: {qdrant: {ports: [{port: 7000, endPort: 7010, protocol: TCP}]}}}",
    ),
    "a later file drops a dependency": (COMPILED, "networkPolicy: {dependencies: {qdrant: null}}"),
    "a null under no default": ("networkPolicy: {dependencies: {ghost: ~}}",),
    "a null takes a default away": (COMPILED, "networkPolicy: {egress: null, commonLabels: null}"),
    "a null and then a value": (
        COMPILED,
        "networkPolicy: {dependencies: {qdrant: null}}",
        f"networkPolicy:\n  dependencies:{_QDRANT}",
    ),
    "the same file twice": (COMPILED, COMPILED),
    "extras": (
        COMPILED,
        "networkPolicy: {egress: [{to: [{podSelector: {}}], ports: [{port: 80}]}, {}, {ports: [{port: http}]}]}",
    ),
    "labels and annotations": (
        COMPILED,
        'networkPolicy: {commonLabels: {team: "yes"}, commonAnnotations: {"a/b": "1e3", "c": "x: y # z"}}',
    ),
    "a hook's weight": (COMPILED, 'networkPolicy: {commonAnnotations: {"helm.sh/hook-weight": "1"}}'),
    "names": (COMPILED, "nameOverride: other\nfullnameOverride: " + "n" * 60),
    "global values": (COMPILED, "global: {region: eu}"),
    "numbers in odd dress": ("networkPolicy: {egress: [{ports: [{port: 0x50}, {port: 0o120}, {port: 8_0}]}]}",),
    "anchors": (
        "networkPolicy: {egress: [{ports: [{port: 80, protocol: &p TCP}]}, {ports: [{port: 81, protocol: *p}]}]}",
    ),
    **{
        f"hostile text {number}": (
            COMPILED,
            _yaml({"networkPolicy": {"dependencies": {"qdrant": {"name": text or "-", "purpose": text}}}}),
            _yaml({"networkPolicy": {"commonAnnotations": {"note": text}}}),
        )
        for number, text in enumerate(HOSTILE)
    },
}
# What is wrong, and the code that says so.
BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "not YAML": (("networkPolicy:\n  dns: {\n",), "EG605"),
    "the second file is not YAML": ((COMPILED, "a: b: c"), "EG605"),
    "a list": (("- networkPolicy",), "EG605"),
    "a word": (("networkPolicy",), "EG605"),
    "two documents": (("networkPolicy: {enabled: true}\n---\nnetworkPolicy: {enabled: false}\n",), "EG605"),
    "a control character": (("networkPolicy: {enabled: true}\0\nnameOverride: x",), "EG605"),
    "a YAML bomb": (
        ("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{b}: &{b} [{f'*{a},' * 9}]\n" for a, b in pairwise("abcdefgh")),),
        "EG605",
    ),
    "an unknown key": (("networkPolicy: {enable: true}",), "EG606"),
    "the wrong type": (("networkPolicy: {dependencies: 3}",), "EG606"),
    "an empty pod selector": (("networkPolicy: {podSelector: {matchLabels: null}}",), "EG606"),
    "another namespace": (("networkPolicy: {release: {namespace: other}}",), "EG606"),
    "another release": (("networkPolicy: {release: {name: other}}",), "EG606"),
    "another release and namespace": (("networkPolicy: {release: {name: other, namespace: elsewhere}}",), "EG606"),
    "no release": (("networkPolicy: {release: null}",), "EG606"),
    "no pod selector": (("networkPolicy: {podSelector: null}",), "EG606"),
    "nothing left": (("networkPolicy: null",), "EG606"),
    "a dependency that reaches nothing": (("networkPolicy: {dependencies: {a: {to: [], ports: []}}}",), "EG606"),
    "a key that only the library has": (("network-policy: {networkPolicy: {enabled: false}}",), "EG606"),
}


def job(name: str, *files: str) -> RenderJob:
    """One release of either chart, whose first values file says so."""
    release = f"{{name: {name}, namespace: shop}}"
    first = f"networkPolicy: {{release: {release}, podSelector: {{matchLabels: {{app: {name}}}}}}}"
    sources = [Source(f"{name}.yaml", first), *(Source(f"{name}-{at}.yaml", text) for at, text in enumerate(files))]
    return RenderJob(name, "shop", tuple(map(ValuesFile, sources)))


def compiled_fleet(size: int, seed: int = 1) -> list[RenderJob]:
    """Services as the compiler writes them, a mean of six dependencies each, with what it knows of their content."""
    chance = random.Random(seed)  # noqa: S311  the same fleet every time
    names = [f"service-{number:04d}" for number in range(size)]
    shared = [dependency(f"shared-{number}", *_ports(chance), purpose=chance.choice(HOSTILE)) for number in range(40)]
    internet = Grant(
        NOBODY,
        GrantEnd("internet", "The internet", (AddressPeer("0.0.0.0/0", ("10.0.0.0/8",)), AddressPeer("::/0"))),
        (tcp(443),),
        "APIs of others",
        (row(6),),
    )
    services = []
    for name in names:
        wanted = {item.destination.key: item for item in chance.sample(shared, chance.randint(0, 11))}
        if chance.random() < 0.3:
            wanted["internet"] = internet
        dns = Dns(chance.choice(("kube-dns", "k8s-app-coredns", "nodelocal", "openshift", "any", "none")))
        services.append(service(name, *(wanted[key] for key in sorted(wanted)), dns=dns))
    emitted = emit_values(PolicySet(tuple(services)), schema_path="schema.json")
    return [
        RenderJob(
            values.service.id,
            values.service.namespace,
            (ValuesFile(Source(f"values/{values.file_name}", values.new_text), values.document({"egress": []})),),
        )
        for values in emitted
    ]


def _ports(chance: random.Random) -> tuple[Port, ...]:
    protocol = chance.choice(tuple(Protocol))
    start = chance.randint(1, 60000)
    return chance.choice(
        (
            (Port(protocol, start),),
            (Port(protocol, start), Port(Protocol.UDP, 53)),
            (Port(protocol, start, start + 10),),
            (Port(protocol, "http"),),
            (Port(Protocol.TCP, None), Port(Protocol.UDP, None)),
        )
    )
