"""What all JSON documents for programs have in common: the version of their shape, and the tool that wrote them."""

import json
from collections.abc import Mapping


def render_document(content: Mapping[str, object], *, version: int, tool_version: str) -> str:
    """One JSON document in ASCII, which every reader takes; `version` is that of its shape."""
    head = {"version": version, "tool": {"name": "egressc", "version": tool_version}}
    return json.dumps({**head, **content}, indent=2, ensure_ascii=True) + "\n"
