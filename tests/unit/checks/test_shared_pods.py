"""Services that share pods, by what their selectors mean: whatever pod there could be."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egressc.checks.shared_pods import count_sharing, find_overlapping, find_same_pods
from egressc.model import pod_classes
from egressc.model.flows import PodClass
from egressc.model.policy import Dns, Expression, Operator, PolicySet, Selector, ServicePolicy
from egressc.source import Source, Span
from support.compiled import findings, services
from support.tables import each

_CATALOG = """
defaults: {{namespace: apps, selector: {{app: "{{id}}"}}}}
destinations:
  a: {{{}}}
  b: {{{}}}
"""
_PLACE = Span(Source("services.md", ""), 0, 0)


def policy_set(selectors: list[Selector], namespaces: list[str] | None = None) -> PolicySet:
    homes = namespaces or ["apps"] * len(selectors)
    return PolicySet(
        tuple(
            ServicePolicy(f"s{number:05}", f"s{number:05}", home, selector, Dns("none"), (), _PLACE)
            for number, (selector, home) in enumerate(zip(selectors, homes, strict=True))
        )
    )


@each(
    ("one", "other", "code"),
    [
        ("selector: {app: x}", "selector: {app: v}", ""),
        ("selector: {app: x}", "selector: {app: x}", "EG440"),
        ("selector: {app: x}", "selector: {app: x}, namespace: elsewhere", ""),
        ("selector: {app: x}", "selector: {matchExpressions: [{key: app, operator: In, values: [x]}]}", "EG440"),
        ("selector: {app: x}", "selector: {matchExpressions: [{key: app, operator: In, values: [x, z]}]}", "EG441"),
        ("selector: {app: x}", "selector: {matchExpressions: [{key: app, operator: In, values: [v, z]}]}", ""),
        ("selector: {app: x}", "selector: {app: x, tier: web}", "EG441"),
        ("selector: {app: x}", "selector: {tier: web}", "EG441"),
        ("selector: {app: x}", "selector: {matchExpressions: [{key: app, operator: Exists}]}", "EG441"),
        ("selector: {app: x}", "selector: {matchExpressions: [{key: app, operator: DoesNotExist}]}", ""),
        ("selector: {app: x}", "selector: {matchExpressions: [{key: app, operator: NotIn, values: [x]}]}", ""),
        ("selector: {app: x}", "selector: {matchExpressions: [{key: app, operator: NotIn, values: [v]}]}", "EG441"),
        ("", "selector: {app: a}", "EG440"),
    ],
)
def test_selectors_are_compared_by_the_pods_they_admit(one: str, other: str, code: str) -> None:
    found = findings(services("a | None | None", "b | None | None"), _CATALOG.format(one, other))
    assert [it.split()[0] for it in found] == [code] * bool(code)


def test_an_overlap_is_allowed_for_a_service_and_for_a_pair() -> None:
    catalog = _CATALOG.format("selector: {app: x}", "selector: {app: x, tier: web}")
    rows = services("a | None | None", "b | None | None")
    for allowance in ("service: a", "service: a, destination: b"):
        assert findings(rows, catalog, f"allow: [{{code: EG441, {allowance}, reason: moving}}]") == []
    one_more = catalog + "  c: {selector: {app: x, tier: db}}\n"
    rows = services("a | None | None", "b | None | None", "c | None | None")
    found = findings(rows, one_more, "allow: [{code: EG441, service: a, destination: b, reason: moving}]")
    assert [it.split()[0] for it in found] == ["EG441", "EG416"]


_KEYS = st.sampled_from("ab")
_VALUES = st.sets(st.sampled_from("12"), min_size=1, max_size=2).map(lambda it: tuple(sorted(it)))
_EXPRESSIONS = st.one_of(
    st.builds(Expression, _KEYS, st.sampled_from([Operator.IN, Operator.NOT_IN]), _VALUES),
    st.builds(Expression, _KEYS, st.sampled_from([Operator.EXISTS, Operator.DOES_NOT_EXIST])),
)
_SELECTORS = st.builds(
    lambda labels, expressions: Selector(tuple(sorted(labels.items())), tuple(expressions)),
    st.dictionaries(_KEYS, st.sampled_from("12"), max_size=2),
    st.lists(_EXPRESSIONS, max_size=2),
)
_PODS: list[dict[str, str]] = [
    {key: value for key, value in (("a", a), ("b", b)) if value}
    for a in ("", "1", "2", "3")
    for b in ("", "1", "2", "3")
]


def fits(selector: Selector, pod: dict[str, str]) -> bool:
    """What Kubernetes documents of the four operators, spelled out."""
    tests = {
        Operator.IN: lambda it: pod.get(it.key) in it.values,
        Operator.NOT_IN: lambda it: pod.get(it.key) not in it.values,
        Operator.EXISTS: lambda it: it.key in pod,
        Operator.DOES_NOT_EXIST: lambda it: it.key not in pod,
    }
    return all(pod.get(key) == value for key, value in selector.match_labels) and all(
        tests[it.operator](it) for it in selector.match_expressions
    )


@given(st.lists(_SELECTORS, min_size=2, max_size=25))
def test_every_pair_that_some_pod_fits_is_found_and_no_other(selectors: list[Selector]) -> None:
    policies = policy_set(selectors)
    found = {frozenset((it.id, first.id)) for it, first in find_same_pods(policies)}
    met = {frozenset((it.service.id, other.id)) for it in find_overlapping(policies) for other in it.others}
    for i, one in enumerate(selectors):
        for j, other in enumerate(selectors[:i]):
            pair = frozenset((f"s{i:05}", f"s{j:05}"))
            mine = [fits(one, pod) for pod in _PODS]
            theirs = [fits(other, pod) for pod in _PODS]
            if not any(mine) or not any(theirs):
                continue  # selects nothing: no policy of such a service guards anything
            if mine != theirs:
                assert (pair in met) is any(a and b for a, b in zip(mine, theirs, strict=True))
            assert not (pair in found and mine != theirs)
    sharing = {it for pair in met | found for it in pair}
    assert count_sharing(policies, {it.id for it in policies.services}) >= len(sharing)


@pytest.mark.slow
@pytest.mark.parametrize(
    "selector",
    [
        lambda n: Selector((("app", f"s{n}"),)),
        lambda n: Selector((("app", f"s{n}"), ("part-of", "shop"))),
        lambda n: Selector((("app" if n % 2 else "team", f"s{n}"), ("tier", "a" if n % 2 else "b"))),
        lambda n: Selector(((f"s{n}", "1"),)),
        lambda n: Selector((), (Expression("app", Operator.NOT_IN, (f"s{n}",)),)),
    ],
)
def test_classes_compared_grow_with_the_services(
    selector: Callable[[int], Selector], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pod_classes.common_pods
    counts: list[int] = []

    def counted(one: PodClass, other: PodClass) -> PodClass | None:
        counts[-1] += 1
        return real(one, other)

    monkeypatch.setattr(pod_classes, "common_pods", counted)
    for size in (500, 2000):
        counts.append(0)
        list(find_overlapping(policy_set([selector(n) for n in range(size)])))
    assert counts[1] <= 5 * counts[0]
