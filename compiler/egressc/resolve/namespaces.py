"""What tables and the project file say of a namespace, as one."""

from dataclasses import replace

from egressc.diagnostics.core import Report
from egressc.diagnostics.rows import contradicting_facts
from egressc.model.baselines import NamespaceSettings
from egressc.model.project import Project
from egressc.model.requirements import Requirements


def settle_namespaces(project: Project, requirements: Requirements, report: Report) -> Project:
    """The project with what tables say of namespaces; EG408 where two places differ."""
    if not requirements.namespaces:
        return project
    cluster = project.cluster
    said = dict(cluster.namespaces)
    for name, _, its in requirements.namespaces:
        before = said.get(name.value)
        if before is not None:
            first, second = _in_words(before), _in_words(its)
            for fact in (it for it in first if it in second):
                if first[fact] != second[fact]:
                    title = f"namespace {name.value}"
                    report.add(contradicting_facts(title, fact, second[fact], its.span, first[fact], before.span))
            its = before.with_defaults(its)._replace(span=its.span)
        said[name.value] = its
    return replace(project, cluster=replace(cluster, namespaces=said))


def _in_words(said: NamespaceSettings) -> dict[str, str]:
    """What is said, by what it is about."""
    found: dict[str, str] = {}
    if said.deny is not None:
        found["denial"] = " and ".join(said.deny) or "nothing"
    if said.service_dns is not None:
        found["DNS"] = said.service_dns.profile
    if said.within is not None:
        found["traffic within it"] = "allowed" if said.within.value else "not allowed"
    for fact, openings in (("callers", said.callers), ("destinations", said.targets)):
        if openings is not None:
            found[fact] = ", ".join(it.ref.text for it in openings)
    if said.opt_ins is not None:
        found["opt-ins"] = f"the list of {said.span.source.name}"
    return found
