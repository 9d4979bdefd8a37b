"""What a proof comes to, for programs: a part of the JSON and SARIF forms, described in docs/proof.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from operator import add

from egressc.renderers.reading import ReadCounts
from egressc.renderers.reading_json import lay_out_counts


@dataclass(frozen=True, slots=True)
class ProofCounts:
    """How much was compared, and what differs. `extras` are extra rules that add something to the table.

    `denials`: how many rows that say no, by service and destination, are shown to be closed; `guardrails`: how many
    hold.
    `approximate`: how many rules (`sharedPods`: services) depend on the cluster, by a word for the reason.
    `read` is what policies were held to.
    """

    services: int
    namespaces: int
    policies: int
    over_permissions: int
    under_permissions: int
    extras: int
    denials: int
    guardrails: int
    approximate: Mapping[str, int]
    read: ReadCounts


@dataclass(frozen=True, slots=True)
class ProofSummary:
    """`counts` is None where nothing could be compared."""

    proven: bool
    counts: ProofCounts | None


def join_proofs(summaries: Sequence[ProofSummary | None]) -> ProofSummary | None:
    """The proofs of several environments as one: proven if all are, with the sums of their counts."""
    found = [it for it in summaries if it is not None]
    counts = [it.counts for it in found if it.counts is not None]
    if not found:
        return None
    return ProofSummary(all(it.proven for it in found), reduce(_add, counts) if len(counts) == len(found) else None)


def _add(one: ProofCounts, other: ProofCounts) -> ProofCounts:
    sums = {
        it.name: getattr(one, it.name) + getattr(other, it.name)
        for it in fields(ProofCounts)
        if it.name not in ("approximate", "read")
    }
    reasons = sorted({*one.approximate, *other.approximate})
    approximate = {it: one.approximate.get(it, 0) + other.approximate.get(it, 0) for it in reasons}
    return ProofCounts(**sums, approximate=approximate, read=ReadCounts(*map(add, one.read, other.read)))


def lay_out_proof(summary: ProofSummary) -> dict[str, object]:
    """The same keys always; null where nothing could be compared."""
    counts = summary.counts
    return {
        "proven": summary.proven,
        "services": counts and counts.services,
        "namespaces": counts and counts.namespaces,
        "policies": counts and counts.policies,
        "overPermissions": counts and counts.over_permissions,
        "underPermissions": counts and counts.under_permissions,
        "extras": counts and counts.extras,
        "denials": counts and counts.denials,
        "guardrails": counts and counts.guardrails,
        "approximate": counts and dict(counts.approximate),
        "read": counts and lay_out_counts(counts.read),
    }
