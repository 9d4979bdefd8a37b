"""The quick look at a table finds every cell that takes its row back: one row never changes what another means."""

import itertools

from egressc.lower.verdicts import CellVerdict, may_hold_verdicts, opening_verdict
from egressc.lower.words import distinct_words
from egressc.model.vocabulary import ENGLISH, LANGUAGE_WORDS
from support.compiled import compile_text
from support.tables import each

_ALLOW = sorted(ENGLISH["allow"] | {it for words in LANGUAGE_WORDS.values() for it in words["allow"]})
_WORDS = sorted(
    {word for words in ENGLISH.values() for word in words}
    | {word for words in LANGUAGE_WORDS.values() for key in ("deny", "pending") for word in words[key]}
    | {f"{negation} {word}" for negation, word in itertools.product(sorted(ENGLISH["negations"]), _ALLOW)}
)
CATALOG = """
defaults: {namespace: apps, selector: {app: "{id}"}}
destinations: {Redis: {ports: [6379]}}
"""


def _is_found(text: str) -> bool:
    return may_hold_verdicts(distinct_words(f"| web | {text} |")) or text[:1] in "nNfFoO:(["


def test_no_word_that_takes_a_row_back_is_passed_over() -> None:
    telling = [it for it in _WORDS if opening_verdict(it) is not CellVerdict.BLANK]
    assert len(telling) > 200
    assert [it for it in telling if not _is_found(it)] == []


@each("text", ["kein Zugriff", "sin acceso", "pas approuvé", "nicht genehmigt", "not approved"])
def test_a_remark_that_denies_is_refused_alone_in_its_table(text: str) -> None:
    policies, report = compile_text(
        f"| From | To | Port | Notes |\n|---|---|---|---|\n| web | Redis | 6379 | {text} |\n", CATALOG
    )
    assert policies is None
    assert [it.code.id for it in report.diagnostics if it.code.id == "EG218"] == ["EG218"]
