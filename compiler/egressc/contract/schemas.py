"""The JSON Schemas that the project publishes, each generated from its model: the files and their exact text.

Helm checks the values of a chart against its `values.schema.json` before it renders; editors check the files that
people write against those in `schemas/`.
"""

import json
from typing import Final

from egressc.contract.json_schema import json_schema_of
from egressc.contract.values import ValuesDocument
from egressc.model.catalog import CatalogDocument
from egressc.model.documents import RequirementsDocument
from egressc.model.project import ProjectDocument

LIBRARY: Final = "network-policy"

ROOT_CHART_SCHEMA: Final = "values.schema.json"
SERVICE_VALUES_SCHEMA: Final = "schemas/service-values.schema.json"


def plan_schemas() -> dict[str, str]:
    """Every schema file by its path from the root of the repository; nothing is written."""
    # Helm puts the values of a dependency under its name.
    library = {"description": "Where Helm keeps the values of the library chart; nothing in it is read."}
    root_chart = json_schema_of(ValuesDocument)
    root_chart["properties"][LIBRARY] = {**library, "type": "object"}
    schemas = {
        "schemas/catalog.schema.json": json_schema_of(CatalogDocument),
        "schemas/project.schema.json": json_schema_of(ProjectDocument),
        "schemas/requirements.schema.json": json_schema_of(RequirementsDocument),
        SERVICE_VALUES_SCHEMA: json_schema_of(ValuesDocument),
        ROOT_CHART_SCHEMA: root_chart,
    }
    return {path: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for path, schema in schemas.items()}
