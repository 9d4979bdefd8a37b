"""JSON Schema (draft 7) of a model, in a form that Helm 3 and 4, editors, Python and Rust read alike.

Draft 7 because Helm 3.17 knows no later one. What pydantic writes is brought into that form:

- definitions under `definitions`, references local; titles (they repeat the names) and defaults that are empty or maps
  left out;
- keywords in one order, so that a newer pydantic changes no byte;
- "this or null" becomes a list of types, so that a message speaks of the value and not of the branches of an `anyOf`;
- every pattern that ends in `$` is joined by a refusal of line feeds: in some languages `$` also matches before one
  at the end (Python, and so jsonschema and editors' checkers built on it).
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonRef
from pydantic_core.core_schema import DictSchema, NullableSchema

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
NO_LINE_FEED: Final[Mapping[str, Any]] = {"type": "string", "pattern": "\n"}

# What a reader wants first; other keywords follow in alphabetical order, members last.
FIRST: Final = ("$schema", "$comment", "$ref", "description", "type", "required")
LAST: Final = ("properties", "additionalProperties", "if", "then", "else", "definitions")

JsonSchema = dict[str, Any]


class _Generator(GenerateJsonSchema):
    def dict_schema(self, schema: DictSchema) -> JsonSchema:
        """Keys by `propertyNames` alone: pydantic puts their pattern elsewhere, where it lets other keys through."""
        keys = {key: value for key, value in self.generate_inner(schema["keys_schema"]).items() if key != "type"}
        rest: DictSchema = {**schema, "keys_schema": {"type": "any"}}
        return {**super().dict_schema(rest), **({"propertyNames": keys} if keys else {})}

    def nullable_schema(self, schema: NullableSchema) -> JsonSchema:
        """A list of types for "this or null", where this is of one type."""
        given = self.generate_inner(schema["schema"])
        given = deepcopy(self.get_schema_from_definitions(JsonRef(given["$ref"])) or {}) if "$ref" in given else given
        if "type" not in given or "const" in given:
            return super().nullable_schema(schema)
        choices = {"enum": [*given["enum"], None]} if "enum" in given else {}
        types = [given["type"]] if isinstance(given["type"], str) else given["type"]
        return {**given, **choices, "type": [*types, "null"]}


def json_schema_of(model: type[BaseModel], *, comment: str) -> JsonSchema:
    """The schema of a model's input, self-contained; `comment` says where it comes from.

    Nothing of it is shared with another call: the caller may change it.
    """
    raw = model.model_json_schema(ref_template="#/definitions/{model}", schema_generator=_Generator)
    definitions = raw.pop("$defs", {})
    described = {f"#/definitions/{name}": definition["description"] for name, definition in definitions.items()}
    schema: JsonSchema = {"$schema": DRAFT, "$comment": comment, **_settle(raw, described)}
    settled = {name: _settle(definition, described) for name, definition in sorted(definitions.items())}
    return {**schema, "definitions": settled} if settled else schema


def _settle(schema: Any, described: Mapping[str, str]) -> Any:
    """One schema, and all inside it, in our form. Names of members are never taken for keywords."""
    if isinstance(schema, list):
        return [_settle(item, described) for item in schema]
    if not isinstance(schema, dict):
        return schema
    settled: JsonSchema = {}
    for keyword, value in schema.items():
        if keyword == "title" or (keyword == "default" and (value in (None, []) or isinstance(value, dict))):
            continue
        if keyword in ("properties", "dependencies"):
            settled[keyword] = {name: _settle(member, described) for name, member in value.items()}
        else:
            settled[keyword] = value if keyword in ("const", "default", "examples") else _settle(value, described)
    for member in settled.get("properties", {}).values():
        if "$ref" in member:
            # pydantic leaves out a description that repeats the definition's; editors show the one at hand.
            member.setdefault("description", described[member["$ref"]])
    if str(schema.get("pattern")).endswith("$"):
        settled.setdefault("not", dict(NO_LINE_FEED))
    return dict(sorted(settled.items(), key=_keyword_order))


def _keyword_order(keyword: tuple[str, Any]) -> tuple[int, int, str]:
    name = keyword[0]
    if name in FIRST:
        return 0, FIRST.index(name), name
    return (2, LAST.index(name), name) if name in LAST else (1, 0, name)
