"""One connection explained from policies: the chain, the causes, and the repair, by whom a rule is about."""

from egressc.diagnostics.core import Report
from egressc.model.flows import Endpoint, Pod
from egressc.model.policy import Dns, Protocol
from egressc.source import Source
from egressc.verify.explanation.answers import Explanation, Question
from egressc.verify.explanation.causes import DenialCause, dns_cause
from egressc.verify.explanation.ends import Surroundings
from egressc.verify.explanation.explain import Explainer
from egressc.verify.explanation.lookups import may_look_up
from egressc.verify.flows.verdicts import Judge
from egressc.verify.intent.table import intend
from egressc.verify.manifests.reader import read_manifests
from support.compiled import compile_text, services
from support.tables import each

CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Redis: {ports: [6379]}
  Cache: {selector: {app: redis}, ports: [6379, 6380]}
"""
TABLE = services("web | Redis", "web | Cache", header="From | To")
WEB, REDIS = Pod("shop", {"app": "web"}), Pod("shop", {"app": "redis"})
UDP, TCP = Protocol.UDP, Protocol.TCP


def policy(name: str, rules: str, direction: str = "egress", pods: str = "{app: web}") -> str:
    return (
        f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: shop}}\n"
        f"spec: {{podSelector: {{matchLabels: {pods}}}, policyTypes: [{direction.title()}], {direction}: [{rules}]}}\n"
    )


def rule(labels: str, ports: str, namespaces: str = "") -> str:
    where = f"namespaceSelector: {{matchLabels: {namespaces}}}, " if namespaces else ""
    return f"{{to: [{{{where}podSelector: {{matchLabels: {labels}}}}}], ports: [{ports}]}}"


def explain(rendered: str, *, to: Endpoint = REDIS, port: int = 6379, table: str = TABLE) -> Explanation:
    policies, _ = compile_text(table, CATALOG)
    assert policies is not None
    report = Report()
    read = read_manifests([Source("m.yaml", rendered)], report)
    assert not report.sorted()
    explainer = Explainer(intend(policies), read.policies, read.namespaces, policies, lambda service, path: None)
    return explainer.explain(Question(WEB, to, TCP, port))


def test_a_baseline_lets_its_pods_resolve_names() -> None:
    """The service has no DNS rule of its own: what is said is the profile of the baseline."""
    project = (
        "cluster: {dns: {profile: none}, namespaces: {apps: {baseline: {deny: egress, dns: {profile: kube-dns}}}}}"
    )
    policies, found = compile_text(services("web | Redis | None"), project=project)
    assert policies is not None, found.diagnostics
    intended, server = intend(policies), Pod("kube-system", {"k8s-app": "kube-dns"})
    answer = Explainer(intended, intended, {}, policies, lambda service, path: None).explain(
        Question(Pod("apps", {"app": "web"}), server, UDP, 53)
    )
    assert [it.text for it in answer.steps if it.kind == "row"] == ['DNS, by the profile "kube-dns"']
    (web,) = policies.services
    assert policies.dns_of(web).profile == "kube-dns"


def chain(answer: Explanation) -> list[str]:
    return [f"{it.kind}: {it.text}" for it in answer.steps]


ONE, BOTH = rule("{app: redis}", "{port: 6379}"), rule("{app: redis}", "{port: 6379}, {port: 6380}")
OPEN = "ingress: no policy isolates the destination: everything is allowed"


@each(
    ("rules", "told"),
    [
        (
            ONE,
            [
                "policy: shop/web",
                "rule: egress[0]: pods app=redis in shop on 6379/TCP",
                "values: networkPolicy.dependencies.redis",
                "row: Redis",
            ],
        ),
        (
            BOTH,
            [
                "policy: shop/web",
                "rule: egress[0]: pods app=redis in shop on 6379-6380/TCP",
                "values: networkPolicy.dependencies.cache",
                "row: Cache",
            ],
        ),
    ],
)
def test_a_rule_is_told_with_the_row_that_asks_for_just_that(rules: str, told: list[str]) -> None:
    assert chain(explain(policy("web", rules))) == [*told, OPEN]


def test_a_rule_without_its_like_in_the_table_is_told_with_what_asks_for_the_connection() -> None:
    wider = rule("{app: redis}", "{protocol: TCP}")
    assert chain(explain(policy("web", wider)))[2:-1] == [
        "values: networkPolicy.dependencies.cache",
        "row: Cache",
    ]
    assert chain(explain(policy("web", wider), port=1))[2:-1] == ["row: no row asks for this"]


def test_rules_that_say_the_same_are_told_once() -> None:
    assert chain(explain(policy("web", f"{ONE}, {ONE}"))) == chain(explain(policy("web", ONE)))
    two = chain(explain(policy("web", ONE) + policy("more", ONE)))
    assert [it for it in two if it.startswith("policy")] == ["policy: shop/web", "policy: shop/more"]


@each(
    ("to", "rules", "nearest", "repair"),
    [
        (
            Pod("shop", {"tier": "db"}),
            rule("{tier: db, app: z, zone: a}", "{port: 6379}"),
            "egress[0] of policy shop/web has the port, but the pod lacks app=z, zone=a",
            "write other labels for the pod, or another selector in the catalog",
        ),
        (
            Pod("data", {"app": "redis"}),
            rule("{app: redis}", "{port: 6379}"),
            "egress[0] of policy shop/web has the port, but in namespace shop, not in data",
            "write another namespace in the row or the catalog",
        ),
        (
            Pod("shop", {"app": "redis"}),
            rule("{app: redis}", "{port: 6379}", "{team: b, env: c}"),
            "egress[0] of policy shop/web has the port, but the namespace shop lacks env=c, team=b",
            "label the namespace: kubectl label namespace shop env=c team=b",
        ),
        (
            Pod("shop", {"app": "redis"}, {"team": "a"}),
            rule("{app: redis}", "{port: 6379}", "{team: b}"),
            "egress[0] of policy shop/web has the port, but the namespace shop lacks team=b",
            "label the namespace: kubectl label namespace shop team=b --overwrite",
        ),
        (Pod("data", {"tier": "db"}), rule("{app: redis}", "{port: 6379}"), None, "add it to a row of web"),
        (
            "203.0.113.9",
            "{to: [{ipBlock: {cidr: 203.0.113.0/24}}, {ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 1}]}, "
            "{to: [{ipBlock: {cidr: 203.0.113.8/30}}], ports: [{port: 2}]}, "
            "{to: [{ipBlock: {cidr: 203.0.113.0/25}}], ports: [{port: 3}]}",
            "egress[1] of policy shop/web opens 2/TCP, not 6379/TCP",
            "connect to 2/TCP, or add 6379/TCP in the row that asks",
        ),
        (
            "203.0.113.9",
            "{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 6379}]}",
            "egress[0] of policy shop/web has the port, but opens 192.0.2.0/24: 203.0.113.9 is not among these",
            "add the address to the destination in the catalog if it belongs to it, or write another row",
        ),
    ],
)
def test_the_nearest_rule_is_named_with_what_it_lacks(
    to: Endpoint, rules: str, nearest: str | None, repair: str
) -> None:
    answer = explain(policy("web", rules), to=to, table=services("web | None | None"))
    assert (answer.nearest and answer.nearest.text) == nearest
    assert answer.repair.startswith(repair)


@each(
    ("rendered", "told"),
    [
        ("", []),
        (policy("web", "{}", "ingress"), []),
        (policy("other", "", pods="{app: other}"), []),
        (policy("web", "").replace("namespace: shop", "namespace: data"), ["policy: data/web"]),
        (policy("web", "{}", "ingress").replace("namespace: shop", "namespace: data"), []),
        (policy("other", "", pods="{app: other}").replace("namespace: shop", "namespace: data"), []),
    ],
)
def test_of_a_service_that_nothing_isolates_the_policies_elsewhere_are_told(rendered: str, told: list[str]) -> None:
    answer = explain(rendered)
    said = [f"{it} selects such pods, but only in data" for it in told]
    assert chain(answer) == ["egress: no policy isolates the source: everything is allowed", *said, OPEN]
    assert answer.allowed


NODE = 'the DNS profile is "kube-dns", but the DNS cache on the node (NodeLocal DNS) needs the profile "nodelocal"'
KUBE_DNS = Pod("kube-system", {"k8s-app": "kube-dns"})
OPENSHIFT = Pod("openshift-dns", {"dns.operator.openshift.io/daemonset-dns": "default"})


@each(
    ("profile", "to", "port", "text"),
    [
        ("kube-dns", "169.254.20.10", 53, NODE),
        ("kube-dns", KUBE_DNS, 53, None),
        ("kube-dns", "169.254.20.10", 54, None),
        ("nodelocal", "169.254.20.10", 53, None),
        ("any", "169.254.20.10", 53, None),
        ("kube-dns", "198.51.100.1", 53, None),
        ("none", KUBE_DNS, 53, 'the DNS profile is "none", but DNS in this cluster needs the profile "kube-dns"'),
        (
            "kube-dns",
            OPENSHIFT,
            5353,
            'the DNS profile is "kube-dns", but DNS in this cluster needs the profile "openshift"',
        ),
    ],
)
def test_dns_that_another_profile_would_let_through(profile: str, to: Endpoint, port: int, text: str | None) -> None:
    found = dns_cause(Dns(profile), to, UDP, port)
    assert (found and found.text) == text
    if isinstance(found, DenialCause):
        advice = "in place of none" if profile == "none" else "cluster: {dns: {profile: "
        assert advice in found.repair


@each(
    ("profile", "rules", "may"),
    [
        ("kube-dns", None, True),  # its own rule is in no manifest here, and counts all the same
        ("none", None, True),
        ("none", "", False),
        ("none", "{ports: [{port: 53, protocol: UDP}]}", True),
        ("none", "{ports: [{port: 53, protocol: TCP}]}", False),
    ],
)
def test_a_service_may_look_names_up_by_its_profile_or_by_any_rule(profile: str, rules: str | None, may: bool) -> None:
    text = "" if rules is None else policy("web", rules)
    read = read_manifests([Source("m.yaml", text)], Report())
    around = Surroundings("kubernetes.io/metadata.name", {}, (), ())
    assert may_look_up(Judge(read.policies), WEB, Dns(profile), around) is may
