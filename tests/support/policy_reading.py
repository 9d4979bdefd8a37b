"""One manifest of a policy, of any kind that is read, as flows."""

from typing import Any

import yaml

from egressc.dialects.reading import readers
from egressc.dialects.shapes.fields import Problems
from egressc.model.flows import Policy
from egressc.source import Source, Span

_PLACE = Span(Source("policy.yaml", ""), 0, 0)


def read(text: str) -> tuple[Policy | None, Problems]:
    """The policy, and what is wrong with the manifest; one without a namespace of its own is in `shop`."""
    manifest: dict[str, Any] = yaml.safe_load(text)
    problems = Problems()
    reader = readers()[manifest["apiVersion"], manifest["kind"]]
    name = manifest["metadata"]["name"]
    return reader.read(manifest, "shop", name, origin=_PLACE, path="", problems=problems), problems


def policy_of(text: str) -> Policy:
    """The policy of a manifest without a problem."""
    policy, problems = read(text)
    assert policy is not None, problems.found
    assert not problems.found
    return policy
