"""JSON Schema from models, in the form that all readers take."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from egressc.contract.json_schema import JsonSchema, json_schema_of


class Inner(BaseModel):
    """What is inside."""

    name: str = Field(description="A name.")


class Outer(BaseModel):
    """The whole."""

    title: str | None = Field(default=None, description="A member that has the name of a keyword.")
    inner: Inner | None = Field(default=None, description="One.")
    inners: list[Inner] = Field(default=[], description="Several.")
    same: Inner = Field(default=Inner(name="x"), description="What is inside.")
    kind: Literal["a", "b"] | None = Field(default=None, description="A choice.")
    code: Annotated[str, Field(pattern="^[a-z]$")] = Field(default="x", description="A letter.")
    either: int | str | None = Field(default=None, description="Two types.")


@pytest.fixture
def schema() -> JsonSchema:
    return json_schema_of(Outer)


def test_schema_names_its_draft_and_origin_first(schema: JsonSchema) -> None:
    assert list(schema)[:3] == ["$schema", "$comment", "description"]
    assert __name__ in schema["$comment"]


def test_titles_are_left_out_but_members_called_title_stay(schema: JsonSchema) -> None:
    assert "title" not in schema
    assert schema["properties"]["title"]["type"] == ["string", "null"]


def test_this_or_null_becomes_a_list_of_types(schema: JsonSchema) -> None:
    inner = schema["properties"]["inner"]
    assert inner["type"] == ["object", "null"]
    assert inner["properties"] == {"name": {"description": "A name.", "type": "string"}}
    assert schema["properties"]["kind"]["enum"] == ["a", "b", None]


def test_a_real_choice_stays_one(schema: JsonSchema) -> None:
    assert schema["properties"]["either"]["anyOf"] == [{"type": "integer"}, {"type": "string"}, {"type": "null"}]


def test_references_are_local_and_only_used_definitions_remain(schema: JsonSchema) -> None:
    assert schema["properties"]["inners"]["items"] == {"$ref": "#/definitions/Inner"}
    assert list(schema["definitions"]) == ["Inner"]


def test_description_that_repeats_the_definition_is_written_out(schema: JsonSchema) -> None:
    assert schema["properties"]["same"] == {"$ref": "#/definitions/Inner", "description": "What is inside."}


def test_defaults_are_kept_where_they_say_something(schema: JsonSchema) -> None:
    assert schema["properties"]["code"]["default"] == "x"
    assert "default" not in schema["properties"]["inners"]
    assert "default" not in schema["properties"]["kind"]


def test_pattern_is_joined_by_a_refusal_of_line_feeds(schema: JsonSchema) -> None:
    assert schema["properties"]["code"]["not"] == {"type": "string", "pattern": "\n"}
