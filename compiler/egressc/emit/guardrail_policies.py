"""The values of the release that enforces guardrails: a policy of the whole cluster for each."""

from collections.abc import Sequence

from egressc.dialects.emitting import Data
from egressc.emit.entries import entry_text, section
from egressc.emit.guardrails import purpose_data
from egressc.emit.provenance import NO_PROVENANCE, Provenance
from egressc.emit.rules import denied_data, selector_data
from egressc.emit.values import ServiceValues, emit_for_cluster
from egressc.model.guardrails import Guardrail, GuardrailPolicies
from egressc.model.release_kinds import GUARDRAILS


def emit_guardrails(
    guardrails: Sequence[Guardrail],
    policies: GuardrailPolicies,
    *,
    schema_path: str,
    values_folder: str = "values",
    provenance: Provenance = NO_PROVENANCE,
) -> ServiceValues:
    """Write them; the rest as in `emit_values`."""
    entries: dict[str, Data] = {}
    for index, it in enumerate(guardrails):
        entry: dict[str, Data] = {**purpose_data(it), "priority": policies.priority + index}
        entry["namespaceSelector"] = selector_data(it.namespaces)
        if not it.pods.selects_everything:
            entry["podSelector"] = selector_data(it.pods)
        entries[it.key] = {**entry, "rules": denied_data(it.rules)}
    held = section("guardrails", entries)
    return emit_for_cluster(
        GUARDRAILS,
        "Guardrails",
        policies.namespace,
        policies.place,
        entry_text({"apiVersion": policies.api_version}) + held.text,
        {"apiVersion": policies.api_version, "guardrails": held.data},
        schema_path=schema_path,
        values_folder=values_folder,
        provenance=provenance,
    )
