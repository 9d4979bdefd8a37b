"""DOT and Mermaid: names are labels, never syntax."""

import re

from egressc.renderers.flow_graphs import render_dot, render_mermaid
from reports.samples import fleet, hostile


def test_dot_quotes_every_word() -> None:
    text = render_dot(hostile())
    # What is left without quoted strings is ours alone.
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    assert re.fullmatch(r"[\w\s{}\[\]=;,.\->\"]+", bare)
    assert bare.count("{") == bare.count("}")


def test_mermaid_has_one_statement_a_line() -> None:
    for line in render_mermaid(hostile()).splitlines():
        label = re.sub(r'"[^"]*"', '""', line.strip())
        assert re.fullmatch(
            r"flowchart LR|subgraph g\d+\[\"\"\]|end|n\d+(\[\"\"\]|\[\(\"\"\)\]|\{\{\"\"\}\})(:::internet)?"
            r"|n\d+ -{1,2}\.?->?\|\"\"\| n\d+|classDef internet .*|linkStyle [\d,]+ .*",
            label,
        ), line


def test_dns_is_left_out_and_the_internet_is_marked() -> None:
    dot, mermaid = render_dot(fleet(3)), render_mermaid(fleet(3))
    assert "DNS" not in dot + mermaid
    assert "octagon, color=red" in dot
    assert "linkStyle" in mermaid
