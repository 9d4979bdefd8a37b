"""What a schema cannot compare: ports with the end of their range, networks with their excepts and their own prefix.

It cannot add up either: the size of all annotations.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from egressc.contract.finding import Finding, Path, Say
from egressc.contract.networks import network_help
from egressc.diagnostics.values import falling_range, invalid_network, invalid_value, useless_except
from egressc.model.scalars import cidr_problem, except_problem

# TotalAnnotationSizeLimitB of apimachinery, over the keys and values of all annotations, in UTF-8.
_ANNOTATION_BYTES: Final = 256 * 1024
# `meta.helm.sh/release-name` and `release-namespace` with the longest names there are: 25 + 53 and 30 + 63.
_HELM_BYTES: Final = 171


def find_mismatches(document: Mapping[str, Any]) -> Iterator[Finding]:
    """EG244-246 in every rule of a document that the schema takes, and EG240 for annotations that are too long."""
    yield from _annotations(document.get("networkPolicy", {}).get("commonAnnotations") or {})
    for path, rule in _rules(document):
        yield from find_rule_mismatches(rule, path)


def find_rule_mismatches(rule: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """The same in one rule, which stands at a path of its document."""
    for position, port in enumerate(rule.get("ports") or ()):
        if "endPort" in port and port["endPort"] < port["port"]:
            here = (*path, "ports", position)
            yield Finding((*here, "endPort"), _falling(port["port"], port["endPort"]), related=(*here, "port"))
    for position, peer in enumerate(rule.get("to") or ()):
        if "ipBlock" in peer:
            yield from _networks(peer["ipBlock"], (*path, "to", position, "ipBlock"))


def _annotations(annotations: Mapping[str, str | None]) -> Iterator[Finding]:
    # A null drops the annotation.
    kept = (text for key, value in annotations.items() if value is not None for text in (key, value))
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in kept)
    if size > _ANNOTATION_BYTES - _HELM_BYTES:
        yield Finding(("networkPolicy", "commonAnnotations"), _too_long(size), at_key=True)


def _rules(document: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Everything that has peers and ports."""
    policy = document.get("networkPolicy", {})
    if dns := policy.get("dns"):
        yield ("networkPolicy", "dns"), dns
    for key, dependency in policy.get("dependencies", {}).items():
        if dependency is not None:
            yield ("networkPolicy", "dependencies", key), dependency
    for number, rule in enumerate(policy.get("egress", ())):
        yield ("networkPolicy", "egress", number), rule


def _networks(block: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    cidr: str = block["cidr"]
    if problem := cidr_problem(cidr):
        yield Finding((*path, "cidr"), _bad_network(cidr, problem))
        return
    for position, excepted in enumerate(block.get("except", ())):
        here = (*path, "except", position)
        if problem := cidr_problem(excepted):
            yield Finding(here, _bad_network(excepted, problem))
        elif problem := except_problem(cidr, excepted):
            yield Finding(here, _bad_except(excepted, problem, cidr), related=(*path, "cidr"))


def _too_long(size: int) -> Say:
    problem = f"hold {size} bytes, where the API server takes {_ANNOTATION_BYTES} with the {_HELM_BYTES} that Helm adds"
    return lambda span, _: invalid_value(
        span, "commonAnnotations", problem, "keep long text elsewhere, and write a link"
    )


def _falling(port: int, end_port: int) -> Say:
    return lambda span, start: falling_range(span, port, end_port, start)


def _bad_network(text: str, problem: str) -> Say:
    return lambda span, _: invalid_network(span, f'"{text}"', problem, network_help(text))


def _bad_except(text: str, problem: str, cidr: str) -> Say:
    return lambda span, whole: useless_except(span, text, problem, cidr, whole)
