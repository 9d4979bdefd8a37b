"""The documentation as a site: it is built without a warning, no link is dead, and a browser shows it well."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from markdown_it import MarkdownIt

from reports.browser import CHROMIUM, browse

ROOT = Path(__file__).parent.parent
SOURCES = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
SETTINGS = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]
START: list[str] = SETTINGS["nav"][:1]
SECTIONS: dict[str, list[str]] = {title: entry[title] for entry in SETTINGS["nav"][1:] for title in entry}
ADDRESS: str = SETTINGS["site_url"]
REPOSITORY = "https://github.com/egressc/egressc/blob/main/"

pytestmark = pytest.mark.slow
needs_builder = pytest.mark.skipif(
    importlib.util.find_spec("zensical") is None, reason="NO SITE: zensical is not installed; run make setup"
)
needs_browser = pytest.mark.skipif(
    not CHROMIUM, reason="NO BROWSER: the site is not looked at; install chromium to have it tested"
)


class Html(HTMLParser):
    """The links of a page, what they can lead to, and its article: tags and text, without spaces."""

    STRUCTURE = re.compile("h[1-6]|[uo]l|li|table|th|td|pre|code|strong|em")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.article = ""
        self._is_article = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids |= {values["id"]} if "id" in values else set()
        if tag == "a":
            self.links += [values["href"]] if "href" in values else []
        elif values.get("rel") != "canonical":
            self.loaded += [values[name] for name in ("href", "src") if name in values]
        self._is_article |= tag == "article"
        if self._is_article and self.STRUCTURE.fullmatch(tag):
            self.article += f"<{tag}>"

    def handle_endtag(self, tag: str) -> None:
        self._is_article &= tag != "article"

    def handle_data(self, data: str) -> None:
        if self._is_article:
            self.article += re.sub(r"[\s¶]", "", data)


def address_of(source: str) -> str:
    return ADDRESS if source == "index.md" else urljoin(ADDRESS, source.removesuffix(".md") + "/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, built of copies, so that nothing is written next to the sources."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not re.search("warning", result.stdout + result.stderr, re.IGNORECASE), result.stdout + result.stderr
    return folder / "build" / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Html]:
    """Every page by its address."""
    return {
        urljoin(ADDRESS, path.relative_to(site).as_posix().removesuffix("index.html")): Html(path.read_text("utf-8"))
        for path in site.rglob("*.html")
    }


def test_every_page_is_in_the_navigation_once() -> None:
    assert sorted([*START, *(page for pages in SECTIONS.values() for page in pages)]) == sorted(SOURCES)


def test_the_start_page_lists_the_pages_as_the_navigation_does() -> None:
    sections = SOURCES["index.md"].split("\n## ")[1:]
    listed = {it.partition("\n")[0]: re.findall(r"^- \[(.+?)\]\((.+?)\)", it, re.MULTILINE) for it in sections}
    assert {section: [page for _, page in links] for section, links in listed.items()} == SECTIONS
    for links in listed.values():
        for title, page in links:
            assert f"\n# {title}\n" in "\n" + SOURCES[page], page


@needs_builder
def test_no_link_is_dead(site: Path, pages: dict[str, Html]) -> None:
    dead = []
    for page, html in pages.items():
        for link in html.links + html.loaded:
            target, anchor = urldefrag(urljoin(page, link))
            if not target.startswith(urljoin(ADDRESS, "/")):
                continue
            exists = target in pages or (site / target.removeprefix(ADDRESS)).is_file()
            if not exists or (anchor and unquote(anchor) not in pages[target].ids):
                dead.append(f"{page}: {link}")
    assert dead == []
    assert address_of("diagnostics.md") in pages


def test_links_work_on_github_too() -> None:
    links = [(name, link) for name, text in SOURCES.items() for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    # Of headings with the same text, the site numbers the second one with "_1", GitHub with "-1".
    assert [it for it in links if re.search(r"#.*_\d+$", it[1])] == []
    outside = [(name, urldefrag(link)[0].removeprefix(REPOSITORY)) for name, link in links if REPOSITORY in link]
    assert outside
    assert [it for it in outside if not (ROOT / it[1]).exists()] == []


@needs_builder
def test_the_site_reads_markdown_as_github_does(pages: dict[str, Html]) -> None:
    github = MarkdownIt("gfm-like", {"linkify": False})
    for name, text in SOURCES.items():
        assert pages[address_of(name)].article == Html(f"<article>{github.render(text)}</article>").article, name


@needs_builder
def test_search_knows_every_page(site: Path) -> None:
    found = {item["location"] for item in json.loads((site / "search.json").read_text("utf-8"))["items"]}
    assert {address_of(name).removeprefix(ADDRESS) for name in SOURCES} <= found
    assert "diagnostics/#eg301-unknown-destination" in found


@needs_builder
def test_every_page_has_a_switch_for_dark_mode_and_loads_from_this_site_alone(
    site: Path, pages: dict[str, Html]
) -> None:
    assert len(pages) == len(SOURCES) + 1  # and the one for wrong addresses
    for page, html in pages.items():
        path = site / page.removeprefix(ADDRESS)
        text = (path / "index.html" if path.is_dir() else path).read_text("utf-8")
        assert re.search(r'data-md-color-scheme="slate"[^>]*aria-label="Switch to light mode"', text), page
        assert [it for it in html.loaded if not urljoin(page, it).startswith(ADDRESS)] == [], page


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The address of the site on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@needs_builder
@needs_browser
def test_pages_fit_into_a_narrow_window(served: str) -> None:
    with browse() as page:
        page.resize(400, 1000)
        for name in SOURCES:
            page.open(served + address_of(name).removeprefix(ADDRESS))
            assert page.complaints == [], name
            assert [it for it in page.requests if it.startswith("http") and not it.startswith(served)] == [], name
            assert page.run("document.documentElement.scrollWidth <= innerWidth"), name


@needs_builder
@needs_browser
def test_dark_mode_and_search_in_a_browser(served: str) -> None:
    until = "new Promise((done) => { const ask = () => (%s) ? done(true) : setTimeout(ask, 50); ask(); })"
    found = "document.activeElement.shadowRoot?.querySelector('[role=option]')?.href"
    with browse() as page:
        page.open(served)
        page.run("document.querySelector('[data-md-component=palette] label:not([hidden])').click()")
        page.open(served + "dialects/")
        assert page.run("document.body.dataset.mdColorScheme") == "slate"
        page.run("document.querySelector('.md-search__button').click()")
        page.run(until % "document.activeElement.shadowRoot")
        page.type("EG301")
        page.run(until % found)
        assert page.run(found).endswith("#eg301-unknown-destination")
