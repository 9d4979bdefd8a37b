"""A project of many services on disk, as tests change it: a heading and a table for each, and prose between."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DESTINATIONS = {f"Store {number:02d}": 5000 + number for number in range(20)}
_CATALOG = """\
defaults: {{namespace: shop, selector: {{app: "{{id}}"}}}}
destinations:
{entries}"""


@dataclass
class FleetProject:
    """`rows`: of each service its destinations, each with a purpose; `prose` stands above the table of a service."""

    folder: Path
    rows: dict[str, dict[str, str]]
    prose: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=lambda: dict(DESTINATIONS))
    settings: str = ""

    def write(self) -> None:
        entries = "".join(f"  {name}:\n    namespace: data\n    ports: [{port}]\n" for name, port in self.ports.items())
        files = {
            "egressc.yaml": f"sources: [services.md]\ncatalog: catalog.yaml\nvalues: values\n{self.settings}",
            "catalog.yaml": _CATALOG.format(entries=entries),
            "services.md": "# The platform\n\n" + "".join(map(self._section, self.rows)),
        }
        for name, text in files.items():
            (self.folder / name).write_text(text, "utf-8")

    def _section(self, service: str) -> str:
        rows = "".join(f"| {service} | {name} | {why} |\n" for name, why in self.rows[service].items())
        prose = self.prose.get(service, f"What {service} is for.")
        return f"## {service}\n\n{prose}\n\n| From | To | Purpose |\n|---|---|---|\n{rows}\n"

    def values(self) -> dict[str, str]:
        return {path.name: path.read_text("utf-8") for path in sorted((self.folder / "values").glob("*.yaml"))}


def rows_of(count: int, each: int = 3) -> dict[str, dict[str, str]]:
    """Services by name, with some of the destinations."""
    names = list(DESTINATIONS)
    return {
        f"Service {number:04d}": {
            names[(number * 7 + step * 3) % len(names)]: f"reason {step} of {number}" for step in range(each)
        }
        for number in range(count)
    }


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Git alone: no settings of whoever runs the tests."""
    who = {
        f"GIT_{role}_{what}": "someone@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command: Sequence[str] = ["git", *arguments]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, env=environment)
