"""A YAML document without the API server's own reader, which an egressc that is installed without Helm lacks.

The structure comes from libyaml, of which that reader is a translation to Go. A plain scalar whose meaning is not
certain (see `plain_scalars`) is refused, such as `on` or `0x1F`.
"""

from typing import NoReturn

import yaml

from egressc.verify.documents.plain_scalars import Unusual, Value, read_plain

_STRING = "tag:yaml.org,2002:str"


class UnreadableError(Exception):
    """The text is no document; the message says why, to people. `at` is the offset of the place, in code points."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


def read_plain_yaml(text: str) -> Value:
    """The value of one document that `yaml_reader` has looked through. Raises UnreadableError."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert root is not None, "it has been looked through"
    return _value(root)


def refuse_uncertain(text: str, at: int) -> NoReturn:
    raise UnreadableError(f'only the embedded Helm can tell what {text} means; write "{text}" if it is a string', at)


def _value(node: yaml.Node) -> Value:
    match node:
        case yaml.MappingNode():
            return {_key(key): _value(value) for key, value in node.value}
        case yaml.SequenceNode():
            return [_value(item) for item in node.value]
        case _:
            assert isinstance(node, yaml.ScalarNode)
            return _scalar(node)


def _key(node: yaml.ScalarNode) -> str:
    key = _scalar(node)
    return key if isinstance(key, str) else refuse_uncertain(node.value, node.start_mark.index)


def _scalar(node: yaml.ScalarNode) -> Value:
    text: str = node.value
    if node.style:  # it has quotes, or is a block of text
        return text
    if not text:
        return "" if node.tag == _STRING else None
    try:
        value = read_plain(text)
    except Unusual:
        refuse_uncertain(text, node.start_mark.index)
    # One that has a tag, or that PyYAML understands in another way.
    return value if isinstance(value, str) or node.tag != _STRING else refuse_uncertain(text, node.start_mark.index)
