"""What the sources speak of and a cluster does not have: told once, at the first row that asks."""

from egressc.diagnostics.core import Report
from egressc.model.flows import Pod
from egressc.verify.comparison.absences import report_absences
from egressc.verify.intent.table import intend
from support.compiled import compile_text, services
from support.tables import each

Labels = dict[str, dict[str, str]]

CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Redis: {namespace: data, ports: [6379]}
"""
TABLE = services("web | Redis", "cart | Redis", header="From | To")
NAMED: Labels = {"shop": {}, "data": {}}
LABELLED: Labels = {"shop": {"name": "shop"}, "data": {"name": "data"}}
WEB, CART, REDIS = Pod("shop", {"app": "web", "tier": "x"}), Pod("shop", {"app": "cart"}), Pod("data", {"app": "redis"})
PODS = [WEB, CART, REDIS]
NO_DNS = "cluster: {dns: {profile: none}}"
BY_LABEL = "cluster: {dns: {profile: none}, namespaceLabel: name}"


def absences(namespaces: Labels | None, pods: list[Pod] | None, project: str = NO_DNS) -> list[str]:
    policies, compiled = compile_text(TABLE, CATALOG, project)
    assert policies is not None, compiled.sorted()
    report = Report()
    report_absences(intend(policies), namespaces, pods, report)
    return [
        f"{it.code.id} {it.service} {it.primary.span.text}: {it.message} ({it.primary.text})"
        for it in report.diagnostics
    ]


@each(
    ("namespaces", "pods", "project"),
    [
        (NAMED, PODS, NO_DNS),
        (LABELLED, PODS, BY_LABEL),
        (None, PODS, NO_DNS),
        (NAMED, None, NO_DNS),
        (None, None, NO_DNS),
    ],
)
def test_nothing_is_told_of_what_is_there_or_not_known(
    namespaces: Labels | None, pods: list[Pod] | None, project: str
) -> None:
    assert absences(namespaces, pods, project) == []


def test_a_service_without_pods_is_told_at_its_row() -> None:
    (found,) = absences(None, [CART, Pod("data", {"app": "web"})])
    assert found.startswith("EG650 web web: ")
    assert "pods app=web in shop" in found


@each(
    ("namespaces", "pods", "project", "start", "words"),
    [
        ({"shop": {}}, PODS, NO_DNS, "EG651 cart Redis: ", 'there is no namespace "data"'),
        ({"shop": {}}, None, NO_DNS, "EG651 cart Redis: ", 'there is no namespace "data"'),
        (NAMED, [WEB, CART], NO_DNS, "EG651 cart Redis: ", "there are no pods app=redis in data"),
        (NAMED, [WEB, CART, Pod("shop", {"app": "redis"})], NO_DNS, "EG651 cart Redis: ", "pods app=redis in data"),
        (NAMED, PODS, BY_LABEL, "EG649 cart Redis: ", "name=data"),
        ({**LABELLED, "data": {"name": "x"}}, PODS, BY_LABEL, "EG649 cart Redis: ", "name=data"),
        (LABELLED, [WEB, CART], BY_LABEL, "EG651 cart Redis: ", "there are no pods app=redis in namespaces name=data"),
    ],
)
def test_each_destination_is_told_once(
    namespaces: Labels, pods: list[Pod] | None, project: str, start: str, words: str
) -> None:
    (told,) = absences(namespaces, pods, project)
    assert told.startswith(start)
    assert words in told
    assert ("; 1 more need it" in told) is start.startswith("EG651")
