"""Values documents against the schema: a compiled validator for the verdict, and words for a person on refusal."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from egressc.contract.finding import Finding, Path
from egressc.contract.wording import Violation, explain, is_empty_choice, refused

if TYPE_CHECKING:
    import jsonschema
    import jsonschema_rs

    from egressc.contract.json_schema import JsonSchema

# A file with more errors is not one of ours: nobody reads further, and hostile input stays cheap.
ERRORS_MAX: Final = 100


def is_valid(document: object) -> bool:
    """Whether the schema takes the document. Compiled: a fleet's documents take microseconds each."""
    return _compiled_validator().is_valid(document)


def find_violations(document: object) -> list[Finding]:
    """What the schema refuses, in words; empty exactly when it takes the document."""
    if is_valid(document):
        return []
    violations = list(islice(_violations(document), ERRORS_MAX))
    found: dict[tuple[Path, str], Finding] = {}
    for violation in violations:
        # That a choice is empty says nothing new about one whose parts are wrong.
        if not (is_empty_choice(violation) and any(_is_inside(other.path, violation.path) for other in violations)):
            for topic, finding in explain(violation):
                found.setdefault((finding.path, topic), finding)
    # Where the two validators differ, the verdict of the compiled one stands, though without a place.
    return list(found.values()) or [Finding((), refused)]


def _violations(document: object) -> Iterator[Violation]:
    for error in _explaining_validator().iter_errors(document):
        yield Violation(
            keyword=str(error.validator),
            path=tuple(error.absolute_path),
            value=error.instance,
            limit=error.validator_value,
            schema=error.schema if isinstance(error.schema, Mapping) else {},
            steps=tuple(error.absolute_schema_path),
        )


def _is_inside(path: Path, outer: Path) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer


# Imports wait until a document is there to be checked: jsonschema alone takes longer than most runs of a command.
@cache
def _schema() -> "JsonSchema":
    from egressc.contract.json_schema import json_schema_of
    from egressc.contract.values import ServiceValues

    return json_schema_of(ServiceValues, comment="")


@cache
def _compiled_validator() -> "jsonschema_rs.Draft7Validator":
    import jsonschema_rs

    return jsonschema_rs.Draft7Validator(_schema())


@cache
def _explaining_validator() -> "jsonschema.Draft7Validator":
    import jsonschema

    return jsonschema.Draft7Validator(_schema())
