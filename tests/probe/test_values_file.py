"""A probe that an operator writes into a values file, below the line: kept, read, rendered, no part of the proof."""

import shutil
from pathlib import Path

import helm_python
import pytest

from egressc.emit.values import EXTRAS_PREFIX
from probe.rendered import read_pods
from support.command import run

ROOT = Path(__file__).parents[2]
PROBE = """\
  probe:  # ours
    enabled: true
    connections:
      redis: {expect: allow, host: redis, port: 6379}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of an example, with a probe in the values of its first service."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "prod-shop", folder)
    assert run(["compile"], folder).exit_code == 0
    write(folder, PROBE)
    return folder


def values_of(folder: Path) -> Path:
    return min((folder / "values").glob("*.yaml"))


def write(folder: Path, probe: str) -> None:
    path = values_of(folder)
    path.write_text(path.read_text("utf-8") + probe, "utf-8")


def test_compiling_again_keeps_it(project: Path) -> None:
    before = values_of(project).read_bytes()
    above, below = before.decode().split(EXTRAS_PREFIX, 1)
    assert PROBE in below
    # A change above the line, which compiling takes back.
    values_of(project).write_text(
        above.replace("networkPolicy:", "networkPolicy: ", 1) + EXTRAS_PREFIX + below, "utf-8"
    )
    assert run(["compile", "--discard-edits"], project).exit_code == 0
    assert values_of(project).read_bytes() == before


def test_check_reads_it(project: Path) -> None:
    assert run(["check"], project).exit_code == 0
    write(project, "      nobody: {expect: deny, host: 'a b', port: 1}\n")
    result = run(["check"], project)
    assert result.exit_code == 1
    assert 'error[EG240]: host "a b" is neither a DNS name nor an address' in result.output


def test_it_is_rendered_and_the_proof_stands(project: Path) -> None:
    rendered = run(["render", values_of(project).stem], project)
    assert rendered.exit_code == 0
    pods = read_pods(rendered.stdout)
    assert pods["subject"]["spec"]["containers"][0]["args"][6:] == ["redis", "allow", "TCP", "redis", "6379"]
    proof = run(["verify"], project)
    assert proof.exit_code == 0
    assert "policies equal " in proof.output


def test_above_the_line_it_is_an_edit(project: Path) -> None:
    path = values_of(project)
    text = path.read_text("utf-8").replace(PROBE, "").replace("networkPolicy:\n", "networkPolicy:\n" + PROBE, 1)
    path.write_text(text, "utf-8")
    assert "probe" in helm_python.values_from_yaml(text)["networkPolicy"]
    result = run(["compile"], project)
    assert result.exit_code == 1
    assert "error[EG501]" in result.output
    assert path.read_text("utf-8") == text
