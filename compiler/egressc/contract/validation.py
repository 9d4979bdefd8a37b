"""Values documents against the schema: a compiled validator for the verdict, and words for a person on refusal."""

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from egressc.contract.document import ValuesRoot
from egressc.contract.finding import Finding, Path
from egressc.contract.json_schema import JsonSchema, json_schema_of
from egressc.contract.values import ValuesDocument
from egressc.contract.wording import Violation, explain, invalid_words, needs_policy_type

if TYPE_CHECKING:
    import jsonschema
    import jsonschema_rs

# A file with more errors is not one of ours: nobody reads further, and hostile input stays cheap.
ERRORS_MAX: Final = 100
_POLICY_TYPES: Final = ("networkPolicy", "policyTypes")


Contract = type[ValuesRoot]
"""Of which chart the values are."""


def is_valid(document: object, contract: Contract = ValuesDocument) -> bool:
    """Whether the schema takes the document. Compiled: a fleet's documents take microseconds each."""
    return _compiled_validator(contract).is_valid(document)


def find_violations(document: object, contract: Contract = ValuesDocument) -> list[Finding]:
    """What the schema refuses, in words; empty exactly when it takes the document."""
    if is_valid(document, contract):
        return []
    errors = islice(_explaining_validator(contract).iter_errors(document), ERRORS_MAX)
    violations = [
        Violation(
            keyword=str(error.validator),
            path=tuple(error.absolute_path),
            value=error.instance,
            limit=error.validator_value,
            schema=error.schema if isinstance(error.schema, dict) else {},
            steps=tuple(error.absolute_schema_path),
        )
        for error in errors
    ]
    found: dict[tuple[Path, str], Finding] = {}
    wrong_types = any(it.path[: len(_POLICY_TYPES)] == _POLICY_TYPES for it in violations)
    for violation in violations:
        # That a choice is empty says nothing new about one whose parts are wrong. Nor is it known what a policy limits
        # whose types are wrong.
        if violation.keyword == "anyOf" and any(_is_inside(other.path, violation.path) for other in violations):
            continue
        if not (wrong_types and needs_policy_type(violation)):
            for topic, finding in explain(violation):
                found.setdefault((finding.path, topic), finding)
    # Where the two validators differ, the verdict of the compiled one stands, though without a place.
    return list(found.values()) or [Finding((), invalid_words("values file", "is refused by the schema of the chart"))]


def _is_inside(path: Path, outer: Path) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer


# Imports wait until a document is there to be checked: jsonschema alone takes longer than most runs of a command.
@cache
def _schema(contract: Contract) -> JsonSchema:
    return json_schema_of(contract)


@cache
def _compiled_validator(contract: Contract) -> "jsonschema_rs.Draft7Validator":
    import jsonschema_rs

    return jsonschema_rs.Draft7Validator(_schema(contract))


@cache
def _explaining_validator(contract: Contract) -> "jsonschema.Draft7Validator":
    # Lazy, where the compiled one holds a copy of the whole map for each of its keys that is wrong.
    import jsonschema

    return jsonschema.Draft7Validator(_schema(contract))
