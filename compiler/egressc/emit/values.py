"""The generated part of the values file of each service and namespace: text with its comments, and the same as data.

Two branches of a repository that change different entries of a file merge without a conflict: no line speaks of the
file as a whole, each entry begins with its key, ends with its digest, and has a blank line behind it. Nothing in it
depends on where in a document its rows are.

A fleet names the same destinations over and over: each destination with the same ports and purpose is written once, and
its text and data are shared by every service that depends on it. Nobody may change the data in place.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from egressc.dialects.emitting import Data
from egressc.emit.entries import INDENT, entry_text
from egressc.emit.guardrails import GuardrailWriter
from egressc.emit.provenance import NO_PROVENANCE, Provenance
from egressc.emit.rules import dns_data, rule_data, selector_data
from egressc.emit.scalars import comment
from egressc.model.guardrails import Guardrail
from egressc.model.policy import (
    DIRECTIONS,
    EGRESS_ONLY,
    NO_DNS,
    Baseline,
    Direction,
    Directions,
    Dns,
    Grant,
    GrantEnd,
    PodPeer,
    PolicySet,
    Port,
    Selector,
    ServicePolicy,
)
from egressc.model.release_kinds import NAMESPACES, ReleaseKind
from egressc.source import Span

EXTRAS_PREFIX = "  # egressc-extras:"
EXTRAS_LINE = f"{EXTRAS_PREFIX} everything from here on is yours; compile keeps it byte for byte.\n"
# What a new file has below the extras line, by what its policy limits.
DEFAULT_EXTRAS: Final[Mapping[Directions, str]] = {
    directions: "".join(f"  {direction.value}: []\n" for direction in directions)
    for directions in (*DIRECTIONS.values(), ())
}
# The lines between entries, which belong to none.
BARE_LINES = frozenset(
    (
        *("networkPolicy:", "  dependencies:", "  dependencies: {}", "  callers:", "  callers: {}", "  optIns:"),
        *("  guardrails:", "  hosts:"),
    )
)
# In the order in which they are mostly written in policies.
_POLICY_TYPES: Final = {Direction.INGRESS: "Ingress", Direction.EGRESS: "Egress"}
_OWN_NAMESPACE: Final = PodPeer(None, Selector())


class ServiceValues(NamedTuple):
    """What the file of one service or namespace says: `new_text` is the whole file where there was none.

    `service` is the baseline's policy for a namespace, and `opt_ins` are its others. `policy` is what the generated
    part says as data, as Helm reads it.
    """

    service: ServicePolicy
    new_text: str
    policy: dict[str, Data]
    opt_ins: tuple[ServicePolicy, ...] = ()

    def document(self, extras: Mapping[str, object] | None = None) -> dict[str, object]:
        """The whole file as data, with the operator's part; without, as a new file has it."""
        if extras is None:
            extras = {direction.value: [] for direction in self.service.directions}
        return {"networkPolicy": {**self.policy, **extras}}

    @property
    def file_name(self) -> str:
        return f"{self.service.id}.yaml"

    @property
    def generated(self) -> str:
        """What stands above the operator's part, the extras line included."""
        return self.new_text.removesuffix(DEFAULT_EXTRAS[self.service.directions])


def emit_values(
    policies: PolicySet,
    *,
    schema_path: str,
    namespace_schema_path: str = "",
    values_folder: str = "values",
    chart: str = ".",
    provenance: Provenance = NO_PROVENANCE,
    dialect: Mapping[str, Data] | None = None,
    namespace_dialect: Mapping[str, Data] | None = None,
    guarded: Mapping[str, Sequence[Guardrail]] | None = None,
    namespaces: Mapping[str, Mapping[str, str]] | None = None,
) -> list[ServiceValues]:
    """Write the values of every service and then of every namespace, in the order of the set.

    Args:
        schema_path: path or URL of the values' JSON Schema, as seen from a values file.
        namespace_schema_path: the same for those of namespaces.
        values_folder: where the files go, as the install command in each file names it.
        chart: the chart that the install command names: a folder, or a reference.
        provenance: what the comments say of where a rule comes from.
        dialect: what the chart of services needs to know of the dialect; nothing for the one that it renders without.
        namespace_dialect: the same for the chart of namespaces.
        guarded: the guardrails of services and namespaces, by id.
        namespaces: labels of those that are known, by name.
    """
    guardrails = GuardrailWriter(guarded or {}, namespaces or {})
    writer = _Writer((dialect or {}, namespace_dialect or {}), values_folder, provenance, guardrails)
    chart, schema_path = comment(shlex.quote(chart)), comment(schema_path)
    return [
        *(writer.write(service, chart, schema_path) for service in policies.services),
        *(writer.write(it.policy, NAMESPACES.chart, comment(namespace_schema_path), it) for it in policies.baselines),
    ]


def emit_for_cluster(
    kind: ReleaseKind,
    name: str,
    namespace: str,
    place: Span,
    text: str,
    data: Mapping[str, Data],
    *,
    schema_path: str,
    values_folder: str,
    provenance: Provenance,
) -> ServiceValues:
    """Write the values of a release for the whole cluster: `text`, and the same as data, below its name."""
    release = ServicePolicy(kind.id, name, namespace, Selector(), NO_DNS, (), place, (), ())
    writer = _Writer(({}, {}), values_folder, provenance, GuardrailWriter({}, {}))
    lines, start = writer.start(release, kind.chart, comment(schema_path))
    lines += (text, EXTRAS_LINE, DEFAULT_EXTRAS[()])
    return ServiceValues(release, "".join(lines), {**start, **data})


class _Fragment(NamedTuple):
    """One dependency or caller as all that have it say it: the text before and after its places, its key, its data."""

    ports: tuple[Port, ...]
    purpose: str
    key_line: str
    rest: str
    key: str
    data: dict[str, Data]


class _Writer:
    """The fragments written so far. Object identities are keys: the policy set holds every object until the end.

    A destination is mostly asked for with the same ports and purpose, so the last fragment of each is tried first: one
    key for each dependency of a fleet is hashed, not four.
    """

    def __init__(
        self,
        dialects: tuple[Mapping[str, Data], Mapping[str, Data]],
        values_folder: str,
        provenance: Provenance,
        guardrails: GuardrailWriter,
    ) -> None:
        """`dialects`: for services and for namespaces."""
        self._dialects = [({**it}, entry_text({"dialect": {**it}}) if it else "") for it in dialects]
        self._values_folder = comment(shlex.quote(values_folder))
        self._last_fragments: dict[Direction, dict[int, _Fragment]] = {direction: {} for direction in Direction}
        self._fragments: dict[tuple[Direction, int, tuple[Port, ...], str], _Fragment] = {}
        self._own_ends: list[GrantEnd] = []
        self._dns: dict[int, tuple[str, dict[str, Data]]] = {}
        self._places = provenance.places
        self._guardrails = guardrails

    def start(self, policy: ServicePolicy, chart: str, schema_path: str) -> tuple[list[str], dict[str, Data]]:
        """What every file begins with, as text and as data."""
        release: dict[str, Data] = {"name": policy.release, "namespace": policy.namespace}
        lines = [
            f"# Generated by `egressc compile` from {self._places((policy.origin,))};"
            " edit the sources, not this part. Install:\n"
            f"#   helm install {policy.release} {chart} -n {policy.namespace}"
            f" -f {self._values_folder}/{policy.id}.yaml\n"
            f"# yaml-language-server: $schema={schema_path}\n"
            "networkPolicy:\n",
            entry_text({"release": release}),
        ]
        return lines, {"release": release}

    def write(
        self, service: ServicePolicy, chart: str, schema_path: str, baseline: Baseline | None = None
    ) -> ServiceValues:
        """The file of a service, or of a namespace with its baseline."""
        lines, policy = self.start(service, chart, schema_path)
        dialect, dialect_entry = self._dialects[baseline is not None]
        if dialect:
            policy["dialect"] = dialect
            lines.append(dialect_entry)
        if baseline is None:
            policy["podSelector"] = pod_selector = selector_data(service.pod_selector)
            assert pod_selector, "a policy without a selector takes hold of every pod"
            lines.append(entry_text({"podSelector": pod_selector}))
        if service.directions != EGRESS_ONLY:  # the default
            types = [name for direction, name in _POLICY_TYPES.items() if direction in service.directions]
            policy["policyTypes"] = [*types]
            lines.append(entry_text({"policyTypes": [*types]}))
        outgoing, incoming = (service.grants, service.callers) if baseline is None else self._of_namespace(service)
        if Direction.EGRESS in service.directions:
            dns_entry, policy["dns"] = self._dns_part(service.dns)
            lines.append(dns_entry)
            policy["dependencies"] = self._add_rules("dependencies", outgoing, Direction.EGRESS, lines)
        if Direction.INGRESS in service.directions:
            policy["callers"] = self._add_rules("callers", incoming, Direction.INGRESS, lines)
        if baseline is not None and baseline.opt_ins:
            policy["optIns"] = self._add_opt_ins(baseline, lines)
        opt_ins = () if baseline is None else baseline.opt_ins
        labels = self._guardrails.labels(it.id for it in (service, *opt_ins))
        for key, part in (("guardrails", self._guardrails.part(service.id)), ("namespaceLabels", labels)):
            if part.data:
                lines.append(part.text)
                policy[key] = part.data
        lines += (EXTRAS_LINE, DEFAULT_EXTRAS[service.directions])
        return ServiceValues(service, "".join(lines), policy, opt_ins)

    def _of_namespace(self, policy: ServicePolicy) -> tuple[Sequence[Grant], Sequence[Grant]]:
        """The halves of a baseline; what is open within the namespace is so in that of the release, whichever it is."""
        outgoing = [it._replace(destination=self._within(it, it.destination)) for it in policy.grants]
        incoming = [it._replace(source=self._within(it, it.source)) for it in policy.callers]
        return outgoing, incoming

    def _within(self, grant: Grant, end: GrantEnd) -> GrantEnd:
        if grant.source.key != grant.destination.key:
            return end
        own = replace(end, peers=tuple(_OWN_NAMESPACE if isinstance(it, PodPeer) else it for it in end.peers))
        self._own_ends.append(own)
        return own

    def _add_opt_ins(self, baseline: Baseline, lines: list[str]) -> dict[str, Data]:
        lines.append("  optIns:\n")
        found: dict[str, Data] = {}
        for opt_in in baseline.opt_ins:
            key = opt_in.id.removeprefix(f"{baseline.policy.id}/")
            rules = {
                it.destination.key: rule_data(Direction.EGRESS, it.destination, it.ports, it.purpose)
                for it in opt_in.grants
            }
            own: dict[str, Data] = {
                "podSelector": selector_data(opt_in.pod_selector),
                "dependencies": {**rules},
            }
            if self._guardrails.part(baseline.policy.id).data:  # what guards the namespace need not guard these pods
                own["guardrails"] = self._guardrails.part(opt_in.id).data
            found[key] = own
            lines.append(entry_text({key: found[key]}, INDENT))
        return found

    def _add_rules(self, name: str, grants: Sequence[Grant], direction: Direction, lines: list[str]) -> dict[str, Data]:
        """The lines of one half of the grants, and their data by key."""
        lines.append(f"  {name}:\n" if grants else f"  {name}: {{}}\n\n")
        rules: dict[str, Data] = {}
        last_fragments = self._last_fragments[direction]
        is_egress = direction is Direction.EGRESS
        placed: tuple[Span, ...] = ()
        places = ""
        for grant in grants:
            source, destination, ports, purpose, origins = grant
            end = destination if is_egress else source
            fragment = last_fragments.get(id(end))
            if fragment is None or fragment[0] is not ports or fragment[1] != purpose:
                fragment = last_fragments[id(end)] = self._fragment(direction, end, ports, purpose)
            if origins is not placed:  # those of one cell share them
                placed = origins
                places = f"      # {self._places(origins)}\n"
            _, _, key_line, rest, key, data = fragment
            lines += (key_line, places, rest)
            rules[key] = data
        assert len(rules) == len(grants), f"two of the {name} share a key"
        return rules

    def _fragment(self, direction: Direction, end: GrantEnd, ports: tuple[Port, ...], purpose: str) -> _Fragment:
        wanted = (direction, id(end), ports, purpose)
        fragment = self._fragments.get(wanted)
        if fragment is None:
            data = rule_data(direction, end, ports, purpose)
            key_line, line_end, rest = entry_text({end.key: data}, INDENT).partition("\n")
            fragment = self._fragments[wanted] = _Fragment(ports, purpose, key_line + line_end, rest, end.key, data)
        return fragment

    def _dns_part(self, dns: Dns) -> tuple[str, dict[str, Data]]:
        part = self._dns.get(id(dns))
        if part is None:
            data = dns_data(dns)
            part = self._dns[id(dns)] = (entry_text({"dns": data}), data)
        return part
