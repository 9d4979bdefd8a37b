"""What a name stands for, for questions that are asked after compiling."""

from collections.abc import Iterable

from egressc.diagnostics.core import Report
from egressc.model.catalog import Catalog
from egressc.model.project import Project
from egressc.model.requirements import Ask, Requirements
from egressc.model.things import Target, Thing
from egressc.resolve.answers import Answers
from egressc.resolve.owners import find_owners
from egressc.resolve.presets import presets
from egressc.resolve.subjects import find_services, know_names, settle_names
from egressc.resolve.things import gather_things, read_aliases
from egressc.source import Located, Source, Span


class NameBook:
    """Every service and destination by name, alias and id, asked for in a row or not. Problems were reported before."""

    def __init__(self, project: Project, catalog: Catalog, requirements: Requirements) -> None:
        report = Report()
        canonical = read_aliases(catalog, report)
        known = presets(project.cluster)
        names = know_names(requirements, catalog, canonical, known)
        requirements = settle_names(requirements, names, report)
        services = find_services(requirements, names).services
        owners = frozenset(find_owners(requirements, services, canonical, report))
        self._things = gather_things(requirements, catalog, canonical, services, owners, known, report)
        held = tuple(self._things.by_name[name][0] for name in services)
        self._answers = Answers(self._things, held, catalog, project.cluster, report)

    def find(self, name: str) -> tuple[Target, ...]:
        """Where rules reach what a name or id stands for: members of a group, several things of one name; or none."""
        asked = Located(name, Span(Source("question", name), 0, len(name)))
        answer = self._answers.answer(Ask(name, name), lambda: asked.span)
        if answer.targets:
            return tuple(target for target, _ in answer.targets)
        things = self._things.find(name) or tuple(self._with_id(name))
        found = (self._answers.target(thing, lambda: asked.span) for thing in things)
        return tuple(target for target in found if target is not None)

    def with_host(self, host: str) -> tuple[Target, ...]:
        """What stands for a DNS name outside the cluster."""
        asked = Located(host, Span(Source("question", host), 0, len(host)))
        things = [it for name in sorted(self._things.by_name) for it in self._things.by_name[name]]
        found = [self._answers.target(it, lambda: asked.span) for it in things if host in it.facts.hosts]
        return tuple(target for target in found if target is not None)

    def everything(self) -> tuple[Target, ...]:
        """All that the sources define, by name; what lacks a namespace, a selector or an address is left out."""
        nowhere = Span(Source("question", ""), 0, 0)
        things = [it for name in sorted(self._things.by_name) for it in self._things.by_name[name]]
        found = [self._answers.target(it, lambda: nowhere) for it in things]
        return tuple(target for target in found if target is not None)

    def near(self, name: str) -> list[str]:
        return self._things.near(name)

    def _with_id(self, name: str) -> Iterable[Thing]:
        return (it for things in self._things.by_name.values() for it in things if name in (it.id, it.key))
