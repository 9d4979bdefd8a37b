import helm_python
import pytest

from egressc.helm.engine import RenderJob, ValuesFile
from egressc.helm.messages import check_release, explain_failure
from egressc.source import Source
from support.tables import each

VALUES = Source("values/ai.yaml", "a: 1\nb: [\nc: 2\n")
JOB = RenderJob("ai", "shop", (ValuesFile(VALUES),))
SCHEMA = "values don't meet the specifications of the schema(s) in the following chart(s):\nservice-policy:\n"
CHAIN_3 = (
    'Error: template: c/templates/a.yaml:1:4: executing "c/templates/a.yaml" at <include "x" .>: error calling '
    'include: template: c/charts/l/templates/_x.tpl:3:7: executing "x" at <.a.b.c>: nil pointer evaluating interface '
    "{}.c\n\n"
    "Use --debug flag to render out invalid YAML\n"
)
CHAIN_4 = (
    'Error: c/templates/a.yaml:1:4\n  executing "c/templates/a.yaml" at <include "x" .>:\n    error calling include:\n'
    'c/charts/l/templates/_x.tpl:3:7\n  executing "x" at <.a.b.c>:\n    nil pointer evaluating interface {}.c\n\n'
    "Use --debug flag to render out invalid YAML\n"
)


@each(
    ("words", "code", "told"),
    [
        (
            "Error: execution error at (c/templates/a.yaml:1:4): a.b: is empty; write one\nc.d: too\n\n"
            "Use --debug flag to render out invalid YAML\n",
            "EG606",
            "a.b: is empty; write one\nc.d: too",
        ),
        (
            f"level=INFO msg=\"warning: x\"\nError: {SCHEMA}- at '/b': got number, want object\n"
            "- at '/a': validation failed\n  - at '/a/y': 2\n  - at '/a/x': 1\n\n",
            "EG606",
            "at '/a': validation failed\n  - at '/a/x': 1\n  - at '/a/y': 2\nat '/b': got number, want object",
        ),
        (
            f"coalesce.go:298: warning: cannot overwrite\nError: {SCHEMA}- a: Invalid type.\n\n",
            "EG606",
            "a: Invalid type.",
        ),
        (CHAIN_3, "EG607", "c/charts/l/templates/_x.tpl:3:7, at <.a.b.c>: nil pointer evaluating interface {}.c"),
        (CHAIN_4, "EG607", "c/charts/l/templates/_x.tpl:3:7, at <.a.b.c>: nil pointer evaluating interface {}.c"),
        ("Error: chart requires kubeVersion: >=9\n", "EG607", "chart requires kubeVersion: >=9"),
        ("", "EG607", "no reason given"),
    ],
)
def test_what_helm_says_is_told_without_its_noise(words: str, code: str, told: str) -> None:
    problem = explain_failure(words, JOB)
    assert (problem.code.id, problem.help) == (code, told)
    assert problem.primary.span == (VALUES, 0, 0)
    assert problem.service == "ai"


@each(
    "words",
    [
        "",
        "Error: failed to parse /x/0.yaml: ",
        "Error: failed to parse /x/0.yaml: cannot unmarshal yaml document: ",
    ],
)
def test_values_that_are_not_yaml_are_shown_on_the_line_that_helm_names(words: str) -> None:
    reason = "error converting YAML to JSON: yaml: line 2: found unknown escape character"
    problem = explain_failure(words + reason, JOB, VALUES)
    assert problem.code.id == "EG605"
    assert problem.message == 'values of "ai" cannot be read: found unknown escape character'
    assert problem.primary.span.text == "b: ["


@each(
    "text",
    [
        "a: 1\nb: {x? : 1}\nc: 2\n",
        "b: {a: 1,\n\n\n b? : 2}\nc: 2\n",
        "a: 1\nb: x: y\nc: 2\n",
        "a: 1\n- b\nc: 2\n",
        "a: 1\nb: [\n",
        "a: 1\nb: @x\nc: 2\n",
    ],
)
def test_the_line_that_helm_names_is_the_one_that_is_meant(text: str) -> None:
    source = Source("ai.yaml", text)
    with pytest.raises(helm_python.HelmError) as raised:
        helm_python.values_from_yaml(text)
    assert "b" in explain_failure(str(raised.value), JOB, source).primary.span.text


def test_a_line_past_the_end_is_the_last() -> None:
    problem = explain_failure("error converting YAML to JSON: yaml: line 9: x", JOB, VALUES)
    assert problem.primary.span.text == VALUES.text.splitlines()[-1]


@each(("kind", "told"), [("array", "an array"), ("string", "a string"), ("number", "a number")])
def test_values_that_are_no_mapping_are_called_what_they_are(kind: str, told: str) -> None:
    words = f"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type x"
    assert explain_failure(words, JOB, VALUES).message.endswith(f"it is {told}, not a mapping")


@each("name", ["a", "ai-service", "a.b-c.d", "0", "a" * 53])
def test_helms_release_names_pass(name: str) -> None:
    assert check_release(RenderJob(name, "shop", ())) is None


@each("name", ["", "A", "a_b", "-a", "a-", "a..b", "a.-b", "a" * 54, "a\n", "--debug", "é"])
def test_other_names_do_not(name: str) -> None:
    problem = check_release(RenderJob(name, "shop", ()))
    assert problem is not None
    assert problem.code.id == "EG607"
