"""The words that documents are read by, as vocabulary.toml lists them; all in lower case."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Final

_LISTED: Final = tomllib.loads(files("egressc.model").joinpath("vocabulary.toml").read_text("utf-8"))
# What headers say, by language and role.
HEADERS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = _LISTED["headers"]
# What an adjective ends in, by language; the dictionary lists the first.
_ENDINGS: Final = {"de": ("", "e", "em", "en", "er", "es"), "es": ("o", "a", "os", "as"), "fr": ("", "e", "es", "s")}
_INFLECTED: Final = frozenset({"allow", "deny", "pending"})


def _forms(language: str, words: Iterable[str]) -> Iterator[str]:
    """The words with their endings: "gesperrt" is also "gesperrte" and "gesperrten"."""
    first, *others = _ENDINGS[language]
    for word in words:
        yield word
        if word.endswith(first):
            stem = word[: len(word) - len(first)]
            yield from (stem + ending for ending in others)


# What cells of other languages say, by the keys of `tables.words` in the project file.
LANGUAGE_WORDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    language: {
        meaning: tuple(_forms(language, words) if meaning in _INFLECTED else words)
        for meaning, words in meanings.items()
    }
    for language, meanings in _LISTED["words"].items()
    if language != "en"
}
# What cells say in English, by the same keys and by those of [cells]; what stands around them, by those of [around].
ENGLISH: Final[Mapping[str, frozenset[str]]] = {
    meaning: frozenset(words) for meaning, words in (_LISTED["words"]["en"] | _LISTED["cells"]).items()
}
# What cells of tables of namespaces say, in all languages.
NAMESPACES: Final[Mapping[str, frozenset[str]]] = {key: frozenset(it) for key, it in _LISTED["namespaces"].items()}
AROUND: Final[Mapping[str, frozenset[str]]] = {name: frozenset(words) for name, words in _LISTED["around"].items()}
