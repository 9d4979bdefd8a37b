"""The account as a part of the HTML report: cells and rules lead to each other, and words stay words."""

import re

from egressc.renderers.flow_page import render_page
from egressc.renderers.reading_page import linked_cells, render_reading
from reports.samples import HOSTILE, fleet, read_hostile


def test_cells_and_rules_lead_to_each_other() -> None:
    report = fleet(3)
    assert report.reading is not None
    page = render_page(report, tool_version="1")
    for number, (place, cell) in enumerate(linked_cells(report.reading)):
        assert f'<td id="cell-{number}" class="grants"><a href="#cell-{number}">Store</a></td>' in page
        (rule,) = cell.rules
        row = re.findall(r'<tr id="rule-.*</tr>', page)[rule]
        assert f'<a href="#cell-{number}">{place}</a>' in row
        assert f"more.md:{number}</td>" in row  # a place of which no cell is known is no link


def test_cells_say_what_became_of_them() -> None:
    report = fleet(1).reading
    assert report is not None
    html = render_reading(report)
    assert '<td class="describes">Service 0</td><td class="describes">None</td><td class="ignored">team-0</td>' in html
    assert '<th scope="col" class="ignored">Team<small>not read</small></th>' in html
    assert "<p>1 table: 1 row grants; 2 cells read, 1 ignored.</p>" in html


def test_hostile_words_stay_words() -> None:
    html = render_reading(read_hostile())
    assert not re.search("<(script|img|!--)", html)
    assert html.count('class="refused"') == len(HOSTILE) + 1
