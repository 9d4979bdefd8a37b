"""Calico's selectors: what they say of labels, and what is no selector."""

import re

import pytest

from egressc.dialects.calico.grammar import BadSelectorError, meets, parse
from support.tables import each

WEB = {"app": "web", "tier": "front", "kubernetes.io/metadata.name": "shop"}


@each(
    ("text", "is_met"),
    [
        ("", True),
        ("  \t", True),
        ("all()", True),
        ("all( )", True),
        ("!all()", False),
        ("app == 'web'", True),
        ('app == "web"', True),
        ("app=='web'", True),
        ("app == 'db'", False),
        ("app != 'db'", True),
        ("app != 'web'", False),
        ("zone != 'a'", True),
        ("has(app)", True),
        ("has( app )", True),
        ("has(zone)", False),
        ("!has(zone)", True),
        ("! has(zone)", True),
        ("!!has(app)", True),
        ("app in {'db', 'web'}", True),
        ("app in{'web'}", True),
        ("app in {'db'}", False),
        ("app in {}", False),
        ("zone in {''}", False),
        ("app not in {'db'}", True),
        ("app notin {'web'}", False),
        ("app not   in {'web',}", False),
        ("zone not in {'a'}", True),
        ("app not in {}", True),
        ("app contains 'e'", True),
        ("app contains 'x'", False),
        ("zone contains ''", False),
        ("app starts with 'we'", True),
        ("app startswith 'eb'", False),
        ("app ends with 'eb'", True),
        ("app == 'db' || tier == 'front'", True),
        ("app == 'web' && tier == 'back' || has(app)", True),
        ("app == 'web' && (tier == 'back' || has(zone))", False),
        ("has(zone) && has(app) || has(tier)", True),
        ("has(zone) && (has(app) || has(tier))", False),
        ("!(app == 'web' && has(zone))", True),
        ("kubernetes.io/metadata.name == 'shop'", True),
        ("in == 'web'", False),
        ("not != 'web'", True),
        ("has == 'web' || all != 'web'", True),
        ("app == 'a\\'", False),
        ("global()", False),
        ("!global()", True),
    ],
)
def test_what_a_selector_says(text: str, is_met: bool) -> None:
    assert meets(parse(text), WEB) == is_met


def test_what_is_in_no_namespace() -> None:
    assert meets(parse("global()"), {}, is_global=True)
    assert not meets(parse("!global()"), {}, is_global=True)


@each(
    ("text", "said"),
    [
        ("app = 'web'", "cannot be read from \"= 'web'\""),
        ("app === ai", "cannot be read from '= ai'"),
        ("app == web", "cannot be read from 'web'"),
        ("app == 'web", "cannot be read from"),
        ("app == 'web\"", "cannot be read from"),
        ("app", "ends too early"),
        ("app ==", "ends too early"),
        ("app == 'web' &&", "ends too early"),
        ("app == 'web' & has(x)", "cannot be read from"),
        ("app == 'web' | has(x)", "cannot be read from"),
        ("app == 'web' has(x)", "cannot be read from"),
        ("&& app == 'web'", "cannot be read from"),
        ("app in 'web'", "cannot be read from"),
        ("app in {web}", "cannot be read from"),
        ("app in {'web'", "ends too early"),
        ("app in {'web' 'db'}", "cannot be read from"),
        ("app not {'web'}", "cannot be read from"),
        ("app starts 'web'", "cannot be read from"),
        ("has()", "cannot be read from"),
        ("has(app", "cannot be read from"),
        ("has (app)", "cannot be read from"),
        ("all", "ends too early"),
        ("all(app)", "cannot be read from"),
        ("()", "cannot be read from"),
        ("(app == 'web'", "ends too early"),
        ("app == 'web')", "cannot be read from"),
        ("app\n== 'web'", "cannot be read from"),
        ("app == 'web' \n", "cannot be read from"),
        ("äpp == 'web'", "cannot be read from"),
        ("a" * 1025, "has more than 1024 characters"),
        ("(" * 51 + "has(a)" + ")" * 51, "has too many parentheses"),
    ],
)
def test_what_is_no_selector(text: str, said: str) -> None:
    with pytest.raises(BadSelectorError, match=re.escape(said)):
        parse(text)


def test_a_long_selector_takes_little_time() -> None:
    longest = " && ".join(["!" * 40 + "has(a)"] * 20)
    assert meets(parse(longest), {"a": "1"})
