"""Policies as a whole: their names are those that the chart gives, and what switches one off is found where it is."""

import yaml

from egressc.checks.whole_policies import WholePolicy, check_whole_policies, opt_ins_beside, read_policy
from egressc.diagnostics.core import Report
from egressc.helm.chart import own_chart
from egressc.model.policy import Dns, Selector, ServicePolicy
from egressc.source import Source, Span
from support.chart_samples import released
from support.helm_engines import ROOT, Embedded
from support.tables import each

ORIGIN = Span(Source("services.md", "web"), 0, 3)


def policy(service: str, text: str = "", namespace: str = "shop") -> WholePolicy:
    whole = WholePolicy(service, namespace, service, ORIGIN)
    return read_policy(Source(f"values/{service}.yaml", text), whole) if text else whole


@each("release", ["web", "a" * 53])
@each("override", ["", "shop", "b" * 56, "c" * 63, "d-" * 31 + "d"])
def test_the_name_is_that_of_the_chart(release: str, override: str) -> None:
    values = released({"fullnameOverride": override}, release)
    text = Embedded().template(ROOT, values, release=release)
    assert yaml.safe_load(text)["metadata"]["name"] == (override or release)
    assert read_policy(Source("values/x.yaml", yaml.safe_dump(values)), policy(release)).name == (override or release)


@each("override", ["", "a" * 60, f"{'b' * 53}--{'c' * 6}"])
@each("key", ["internet", "a-key-of-many-letters"])
def test_the_name_of_an_opt_in_is_that_of_the_chart(override: str, key: str) -> None:
    opt_in = {"podSelector": {"matchLabels": {"access": key}}, "dependencies": {}}
    settings = {"release": {"name": "namespace-policy", "namespace": "shop"}, "optIns": {key: opt_in}}
    values = {"fullnameOverride": override, "networkPolicy": {"dns": {"profile": "none"}, **settings}}
    text = Embedded().template(own_chart("namespace-policy"), values, release="namespace-policy", namespace="shop")
    names = [it["metadata"]["name"] for it in yaml.safe_load_all(text) if it]
    source = Source("values/x.yaml", yaml.safe_dump(values))
    whole = read_policy(source, WholePolicy("namespaces/shop", "shop", "namespace-policy", ORIGIN))
    made = ServicePolicy(f"namespaces/shop/{key}", key, "shop", Selector(), Dns("none"), (), ORIGIN)
    assert names == [whole.name, *(it.name for it in opt_ins_beside(whole, [made]))]


@each(
    ("text", "place"),
    [
        ("networkPolicy:\n  enabled: false\n", "false"),
        ("networkPolicy: {enabled: false, probe: {enabled: true}}\n", "false"),
        ("networkPolicy:\n  enabled: true\n", None),
        ("networkPolicy:\n  enabled: null\n", None),
        ("networkPolicy:\n  probe: {enabled: false}\n", None),
        ("enabled: false\n", None),
        ("networkPolicy: [enabled]\n", None),
        ("- enabled: false\n", None),
        ("enabled: {\n", None),
    ],
)
def test_what_switches_a_policy_off(text: str, place: str | None) -> None:
    off = policy("web", text).off
    assert (off and off.text) == place


@each(
    ("policies", "codes"),
    [
        ([policy("web"), policy("orders")], []),
        ([policy("web", "fullnameOverride: orders"), policy("orders")], ["EG516"]),
        ([policy("orders"), policy("web", "fullnameOverride: orders")], ["EG516"]),
        ([policy("web", "fullnameOverride: x"), policy("orders", "fullnameOverride: x")], ["EG516"]),
        ([policy("web", "fullnameOverride: orders", "other"), policy("orders")], []),
        ([policy("web", "fullnameOverride: orders"), policy("orders", "fullnameOverride: web")], []),
        ([policy("web", 'fullnameOverride: ""'), policy("orders", "fullnameOverride: null")], []),
        ([policy("web", "networkPolicy: {enabled: false}")], ["EG515"]),
    ],
)
def test_two_policies_of_one_name_are_an_error(policies: list[WholePolicy], codes: list[str]) -> None:
    report = Report()
    check_whole_policies(policies, report)
    assert [it.code.id for it in report.diagnostics] == codes
    assert all(it.primary.span.source.name.startswith("values/") for it in report.diagnostics)
