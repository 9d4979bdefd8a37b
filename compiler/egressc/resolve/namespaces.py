"""What tables and the project file say of a namespace, as one."""

from collections.abc import Iterable
from dataclasses import replace

from egressc.diagnostics.core import Report
from egressc.diagnostics.rows import contradicting_facts
from egressc.model.baselines import NamespaceSettings, Opening
from egressc.model.ports import say_ports
from egressc.model.project import Project
from egressc.model.requirements import Requirements
from egressc.resolve.facts import say_selector


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
    if (dns := said.service_dns or said.dns) is not None:
        found["DNS"] = dns.profile
    if said.within is not None:
        found["traffic within it"] = "allowed" if said.within.value else "not allowed"
    for fact, openings in (("callers", said.callers), ("destinations", said.targets)):
        if openings is not None:
            found[fact] = _say_openings(openings)
    if said.opt_ins is not None:
        opt_ins = (f"{say_selector(it.pods)} to {_say_openings(it.targets)}" for it in said.opt_ins)
        found["opt-ins"] = "; ".join(sorted(opt_ins)) or "none"
    return found


def _say_openings(openings: Iterable[Opening]) -> str:
    listed = ((it.ref.name, it.ports or it.ref.ports) for it in openings)
    said = {f"{name} on {say_ports(ports)}" if ports else name for name, ports in listed}
    return ", ".join(sorted(said)) or "none"
