"""Policies of other owners next to those of the services: what they open, and what they cut off."""

from collections.abc import Collection, Container, Iterator

from egressc.diagnostics.core import Report
from egressc.diagnostics.manifests import policy_given_twice
from egressc.diagnostics.proof import closed_way_out, cut_off_row, homeless_policy, other_permission
from egressc.model.dialects import DIALECTS, NETWORK_POLICY, Dialect
from egressc.model.endpoints import is_within
from egressc.model.flows import Difference, DifferenceKind, Direction, PodClass, object_key
from egressc.model.gateway import HOST_TLS_PORT, EgressGateway, Waypoint
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
    singled_out: Collection[str] = (),
) -> None:
    """EG624 for what a row denies and they open, EG636 for what a row asks for and they deny, EG637 for what they add.

    EG614 for a policy that has the namespace and the name of one of ours: in the cluster the last one applied remains.
    EG638 for a policy that does not say its namespace.

    Args:
        dialect: that of our policies.
        renamed: ids of services and namespaces whose policies have other names than the chart gives them.
        singled_out: ids of services for which an allowance is meant: what a rule does to them is told apart from what
            it does to others.
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
    findings = Findings(intended, (*intended, *theirs))

    def apart(difference: Difference) -> str:
        service = findings.describe(difference).service
        return service if service in singled_out else ""

    for difference in compare(
        intended,
        together,
        of_intended_only=True,
        before_translation=before,
        apart=apart if singled_out else None,
    ):
        found = findings.describe(difference)
        if difference.kind is DifferenceKind.UNDER:
            report.add(cut_off_row(found))
        elif not denials.tells(difference):
            report.add(other_permission(found))


def check_way_out(policies: PolicySet, gateway: EgressGateway | Waypoint, others: Manifests, report: Report) -> None:
    """EG636, once for each service with hosts: a policy of others closes the way from the gateway on to them.

    Where a host is, nobody knows: it is open if the gateway reaches most addresses on the port of the row, or on that
    to which it opens TLS itself.
    """
    pods = PodClass(namespace(gateway.namespace), select(Selector(gateway.pod_selector)))
    isolating = [
        it
        for it in additive(settle(others.policies, others.namespaces), (Direction.EGRESS,))
        if it.isolates(Direction.EGRESS) and is_within(pods, it.subject)
    ]
    wide = [rule.ports for it in isolating for rule in it.egress or () if rule.addresses.is_most_addresses]
    for policy in policies.policies if isolating else ():
        for grant in policy.grants:
            ways = (grant.ports, (Port(Protocol.TCP, HOST_TLS_PORT),))
            if grant.named_hosts and not any(covers(held, port_set(way)) for held in wide for way in ways):
                at = place_of_name(grant.destination.name, grant.origins[0])
                report.add(
                    closed_way_out(
                        at,
                        grant.named_hosts[0],
                        policy.name,
                        *map(policy_place, isolating[:1]),
                        service=policy.id,
                        destination=grant.destination.key,
                    )
                )
                break


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
