"""Any YAML document, by PyYAML, with the meaning that sigs.k8s.io/yaml gives it for the API server.

YAML 1.1 words such as `y` and `on` are booleans, dates are strings, so a label that Kubernetes would refuse is not
taken for text here. A key given twice makes a document unreadable: readers disagree on which one counts.
"""

import json
import re

import yaml

from egressc.verify.documents.scalars import Value, plain

MAXIMUM_DEPTH = 50
# With what aliases repeat; a document of 64 MiB has fewer of its own.
MOST_VALUES = 10_000_000


class UnreadableError(Exception):
    """The text is no document; the message says why, to people. `at` is the offset of the place, in code points."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


def read_fully(text: str) -> Value:
    """The value of one document. Raises UnreadableError."""
    try:
        _check_depth(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            return None if node is None else _Constructor().build(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise UnreadableError(_one_line(error), mark.index if mark else 0) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from error


def _check_depth(text: str) -> None:
    """Refuse what is nested deeper than any object: composing nodes recurs in C, to the end of the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAXIMUM_DEPTH + 1:
                raise UnreadableError(
                    f"nested deeper than {MAXIMUM_DEPTH} levels", event.start_mark.index if event.start_mark else 0
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _one_line(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error)
    return str(problem).replace("\n", " ")


_PLAIN = "!plain"
_STRING = "tag:yaml.org,2002:str"


class _Loader(yaml.CSafeLoader):
    """Composes nodes only; what they mean is decided by `_Constructor`."""

    # Tells a plain scalar, which has a meaning of its own, from one that a tag or quotes make a string.
    yaml_implicit_resolvers = {None: [(_PLAIN, re.compile(""))]}  # noqa: RUF012 - the name and type are PyYAML's


class _Constructor:
    """Nodes to values. A node that aliases share is built once, so aliases cannot blow a document up."""

    def __init__(self) -> None:
        self._built: dict[int, tuple[Value, int]] = {}
        self._size = 0

    def build(self, node: yaml.Node, depth: int = 0) -> Value:
        if depth > MAXIMUM_DEPTH:
            raise _unreadable(node, f"nested deeper than {MAXIMUM_DEPTH} levels")
        value, size = self._built.get(id(node), (None, 0))
        if not size:
            before = self._size
            value = self._build(node, depth)
            self._size += 1
            self._built[id(node)] = value, self._size - before
        else:
            self._size += size
        if self._size > MOST_VALUES:
            raise _unreadable(node, f"with its aliases the document has more than {MOST_VALUES} values")
        return value

    def _build(self, node: yaml.Node, depth: int) -> Value:
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, depth + 1) for item in node.value]
        found: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key = _key(key_node)
            if key in found:
                raise _unreadable(key_node, f'key "{key}" is given twice')
            found[key] = self.build(value_node, depth + 1)
        return found


def _unreadable(node: yaml.Node, problem: str) -> UnreadableError:
    return UnreadableError(problem, node.start_mark.index)


def _scalar(node: yaml.ScalarNode) -> Value:
    if node.tag == _PLAIN:
        return plain(str(node.value))
    if node.tag != _STRING:
        raise _unreadable(node, f"tag {node.tag} is not read")
    return str(node.value)


def _key(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _unreadable(node, "a key is no text")
    if node.tag == _PLAIN and node.value == "<<":
        raise _unreadable(node, "merge keys are not read")
    key = _scalar(node)
    if isinstance(key, str):
        return key
    return str(json.dumps(key))  # as JSON has them: sigs.k8s.io/yaml turns other keys into text
