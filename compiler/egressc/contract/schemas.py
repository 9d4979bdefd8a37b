"""The JSON Schemas that the project publishes, each generated from its model: the files and their exact text.

Helm checks the values of a chart against its `values.schema.json` before it renders; editors check the files that
people write against those in `schemas/`.
"""

import json
from typing import Final

from egressc.contract.document import ValuesRoot
from egressc.contract.guardrails import GuardrailValuesDocument
from egressc.contract.json_schema import JsonSchema, json_schema_of
from egressc.contract.values import NamespaceValuesDocument, ValuesDocument
from egressc.model.catalog import CatalogDocument
from egressc.model.documents import RequirementsDocument
from egressc.model.project_file import ProjectDocument

LIBRARY: Final = "network-policy"

ROOT_CHART_SCHEMA: Final = "values.schema.json"
NAMESPACE_CHART_SCHEMA: Final = "namespace-policy/values.schema.json"
GUARDRAIL_CHART_SCHEMA: Final = "guardrail-policy/values.schema.json"
SERVICE_VALUES_SCHEMA: Final = "schemas/service-values.schema.json"
NAMESPACE_VALUES_SCHEMA: Final = "schemas/namespace-values.schema.json"
GUARDRAIL_VALUES_SCHEMA: Final = "schemas/guardrail-values.schema.json"


def plan_schemas() -> dict[str, str]:
    """Every schema file by its path from the root of the repository; nothing is written."""
    schemas = {
        "schemas/catalog.schema.json": json_schema_of(CatalogDocument),
        "schemas/project.schema.json": json_schema_of(ProjectDocument),
        "schemas/requirements.schema.json": json_schema_of(RequirementsDocument),
        SERVICE_VALUES_SCHEMA: json_schema_of(ValuesDocument),
        NAMESPACE_VALUES_SCHEMA: json_schema_of(NamespaceValuesDocument),
        GUARDRAIL_VALUES_SCHEMA: json_schema_of(GuardrailValuesDocument),
        ROOT_CHART_SCHEMA: _of_chart(ValuesDocument),
        NAMESPACE_CHART_SCHEMA: _of_chart(NamespaceValuesDocument),
        GUARDRAIL_CHART_SCHEMA: _of_chart(GuardrailValuesDocument),
    }
    return {path: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for path, schema in schemas.items()}


def _of_chart(contract: type[ValuesRoot]) -> JsonSchema:
    """The schema of a chart: Helm puts the values of a dependency under its name."""
    schema = json_schema_of(contract)
    library = {"description": "Where Helm keeps the values of the library chart; nothing in it is read."}
    schema["properties"][LIBRARY] = {**library, "type": "object"}
    return schema
