"""The HTML report in a real browser: what is shown, what filters do, keyboard, screen reader, print, hostile names.

Needs Chromium (Debian: `apt-get install chromium`). Without it these are skipped, in CI too. What
can be held without a browser is in the unit tests of the renderer.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from egressc.renderers.audit_page import render_page as render_audit_page
from egressc.renderers.flow_page import render_page
from egressc.renderers.flows import FlowReport
from egressc.renderers.workloads import ConnectionRecord, ExposureRecord, Networks, WorkloadRecord, WorkloadReport
from reports.browser import CHROMIUM, Page, browse
from reports.samples import HOSTILE, fleet, guardrails, hostile, hostile_leaving, leaving

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="NO BROWSER: the HTML report is not looked at; install chromium to have it tested"
)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browse() as opened:
        yield opened


@pytest.fixture
def small(page: Page, tmp_path: Path) -> Page:
    return show(page, fleet(5), tmp_path)


@pytest.fixture
def large(page: Page, tmp_path: Path) -> Page:
    return show(page, fleet(500), tmp_path)


def show(page: Page, report: FlowReport, folder: Path, fragment: str = "") -> Page:
    path = folder / "flows.html"
    path.write_text(render_page(report, tool_version="1.2.3"), "utf-8")
    page.open(path, fragment)
    assert page.complaints == []
    return page


def shown(page: Page) -> int:
    count: int = page.run("[...document.querySelectorAll('#rows tr')].filter((row) => row.checkVisibility()).length")
    return count


def without_dns(report: FlowReport) -> int:
    """How many flows are shown at first."""
    return sum(flow.destination != "DNS" for flow in report.flows)


def boxes(page: Page) -> list[str]:
    found: list[str] = page.run(
        "[...document.querySelectorAll('#drawing a')].map((box) => box.querySelector('text').textContent)"
    )
    return found


def set_field(page: Page, name: str, value: str) -> None:
    page.run(f"document.getElementById('{name}').focus()")
    page.run(f"document.getElementById('{name}').select?.()")
    page.type(value)


def test_a_file_needs_nothing_but_itself(small: Page) -> None:
    assert [url for url in small.requests if not url.startswith("file:")] == []
    assert len(small.requests) == 1


def test_five_services_are_drawn_whole(small: Page) -> None:
    names = boxes(small)
    assert {f"Service {i}" for i in range(5)} <= set(names)
    assert "Payment API" in names
    assert "DNS" not in names
    assert small.run("document.querySelectorAll('#drawing svg > path.out').length") == 1
    assert small.run("document.getElementById('index').childElementCount") == 0


def test_five_hundred_services_are_drawn_by_namespace(large: Page) -> None:
    names = boxes(large)
    assert len(names) <= 30
    assert {"team-0", "team-9", "data-3", "Internet"} <= set(names)
    assert large.run("document.querySelectorAll('#index a').length") == 521
    assert shown(large) == without_dns(fleet(500))


@pytest.mark.parametrize("count", [5, 40, 500])
def test_words_stay_in_their_boxes_and_boxes_apart(count: int, page: Page, tmp_path: Path) -> None:
    for fragment in ("", "#node-service-1"):
        show(page, fleet(count), tmp_path, fragment)
        outside = page.run("""[...document.querySelectorAll('#drawing a')].filter((box) => {
            const frame = box.querySelector('rect').getBBox();
            return [...box.querySelectorAll('text')].some((text) => {
                const inner = text.getBBox();
                return inner.x + inner.width > frame.x + frame.width || inner.y + inner.height > frame.y + frame.height;
            });
        }).map((box) => box.textContent)""")
        assert outside == []
        overlapping = page.run("""(() => {
            const frames = [...document.querySelectorAll('#drawing a rect')].map((rect) => rect.getBBox());
            return frames.filter((a, i) => frames.some((b, j) => i < j && a.x < b.x + b.width && b.x < a.x + a.width
                && a.y < b.y + b.height && b.y < a.y + a.height)).length;
        })()""")
        assert overlapping == 0


def test_filters_hold_for_table_and_graph_and_are_announced(small: Page) -> None:
    every, total = len(fleet(5).flows), without_dns(fleet(5))
    status = "document.getElementById('count').textContent"
    assert small.run(status) == f"{total} flows of {every} shown, from 5 services; {every - total} to DNS hidden"
    set_field(small, "name", "service 3")
    assert small.run(status).startswith("5 flows of")
    assert shown(small) == 5
    assert "Service 1" not in boxes(small)
    small.run("document.querySelector('button[type=reset]').focus()")
    small.press("Enter")
    assert shown(small) == total
    set_field(small, "port", "8050")
    assert shown(small) == 4
    set_field(small, "port", "http")
    assert shown(small) == 1
    small.run("document.querySelector('button[type=reset]').click()")
    small.settle()
    small.run("document.getElementById('internet').focus()")
    small.press("Space")
    assert (shown(small), boxes(small)) == (1, ["Payment API", "Service 0"])


def test_dns_is_shown_where_it_is_asked_for(small: Page, tmp_path: Path) -> None:
    small.run("document.getElementById('dns').focus()")
    small.press("Space")
    assert shown(small) == len(fleet(5).flows)
    assert "DNS" in boxes(small)
    show(small, fleet(5), tmp_path, "#rule-service-2-to-DNS-udp")
    assert in_view(small, "rule-service-2-to-DNS-udp")
    show(small, fleet(5), tmp_path, "#node-DNS")
    assert shown(small) == 10
    nowhere = replace(fleet(5), flows=fleet(5).flows[2:], nodes=tuple(it for it in fleet(5).nodes if it.id != "DNS"))
    show(small, replace(nowhere, flows=tuple(it for it in nowhere.flows if it.destination != "DNS")), tmp_path)
    assert not visible(small, "dns")


@pytest.mark.parametrize("tab", ["#flows", "#reading", "#node-service-1"])
def test_a_narrow_screen_needs_no_scrolling_sideways(tab: str, page: Page, tmp_path: Path) -> None:
    page.resize(400, 800)
    try:
        long = "namespaces of kubernetes.io/metadata.name other than " + "tenant-" * 20
        show(page, replace(fleet(40), guardrails=guardrails([long])), tmp_path, tab)
        assert page.run("document.documentElement.scrollWidth") == 400
        wide = page.run("""[...document.querySelectorAll('#filters *, #table *, header *, .leaves *, section li')]
            .filter((it) => it.checkVisibility() && !it.closest('thead') && it.getBoundingClientRect().right > 400)
            .map((it) => it.outerHTML)""")
        assert wide == []
        roles = [it["role"]["value"] for it in page.send("Accessibility.getFullAXTree")["nodes"] if not it["ignored"]]
        assert tab == "#reading" or {"table", "rowheader", "columnheader"} <= set(roles)
    finally:
        page.resize(1400, 1000)


def test_public_addresses_are_said_in_short_and_listed_on_demand(page: Page, tmp_path: Path) -> None:
    report = fleet(1)
    some = [replace(it, in_short="any public address") if it.is_internet else it for it in report.flows]
    show(page, replace(report, flows=tuple(some)), tmp_path)
    assert page.run("document.querySelector('.leaves li').textContent").endswith("443/TCP: any public address")
    details = "document.querySelector('#rows details')"
    assert page.run(f"{details}.innerText") == "any public address"
    page.run(f"{details}.open = true")
    assert "pods app=payments" in page.run(f"{details}.innerText")


def test_the_page_of_manifests_has_both_directions(page: Page, tmp_path: Path) -> None:
    web = WorkloadRecord("Deployment", "shop", "web", {"TCP": ("80",)}, ("egress",))
    world = Networks("any IPv4 address but a long list", ("0.0.0.0/1",), True, "any public IPv4 address")
    ports = {"TCP": ("80",), "UDP": ("80",)}
    found = (ConnectionRecord(web, world, ports, "", ""), ConnectionRecord(world, web, ports, "", ""))
    exposures = (ExposureRecord(web, "ingress", "the whole cluster", ports, "", False, False),)
    show(page, WorkloadReport("k8s", (web,), found, exposures, ("a note",)).graph(), tmp_path)
    text = page.run("document.body.innerText")
    for told in (
        "1 of 1 workload reaches public",
        "1 of 1 workload is reached from public",
        "a note",
        "from 1 workload",
        "any public IPv4 address → web (Deployment) on 80/TCP, 80/UDP",
        "no policy isolates it",
    ):
        assert told in text
    assert "Asked for in" not in text
    assert "what the row asks for" not in text


def test_classes_and_namespaces_filter(large: Page) -> None:
    large.run("document.getElementById('exact').click()")
    large.settle()
    flows = [flow for flow in fleet(500).flows if flow.flow_class != "exact"]
    assert shown(large) == len(flows)
    large.run("const field = document.getElementById('namespace'); field.value = 'team-3';"
              "field.dispatchEvent(new Event('input', {bubbles: true}))")  # fmt: skip
    large.settle()
    mine = {f"service-{i}" for i in range(150, 200)}
    assert shown(large) == sum(flow.source in mine for flow in flows)
    assert "Service 160" in boxes(large)


def test_a_box_opens_with_the_keyboard_and_the_way_back_is_a_link(small: Page) -> None:
    small.run("document.getElementById('graph-title').focus()")
    small.press("Tab")
    first = small.run("document.activeElement.getAttribute('aria-label')")
    assert first is not None
    small.press("Enter")
    assert small.run("location.hash").startswith("#node-")
    assert small.run("document.getElementById('graph-title').textContent").startswith("Graph: around ")
    assert small.run("document.activeElement.id") == "graph-title"
    small.press("Tab")
    assert small.run("document.activeElement.textContent") == "Show all"
    small.press("Enter")
    assert small.run("document.getElementById('graph-title').textContent") == "Graph"


def test_a_neighbourhood_tells_purpose_and_source_of_each_edge(page: Page, tmp_path: Path) -> None:
    show(page, fleet(500), tmp_path, "#node-service-120")
    text = page.run("document.getElementById('drawing').textContent")
    for told in ("Service 119", "Service 121", "5432/TCP", "Store of service-120", "services.md:120, more.md:120"):
        assert told in text
    assert shown(page) == 8


def test_a_busy_destination_shows_some_and_points_at_the_table(page: Page, tmp_path: Path) -> None:
    report = fleet(500)
    show(page, report, tmp_path, "#node-store-0")
    assert any(name.startswith("and ") and name.endswith(" more callers") for name in boxes(page))


def test_a_screen_reader_finds_names_roles_and_the_table(small: Page) -> None:
    nodes = small.send("Accessibility.getFullAXTree")["nodes"]
    told = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]
    roles = [role for role, _ in told]
    for role in ("main", "search", "table", "columnheader", "rowheader", "status", "searchbox", "combobox"):
        assert role in roles
    controls = {"link", "button", "textbox", "searchbox", "combobox", "checkbox", "region"}
    assert [pair for pair in told if pair[0] in controls and not pair[1]] == []
    assert any(role == "link" and "reaches the internet" in name for role, name in told)
    headings = small.run("[...document.querySelectorAll('h1,h2,h3')].map((it) => Number(it.tagName[1]))")
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_without_scripts_the_table_is_there(page: Page, tmp_path: Path) -> None:
    page.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        show(page, fleet(5), tmp_path)
    finally:
        page.send("Emulation.setScriptExecutionDisabled", value=False)
    assert shown(page) == len(fleet(5).flows)
    assert not page.run("document.getElementById('filters').checkVisibility()")


def test_print_leaves_the_controls_out(small: Page) -> None:
    small.send("Emulation.setEmulatedMedia", media="print")
    try:
        assert not small.run("document.getElementById('filters').checkVisibility()")
        assert small.run("document.querySelector('#drawing svg').checkVisibility()")
        assert shown(small) == without_dns(fleet(5))
        assert len(small.send("Page.printToPDF")["data"]) > 1000
    finally:
        small.send("Emulation.setEmulatedMedia", media="")


def test_nothing_moves_for_those_who_ask(small: Page) -> None:
    for value, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        small.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": value}])
        assert small.run("getComputedStyle(document.documentElement).scrollBehavior") == behaviour
    small.send("Emulation.setEmulatedMedia", features=[])


def test_a_narrow_screen_scrolls_inside_not_sideways(page: Page, tmp_path: Path) -> None:
    page.resize(360, 800)
    try:
        show(page, fleet(40), tmp_path)
        assert page.run("document.documentElement.scrollWidth") <= 360
    finally:
        page.resize(1400, 1000)


def test_names_never_become_markup(page: Page, tmp_path: Path) -> None:
    show(page, hostile(), tmp_path)
    fragments = page.run("JSON.parse(document.getElementById('data').textContent).nodes.map((node) => node[3])")
    assert len(fragments) == len(HOSTILE)
    for fragment in ("", *(f"#node-{it}" for it in fragments)):
        show(page, hostile(), tmp_path, fragment)
        assert bool(fragment) == page.run(
            "document.getElementById('graph-title').textContent.startsWith('Graph: around')"
        )
        assert page.run("document.title").startswith("Who may reach whom: </script>")
        assert page.run("document.querySelectorAll('script').length") == 2
        assert page.run("document.querySelectorAll('img, iframe, [onerror], a[href^=javascript]').length") == 0
    assert [url for url in page.requests if not url.startswith("file:")] == []


def visible(page: Page, part: str) -> bool:
    found: bool = page.run(f"document.getElementById('{part}').checkVisibility()")
    return found


def in_view(page: Page, element: str) -> bool:
    page.run("new Promise((done) => setTimeout(done, 1000))")  # it scrolls smoothly
    found: bool = page.run(f"""(() => {{
        const place = document.getElementById('{element}').getBoundingClientRect();
        return place.top >= 0 && place.bottom <= innerHeight;
    }})()""")
    return found


def click(page: Page, selector: str) -> None:
    page.run(f"document.querySelector('{selector}').click()")
    page.settle()


def test_what_was_read_is_a_tab(small: Page) -> None:
    current = "document.querySelector('#tabs [aria-current]').textContent"
    assert (visible(small, "flows"), visible(small, "reading"), small.run(current)) == (True, False, "Flows")
    click(small, "#tabs a:nth-child(2)")
    assert (visible(small, "flows"), visible(small, "reading"), small.run(current)) == (False, True, "What was read")
    small.run("history.back()")
    small.settle()
    assert (visible(small, "flows"), visible(small, "reading")) == (True, False)


def test_a_cell_shows_its_rules_and_closes_again(small: Page) -> None:
    click(small, "#tabs a:nth-child(2)")
    click(small, "#cell-2 a")
    assert small.run("[...document.querySelectorAll('.rules a')].map((link) => link.textContent)") == [
        "Service 2 → Service 3 on 8000-8100/TCP"
    ]
    assert small.run("document.querySelector('.rules').previousElementSibling.textContent").startswith("2Service 2")
    assert small.run("document.activeElement.getAttribute('aria-expanded')") == "true"
    click(small, "#cell-3 a")
    assert small.run("document.querySelectorAll('.rules').length") == 1
    small.press("Enter")
    assert small.run("document.querySelectorAll('.rules').length") == 0
    assert visible(small, "reading")


def test_a_cell_leads_to_its_rule_and_the_rule_to_its_cell(large: Page) -> None:
    click(large, "#tabs a:nth-child(2)")
    click(large, "#cell-300 a")
    assert in_view(large, "cell-300")
    click(large, ".rules a")
    rule = large.run("location.hash.slice(1)")
    assert large.run(f"document.getElementById('{rule}').textContent").startswith("Service 300team-6Service 301")
    assert visible(large, "flows")
    assert in_view(large, rule)
    click(large, f"#{rule} td:last-child a")
    assert large.run("location.hash") == "#cell-300"
    assert visible(large, "reading")
    assert in_view(large, "cell-300")


def test_a_rule_that_the_filters_hide_is_shown(small: Page) -> None:
    set_field(small, "name", "payment")
    assert shown(small) == 1
    click(small, "#tabs a:nth-child(2)")
    click(small, "#cell-2 a")
    click(small, ".rules a")
    assert in_view(small, small.run("location.hash.slice(1)"))
    assert shown(small) == without_dns(fleet(5))


def test_an_address_opens_a_cell_or_a_rule(page: Page, tmp_path: Path) -> None:
    show(page, fleet(40), tmp_path, "#cell-30")
    assert in_view(page, "cell-30")
    assert page.run("document.querySelectorAll('.rules li').length") == 1
    show(page, fleet(40), tmp_path, "#rule-service-30-to-store-10-tcp")
    assert in_view(page, "rule-service-30-to-store-10-tcp")
    show(page, fleet(5), tmp_path, "#cell-99")
    assert visible(page, "reading")


def test_without_scripts_both_parts_are_there(page: Page, tmp_path: Path) -> None:
    page.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        show(page, fleet(5), tmp_path)
    finally:
        page.send("Emulation.setScriptExecutionDisabled", value=False)
    assert [visible(page, part) for part in ("tabs", "flows", "reading")] == [False, True, True]


def test_a_report_without_a_reading_has_no_tabs(page: Page, tmp_path: Path) -> None:
    show(page, replace(fleet(5), reading=None), tmp_path)
    assert page.run("document.getElementById('tabs')") is None
    assert shown(page) == without_dns(fleet(5))


def test_hostile_cells_never_become_markup(page: Page, tmp_path: Path) -> None:
    for fragment in ("#reading", *(f"#cell-{number}" for number in range(len(HOSTILE)))):
        show(page, hostile(), tmp_path, fragment)
        assert page.run("document.querySelectorAll('script').length") == 2
        assert page.run("document.querySelectorAll('img, iframe, [onerror], a[href^=javascript]').length") == 0


def test_the_page_of_an_audit_fits_a_narrow_screen(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "audit.html"
    page.resize(400, 800)
    try:
        for report in (leaving(40), hostile_leaving()):
            path.write_text(render_audit_page(report, tool_version="1.2.3"), "utf-8")
            page.open(path)
            assert page.complaints == []
            assert page.run("document.title").startswith("What leaves the cluster: ")
            assert page.run("document.documentElement.scrollWidth") == 400
            wide = page.run("""[...document.querySelectorAll('main *, header *')]
                .filter((it) => it.checkVisibility() && !it.closest('thead') && it.getBoundingClientRect().right > 400)
                .map((it) => it.outerHTML)""")
            assert wide == []
        roles = [it["role"]["value"] for it in page.send("Accessibility.getFullAXTree")["nodes"] if not it["ignored"]]
        assert {"table", "rowheader", "columnheader"} <= set(roles)
        assert [url for url in page.requests if not url.startswith("file:")] == []
    finally:
        page.resize(1400, 1000)
