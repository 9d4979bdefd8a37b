"""Sources into policies and findings: a table of contents of the compiler. Touches neither disk nor environment."""

from collections.abc import Callable, Container, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from egressc.checks import check_policies, check_services
from egressc.checks.prose import telling_lines
from egressc.diagnostics.core import Lack, Report, TooManyErrorsError
from egressc.lower.catalog import lower_catalogs
from egressc.lower.ledger import NO_EFFECTS, Effects, account, count_rows
from egressc.lower.project import lower_project
from egressc.lower.requirements import lower_sources
from egressc.missing.needs import BEHIND_CELLS, Need, Needs
from egressc.missing.supposing import suppose
from egressc.model.policy import PolicySet
from egressc.model.project import Project
from egressc.model.reading import Reading, Tally
from egressc.model.requirements import Requirements
from egressc.model.workloads import NO_WORKLOADS, Workloads
from egressc.resolve import resolve_policies
from egressc.resolve.resolution import Resolution
from egressc.source import Source

# Each look finds what the one before it hid: names, then where they run, then their ports.
_MOST_ROUNDS: Final = 12
_MOST_FINDINGS: Final = 10_000

ReadWorkloads = Callable[[str, Report], Workloads]
"""Reads what runs in the cluster. It is given the default namespace of the catalog, for objects that name none."""


def no_workloads(namespace: str, report: Report) -> Workloads:
    del namespace, report
    return NO_WORKLOADS


def read_project(source: Source | None, report: Report, environment: str = "") -> Project:
    """The project that a file describes, in one of its environments if it has any; the defaults without a file.

    Problems go to the report: EG1xx, EG2xx.
    """
    return Project() if source is None else lower_project(source, report, environment)


class Compilation(NamedTuple):
    """What the sources say, and what it comes to."""

    requirements: Requirements
    resolution: Resolution

    @property
    def policies(self) -> PolicySet:
        return self.resolution.policies

    @property
    def tally(self) -> Tally:
        """How many rows and cells came to what."""
        return count_rows(self.requirements, self._effects)

    @property
    def reading(self) -> Reading:
        """What became of each cell; made anew each time."""
        found = self.resolution
        lines = telling_lines(self.requirements, found.find, found.names)
        return account(self.requirements, self._effects, lines)

    @property
    def _effects(self) -> Effects:
        found = self.resolution
        return Effects(found.owners, found.idle, found.admitting)


def compile_sources(
    project: Project,
    requirements: Sequence[Source],
    catalogs: Sequence[Source],
    report: Report,
    workloads: ReadWorkloads = no_workloads,
) -> Compilation | None:
    """What the sources ask for, in one order whatever theirs; None after errors, all of them reported."""
    compilation = try_compile(project, requirements, catalogs, report, workloads)
    return None if report.has_errors else compilation


def try_compile(
    project: Project,
    requirements: Sequence[Source],
    catalogs: Sequence[Source],
    report: Report,
    workloads: ReadWorkloads = no_workloads,
) -> Compilation | None:
    """The same whatever is wrong with the sources; None where too little of them can be read."""
    found = Report(room=report.room)
    compilation: Compilation | None = None
    try:
        rows = lower_sources(requirements, project, found)
        catalog = lower_catalogs(catalogs, found, project.address_lists, project.environments)
        if catalog is not None and not rows.is_partial:  # or what follows would be complaints about missing names
            reading = Report()
            running = workloads(catalog.namespace, reading)
            found.absorb(reading)
            if not reading.has_errors:
                resolution = resolve_policies(project, catalog, rows, running, found)
                check_services(rows, resolution, requirements, found)
                found = check_policies(project, catalog, rows, resolution, found)
                compilation = Compilation(rows, resolution)
    finally:
        report.absorb(found)
    return compilation


def account_sources(project: Project, requirements: Sequence[Source]) -> Reading:
    """What became of each cell of sources that do not compile."""
    return account(lower_sources(requirements, project, Report()), NO_EFFECTS)


def find_missing(project: Project, requirements: Sequence[Source], catalogs: Sequence[Source]) -> tuple[Need, ...]:
    """What the catalog and the project file would have to say for the sources to compile, as far as findings tell.

    What is missing hides what is missing behind it: the sources are looked through again, with all of it supposed to be
    there. Cells that cannot be read come last; what they hide in part is not asked for twice.
    """
    needs = Needs()
    catalog = lower_catalogs(catalogs, Report(), project.address_lists, project.environments)
    unread: list[Need] = []
    lacks: Container[Lack] = frozenset(Lack)
    for _ in range(_MOST_ROUNDS if catalog is not None else 0):
        assert catalog is not None, "a catalog that is refused has no rounds"
        report = Report(room=_MOST_FINDINGS)
        rows = Requirements()
        with suppress(TooManyErrorsError):
            rows = lower_sources(requirements, project, report)
            if not rows.is_partial:
                resolution = resolve_policies(project, catalog, rows, NO_WORKLOADS, report)
                report = check_policies(project, catalog, rows, resolution, report)
        new = needs.add(report.sorted(), rows, lacks)
        unread += [need for need in new if need.missing.lack is Lack.READ_AS]
        new = [need for need in new if need.missing.lack is not Lack.READ_AS]
        if not new:
            new, unread, lacks = unread, [], BEHIND_CELLS
        if not new:
            break
        project, catalog = suppose(project, catalog, new)
    return needs.all()
