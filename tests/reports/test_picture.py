"""The pictures of the documentation: the graph is the one that the report draws now, and a browser shows both well."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reports.browser import CHROMIUM, browse
from reports.picture import PICTURE, draw

PICTURES = [PICTURE, PICTURE.with_name("row.svg")]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="NO BROWSER: no picture is looked at; install chromium"),
]


def test_the_graph_is_the_one_that_the_report_draws(tmp_path: Path) -> None:
    assert PICTURE.read_text("utf-8") == draw(tmp_path), "run: PYTHONPATH=tests python -m reports.picture"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_says_what_it_shows_and_loads_nothing(picture: Path) -> None:
    text = picture.read_text("utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314  ours
    assert root.get("role") == "img"
    named = {it.get("id"): it for it in root.iter() if it.get("id")}
    assert all((named[name].text or "").strip() for name in (root.get("aria-labelledby") or "").split())
    assert re.findall(r"https?://(?!www\.w3\.org/)|<script|href=|@import", text) == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_text_fits_and_is_readable_in_light_and_dark_mode(picture: Path) -> None:
    with browse() as page:
        for width in (400, 1000):
            page.resize(width, 800)
            for mode in ("light", "dark"):
                page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": mode}])
                page.open(picture)
                assert page.complaints == []
                outside, weak = page.run(_FAULTS)
                assert (outside, weak) == ([], []), (width, mode)


# Text beyond the edges of the picture or of its box, and text with a contrast below 4.5 to its ground.
_FAULTS = """(() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[0-9.]+/g).map(Number).map((it) => it / 255)
      .map((it) => it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const within = (a, b) =>
    a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
  const outside = [], weak = [];
  const root = document.documentElement.getBoundingClientRect();
  const boxes = [...document.querySelectorAll("rect")];
  for (const text of document.querySelectorAll("text")) {
    const place = text.getBoundingClientRect();
    const [x, y] = [place.left + 1, place.top + place.height / 2];
    const around = boxes.filter((it) => {
      const box = it.getBoundingClientRect();
      return box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
    });
    const holder = around[around.length - 1];
    if (!within(place, holder ? holder.getBoundingClientRect() : root)) outside.push(text.textContent);
    const ground = holder ?? document.querySelector("path[style]");
    const [a, b] = [text, ground].map((it) => light(getComputedStyle(it).fill)).sort((p, q) => q - p);
    if ((a + 0.05) / (b + 0.05) < 4.5) weak.push(text.textContent);
  }
  return [outside, weak];
})()"""
