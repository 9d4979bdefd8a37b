"""Rules by host name allow nothing until DNS answers show where the name leads, and somebody must read these."""

from collections.abc import Collection

from egressc.diagnostics.core import Report
from egressc.diagnostics.manifests import unlearned_hosts
from egressc.model.endpoints import is_within
from egressc.model.flows import Direction, Policy, RuleAction
from egressc.model.host_sets import join_hosts, subtract_hosts
from egressc.verify.manifests.places import rule_place


def report_unlearned(policies: Collection[Policy], report: Report) -> None:
    """EG629 for each rule whose hosts no DNS rule of its pods lets be resolved through the plugin's DNS proxy."""
    resolving = [policy for policy in policies if policy.resolves]
    for policy in policies:
        for rule in policy.egress or ():
            left = subtract_hosts(rule.addresses.names, policy.resolves)
            if rule.action is not RuleAction.ALLOW or not left or rule.addresses.is_most_addresses:
                continue  # what opens most addresses opens hosts by these
            shared = (it.resolves for it in resolving if is_within(policy.subject, it.subject))
            if left := subtract_hosts(left, join_hosts(shared)):
                place = rule_place(policy, rule, Direction.EGRESS)
                report.add(unlearned_hosts(place, policy.title, ", ".join(map(str, left))))
