"""The HTML report without a browser: nothing breaks out of its place, and colours are far enough apart to be read."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files

from egressc.renderers.flow_page import embedded_json, render_page
from egressc.renderers.flows import FlowReport
from reports.samples import HOSTILE, fleet, guardrails, hostile
from support.tables import each

STYLE = files("egressc.renderers").joinpath("page", "page.css").read_text("utf-8")


class _Elements(HTMLParser):
    """Start tags with their attributes, and the text of scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "script":
            self.scripts[-1] += data
        else:
            self.text.append(data)


def parse(page: str) -> _Elements:
    parser = _Elements()
    parser.feed(page)
    return parser


def test_hostile_words_stay_words() -> None:
    parsed = parse(render_page(hostile(), tool_version="1.2.3"))
    assert [tag for tag, _ in parsed.found if tag in ("img", "iframe", "object")] == []
    assert len(parsed.scripts) == 2
    data = json.loads(parsed.scripts[0])
    assert data["nodes"][0][0] == HOSTILE[0]
    assert not any(name.startswith("on") for _, attributes in parsed.found for name in attributes)
    assert HOSTILE[3] in "".join(parsed.text)


def test_guardrails_are_words_too() -> None:
    report = replace(hostile(), guardrails=guardrails(HOSTILE))
    parsed = parse(render_page(report, tool_version="1.2.3"))
    known = parse(render_page(hostile(), tool_version="1.2.3"))
    assert {tag for tag, _ in parsed.found} == {tag for tag, _ in known.found}
    assert len(parsed.scripts) == 2
    assert not any(name.startswith("on") for _, attributes in parsed.found for name in attributes)
    assert f"cannot be reached by {HOSTILE[3]} on {HOSTILE[3]}" in "".join(parsed.text)


def test_guardrails_have_a_section_of_their_own() -> None:
    assert 'id="guardrails-title"' not in render_page(fleet(1), tool_version="1")
    few, many = (replace(fleet(1), guardrails=guardrails(f"g{it}" for it in range(count))) for count in (12, 13))
    assert "<strong>g11</strong>: g11<small>Guards g11; enforced by g11; g11</small>" in render_page(
        few, tool_version="1"
    )
    assert "<summary>13 guardrails</summary>" in render_page(many, tool_version="1")
    assert "12 guardrails</summary>" not in render_page(few, tool_version="1")


def test_every_link_stays_in_the_page() -> None:
    links = [
        attributes["href"] for tag, attributes in parse(render_page(hostile(), tool_version="1")).found if tag == "a"
    ]
    assert links
    assert all(re.fullmatch(r"#[a-z]+(-[\w.-]+)?", link or "", re.ASCII) for link in links)


def test_addresses_depend_on_names_alone() -> None:
    """A link to a service or a row stays good when others come and go."""

    def addresses(report: FlowReport) -> list[str]:
        rows = re.findall(r'id="(rule-[^"]+)"', render_page(report, tool_version="1"))
        return [str(it) for it in rows]

    few, many = addresses(fleet(3)), addresses(fleet(9))
    assert set(few) < set(many)
    assert len(set(many)) == len(fleet(9).flows)
    assert "rule-service-0-to-store-0-tcp-3" in few  # three flows between the same ends
    assert 'href="#node-service-1"' in render_page(fleet(3), tool_version="1")


def test_the_checkout_is_shown_and_changes_nothing_else() -> None:
    without, with_it = (
        render_page(replace(fleet(2), checkout=it), tool_version="1") for it in ("", "shop at v1-2-gab")
    )
    assert "<p>shop at v1-2-gab: services.md</p>" in with_it
    shown = with_it.replace("shop at v1-2-gab: services.md", "services.md").replace("shop at v1-2-gab", "services.md")
    assert shown == without


def test_the_policy_admits_this_script_and_style_alone() -> None:
    page = render_page(fleet(3), tool_version="1.2.3")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for text in (re.findall(r"(?s)<style>(.*?)</style>", page)[0], re.findall(r"(?s)<script>(.*?)</script>", page)[0]):
        assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy
    assert not re.search(r'\sstyle="', page)


@each("text", ["</script>", "<!--", "]]>", "\u2028", "&lt;", "a\x00b"])
def test_embedded_json_ends_no_element(text: str) -> None:
    written = embedded_json({"name": text})
    assert not re.search(r"[<>&\u2028\x00]", written)
    assert json.loads(written) == {"name": text}


def test_one_page_is_the_same_every_time() -> None:
    assert render_page(fleet(20), tool_version="1") == render_page(fleet(20), tool_version="1")


def _schemes() -> list[dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    found: list[dict[str, str]] = []
    for block in blocks:
        named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block))
        found.append({**(found[0] if found else {}), **named})
    return found


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@each("scheme", [0, 1, 2])
def test_contrast_is_that_of_wcag_aa(scheme: int) -> None:
    """Source: WCAG 2.2, 1.4.3 (text, 4.5) and 1.4.11 (what is needed to understand a graphic, 3)."""
    colours = _schemes()[scheme]
    text = [
        (ink, ground)
        for ink in ("ink", "faint", "link")
        for ground in ("ground", "raised", "out-ground", "service", "place")
    ]
    text += [
        ("out", "out-ground"),
        ("out", "ground"),
        ("approximate", "ground"),
        ("extra", "ground"),
        ("grants", "ground"),
    ]
    text.append(("approximate", "raised"))
    for ink, ground in text:
        assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for line in ("edge", "service-line", "place-line", "out", "extra"):
        assert _contrast(colours[line], colours["ground"]) >= 3, line
