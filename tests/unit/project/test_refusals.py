"""Paths that Helm and the chart name, found in the values file."""

from egressc.diagnostics.rendered import failed_render, refused_values
from egressc.project.refusals import point_at_values
from egressc.source import Source, Span
from support.tables import each

TEXT = """\
networkPolicy:
  podSelector: {matchLabels: {a.b/c: d}}
  egress:
  - to: [{podSelector: {matchLabels: {a.b/c: 5}}}]
    ports: [{port: 8080, endPort: 80}]
"""
START = Span(Source("values/web.yaml", TEXT), 0, 0)
END_PORT = "networkPolicy.egress[0].ports[0].endPort: 80 is less than port 8080"


@each(
    ("words", "places"),
    [
        (END_PORT, ["80@5"]),
        ("networkPolicy.egress.0.ports.0.endPort: Must be greater", ["80@5"]),
        ("networkPolicy.egress.0.to.0.podSelector.matchLabels.a.b/c: Invalid type", ["5@4"]),
        ("at '/networkPolicy/egress/0/to/0/podSelector/matchLabels/a.b~1c': got number", ["5@4"]),
        (
            "at '/networkPolicy': validation failed\n  - at '/networkPolicy/egress/0/ports/0/endPort': x\n"
            "  - at '/networkPolicy/podSelector': y",
            ["80@5", "podSelector@2"],
        ),
        ("networkPolicy.owner: nobody answers for this service", ["networkPolicy@1"]),
        ("networkPolicy.egress[7].to: is empty", ["egress@3"]),
        (f"{END_PORT}\n{END_PORT}", ["80@5"]),
        ("owner: nobody", ["@1"]),
        ("(root): Additional property x is not allowed", ["@1"]),
        ("no words of a path", ["@1"]),
    ],
)
def test_a_refusal_points_at_the_values_that_it_names(words: str, places: list[str]) -> None:
    found = point_at_values(refused_values(START, words, service="web"))
    spans = [label.span for label in (found.primary, *found.related)]
    assert [f"{span.text}@{TEXT.count(chr(10), 0, span.start) + 1}" for span in spans] == places
    assert found.help == words


def test_any_other_finding_stays_where_it_is() -> None:
    found = failed_render(START, END_PORT, service="web")
    assert point_at_values(found) is found


def test_values_that_are_not_yaml_stay_where_they_are() -> None:
    found = refused_values(Span(Source("x.yaml", "a: ["), 0, 0), END_PORT, service="web")
    assert point_at_values(found) is found
