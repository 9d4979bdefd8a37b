"""The part of SARIF 2.1.0 that egressc writes, as a JSON Schema: every property used, nothing else admitted.

Source: OASIS SARIF 2.1.0, sections 3.13 (log), 3.14 (run), 3.19 (toolComponent), 3.27 (result), 3.28 (location),
3.29 (physicalLocation), 3.30 (region), 3.49 (reportingDescriptor).
"""


def closed(required: list[str], **properties: object) -> dict[str, object]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


MESSAGE = closed(["text"], text={"type": "string", "minLength": 1})
COUNT = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
REGION = closed(["startLine"], startLine=COUNT, startColumn=COUNT, endLine=COUNT, endColumn=COUNT)
URI = {"type": "string", "format": "uri-reference", "pattern": r"^[!-~]+$"}
PHYSICAL = closed(["artifactLocation"], artifactLocation=closed(["uri"], uri=URI), region=REGION)
LOCATION = closed(
    ["physicalLocation"], id={"type": "integer", "minimum": 0}, physicalLocation=PHYSICAL, message=MESSAGE
)
RULE = closed(
    ["id"],
    id={"type": "string", "minLength": 1},
    name={"type": "string", "pattern": "^([A-Z][a-z0-9]*)+$"},
    shortDescription=MESSAGE,
    defaultConfiguration=closed(["level"], level=LEVEL),
)
RESULT = closed(
    ["message"],
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations={"type": "array", "minItems": 1, "items": LOCATION},
    relatedLocations={"type": "array", "uniqueItems": True, "items": LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
)
DRIVER = closed(
    ["name"],
    name={"type": "string"},
    version={"type": "string"},
    rules={"type": "array", "uniqueItems": True, "items": RULE},
)
RUN = closed(
    ["tool"],
    tool=closed(["driver"], driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
LOG = closed(
    ["version", "runs"],
    version={"const": "2.1.0"},
    runs={"type": "array", "items": RUN},
    **{"$schema": {"type": "string", "format": "uri"}},
)
