"""What Helm itself does and the charts are built around: a failure here names a rule of the templates to rethink."""

import json
from pathlib import Path

import pytest
import yaml

from support.helm_engines import Binary, Engine, HelmFailed, Values


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A chart of one template, `t.yaml`, which each test writes."""
    folder = tmp_path / "fact"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: fact\nversion: 0.1.0\n", encoding="utf-8")
    return folder


def output(engine: Engine, chart: Path, template: str, values: Values | None = None) -> object:
    """What `out:` of the template becomes; the template is one Go expression."""
    (chart / "templates" / "t.yaml").write_text(f"kind: Fact\nout: {template}\n", encoding="utf-8")
    return yaml.safe_load(engine.template(chart, values or {}))["out"]


@pytest.mark.parametrize("character", ["\x7f", "\uffff"], ids=ascii)
def test_to_yaml_of_some_strings_is_nothing(engine: Engine, chart: Path, character: str) -> None:
    """So selectors are written string by string: an empty one selects everything."""
    assert output(engine, chart, "{{ .Values.x | toYaml | quote }}", {"x": {"app": f"a{character}"}}) == ""


def test_a_large_number_prints_with_an_exponent(engine: Engine, chart: Path) -> None:
    assert output(engine, chart, '"{{ .Values.x }} {{ int .Values.x }}"', {"x": 12345678}) == "1.2345678e+07 12345678"


def test_merge_and_set_change_the_values(engine: Engine, chart: Path) -> None:
    template = '"{{ $_ := merge .Values.x (dict `b` 1) }}{{ $_ := set .Values.x `c` 2 }}{{ len .Values.x }}"'
    assert output(engine, chart, template, {"x": {"a": 0}}) == "3"


def test_a_null_where_the_chart_has_no_default_may_stay(engine: Engine, chart: Path) -> None:
    assert output(engine, chart, "{{ .Values.x | toJson | quote }}", {"x": {"a": None, "b": 1}}) in (
        '{"a":null,"b":1}',
        '{"b":1}',
    )


def test_a_null_drops_a_default_and_a_list_is_replaced_whole(engine: Engine, chart: Path) -> None:
    (chart / "values.yaml").write_text("x: {a: 1, b: [1, 2]}\n", encoding="utf-8")
    assert output(engine, chart, "{{ .Values.x | toJson | quote }}", {"x": {"a": None, "b": [3]}}) == '{"b":[3]}'


def test_an_unquoted_y_is_true(helm: Binary, chart: Path, tmp_path: Path) -> None:
    (chart / "templates" / "t.yaml").write_text("kind: Fact\nout: {{ .Values.x | toJson | quote }}\n", encoding="utf-8")
    (tmp_path / "v.yaml").write_text("x: {y: on}\n", encoding="utf-8")
    read = yaml.safe_load(helm.run("template", "rel", chart, "-f", tmp_path / "v.yaml"))["out"]
    assert json.loads(read) == {"true": True}


def test_a_name_defined_twice_is_no_error(engine: Engine, chart: Path) -> None:
    for name, text in (("a", "first"), ("b", "second")):
        define = f'{{{{ define "twice" }}}}{text}{{{{ end }}}}'
        (chart / "templates" / f"_{name}.tpl").write_text(define, encoding="utf-8")
    assert output(engine, chart, '{{ include "twice" . }}') in ("first", "second")


def test_from_yaml_hides_its_error_in_the_result(engine: Engine, chart: Path) -> None:
    assert output(engine, chart, "{{ `a: b: c` | fromYaml | keys | first }}") == "Error"


def test_get_of_a_missing_key_is_an_empty_string(engine: Engine, chart: Path) -> None:
    """So the templates ask with `index`, which gives nil: "" is not "not given"."""
    assert output(engine, chart, '{{ kindOf (get .Values "no") }}') == "string"
    assert output(engine, chart, '{{ kindOf (index .Values "no") }}') == "invalid"


def test_lint_lets_a_fail_pass(helm: Binary, chart: Path) -> None:
    """So `helm lint` says nothing about the library's own checks; rendering does."""
    (chart / "templates" / "t.yaml").write_text('{{ fail "no" }}\n', encoding="utf-8")
    assert "0 chart(s) failed" in helm.run("lint", chart)
    with pytest.raises(HelmFailed):
        helm.run("template", "rel", chart)


@pytest.mark.parametrize("annotations", ["{}", "{helm.sh/hook: pre-install, helm.sh/hook-weight: '-5'}"])
def test_a_policy_that_is_a_hook_is_no_part_of_the_release(helm: Binary, chart: Path, annotations: str) -> None:
    """And one that is none exists only after the hooks before it: their pods need a release that comes first."""
    policy = (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: a, annotations: {annotations}}}\n"
    )
    job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: b, annotations: {helm.sh/hook: pre-install}}\n"
    (chart / "templates" / "t.yaml").write_text(f"{policy}---\n{job}", encoding="utf-8")
    released = [it["kind"] for it in yaml.safe_load_all(helm.run("template", "rel", chart, "--no-hooks")) if it]
    assert released == ([] if "hook" in annotations else ["NetworkPolicy"])
    assert helm.run("template", "rel", chart).count("kind: Job") == 1
