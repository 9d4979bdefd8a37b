"""Any YAML document, as the API server reads it: by sigs.k8s.io/yaml itself, which Helm's library has.

That reader takes the last of two equal keys, ignores unknown tags and counts no lines, so PyYAML looks through the
text first. Without the library, `plain_yaml` reads what is certain.
"""

import re
from contextlib import suppress

import yaml

from egressc.verify.documents.plain_scalars import Unusual, Value, read_plain
from egressc.verify.documents.plain_yaml import UnreadableError, read_plain_yaml, refuse_uncertain

try:
    import helm_python
except ModuleNotFoundError:  # egressc-core is installed without it
    helm_python = None  # type: ignore[assignment]

MAXIMUM_DEPTH = 50
# Of a document with its aliases written out, unless it is long itself.
_MOST_CHARACTERS = 10_000_000
_LINE = re.compile(r"line [0-9]+: ")
_STRING = "tag:yaml.org,2002:str"


def read_yaml(text: str) -> Value:
    """The value of one document, None where it is no mapping. Raises UnreadableError."""
    try:
        if not _check(text):
            return None
        return read_plain_yaml(text) if helm_python is None else _read_with_helm(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise UnreadableError(_one_line(error), mark.index if mark else 0) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from error


def _read_with_helm(text: str) -> Value:
    try:
        value: Value = helm_python.values_from_yaml(text)
    except helm_python.HelmError as error:
        # Its lines count from the document's own first one: a reader would look for them in the file.
        raise UnreadableError(_LINE.sub("", str(error).rpartition("JSON: ")[2].removeprefix("yaml: "))) from error
    return value


def _one_line(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error)
    return str(problem).replace("\n", " ")


def _check(text: str) -> bool:
    """Whether the one document of a text is a mapping.

    Raises UnreadableError for what is nested deeper than any object, for tags, merge keys and keys given twice.
    """
    root: yaml.NodeEvent | None = None
    around: list[_Collection] = []
    sizes = _Sizes(len(text))
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        sizes.add(event)
        if isinstance(event, yaml.CollectionEndEvent):
            around.pop()
        elif isinstance(event, yaml.NodeEvent):
            if around:
                around[-1].add(event)
            elif root is not None:
                raise _unreadable(event, "it has a second document")
            else:
                root = event
            _check_tag(event)
            if isinstance(event, yaml.CollectionStartEvent):
                around.append(_Mapping() if isinstance(event, yaml.MappingStartEvent) else _Collection())
                if len(around) > MAXIMUM_DEPTH + 1:
                    raise _unreadable(event, f"nested deeper than {MAXIMUM_DEPTH} levels")
    return isinstance(root, yaml.MappingStartEvent)


class _Sizes:
    """How long a document is with all its aliases written out, as the owner's reader does."""

    def __init__(self, length: int) -> None:
        self._most = max(_MOST_CHARACTERS, 10 * length)
        self._total = 0
        self._by_anchor: dict[str, int] = {}
        self._open: list[tuple[str | None, int]] = []

    def add(self, event: yaml.Event) -> None:
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, before = self._open.pop()
            self._keep(anchor, self._total - before)
        elif isinstance(event, yaml.AliasEvent):
            self._total += self._by_anchor.get(str(anchor), 0)
        elif isinstance(event, yaml.ScalarEvent):
            self._total += len(event.value) + 1
            self._keep(anchor, len(event.value) + 1)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open.append((anchor, self._total))
            self._total += 1
        if self._total > self._most:
            raise _unreadable(event, f"its aliases stand for more than {self._most:,} characters")

    def _keep(self, anchor: str | None, size: int) -> None:
        if anchor is not None:
            self._by_anchor[str(anchor)] = size


class _Collection:
    def add(self, event: yaml.NodeEvent) -> None:
        """One more item; of a mapping a key or a value."""


class _Mapping(_Collection):
    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._is_key_next = True

    def add(self, event: yaml.NodeEvent) -> None:
        if self._is_key_next:
            key = _read_key(event)
            if key in self._keys:
                raise _unreadable(event, f'key "{key}" is defined twice')
            self._keys.add(key)
        self._is_key_next = not self._is_key_next


def _check_tag(event: yaml.NodeEvent) -> None:
    tag = getattr(event, "tag", None)
    if tag is not None and not (tag == _STRING and isinstance(event, yaml.ScalarEvent)):
        raise _unreadable(event, f"tag {tag} is not supported")


def _read_key(event: yaml.NodeEvent) -> str:
    """A key as a string: `80` and `0x50` are one key."""
    if not isinstance(event, yaml.ScalarEvent):
        raise _unreadable(event, "a key is not a string")
    key = str(event.value)
    if not event.implicit[0]:  # it has quotes or a tag
        return key
    if key == "<<":
        raise _unreadable(event, "merge keys are not supported")
    with suppress(Unusual):
        if isinstance(read_plain(key), str):
            return key
    if helm_python is None:
        refuse_uncertain(key, event.start_mark.index if event.start_mark else 0)
    try:
        (name,) = helm_python.values_from_yaml(f"{key}: 0")
    except helm_python.HelmError as error:
        raise _unreadable(event, "a key is not a string") from error
    return str(name)


def _unreadable(event: yaml.Event, problem: str) -> UnreadableError:
    return UnreadableError(problem, event.start_mark.index if event.start_mark else 0)
