"""What the operator's part of a values file says of the whole policy: that there is none, or another name for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import shared_policy_name, switched_off
from egressc.model.policy import Directions, ServicePolicy
from egressc.model.policy_names import hosts_policy_name, opt_in_name
from egressc.source import Source, Span
from egressc.tables.yaml import read_yaml, span_at, to_plain


class SwitchedOffPolicy(NamedTuple):
    """Where a policy is switched off, and the directions that its namespace still denies."""

    place: Span
    denied: Directions


class WholePolicy(NamedTuple):
    """One service, namespace or opt-in: its id, its namespace, its policy's name, and where its file says so.

    `off`: where the policy is switched off; `renamed`: where it has another name. `origin` is the row of the service.
    `denies`: what a baseline denies in its whole namespace. `is_of_hosts`: it is the policy for hosts next to another.
    """

    service: str
    namespace: str
    name: str
    origin: Span
    off: Span | None = None
    renamed: Span | None = None
    denies: Directions = ()
    is_of_hosts: bool = False


def read_policy(file: Source, policy: WholePolicy) -> WholePolicy:
    """The policy as its values file has it; unchanged where the file cannot be read, which others report."""
    node = read_yaml(file, Report())
    document = to_plain(node) if node is not None else None
    if node is None or not isinstance(document, Mapping):
        return policy
    settings, override = document.get("networkPolicy"), document.get("fullnameOverride")
    if isinstance(settings, Mapping) and settings.get("enabled") is False:
        policy = policy._replace(off=span_at(node, ("networkPolicy", "enabled")))
    if isinstance(override, str) and override:
        # As the chart has it: network-policy.policy.name. What is longer than a name may be is refused by the schema.
        policy = policy._replace(name=override, renamed=span_at(node, ("fullnameOverride",)))
    return policy


def opt_ins_beside(policy: WholePolicy, opt_ins: Iterable[ServicePolicy]) -> Iterator[WholePolicy]:
    """The policies of opt-ins next to the one of their namespace."""
    for it in opt_ins:
        name = opt_in_name(policy.name, it)
        yield WholePolicy(it.id, policy.namespace, name, it.origin, renamed=policy.renamed)


def hosts_beside(policy: WholePolicy, service: ServicePolicy) -> Iterator[WholePolicy]:
    """The policy for hosts next to the one of a service, in dialects that have one."""
    if service.first_host:
        name = hosts_policy_name(policy.name)
        yield WholePolicy(
            policy.service, policy.namespace, name, policy.origin, renamed=policy.renamed, is_of_hosts=True
        )


def check_whole_policies(policies: Sequence[WholePolicy], report: Report) -> dict[str, SwitchedOffPolicy]:
    """EG515 for a policy that is switched off, EG516 for two of one name: the one would replace the other.

    Gives those that are switched off, by the id of their service or namespace.
    """
    denied = {it.namespace: it.denies for it in policies if it.denies and it.off is None}
    off: dict[str, SwitchedOffPolicy] = {}
    named: dict[tuple[str, str], WholePolicy] = {}
    for policy in sorted(policies, key=lambda it: it.renamed is not None):
        if policy.off is not None:
            off[policy.service] = SwitchedOffPolicy(policy.off, denied.get(policy.namespace, ()))
            report.add(switched_off(*off[policy.service], policy.service))
        other = named.setdefault((policy.namespace, policy.name), policy)
        if other is not policy:
            place = policy.renamed or policy.origin
            report.add(
                shared_policy_name(
                    place,
                    policy.name,
                    policy.namespace,
                    other.renamed or other.origin,
                    other.service,
                    policy.service,
                    is_renamed=policy.renamed is not None,
                    is_of_hosts=policy.is_of_hosts or other.is_of_hosts,
                )
            )
    return off
