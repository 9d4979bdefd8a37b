"""The dialects of policy: one line for each."""

from typing import Final

DIALECTS: Final[dict[str, str]] = {
    "NetworkPolicy": "egressc.dialects.kubernetes",
}
"""The package of each dialect, by its name in the project file."""
