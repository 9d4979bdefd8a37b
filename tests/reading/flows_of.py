"""What generated documents come to: the flows that their policies allow, one port at a time, and who has a policy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from egressc.diagnostics.core import Report, Severity
from egressc.model.policy import Port
from egressc.pipeline import Compilation, compile_sources, read_project
from egressc.source import Source
from reading.generated import CATALOG
from reading.made import Project

Flow = tuple[str, str, Port]


@dataclass(frozen=True)
class Outcome:
    """`compilation` is None where the sources are refused; `report` says why."""

    compilation: Compilation | None
    report: Report

    @property
    def is_refused(self) -> bool:
        return self.compilation is None

    @property
    def flows(self) -> frozenset[Flow]:
        """What refused sources allow is nothing: no file is written."""
        if self.compilation is None:
            return frozenset()
        return frozenset(
            (service.id, it.destination.key, port)
            for service in self.compilation.policies.services
            for it in service.grants
            for port in it.ports
        )

    @property
    def services(self) -> frozenset[str]:
        return (
            frozenset() if self.compilation is None else frozenset(it.id for it in self.compilation.policies.services)
        )

    @property
    def model(self) -> object:
        """Everything but places."""
        if self.compilation is None:
            return None
        policies = self.compilation.policies
        services = [
            it._replace(origin=None, grants=tuple(d._replace(origins=()) for d in it.grants))  # type: ignore[arg-type]
            for it in policies.services
        ]
        denials = {(it.service, it.other.key if it.other else "", it.ports) for it in policies.denials}
        return services, denials

    @property
    def errors(self) -> frozenset[str]:
        return frozenset(it.code.id for it in self.report.diagnostics if it.code.severity is Severity.ERROR)

    def codes(self) -> list[str]:
        return [f"{it.code.id} {it.message}" for it in self.report.sorted() if it.code.id != "EG413"]


def outcome(sources: Mapping[str, str], settings: str, catalog: str) -> Outcome:
    report = Report()
    project = read_project(Source("egressc.yaml", settings), report)
    texts = [Source(name, text) for name, text in sources.items()]
    return Outcome(compile_sources(project, texts, [Source("catalog.yaml", catalog)], report), report)


def compiled(project: Project) -> Outcome:
    return outcome(project.sources(), project.settings(), CATALOG)


def added(after: Iterable[Flow], before: Iterable[Flow]) -> list[Flow]:
    """The flows of `after` that nothing of `before` allows."""
    held = list(before)
    return [flow for flow in after if not any(_covers(it, flow) for it in held)]


def _covers(wide: Flow, narrow: Flow) -> bool:
    if wide[:2] != narrow[:2] or wide[2].protocol is not narrow[2].protocol:
        return False
    one, other = wide[2], narrow[2]
    if one.port is None or one == other:
        return True
    if not isinstance(one.port, int) or not isinstance(other.port, int):
        return False
    return one.port <= other.port and (other.end_port or other.port) <= (one.end_port or one.port)
