"""The JSON Schemas that the project publishes, each generated from its model: the files and their exact text.

Helm checks the values of a chart against its `values.schema.json` before it renders; editors check the files that
people write against those in `schemas/`, each with the address of its version as `$id`.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Final

from pydantic import BaseModel

from egressc import __version__
from egressc.contract.document import ValuesRoot
from egressc.contract.gateway import GatewayValuesDocument
from egressc.contract.guardrails import GuardrailValuesDocument
from egressc.contract.json_schema import JsonSchema, json_schema_of
from egressc.contract.values import NamespaceValuesDocument, ValuesDocument
from egressc.model.catalog import OF_ENVIRONMENTS as OF_CATALOGS
from egressc.model.catalog import CatalogDocument
from egressc.model.documents import RequirementsDocument
from egressc.model.environments import KEY as ENVIRONMENTS
from egressc.model.project_file import OF_ENVIRONMENTS as OF_PROJECTS
from egressc.model.project_file import ProjectDocument
from egressc.model.release_kinds import EGRESS_GATEWAY, GUARDRAILS, NAMESPACES, SERVICES, ReleaseKind

LIBRARY: Final = "network-policy"

CONTRACTS: Final[Mapping[ReleaseKind, type[ValuesRoot]]] = {
    SERVICES: ValuesDocument,
    NAMESPACES: NamespaceValuesDocument,
    GUARDRAILS: GuardrailValuesDocument,
    EGRESS_GATEWAY: GatewayValuesDocument,
}
"""The model of the values of each kind of release."""

ROOT_CHART_SCHEMA: Final = "values.schema.json"

_PUBLISHED: Final = f"https://raw.githubusercontent.com/egressc/egressc/v{__version__}"
"""Where the files of this version are, once it is released."""


def plan_schemas() -> dict[str, str]:
    """Every schema file by its path from the root of the repository; nothing is written."""
    models: dict[str, type[BaseModel]] = {
        "schemas/catalog.schema.json": CatalogDocument,
        "schemas/project.schema.json": ProjectDocument,
        "schemas/requirements.schema.json": RequirementsDocument,
        **{kind.schema: contract for kind, contract in CONTRACTS.items()},
    }
    schemas = {
        **{path: {"$id": f"{_PUBLISHED}/{path}", **_of_file(model)} for path, model in models.items()},
        **{chart_schema(kind): _of_chart(contract) for kind, contract in CONTRACTS.items()},
    }
    return {path: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for path, schema in schemas.items()}


def chart_schema(kind: ReleaseKind) -> str:
    """The schema that Helm checks the values of a chart against; the chart of services is the repository itself."""
    return ROOT_CHART_SCHEMA if kind is SERVICES else f"{kind.chart}/{ROOT_CHART_SCHEMA}"


def _of_file(model: type[BaseModel]) -> JsonSchema:
    """The schema of a file; what it says of an environment has the keys of the file itself, but for some."""
    schema = json_schema_of(model)
    keys = {ProjectDocument: OF_PROJECTS, CatalogDocument: OF_CATALOGS}.get(model, ())
    if keys:
        inner = schema["properties"][ENVIRONMENTS]["additionalProperties"]
        inner |= {"properties": {it: deepcopy(schema["properties"][it]) for it in keys}, "additionalProperties": False}
    return schema


def _of_chart(contract: type[ValuesRoot]) -> JsonSchema:
    """The schema of a chart: Helm puts the values of a dependency under its name."""
    schema = json_schema_of(contract)
    library = {"description": "Where Helm keeps the values of the library chart; nothing in it is read."}
    schema["properties"][LIBRARY] = {**library, "type": "object"}
    return schema
