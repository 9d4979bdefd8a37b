"""Single values of the contract: what JSON Schema says of each, and what a person reads about a wrong one."""

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, Final, NamedTuple, get_args

from pydantic import Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from egressc.model import scalars
from egressc.model.clients import CLIENT_LENGTHS_PATTERN, CLIENT_PATTERN, client_problem
from egressc.model.dialects import VERSION_PATTERN, version_problem
from egressc.model.management import UNMANAGED


class TextRule(NamedTuple):
    """A rule for strings, as metadata of a type.

    `lengths` is a second pattern, for the lengths of the components; `reserved` are strings that are refused.
    """

    problem: Callable[[str], str | None]
    pattern: str
    max_length: int | None = None
    lengths: str = ""
    reserved: Collection[str] = ()

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema: JsonSchemaValue = {"type": "string", "pattern": self.pattern}
        if self.max_length:
            schema["maxLength"] = self.max_length
        if self.lengths:
            schema["allOf"] = [{"pattern": self.lengths}]
        if self.reserved:
            schema["allOf"] += [{"not": {"enum": sorted(self.reserved)}}]
        return schema


_LABEL_KEY: Final = TextRule(
    scalars.label_key_problem, scalars.LABEL_KEY_PATTERN, lengths=scalars.LABEL_KEY_LENGTHS_PATTERN
)
_HOST_NAME: Final = TextRule(
    scalars.host_name_problem, scalars.HOST_NAME_PATTERN, scalars.DNS_SUBDOMAIN_MAX, scalars.HOST_NAME_LENGTHS_PATTERN
)

PortNumber = Annotated[int, Field(ge=1, le=scalars.PORT_MAX)]
PortOrName = Annotated[
    int | str,
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
Cidr = Annotated[str, TextRule(scalars.cidr_problem, scalars.CIDR_PATTERN)]
DnsLabel = Annotated[str, TextRule(scalars.dns_label_problem, scalars.DNS_LABEL_PATTERN, scalars.DNS_LABEL_MAX)]
DnsSubdomain = Annotated[
    str, TextRule(scalars.dns_subdomain_problem, scalars.DNS_SUBDOMAIN_PATTERN, scalars.DNS_SUBDOMAIN_MAX)
]
Client = Annotated[str, TextRule(client_problem, CLIENT_PATTERN, lengths=CLIENT_LENGTHS_PATTERN)]
HostName = Annotated[str, _HOST_NAME]
HostPattern = Annotated[
    str, _HOST_NAME._replace(problem=scalars.host_pattern_problem, pattern=scalars.HOST_WILDCARD_PATTERN)
]
Version = Annotated[str, TextRule(version_problem, VERSION_PATTERN)]
Endpoint = Annotated[str, _HOST_NAME._replace(problem=scalars.endpoint_problem, pattern=scalars.ENDPOINT_PATTERN)]
Image = Annotated[str, TextRule(scalars.image_problem, scalars.IMAGE_PATTERN)]
LabelKey = Annotated[str, _LABEL_KEY]
LabelValue = Annotated[str, TextRule(scalars.label_value_problem, scalars.LABEL_VALUE_PATTERN, scalars.LABEL_VALUE_MAX)]
# Keys of the policy's own metadata: none that would take it out of management.
ManagedLabelKey = Annotated[str, _LABEL_KEY._replace(reserved=UNMANAGED)]
ManagedAnnotationKey = Annotated[
    str,
    _LABEL_KEY._replace(
        problem=scalars.annotation_key_problem, pattern=scalars.ANNOTATION_KEY_PATTERN, reserved=UNMANAGED
    ),
]
NameOverride = Annotated[
    str, TextRule(scalars.dns_label_problem, f"^(?:{scalars.DNS_LABEL_PATTERN[1:-1]})?$", scalars.DNS_LABEL_MAX)
]

# Those that share the second pattern of another kind stand before it.
_KINDS: Final[tuple[Any, ...]] = (
    *(Cidr, Client, DnsLabel, DnsSubdomain, Endpoint, HostName, HostPattern, Image, Version),
    *(ManagedAnnotationKey, LabelKey, LabelValue, NameOverride),
)
_RULES: Final[tuple[TextRule, ...]] = tuple(get_args(kind)[1] for kind in _KINDS)
PROBLEMS: Final[Mapping[str, Callable[[str], str | None]]] = {
    scalars.PORT_NAME_PATTERN: scalars.port_name_problem,
    **{pattern: rule.problem for rule in _RULES for pattern in (rule.pattern, rule.lengths)},
}
"""What is wrong with a string that a pattern refuses, by the pattern."""
