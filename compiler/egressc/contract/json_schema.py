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
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import DictSchema

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
NO_LINE_FEED: Final[Mapping[str, Any]] = {"type": "string", "pattern": "\n"}

# What a reader wants first; other keywords follow in alphabetical order, members last.
FIRST: Final = ("$schema", "$comment", "$ref", "description", "type", "required")
LAST: Final = ("properties", "additionalProperties", "if", "then", "else", "definitions")

JsonSchema = dict[str, Any]


class _Generator(GenerateJsonSchema):
    def dict_schema(self, schema: DictSchema) -> JsonSchemaValue:
        """Keys by `propertyNames` alone: pydantic puts their pattern elsewhere, where it lets other keys through."""
        keys = {key: value for key, value in self.generate_inner(schema["keys_schema"]).items() if key != "type"}
        rest: DictSchema = {**schema, "keys_schema": {"type": "any"}}
        return {**super().dict_schema(rest), **({"propertyNames": keys} if keys else {})}


def json_schema_of(model: type[BaseModel], *, comment: str) -> JsonSchema:
    """The schema of a model's input, self-contained; `comment` says where it comes from.

    Nothing of it is shared with another call: the caller may change it.
    """
    raw = model.model_json_schema(
        by_alias=True,
        ref_template="#/definitions/{model}",
        mode="validation",
        schema_generator=_Generator,
    )
    definitions = raw.pop("$defs", {})
    if reference := raw.pop("$ref", None):
        raw = {**definitions.pop(_name(reference)), **raw}
    schema = {"$schema": DRAFT, "$comment": comment, **_settle(raw, definitions)}
    settled = {name: _settle(definition, definitions) for name, definition in definitions.items()}
    used: dict[str, JsonSchema] = {}
    _collect_used(schema, settled, used)
    if used:
        schema["definitions"] = dict(sorted(used.items()))
    return schema


def _settle(schema: Any, definitions: Mapping[str, JsonSchema]) -> Any:
    """One schema, and all inside it, in our form. Names of members are never taken for keywords."""
    if isinstance(schema, list):
        return [_settle(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = _without_null_branch(schema, definitions)
    settled: JsonSchema = {}
    for keyword, value in schema.items():
        if keyword == "title" or (keyword == "default" and (value in (None, []) or isinstance(value, dict))):
            continue
        if keyword in ("properties", "patternProperties", "dependencies"):
            settled[keyword] = {name: _settle(member, definitions) for name, member in value.items()}
        elif keyword in ("enum", "const", "default", "required", "examples"):
            settled[keyword] = deepcopy(value)
        else:
            settled[keyword] = _settle(value, definitions)
    for member in settled.get("properties", {}).values():
        if "$ref" in member and "description" not in member:
            # pydantic leaves out a description that repeats the definition's; editors show the one at hand.
            member["description"] = definitions[_name(member["$ref"])]["description"]
    if isinstance(schema.get("pattern"), str) and schema["pattern"].endswith("$"):
        settled.setdefault("not", dict(NO_LINE_FEED))
    return dict(sorted(settled.items(), key=_keyword_order))


def _keyword_order(keyword: tuple[str, Any]) -> tuple[int, int, str]:
    name = keyword[0]
    if name in FIRST:
        return 0, FIRST.index(name), name
    return (2, LAST.index(name), name) if name in LAST else (1, 0, name)


def _without_null_branch(schema: JsonSchema, definitions: Mapping[str, JsonSchema]) -> JsonSchema:
    branches = schema.get("anyOf")
    if not isinstance(branches, list) or {"type": "null"} not in branches:
        return schema
    others = [branch for branch in branches if branch != {"type": "null"}]
    if len(others) != 1:
        return schema
    other = others[0]
    if "$ref" in other:
        other = {**definitions[_name(other["$ref"])], **{key: value for key, value in other.items() if key != "$ref"}}
    if not isinstance(other.get("type"), str | list) or "const" in other:
        return schema
    if "enum" in other:
        other = {**other, "enum": [*other["enum"], None]}
    types = [other["type"]] if isinstance(other["type"], str) else other["type"]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**other, "type": [*types, "null"], **rest}


def _collect_used(schema: Any, definitions: Mapping[str, JsonSchema], used: dict[str, JsonSchema]) -> None:
    if isinstance(schema, list):
        for item in schema:
            _collect_used(item, definitions, used)
    elif isinstance(schema, dict):
        reference = schema.get("$ref")
        if isinstance(reference, str) and (name := _name(reference)) not in used:
            used[name] = definitions[name]
            _collect_used(definitions[name], definitions, used)
        for value in schema.values():
            _collect_used(value, definitions, used)


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]
