"""Labels of selectors against those that policies of the dialect can select by."""

from collections.abc import Iterable, Iterator, Sequence

from egressc.diagnostics.core import Report
from egressc.diagnostics.dialects import unselectable_label
from egressc.dialects.limits import label_problems_of
from egressc.model.cluster import Cluster
from egressc.model.dialects import CALICO
from egressc.model.guardrails import Guardrail
from egressc.model.policy import PodPeer, PolicySet, Selector
from egressc.resolve.resolution import Resolution
from egressc.source import Span

_Selected = tuple[Selector | None, Span, bool]
"""A selector, where it is asked for, and whether it selects namespaces."""


def check_labels(resolution: Resolution, cluster: Cluster, report: Report) -> None:
    """EG494, once for each label, at the first service, row or guardrail that needs it."""
    _check_labels(_of_policies(resolution.policies), cluster.dialect, report)
    if cluster.guardrails is not None and cluster.guardrails.is_in_a_tier:
        _check_labels(_of_guardrails(resolution.guardrails), CALICO, report)


def _check_labels(selected: Iterator[_Selected], dialect: str, report: Report) -> None:
    label_problem = label_problems_of(dialect)
    if label_problem is None:
        return
    told: set[tuple[str, bool]] = set()
    for selector, at, of_namespace in selected:
        labels = [key for key, _ in selector.match_labels] if selector is not None else []
        expressions = [it.key for it in selector.match_expressions] if selector is not None else []
        for key in (*labels, *expressions):
            problem = label_problem(key, of_namespace=of_namespace)
            if problem and (key, of_namespace) not in told:
                told.add((key, of_namespace))
                report.add(unselectable_label(at, key, problem))


def _of_policies(policies: PolicySet) -> Iterator[_Selected]:
    for policy in policies.policies:
        yield policy.pod_selector, policy.origin, False
        for _, grant, end in policy.halves:
            yield from _of_peers(end.peers, grant.origins[0])


def _of_guardrails(guardrails: Sequence[Guardrail]) -> Iterator[_Selected]:
    for guardrail in guardrails:
        yield guardrail.namespaces, guardrail.origin, True
        yield guardrail.pods, guardrail.origin, False
        for rule in guardrail.rules:
            yield from _of_peers(rule.peers, rule.origin)


def _of_peers(peers: Iterable[object], at: Span) -> Iterator[_Selected]:
    for peer in peers:
        if isinstance(peer, PodPeer):
            yield peer.pods, at, False
            yield peer.namespaces, at, True
