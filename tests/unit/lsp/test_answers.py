"""What leads to a place of a YAML document."""

import pytest

from egressc.diagnostics.core import Report
from egressc.lsp.answers import path_at
from egressc.source import Source
from egressc.tables.yaml import read_yaml

TEXT = """\
# Generated
networkPolicy:
  dependencies:
    redis:
      # services.md
      ports: [{port: 6379}]
    kafka: {}
  egress: []
"""


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# Gen", ()),
        ("redis", ("networkPolicy", "dependencies", "redis")),
        ("# services", ("networkPolicy", "dependencies", "redis")),
        ("6379", ("networkPolicy", "dependencies", "redis", "ports", 0, "port")),
        ("kafka", ("networkPolicy", "dependencies", "kafka")),
        ("egress", ("networkPolicy", "egress")),
    ],
)
def test_the_path_to_a_place(text: str, path: tuple[str | int, ...]) -> None:
    node = read_yaml(Source("values.yaml", TEXT), Report())
    assert node is not None
    assert path_at(node, TEXT.index(text) + 1) == path
