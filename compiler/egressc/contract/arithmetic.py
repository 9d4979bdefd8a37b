"""What a schema cannot compare: ports with the end of their range, networks with their excepts and their own prefix.

It cannot add up either: the size of all annotations.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from egressc.contract.finding import Finding, Path
from egressc.contract.wording import invalid_cidr, invalid_words
from egressc.diagnostics.values import falling_range, useless_except
from egressc.model.scalars import ANNOTATIONS_MAX_BYTES, cidr_problem, except_problem

# `meta.helm.sh/release-name` and `release-namespace` with the longest names there are: 25 + 53 and 30 + 63.
_HELM_BYTES: Final = 171


def find_mismatches(document: Mapping[str, Any]) -> Iterator[Finding]:
    """EG244-246 in every rule of a document that the schema takes, and EG240 for annotations that are too long."""
    policy = document.get("networkPolicy", {})
    yield from _annotations(policy.get("commonAnnotations") or {})
    for key, rule in _rules(policy):
        for position, port in enumerate(rule.get("ports") or ()):
            if "endPort" in port and port["endPort"] < port["port"]:
                here = ("networkPolicy", *key, "ports", position)
                falling = partial(falling_range, port=port["port"], end_port=port["endPort"])
                yield Finding((*here, "endPort"), falling, related=(*here, "port"))
        for side in ("to", "from"):
            for position, peer in enumerate(rule.get(side) or ()):
                if "ipBlock" in peer:
                    yield from _networks(peer["ipBlock"], ("networkPolicy", *key, side, position, "ipBlock"))


def _rules(policy: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Everything that has peers and ports, by its keys below `networkPolicy`."""
    yield ("dns",), policy.get("dns") or {}
    for named in ("dependencies", "callers"):
        for key, rule in policy.get(named, {}).items():
            yield (named, key), rule or {}
    for key, opt_in in policy.get("optIns", {}).items():
        for name, rule in (opt_in or {}).get("dependencies", {}).items():
            yield ("optIns", key, "dependencies", name), rule or {}
    for key, guardrail in policy.get("guardrails", {}).items():
        for number, rule in enumerate(guardrail["rules"]):
            yield ("guardrails", key, "rules", number), rule
    for direction in ("egress", "ingress"):
        for number, rule in enumerate(policy.get(direction, ())):
            yield (direction, number), rule


def _networks(block: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    cidr: str = block["cidr"]
    if problem := cidr_problem(cidr):
        yield Finding((*path, "cidr"), invalid_cidr(cidr, problem))
        return
    for position, excepted in enumerate(block.get("except", ())):
        here = (*path, "except", position)
        if problem := cidr_problem(excepted):
            yield Finding(here, invalid_cidr(excepted, problem))
        elif problem := except_problem(cidr, excepted):
            useless = partial(useless_except, text=excepted, problem=problem, cidr=cidr)
            yield Finding(here, useless, related=(*path, "cidr"))


def _annotations(annotations: Mapping[str, str | None]) -> Iterator[Finding]:
    # A null drops the annotation.
    kept = (text for key, value in annotations.items() if value is not None for text in (key, value))
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in kept)
    if size > ANNOTATIONS_MAX_BYTES - _HELM_BYTES:
        taken = f"the limit of the API server is {ANNOTATIONS_MAX_BYTES}, and Helm adds {_HELM_BYTES}"
        say = invalid_words(
            "commonAnnotations", f"have {size} bytes, but {taken}", "write long text elsewhere, and a link to it here"
        )
        yield Finding(("networkPolicy", "commonAnnotations"), say, at_key=True)
