"""What a dialect offers to the proof: the module `read` of its package."""

from collections.abc import Callable, Container, Iterable, Mapping
from importlib import import_module
from typing import NamedTuple, Protocol, runtime_checkable

from egressc.dialects.shapes.fields import Object, Problems
from egressc.model.clients import NO_ACCOUNTS, Accounts
from egressc.model.dialects import DIALECTS, ONLY_READ
from egressc.model.flows import Policy
from egressc.model.gateway import ROOT_NAMESPACE
from egressc.source import Span

Name = tuple[str, str]
"""A policy, as `Policy.key` has it."""


class _Every:
    def __contains__(self, _: object) -> bool:
        return True


NONE_STAGED: frozenset[Name] = frozenset()
ALL_STAGED: Container[Name] = _Every()


class KnownFacts(NamedTuple):
    """What a project says about manifests that these do not say themselves.

    Attributes:
        staged: the staged policies that are read as what they would enforce; others are skipped.
        api_server_port: where the API server listens; 0 where nobody knows.
        api_server: its addresses, as networks.
        has_routes: objects of a mesh count, by which its gateways route to hosts; otherwise they are unknown kinds.
        accounts: the pods that are known to have a service account.
        root_namespace: the one whose objects count for the whole mesh.
        is_complete: the manifests are all that a cluster has; otherwise policies can need what is not among them.
    """

    staged: Container[Name] = NONE_STAGED
    api_server_port: int = 0
    has_routes: bool = True
    accounts: Accounts = NO_ACCOUNTS
    root_namespace: str = ROOT_NAMESPACE
    is_complete: bool = False
    api_server: tuple[str, ...] = ()


NOTHING_KNOWN = KnownFacts()


class DialectReader(Protocol):
    """Reads manifests of one kind into policies of flows; one for each stream, for it may remember what it read."""

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """The policy of a manifest in the namespace `home`; None after a problem.

        `origin` and `path` say where the manifest stands (see `Policy`); problems have paths from the manifest on.
        Rules that deny or pass on, or that are asked in order, need a `Precedence`.
        """


@runtime_checkable
class SettlingReader(DialectReader, Protocol):
    """A reader whose policies need more than their own manifest."""

    def settle(
        self, policy: Policy, namespaces: Mapping[str, Mapping[str, str]], known: KnownFacts, problems: Problems
    ) -> Policy:
        """A policy that it read, once the whole stream is; `namespaces`: the labels of those in it."""


TellProblems = Callable[[str, Span, str, Problems], None]
"""Receives the problems of an object: its title, its document, and the path to it there."""


class PartObject(NamedTuple):
    """An object that says something only together with others: what it is called, and its spec."""

    kind: str
    key: tuple[str, str]
    spec: Object
    origin: Span
    path: str


@runtime_checkable
class FinishingReader(Protocol):
    """A reader of objects that say something only together."""

    def parts(self) -> Iterable[PartObject]:
        """Every object that it read."""

    def finish(self, policies: Iterable[Policy], tell: TellProblems, known: KnownFacts) -> Iterable[Policy]:
        """What they come to next to all policies of the stream: further policies, and some of those with more rules."""


def readers() -> Mapping[tuple[str, str], DialectReader]:
    """A reader for each apiVersion and kind: what the function `readers` of each module `read` gives."""
    packages = [*(dialect.package for dialect in DIALECTS.values()), *ONLY_READ]
    parts = [import_module(f"{package}.read") for package in packages]
    return {kind: reader for part in parts for kind, reader in part.readers().items()}
