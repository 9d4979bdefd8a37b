"""What a dialect offers to the proof: the module `read` of its package."""

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol

from egressc.dialects.shapes.fields import Object, Problems
from egressc.model.dialects import DIALECTS, ONLY_READ
from egressc.model.flows import Policy
from egressc.source import Span


class DialectReader(Protocol):
    """Reads manifests of one kind into policies of flows; one for each stream, for it may remember what it read."""

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """The policy of a manifest in the namespace `home`; None after a problem.

        `origin` and `path` say where the manifest stands (see `Policy`); problems have paths from the manifest on.
        Rules that deny or pass on, or that are asked in order, need a `Precedence`.
        """


def readers() -> Mapping[tuple[str, str], DialectReader]:
    """A reader for each apiVersion and kind: what the function `readers` of each module `read` gives."""
    packages = [*(dialect.package for dialect in DIALECTS.values()), *ONLY_READ]
    parts = [import_module(f"{package}.read") for package in packages]
    return {kind: reader for part in parts for kind, reader in part.readers().items()}
