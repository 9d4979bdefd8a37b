"""Values documents against the schema: the verdict, and words for a person on refusal."""

from collections.abc import Iterator
from functools import cache, reduce
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from egressc.contract.finding import Finding, Path
from egressc.contract.json_schema import JsonSchema, json_schema_of
from egressc.contract.values import ValuesDocument
from egressc.contract.wording import Violation, explain

if TYPE_CHECKING:
    import jsonschema_rs

# A file with more errors is not one of ours: nobody reads further, and hostile input stays cheap.
ERRORS_MAX: Final = 100


def is_valid(document: object) -> bool:
    """Whether the schema takes the document."""
    return _validator().is_valid(document)


def find_violations(document: object) -> list[Finding]:
    """What the schema refuses, in words; empty exactly when it takes the document."""
    violations = list(islice(_violations(document), ERRORS_MAX))
    # Several rules may refuse one value; only of keys that are missing there may be more than one.
    found: dict[tuple[Path, bool, object], Finding] = {}
    for violation in violations:
        # That a choice is empty says nothing new about one whose parts are wrong.
        if violation.keyword != "anyOf" or not any(_is_inside(other.path, violation.path) for other in violations):
            missing = violation.keyword == "required" and violation.limit
            for finding in explain(violation):
                found.setdefault((finding.path, finding.at_key, missing), finding)
    return list(found.values())


def _violations(document: object) -> Iterator[Violation]:
    for error in _validator().iter_errors(document):
        of_key = error.kind.name == "propertyNames"
        inner: Any = error.kind.value if of_key else error
        steps = tuple(inner.schema_path)
        schema: Any = reduce(lambda schema, step: schema[step], steps[:-1], _schema())
        yield Violation(
            inner.kind.name, tuple(inner.instance_path), inner.instance, inner.kind.value, schema, steps, of_key
        )


def _is_inside(path: Path, outer: Path) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer


@cache
def _schema() -> JsonSchema:
    return json_schema_of(ValuesDocument)


@cache
def _validator() -> "jsonschema_rs.Draft7Validator":
    # Its import waits until a document is there to be checked.
    import jsonschema_rs

    return jsonschema_rs.Draft7Validator(_schema())
