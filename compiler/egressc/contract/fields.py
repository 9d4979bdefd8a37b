"""The rules of `scalars` as pydantic field types, each with what JSON Schema can say of it."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, WithJsonSchema

from egressc.model import scalars
from egressc.model.management import UNMANAGED, management_problem


def _checked(problem_of: Callable[[str], str | None]) -> AfterValidator:
    def check(text: str) -> str:
        if problem := problem_of(text):
            raise ValueError(problem)
        return text

    return AfterValidator(check)


def _check_port(port: int | str) -> int | str:
    problem = scalars.port_number_problem(port) if isinstance(port, int) else scalars.port_name_problem(port)
    if problem:
        raise ValueError(problem)
    return port


# Keys of maps carry no schema of their own: JSON Schema says it with `propertyNames` on the map.
DNS_LABEL_KEYS: Final[dict[str, Any]] = {
    "propertyNames": {"maxLength": scalars.DNS_LABEL_MAX, "pattern": scalars.DNS_LABEL_PATTERN}
}
LABEL_KEYS: Final[dict[str, Any]] = {
    "propertyNames": {
        "pattern": scalars.LABEL_KEY_PATTERN,
        "allOf": [{"pattern": scalars.LABEL_KEY_LENGTHS_PATTERN}],
    }
}
ANNOTATION_KEYS: Final[dict[str, Any]] = {
    "propertyNames": {
        "pattern": scalars.ANNOTATION_KEY_PATTERN,
        "allOf": [{"pattern": scalars.LABEL_KEY_LENGTHS_PATTERN}],
    }
}


def _managed(keys: dict[str, Any]) -> dict[str, Any]:
    """The same keys but for those that would take the policy out of management."""
    names = keys["propertyNames"]
    return {"propertyNames": {**names, "allOf": [*names["allOf"], {"not": {"enum": sorted(UNMANAGED)}}]}}


MANAGED_LABEL_KEYS: Final = _managed(LABEL_KEYS)
MANAGED_ANNOTATION_KEYS: Final = _managed(ANNOTATION_KEYS)

DnsLabel = Annotated[
    str,
    _checked(scalars.dns_label_problem),
    WithJsonSchema({"type": "string", "maxLength": scalars.DNS_LABEL_MAX, "pattern": scalars.DNS_LABEL_PATTERN}),
]
DnsLabelKey = Annotated[str, _checked(scalars.dns_label_problem)]
LabelKey = Annotated[
    str,
    _checked(scalars.label_key_problem),
    WithJsonSchema({"type": "string", **LABEL_KEYS["propertyNames"]}),
]
LabelMapKey = Annotated[str, _checked(scalars.label_key_problem)]
ManagedLabelKey = Annotated[LabelMapKey, _checked(management_problem)]
ManagedAnnotationKey = Annotated[str, _checked(scalars.annotation_key_problem), _checked(management_problem)]
LabelValue = Annotated[
    str,
    _checked(scalars.label_value_problem),
    WithJsonSchema({"type": "string", "maxLength": scalars.LABEL_VALUE_MAX, "pattern": scalars.LABEL_VALUE_PATTERN}),
]
PortOrName = Annotated[
    int | str,
    AfterValidator(_check_port),
    # One schema for both types: each keyword speaks of its own type alone, and a message names the port, not a branch.
    WithJsonSchema(
        {
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": scalars.PORT_MAX,
            "maxLength": scalars.PORT_NAME_MAX,
            "pattern": scalars.PORT_NAME_PATTERN,
        }
    ),
]
PortNumber = Annotated[int, Field(ge=1, le=scalars.PORT_MAX)]
Cidr = Annotated[
    str, _checked(scalars.cidr_problem), WithJsonSchema({"type": "string", "pattern": scalars.CIDR_PATTERN})
]
HostName = Annotated[
    str,
    _checked(scalars.host_name_problem),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": scalars.DNS_SUBDOMAIN_MAX,
            "pattern": scalars.HOST_NAME_PATTERN,
            "allOf": [{"pattern": scalars.HOST_NAME_LENGTHS_PATTERN}],
        }
    ),
]
Endpoint = Annotated[
    str,
    _checked(scalars.endpoint_problem),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": scalars.DNS_SUBDOMAIN_MAX,
            "pattern": scalars.ENDPOINT_PATTERN,
            "allOf": [{"pattern": scalars.HOST_NAME_LENGTHS_PATTERN}],
        }
    ),
]
DnsSubdomain = Annotated[
    str,
    _checked(scalars.dns_subdomain_problem),
    WithJsonSchema(
        {"type": "string", "maxLength": scalars.DNS_SUBDOMAIN_MAX, "pattern": scalars.DNS_SUBDOMAIN_PATTERN}
    ),
]
Image = Annotated[
    str, _checked(scalars.image_problem), WithJsonSchema({"type": "string", "pattern": scalars.IMAGE_PATTERN})
]
