"""A file that is there already: what it should say now, and when egressc refuses to say it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.emit.existing import merge_values, recompile, report_outdated
from egressc.emit.values import ServiceValues, emit_values
from egressc.model.policy import PolicySet
from egressc.source import Source
from support.policy_sets import dependency, policy_sets, service, tcp
from support.tables import each

SCHEMA = "../schemas/service-values.schema.json"


def emit_one(port: int = 6379) -> ServiceValues:
    policies = PolicySet((service("checkout", dependency("redis", tcp(port), purpose="Cache")),))
    return emit_values(policies, schema_path=SCHEMA)[0]


OLD, NEW = emit_one(6379), emit_one(6380)


def source(text: str) -> Source:
    return Source("values/checkout.yaml", text)


def merge(text: str, *, discard_edits: bool = False) -> tuple[str | None, list[str]]:
    """The text that the file should have, and the codes reported on the way."""
    report = Report()
    merged = merge_values(NEW, source(text), report, discard_edits=discard_edits)
    return merged, [diagnostic.code.id for diagnostic in report.diagnostics]


def test_a_new_file_has_the_default_extras() -> None:
    assert merge_values(NEW, None, Report()) == NEW.generated + "  egress: []\n"


def test_an_empty_file_is_as_good_as_none() -> None:
    assert merge("") == (NEW.new_text, [])


EXTRAS = pytest.mark.parametrize(
    "extras",
    [
        "  egress: []\n",
        "",
        "  egress:\n    - to: [{podSelector: {}}]  # ours\n      ports: [{port: 8080}]\n",
        "  egress: []",  # no line end
        "  egress: []\r\n  commonLabels: {a: b}\r\n",
        "  egress: []\n  # egressc-extras: once more\n\n\n",
        "  egress: []\nnameOverride: größe\n\ufeff\x00\n",
        "  # egressc-digest: 0123456789ab\n",
    ],
)


@EXTRAS
def test_what_did_not_change_stays_as_it_is(extras: str) -> None:
    text = NEW.generated + extras
    assert merge(text) == (text, [])


@EXTRAS
def test_a_new_generated_part_keeps_the_extras(extras: str) -> None:
    assert merge(OLD.generated + extras) == (NEW.generated + extras, [])


@settings(max_examples=200)
@given(policy_sets, policy_sets, st.text())
def test_any_extras_survive_any_recompile(before: PolicySet, after: PolicySet, extras: str) -> None:
    old = emit_values(before, schema_path=SCHEMA)[0]
    new = emit_values(after, schema_path=SCHEMA)[0]
    report = Report()
    merged = merge_values(new, source(old.generated + extras), report)
    assert (merged, report.diagnostics) == (new.generated + extras, [])
    assert merge_values(new, source(new.generated + extras), report) == merged


def test_line_ends_of_a_checkout_stay() -> None:
    extras = "  egress: []\n"
    old = OLD.generated.replace("\n", "\r\n")
    new = NEW.generated.replace("\n", "\r\n")
    assert merge(new + extras) == (new + extras, [])
    assert merge(old + extras) == (new + extras, [])


def test_mixed_line_ends_become_plain_ones() -> None:
    assert merge(OLD.generated.replace("\n", "\r\n", 3) + "x") == (NEW.generated + "x", [])


def test_a_byte_order_mark_goes() -> None:
    assert merge("\ufeff" + OLD.new_text) == (NEW.new_text, [])
    assert merge("\ufeff" + NEW.new_text) == (NEW.new_text, [])


def test_the_extras_line_may_lack_its_end() -> None:
    assert merge(OLD.generated.removesuffix("\n")) == (NEW.generated, [])


def edited_by_hand(old: str, new: str, values: ServiceValues = OLD) -> str:
    assert old in values.new_text
    return values.new_text.replace(old, new)


def test_a_change_by_hand_is_refused_and_shown() -> None:
    report = Report()
    text = edited_by_hand("port: 6379", "port: 6381")
    assert merge_values(NEW, source(text), report) is None
    (diagnostic,) = report.diagnostics
    assert diagnostic.code.id == "EG501"
    assert diagnostic.service == "checkout"
    assert diagnostic.primary.span.text == "        - port: 6381"
    assert diagnostic.help.endswith(
        "\n-        - port: 6381\n+        - port: 6380\n           protocol: TCP\n"
        "   # egressc-extras: everything from here on is yours; compile keeps it byte for byte."
    )


@each(
    ("old", "new"),
    [
        ("port: 6379", "port: 6381"),
        ("namespace: shop\n", "namespace: other\n"),
        ("purpose: Cache\n      to:", "purpose: Cache\n      hosts: [a.example]\n      to:"),
        ("  podSelector:\n", "  podSelector:\n    name: x\n"),
        ("egressc-digest: ", "egressc-digest: 0"),
        ("    redis:", "    redis: "),
        ("  # egressc-extras:", "  enabled: false\n  # egressc-extras:"),
        ("networkPolicy:", "nameOverride: other\nnetworkPolicy:"),
    ],
)
def test_every_change_by_hand_counts(old: str, new: str) -> None:
    text = edited_by_hand(old, new)
    assert merge(text) == (None, ["EG501"])
    assert merge(text, discard_edits=True) == (NEW.new_text, [])


@each(
    ("old", "new"),
    [
        ("      # platform/services.md\n", "      # by hand\n"),
        ("purpose: Cache", "purpose: cache"),
        ("compile keeps it", "we keep it"),
        ("\n\n", "\n"),
    ],
)
def test_what_has_no_effect_is_written_as_it_was(old: str, new: str) -> None:
    assert merge(edited_by_hand(old, new)) == (NEW.new_text, [])


def test_an_entry_that_is_missing_is_written_again() -> None:
    entry = OLD.generated.partition("  dependencies:\n")[2].partition("  # egressc-extras:")[0]
    assert merge(edited_by_hand(entry, "")) == (NEW.new_text, [])


def test_an_entry_of_another_file_is_intact() -> None:
    other = emit_values(PolicySet((service("checkout", dependency("kafka", tcp(9092))),)), schema_path=SCHEMA)[0]
    entry = other.generated.partition("  dependencies:\n")[2].partition("  # egressc-extras:")[0]
    assert merge(edited_by_hand("  dependencies:\n", "  dependencies:\n" + entry)) == (NEW.new_text, [])


def test_a_change_by_hand_that_the_sources_now_say_is_none() -> None:
    assert merge(edited_by_hand("6379", "6380")) == (NEW.new_text, [])


def test_a_lost_digest_line_alone_is_no_change() -> None:
    lines = NEW.new_text.splitlines(keepends=True)
    without = "".join(line for line in lines if "egressc-digest" not in line)
    assert merge(without) == (NEW.new_text, [])


@each("text", ["replicas: 2\n", "networkPolicy:\n  egress: []\n", "\n", "# Generated by us\n"])
def test_a_file_of_someone_else_is_refused(text: str) -> None:
    assert merge(text) == (None, ["EG502"])
    assert merge(text, discard_edits=True) == (None, ["EG502"])


def test_extras_without_their_line_are_refused() -> None:
    text = edited_by_hand("  # egressc-extras:", "  # extras:")
    assert merge(text) == (None, ["EG503"])
    assert merge(text, discard_edits=True) == (None, ["EG503"])


def conflicting(ours: str, theirs: str) -> str:
    return f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n"


def test_a_conflict_in_the_extras_is_refused() -> None:
    text = NEW.generated + conflicting("  egress: []\n", "  egress: [{}]\n")
    assert merge(text) == (None, ["EG504"])
    assert merge(text, discard_edits=True) == (None, ["EG504"])


def test_a_conflict_above_the_extras_is_settled_by_discarding() -> None:
    line = "        - port: 6379\n"
    text = edited_by_hand(line, conflicting(line, line.replace("6379", "6381")))
    assert merge(text) == (None, ["EG504"])
    assert merge(text, discard_edits=True) == (NEW.new_text, [])


def entry_of(key: str) -> str:
    policies = PolicySet((service("checkout", dependency(key, tcp(9092))),))
    text = emit_values(policies, schema_path=SCHEMA)[0].generated
    return text.partition("  dependencies:\n")[2].partition("  # egressc-extras:")[0]


@each("base", ["", "||||||| base\n", "||||||| base\n" + entry_of("old")])
def test_a_conflict_of_what_was_compiled_is_settled(base: str) -> None:
    conflict = f"<<<<<<< HEAD\n{entry_of('kafka')}{base}=======\n{entry_of('mongo')}>>>>>>> other\n"
    text = edited_by_hand("  dependencies:\n", "  dependencies:\n" + conflict)
    assert merge(text + "# ours\n") == (NEW.new_text + "# ours\n", [])
    assert merge(text.replace("\n", "\r\n"))[1] == []
    for side in ("kafka", "mongo"):
        assert merge(text.replace(f"app.kubernetes.io/name: {side}", "app: by-hand")) == (None, ["EG504"])
    assert merge(text + conflicting("a", "b")) == (None, ["EG504"])


def test_a_purpose_is_no_mark_of_a_conflict() -> None:
    odd = dependency("redis", tcp(6379), purpose="<<<<<<< HEAD")
    (values,) = emit_values(PolicySet((service("checkout", odd),)), schema_path=SCHEMA)
    report = Report()
    assert merge_values(values, source(values.new_text), report) == values.new_text
    assert not report.diagnostics


def folder(**files: str) -> dict[str, Source]:
    return {f"{name}.yaml": Source(f"values/{name}.yaml", text) for name, text in files.items()}


def recompiled(*, prune: bool, **files: str) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    report = Report()
    result = recompile([NEW], folder(**files), report, prune=prune)
    assert result.contents == {"checkout.yaml": NEW.new_text}
    return result.removals, result.stale, [diagnostic.code.id for diagnostic in report.diagnostics]


OWN_EXTRAS = OLD.generated + "  egress: [{}]\n"


def test_a_file_whose_service_left_is_named_and_stays() -> None:
    assert recompiled(prune=False, gone=OLD.new_text, common="a: b\n") == ((), ("gone.yaml",), ["EG505"])


def test_pruning_removes_it() -> None:
    assert recompiled(prune=True, gone=OLD.new_text, common="a: b\n") == (("gone.yaml",), (), [])


def test_pruning_says_which_extras_go() -> None:
    assert recompiled(prune=True, gone=OWN_EXTRAS) == (("gone.yaml",), (), ["EG506"])
    report = Report()
    recompile([NEW], folder(gone=OWN_EXTRAS), report, prune=True)
    assert report.diagnostics[0].help == "they were:\n  egress: [{}]\n"
    assert report.diagnostics[0].service == "gone"


def test_pruning_keeps_what_was_changed_by_hand() -> None:
    assert recompiled(prune=True, gone=edited_by_hand("6379", "6381")) == ((), ("gone.yaml",), ["EG505"])


def test_a_check_names_what_a_compile_would_write() -> None:
    other = emit_values(PolicySet((service("other"),)), schema_path=SCHEMA)[0]
    third = emit_values(PolicySet((service("third"),)), schema_path=SCHEMA)[0]
    existing = folder(checkout=OLD.new_text, third=third.new_text)
    report = Report()
    values = [NEW, other, third]
    report_outdated(values, recompile(values, existing, report), existing, "values", report)
    assert [(each.code.id, each.message) for each in report.diagnostics] == [
        ("EG507", '"values/checkout.yaml" is out of date'),
        ("EG508", '"values/other.yaml" is missing'),
    ]
    assert not report.has_errors
