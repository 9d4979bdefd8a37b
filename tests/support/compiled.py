"""Compiles small texts for tests, and says policies in words: `checkout -> payments-db 5432/TCP`."""

from egressc.diagnostics.core import Report
from egressc.model.policy import AddressPeer, Grant, HostPeer, Peer, PolicySet, Selector
from egressc.model.ports import say_ports
from egressc.pipeline import Compilation, compile_sources, read_project
from egressc.source import Source

CATALOG = """
defaults:
  namespace: apps
  selector: {app: "{id}"}
destinations:
  Redis: {ports: [6379]}
  Kafka: {ports: [9092], namespace: events, purpose: Event bus}
"""


def compile_text(
    requirements: str | dict[str, str], catalog: str = CATALOG, project: str = ""
) -> tuple[PolicySet | None, Report]:
    """Compile one document, or several by name."""
    compiled, report = compile_whole(requirements, catalog, project)
    return compiled and compiled.policies, report


def compile_whole(
    requirements: str | dict[str, str], catalog: str = CATALOG, project: str = ""
) -> tuple[Compilation | None, Report]:
    """The same with all that is found beside the policies."""
    report = Report()
    texts = {"services.md": requirements} if isinstance(requirements, str) else requirements
    settings = read_project(Source("egressc.yaml", project) if project else None, report)
    sources = [Source(name, text) for name, text in texts.items()]
    return compile_sources(settings, sources, [Source("catalog.yaml", catalog)] if catalog else [], report), report


def flows(requirements: str | dict[str, str], catalog: str = CATALOG, project: str = "") -> list[str]:
    """What the policies allow beside DNS, in words; fails on errors."""
    policies, report = compile_text(requirements, catalog, project)
    assert policies is not None, codes(report)
    return [
        f"{service.id} -> {it.destination.key} {say_ports(it.ports)}"
        for service in policies.services
        for it in service.grants
    ]


def callers(requirements: str | dict[str, str], catalog: str = CATALOG, project: str = "directions: both") -> list[str]:
    """Who can reach the services whose policies limit ingress, in words; fails on errors."""
    policies, report = compile_text(requirements, catalog, project)
    assert policies is not None, codes(report)
    return [
        f"{it.source.key} -> {service.id} {say_ports(it.ports)}"
        for service in policies.services
        for it in service.callers
    ]


def dependency(policies: PolicySet | None, service: str, key: str) -> Grant:
    assert policies is not None
    (found,) = [it for s in policies.services if s.id == service for it in s.grants if it.destination.key == key]
    return found


def codes(report: Report) -> list[str]:
    """Every finding as its code and the text it points at, but for notes that most texts get, and unused entries."""
    silent = ("EG413", "EG430", "EG461", "EG463")
    return [f"{it.code.id} {it.primary.span.text}".strip() for it in report.sorted() if it.code.id not in silent]


def findings(requirements: str | dict[str, str], catalog: str = CATALOG, project: str = "") -> list[str]:
    return codes(compile_text(requirements, catalog, project)[1])


def say_peer(peer: Peer) -> str:
    if isinstance(peer, AddressPeer):
        return peer.cidr
    if isinstance(peer, HostPeer):
        return peer.name
    return f"{_say(peer.namespaces)}/{_say(peer.pods)}"


def _say(selector: Selector | None) -> str:
    if selector is None:
        return "-"
    return ",".join(f"{key}={value}" for key, value in selector.match_labels) or "any"


def services(*rows: str, header: str = "Service | Dependencies | External Access") -> str:
    """A table from rows such as `web | Redis | None`."""
    line = f"|{'---|' * len(header.split('|'))}"
    return "\n".join([f"| {header} |", line, *(f"| {row} |" for row in rows), "", ""])
