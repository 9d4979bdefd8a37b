"""Policies of other owners next to those of the services: what they open, and what they cut off."""

from collections.abc import Callable, Container, Iterator, Mapping

from egressc.diagnostics.core import Code, Report
from egressc.diagnostics.manifests import policy_given_twice
from egressc.diagnostics.proof import ASK_THE_OWNER, closed_way_out, cut_off_row, homeless_policy, other_permission
from egressc.model.address_sets import holds, join_addresses
from egressc.model.cluster import Cluster
from egressc.model.dialects import DIALECTS, NETWORK_POLICY, Dialect
from egressc.model.endpoints import is_within
from egressc.model.flows import Difference, DifferenceKind, Direction, PodClass, object_key
from egressc.model.gateway import HOST_TLS_PORT, PASSED_THROUGH, GatewayUse
from egressc.model.known_namespaces import settle
from egressc.model.label_classes import namespace, select
from egressc.model.policy import PolicySet, Port, Protocol, Selector, ServicePolicy
from egressc.model.policy_names import hosts_policy_name, opt_in_name
from egressc.model.port_sets import covers, port_set
from egressc.model.texts import place_of_name
from egressc.verify.comparison.compare import compare
from egressc.verify.comparison.denials import Denials
from egressc.verify.comparison.differences import Findings
from egressc.verify.flows.precedence import additive
from egressc.verify.flows.words import say_ports
from egressc.verify.intent.table import intend, intend_denials
from egressc.verify.manifests.kinds import CLUSTER_KINDS
from egressc.verify.manifests.places import names_namespace, policy_place
from egressc.verify.manifests.reader import Manifests


def check_others(
    policies: PolicySet,
    others: Manifests,
    report: Report,
    *,
    dialect: Dialect = DIALECTS[NETWORK_POLICY],
    renamed: Container[str] = (),
    allowing: Callable[[Code, str, str], object] | None = None,
) -> None:
    """EG624 for what a row denies and they open, EG636 for what a row asks for and they deny, EG637 for what they add.

    EG614 for a policy that has the namespace and the name of one of ours: in the cluster the last one applied remains.
    EG638 for a policy that does not say its namespace.

    Args:
        dialect: that of our policies.
        renamed: ids of services and namespaces whose policies have other names than the chart gives them.
        allowing: which allowances fit a code, a service and a destination. What different ones fit stays apart.
    """
    named = {(kind, it.namespace, name): it for kind, name, it in _named(policies, dialect) if it.id not in renamed}
    for policy in others.policies:
        if policy.kind not in CLUSTER_KINDS and not names_namespace(policy):
            report.add(homeless_policy(policy_place(policy), policy.name))
        if (ours := named.get((policy.kind, policy.namespace, policy.name))) is not None:
            title = f"policy {policy.title}"
            report.add(policy_given_twice(policy_place(policy), title, ours.origin, is_compiled=True))
    intended = settle(intend(policies), others.namespaces)
    theirs = settle(others.policies, others.namespaces)
    together = additive((*intended, *theirs))
    before = policies.before_translation
    denials = Denials(
        settle(intend_denials(policies), others.namespaces),
        intended,
        together,
        before_translation=before,
        blamed=frozenset(it.origin.source.name for it in others.policies),
    )
    report.extend(denials.report())
    findings = Findings(intended, (*intended, *theirs), repair=ASK_THE_OWNER)

    def group_by(difference: Difference) -> object:
        build = cut_off_row if difference.kind is DifferenceKind.UNDER else other_permission
        return allowing(build.code, *findings.ends_of(difference)) if allowing is not None else None

    for difference in compare(
        intended,
        together,
        of_intended_only=True,
        before_translation=before,
        group_by=None if allowing is None else group_by,
    ):
        found = findings.describe(difference)
        if difference.kind is DifferenceKind.UNDER:
            report.add(cut_off_row(found))
        elif not denials.tells(difference):
            report.add(other_permission(found))


def check_way_out(
    policies: PolicySet, uses: Mapping[str, GatewayUse], cluster: Cluster, others: Manifests, report: Report
) -> None:
    """EG636, at each row with hosts: a policy of others closes the way from the gateway on to them.

    Where a host is, nobody knows. It counts as open if a rule names it, or rules together reach most addresses. `uses`:
    settings, by the key of a destination.
    """
    gateway = cluster.gateway
    if gateway is None:
        return
    pods = PodClass(namespace(gateway.namespace), select(Selector(gateway.pod_selector)))
    ours = settle(intend(policies), others.namespaces)
    together = additive((*settle(others.policies, others.namespaces), *ours), (Direction.EGRESS,))
    held = [it for it in together if it.isolates(Direction.EGRESS) and is_within(pods, it.subject)]
    theirs = {it.origin.source.name for it in others.policies}
    closing = next((it for it in held if it.origin.source.name in theirs), None)
    if closing is None:
        return
    family = 0 if "IPv4" in cluster.ip_families else 1
    rules = [rule for it in held for rule in it.egress or ()]
    for policy in policies.policies:
        for grant in policy.grants if policy.first_host else ():
            end = grant.destination
            originates = uses.get(end.key, PASSED_THROUGH).tls == "originate"
            ports = port_set((Port(Protocol.TCP, HOST_TLS_PORT),) if originates else grant.ports)
            open_to = join_addresses(it.addresses for it in rules if covers(it.ports, ports))
            closed = next((it for it in grant.named_hosts if not holds(open_to, it)), "")
            if closed and not open_to.families_that_are_most[family]:
                at, by, flow = place_of_name(end.name, grant.origins[0]), policy_place(closing), say_ports(ports)
                report.add(closed_way_out(at, closed, flow, policy.name, by, service=policy.id, destination=end.key))


def name_policies(policies: PolicySet, dialect: Dialect) -> frozenset[tuple[str, str]]:
    """The policies that the charts make of ours, as `Policy.key` has them."""
    return frozenset(object_key(kind, it.namespace, name) for kind, name, it in _named(policies, dialect))


def _named(policies: PolicySet, dialect: Dialect) -> Iterator[tuple[str, str, ServicePolicy]]:
    """The kinds and names that the charts give our policies."""
    for name, policy in _main_names(policies):
        names = {dialect.kind: name}
        if dialect.host_kind and policy.first_host:
            names[dialect.host_kind] = hosts_policy_name(name)
        for own, held in names.items():
            for kind in dialect.kinds if dialect.shares_names else (own,):
                yield kind, held, policy


def _main_names(policies: PolicySet) -> Iterator[tuple[str, ServicePolicy]]:
    for policy in policies.services:
        yield policy.release, policy
    for baseline in policies.baselines:
        yield baseline.policy.release, baseline.policy
        for it in baseline.opt_ins:
            yield opt_in_name(baseline.policy.release, it), it._replace(id=baseline.policy.id)
