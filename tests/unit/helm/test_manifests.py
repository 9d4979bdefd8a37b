from collections.abc import Mapping

from egressc.helm.manifests import lay_out
from support.tables import each


def refuse(text: str) -> Mapping[str, object]:
    raise AssertionError(f"nobody needs to read {text!r}")


def read(text: str) -> Mapping[str, object]:
    """Enough of a reader: the kind on the first line, and a hook where one is written."""
    hook: dict[str, object] = {"metadata": {"annotations": {"helm.sh/hook": "x"}}} if "helm.sh/hook" in text else {}
    return {"kind": text.splitlines()[0].removeprefix("kind: ")} | hook


def test_one_document_is_laid_out_without_being_read() -> None:
    assert lay_out([("c/templates/a.yaml", "\n---\nkind: X\n\n")], refuse) == (
        "---\n# Source: c/templates/a.yaml\nkind: X\n"
    )


@each("text", ["", "\n", "---\n"])
def test_nothing_is_a_lone_line_feed(text: str) -> None:
    assert lay_out([("c/templates/a.yaml", text)], refuse) == "\n"


def test_notes_and_partials_are_not_printed() -> None:
    assert lay_out([("c/templates/NOTES.txt", "notes"), ("c/templates/_a.tpl", "partial")], refuse) == "\n"


def test_kinds_come_in_the_order_of_installation_and_unknown_ones_by_name() -> None:
    text = "kind: Zebra\n---\nkind: Service\n---\nkind: Aardvark\n---\nkind: NetworkPolicy\n"
    printed = lay_out([("c/a.yaml", text)], read)
    kinds = [line for line in printed.splitlines() if line.startswith("kind")]
    assert kinds == ["kind: NetworkPolicy", "kind: Service", "kind: Aardvark", "kind: Zebra"]


def test_files_of_one_kind_come_by_path_and_their_documents_as_written() -> None:
    printed = lay_out([("c/b.yaml", "kind: Pod\n---\nkind: Pod\nx: 2"), ("c/a.yaml", "kind: Pod\nx: 0")], read)
    assert [line for line in printed.splitlines() if line[0] in "#x"] == [
        "# Source: c/a.yaml",
        "x: 0",
        "# Source: c/b.yaml",
        "# Source: c/b.yaml",
        "x: 2",
    ]


def test_hooks_come_after_the_manifests_even_where_there_are_none() -> None:
    hook = "kind: Pod\nmetadata: {annotations: {helm.sh/hook: x}}\n"
    assert lay_out([("c/a.yaml", hook)], read) == f"\n---\n# Source: c/a.yaml\n{hook}"
    assert lay_out([("c/a.yaml", hook + "---\nkind: Zebra")], read).startswith("---\n# Source: c/a.yaml\nkind: Zebra\n")
