"""What CI and the jobs of `egressc init` install is pinned by hash, and is what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from egressc.project import ci
from support.tables import each

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NEEDED: list[str] = PROJECT["dependencies"]
PINS = {
    ROOT / ".ci" / "requirements.txt": [*NEEDED, *PROJECT["optional-dependencies"]["dev"]],
    ci.PINS: NEEDED,
}
HINT = "run: make pins PINS="


def entries(path: Path) -> list[str]:
    """Each requirement with its hashes and with what wants it."""
    return [it for it in re.split(r"(?m)^(?=[a-z0-9])", path.read_text("utf-8")) if not it.startswith("#")]


@each("path", PINS)
def test_pins_are_what_the_project_asks_for(path: Path) -> None:
    asked = {canonicalize_name(it.name): it.specifier for it in map(Requirement, PINS[path])}
    direct: dict[NormalizedName, str] = {}
    for entry in entries(path):
        pin = Requirement(entry.partition(" \\\n")[0])
        if re.search(r"# +(via )?egressc \(pyproject\.toml\)$", entry, re.MULTILINE):
            direct[canonicalize_name(pin.name)] = str(pin.specifier).removeprefix("==")
    assert direct.keys() == asked.keys(), HINT
    assert [name for name, version in direct.items() if version not in asked[name]] == [], HINT


@each("path", PINS)
def test_every_package_is_pinned_by_hash(path: Path) -> None:
    for entry in entries(path):
        assert re.match(r"\S+==\S+( ; .+)? \\\n    --hash=sha256:[0-9a-f]{64}\b", entry), entry


def test_the_workflow_installs_what_ci_tries() -> None:
    tried, installed = ({entry.partition(" \\\n")[0] for entry in entries(path)} for path in PINS)
    assert installed <= tried, HINT
