"""Without Helm's library a document means the same, or is refused at the scalar that is not certain."""

import json

import helm_python
import pytest

from egressc.verify.documents import yaml_reader
from egressc.verify.documents.plain_yaml import UnreadableError
from support.plain_yaml import assert_the_same
from support.tables import each
from unit.verify.documents.test_fast_yaml import UNUSUAL, USUAL

READ = [
    "'<<': a\n",
    "'1': a\n\"2\": b\n",
    "? a\n: b\n",
    "a: {b: {c: d}, e: f}\ng: [{h: i}, {h: 1}]\n",
    "a: &x {b: 1}\nc: [*x, *x]\nd: *x\n",
    "&x a: 1\nb: *x\n",
    "a: !!str b\nc: !!str\nd: !!str ''\ne: !!str '1'\n",
    "--- {a: b}\n",
    "a: |\n  b\n   c\nd: >-\n  e\n  f\n\n  g\n",
    "a: b\n c\n  d\n",
    'a: "b\\n\\u00e9\\x41 \\\n  c"\n',
    "a: 'it''s'\n",
    "a: 2020-01-01\nb: 10.0.0.0/8\nc: 12:30:45\n",
    "a: -1\nb: 1.5\nc: 0\nd: null\ne:\n",
]
UNCERTAIN = {
    "a: yes\n": ("yes", 3),
    "a: 0x1F\n": ("0x1F", 3),
    "a: 012\n": ("012", 3),
    "a: ~\n": ("~", 3),
    "a: !!str 80\n": ("80", 3),
    "a: 1e3\n": ("1e3", 3),
    "a: {b: [1, 9007199254740993]}\n": ("9007199254740993", 11),
    "1: a\n": ("1", 0),
    "true: a\n": ("true", 0),
    "null: a\n": ("null", 0),
    "!!str 1: a\n": ("1", 0),
}


@pytest.fixture
def without_helm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "helm_python", None)


@pytest.mark.usefixtures("without_helm")
@each("text", READ)
def test_a_document_means_the_same(text: str) -> None:
    read, wanted = yaml_reader.read_yaml(text), helm_python.values_from_yaml(text)
    assert json.dumps(read, sort_keys=True) == json.dumps(wanted, sort_keys=True)


@pytest.mark.usefixtures("without_helm")
@each(("text", "uncertain"), UNCERTAIN.items())
def test_an_uncertain_scalar_is_refused_at_its_place(text: str, uncertain: tuple[str, int]) -> None:
    with pytest.raises(UnreadableError) as refused:
        yaml_reader.read_yaml(text)
    scalar, at = uncertain
    assert str(refused.value).startswith(f"only the embedded Helm can tell what {scalar} means")
    assert refused.value.at == at


@each("text", [*USUAL, *UNUSUAL, *READ])
def test_nothing_means_something_else(text: str) -> None:
    assert_the_same(text)
