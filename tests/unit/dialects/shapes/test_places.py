"""Places of fields in manifests: of the field itself, else of the nearest one around it that is there."""

from egressc.dialects.shapes.places import find_field
from egressc.source import Source, Span
from support.tables import each

BEFORE = "kind: Other\n---\n"
TEXT = """\
metadata:
  name: web
  labels: {app.kubernetes.io/name: web, "0": zero}
spec:
  egress:
  - to: []
    ports: [{port: 80}, {port: 81}]
  - {}
"""


@each(
    ("path", "text"),
    [
        ("metadata.name", "web"),
        ("metadata.labels[app.kubernetes.io/name]", "web"),
        ("metadata.labels.0", "zero"),
        ("metadata.labels.1", '{app.kubernetes.io/name: web, "0": zero}'),
        ("metadata.name.0", "web"),
        ("metadata.name.x", "web"),
        ("spec.egress[0].ports[1].port", "81"),
        ("spec.egress[0].ports[2].port", "[{port: 80}, {port: 81}]"),
        ("spec.egress[0].ports.first", "[{port: 80}, {port: 81}]"),
        ("spec.egress[0].to", "[]"),
        ("spec.egress[1].to", "{}"),
        ("spec.ingress", TEXT[TEXT.index("egress:") :].rstrip()),
        ("status.x", TEXT.rstrip()),
        ("", TEXT.rstrip()),
    ],
)
def test_the_nearest_field(path: str, text: str) -> None:
    source = Source("m.yaml", BEFORE + TEXT)
    assert find_field(Span(source, len(BEFORE), len(source.text)), path).text == text


def test_of_a_document_that_cannot_be_read_it_is_the_document() -> None:
    span = Span(Source("m.yaml", "{]"), 0, 2)
    assert find_field(span, "metadata.name") == span
