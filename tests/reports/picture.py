"""The graph of the sample project, as the page of `egressc report` draws it in a browser, as a picture for the docs.

    PYTHONPATH=tests python -m reports.picture        writes docs/graph.svg

Boxes are as wide as their number of letters, so that every browser draws the same.
"""

import re
import sys
import tempfile
from pathlib import Path

from egressc.cli import OK
from egressc.renderers import flow_page
from reports.browser import CHROMIUM, browse
from support.command import run

PICTURE = Path(__file__).parents[2] / "docs" / "graph.svg"
_STYLE = Path(flow_page.__file__).parent / "page" / "page.css"
_TITLE = "The sample project: Web Shop reaches Orders and Redis; Orders reaches PostgreSQL and the Payment API outside"


def draw(folder: Path) -> str:
    """The picture; the sample project is made in the folder."""
    for command in (["init", "--ci", "none"], ["compile"], ["report", "--output", "flows.html"]):
        done = run(command, folder)
        assert done.exit_code == OK, done.output
    with browse() as page:
        page.open(folder / "flows.html")
        drawn: str = page.run("new XMLSerializer().serializeToString(document.querySelector('#drawing svg'))")
    return _alone(drawn)


def _alone(drawn: str) -> str:
    """A drawing with its styles and a ground of its own, and without links, which a picture cannot have."""
    drawn = re.sub(r"\d+\.\d+", lambda it: f"{float(it[0]):.1f}".removesuffix(".0"), drawn)
    drawn = re.sub(r'<a href="[^"]*" class="(\w+)" aria-label="[^"]*">', r'<g class="\1">', drawn).replace(
        "</a>", "</g>"
    )
    opened, rest = drawn.split(">", 1)
    found = re.search(r'viewBox="0 0 (\S+) (\S+)"', opened)
    assert found is not None
    size = f"0 0 {found[1]} {found[2]}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" aria-labelledby="title">'
    ground = f'<path d="M0 0H{found[1]}V{found[2]}H0z" style="fill: var(--ground); stroke: none; opacity: 1"/>'
    style = _STYLE.read_text("utf-8")
    colors = style.partition("* {")[0]
    rules = re.findall(r"^svg(?:\.| marker| path| rect| text| \.)[^{]*\{[^}]*\}", style, re.MULTILINE)
    font = "svg { font: 13px system-ui, sans-serif; }"
    parts = [head, f'<title id="title">{_TITLE}</title>', f"<style>\n{colors}{font}", *rules, "</style>", ground]
    return "\n".join(parts) + rest.replace("><", ">\n<") + "\n"


if __name__ == "__main__":
    if not CHROMIUM:
        print("SKIPPED the graph: it needs chromium", file=sys.stderr)
        sys.exit(0)
    with tempfile.TemporaryDirectory() as made:
        PICTURE.write_text(draw(Path(made)), "utf-8")
