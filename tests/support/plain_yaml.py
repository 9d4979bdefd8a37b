"""Compares what a YAML document means with Helm's library and without it."""

import json
from unittest.mock import patch

from egressc.verify.documents import yaml_reader
from egressc.verify.documents.plain_yaml import UnreadableError


def assert_the_same(text: str) -> None:
    """Without the library the document means the same, or is refused; it may not refuse more than uncertain scalars."""
    with_helm, _ = _read(text)
    with patch.object(yaml_reader, "helm_python", None):
        without, problem = _read(text)
    if problem:
        assert with_helm is None or "only the embedded Helm can tell" in problem
    else:
        assert without == with_helm


def _read(text: str) -> tuple[str | None, str]:
    """The value as JSON, or None and why it is refused."""
    try:
        return json.dumps(yaml_reader.read_yaml(text), sort_keys=True), ""
    except UnreadableError as error:
        return None, str(error) or "refused"
