"""docs/gitops.md: from an empty repository to the first policy in at most five commands, as far as it needs no cluster.

tests/cluster/exports/test_first_policy.py goes on from there.
"""

from pathlib import Path

import pytest
import yaml

from reports.test_diff_revisions import needs_git
from support.exported import REPOSITORY
from support.first_policy import TOOLS, empty_repository, first_commands

MOST = 5


@pytest.mark.parametrize("tool", TOOLS)
def test_at_most_five_commands(tool: str) -> None:
    commands = first_commands(tool)
    assert 0 < len(commands) <= MOST
    # One command in a line: nothing that hides a second one.
    assert [it for it in commands if set(it) & set(";&|\\$`()")] == []
    assert commands[-1] == f"kubectl apply -f gitops/{tool}.yaml"


@needs_git
@pytest.mark.slow
@pytest.mark.parametrize("tool", TOOLS)
def test_what_is_pushed_is_complete(tool: str, tmp_path: Path) -> None:
    repository = empty_repository(tmp_path)
    assert [it.name for it in repository.clone.iterdir()] == [".git"]
    *before, apply = first_commands(tool)
    for command in before:
        repository.run(command)
    pushed = repository.pushed(tmp_path / "pushed")
    repository.run(f"egressc check --strict --project {pushed}/egressc.yaml")
    repository.run(f"egressc verify --project {pushed}/egressc.yaml")
    text = (pushed / apply.split()[-1]).read_text("utf-8")
    assert {"ApplicationSet", "GitRepository"} & {it["kind"] for it in yaml.safe_load_all(text)}
    assert REPOSITORY in text
