"""The generated part of each service's values file: text with its comments, and the same as data.

Two branches of a repository that change different entries of a file merge without a conflict: no line speaks of the
file as a whole, each entry begins with its key, ends with its digest, and has a blank line behind it. Nothing in it
depends on where in a document its rows are.

A fleet names the same destinations over and over: each destination with the same ports and purpose is written once, and
its text and data are shared by every service that depends on it. Nobody may change the data in place.
"""

import shlex
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from egressc.dialects.emitting import Data, Emitter, emitter_of
from egressc.emit.blocks import mapping_lines
from egressc.emit.provenance import NO_PROVENANCE, Provenance
from egressc.emit.scalars import comment
from egressc.model.policy import Dns, Grant, PolicySet, Port, ServicePolicy
from egressc.source import Span

DIGEST_PREFIX = "# egressc-digest: "
EXTRAS_PREFIX = "  # egressc-extras:"
EXTRAS_LINE = f"{EXTRAS_PREFIX} everything from here on is yours; compile keeps it byte for byte.\n"
DEFAULT_EXTRAS = "  egress: []\n"
# The lines between entries, which belong to none.
BARE_LINES = frozenset(["networkPolicy:", "  dependencies:", "  dependencies: {}"])
_DIGITS = 12
_DEPENDENCY_INDENT = "    "
_WORDS = (f"{_DEPENDENCY_INDENT}  name: ", f"{_DEPENDENCY_INDENT}  purpose: ")


class ServiceValues(NamedTuple):
    """What one service's file says: `new_text` is the whole file of a service that had none.

    `policy` is what the generated part says as data, as Helm reads it.
    """

    service: ServicePolicy
    new_text: str
    policy: dict[str, Data]

    def document(self, extras: Mapping[str, object]) -> dict[str, object]:
        """The whole file as data, with the operator's part."""
        return {"networkPolicy": {**self.policy, **extras}}

    @property
    def file_name(self) -> str:
        return f"{self.service.id}.yaml"

    @property
    def generated(self) -> str:
        """What stands above the operator's part, the extras line included."""
        return self.new_text[: -len(DEFAULT_EXTRAS)]


def emit_values(
    policies: PolicySet,
    *,
    schema_path: str,
    values_folder: str = "values",
    chart: str = ".",
    provenance: Provenance = NO_PROVENANCE,
    dialect: str = "NetworkPolicy",
) -> list[ServiceValues]:
    """Write the values of every service, in the order of the set.

    Args:
        schema_path: path or URL of the values' JSON Schema, as seen from a values file.
        values_folder: where the files go, as the install command in each file names it.
        chart: the chart that the install command names: a folder, or a reference.
        provenance: what the comments say of where a rule comes from.
        dialect: the kind of policy that the chart is to render.
    """
    writer = _Writer(emitter_of(dialect), schema_path, values_folder, chart, provenance)
    return [writer.service(service) for service in policies.services]


def effective_lines(text: str) -> list[str]:
    """The lines that have an effect: neither comments nor empty, without their ends and a byte order mark."""
    lines = (line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n"))
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def digest(lines: Sequence[str]) -> str:
    """12 hex digits over the effective lines of one entry, in UTF-8: they tell a change by hand, no forgery.

    The name and the purpose of a dependency are words for people: one branch may change them, another one its ports.
    """
    if lines and lines[0].startswith(_DEPENDENCY_INDENT):
        lines = [line for line in lines if not line.startswith(_WORDS)]
    return sha256("\n".join(lines).encode()).hexdigest()[:_DIGITS]


class _Fragment(NamedTuple):
    """One dependency as every service that has it says it: the text before and after its places, its key, its data."""

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
        self, emitter: Emitter, schema_path: str, values_folder: str, chart: str, provenance: Provenance
    ) -> None:
        self._emitter = emitter
        self._schema_path = comment(schema_path)
        self._values_folder = comment(shlex.quote(values_folder))
        self._chart = comment(shlex.quote(chart))
        self._last_fragments: dict[int, _Fragment] = {}
        self._fragments: dict[tuple[int, tuple[Port, ...], str], _Fragment] = {}
        self._dns: dict[int, tuple[str, dict[str, Data]]] = {}
        self._places = provenance.places

    def service(self, service: ServicePolicy) -> ServiceValues:
        release: dict[str, Data] = {"name": service.id, "namespace": service.namespace}
        pod_selector = self._emitter.selector_data(service.pod_selector)
        assert pod_selector, "a policy without a selector takes hold of every pod"
        dns_entry, dns = self._dns_part(service.dns)
        lines = [
            f"# Generated by `egressc compile` from {self._places((service.origin,))};"
            " edit the sources, not this part. Install:\n"
            f"#   helm install {service.id} {self._chart} -n {service.namespace}"
            f" -f {self._values_folder}/{service.id}.yaml\n"
            f"# yaml-language-server: $schema={self._schema_path}\n"
            "networkPolicy:\n",
            _entry({"release": release}),
            _entry({"podSelector": pod_selector}),
            dns_entry,
            "  dependencies:\n" if service.grants else "  dependencies: {}\n\n",
        ]
        dependencies: dict[str, Data] = {}
        last_fragments = self._last_fragments
        placed: tuple[Span, ...] = ()
        places = ""
        for dependency in service.grants:
            _, destination, ports, purpose, origins = dependency
            fragment = last_fragments.get(id(destination))
            if fragment is None or fragment[0] is not ports or fragment[1] != purpose:
                fragment = last_fragments[id(destination)] = self._fragment(dependency)
            if origins is not placed:  # those of one cell share them
                placed = origins
                places = f"      # {self._places(origins)}\n"
            _, _, key_line, rest, key, data = fragment
            lines += (key_line, places, rest)
            dependencies[key] = data
        assert len(dependencies) == len(service.grants), f"two dependencies of {service.id} share a key"
        lines += (EXTRAS_LINE, DEFAULT_EXTRAS)
        policy: dict[str, Data] = {
            "release": release,
            "podSelector": pod_selector,
            "dns": dns,
            "dependencies": dependencies,
        }
        return ServiceValues(service, "".join(lines), policy)

    def _fragment(self, dependency: Grant) -> _Fragment:
        destination, ports, purpose = dependency.destination, dependency.ports, dependency.purpose
        wanted = (id(destination), ports, purpose)
        fragment = self._fragments.get(wanted)
        if fragment is None:
            data = self._emitter.dependency_data(dependency)
            key_line, end, rest = _entry({destination.key: data}, _DEPENDENCY_INDENT).partition("\n")
            fragment = self._fragments[wanted] = _Fragment(ports, purpose, key_line + end, rest, destination.key, data)
        return fragment

    def _dns_part(self, dns: Dns) -> tuple[str, dict[str, Data]]:
        part = self._dns.get(id(dns))
        if part is None:
            data = self._emitter.dns_data(dns)
            part = self._dns[id(dns)] = (_entry({"dns": data}), data)
        return part


def _entry(entry: dict[str, Data], indent: str = "  ") -> str:
    """A mapping of one key, the digest of it, and a blank line."""
    text = mapping_lines(entry, indent)
    within = indent if text.count("\n") == 1 else indent + "  "
    return f"{text}{within}{DIGEST_PREFIX}{digest(effective_lines(text))}\n\n"
