from egressc.helm.values import second_document
from egressc.source import Source
from support.tables import each


@each(
    "text",
    [
        "",
        "a: 1\n",
        "---\na: 1\n",
        "a: 1\n...\n",
        "a: 1\r\n...\r\n# the end\r\n\r\n",
        "# why\n\n---\na: 1\n",
        "%YAML 1.1\n---\na: 1\n",
        "\ufeff---\na: 1\n",
        "# why\r\n---\r\na: 1\r\n",
        "a: |\n  ---\n  ...\n",
        "a: 1 # ---\n",
    ],
)
def test_one_document_is_one(text: str) -> None:
    assert second_document(Source("v.yaml", text)) is None


@each(
    ("text", "rest"),
    [
        ("a: 1\n---\nb: 2\n", "---\nb: 2\n"),
        ("---\na: 1\n---\n", "---\n"),
        ("a: 1\n...\nb: 2\n", "...\nb: 2\n"),
        ("a: 1\r\n--- # more\r\nb: 2", "--- # more\r\nb: 2"),
        ("--- {a: 1}\n--- {b: 2}\n", "--- {b: 2}\n"),
        ("a: 1\n---b: 2\n", "---b: 2\n"),
        ("a: 1\n...b\n", "...b\n"),
        ("a: 1\n...\n---\nb: 2\n", "...\n---\nb: 2\n"),
    ],
)
def test_a_second_document_is_found_where_it_begins(text: str, rest: str) -> None:
    offset = second_document(Source("v.yaml", text))
    assert offset is not None
    assert text[offset:] == rest


def test_looking_for_a_second_document_takes_a_time_that_grows_with_the_text_alone() -> None:
    assert second_document(Source("v.yaml", " " * 200_000 + "\n" + "#\n" * 200_000 + "---")) is None
    assert second_document(Source("v.yaml", "a: 1\n..." + " " * 200_000 + "\n" * 200_000)) is None
    assert second_document(Source("v.yaml", "a: 1\n..." + "\n #" * 200_000 + "\nb: 1")) == 5
