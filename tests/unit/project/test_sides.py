"""A revision of a project is read with every file that the project names."""

import subprocess
from pathlib import Path

import pytest

from egressc.cli import OK
from support.command import run

_PROJECT = """
sources: [services.md]
catalog: catalog.yaml
addressLists: {Far: lists/far.yaml}
otherPolicies: [platform/*.yaml]
"""
_OTHER = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: elsewhere}
spec: {podSelector: {}, policyTypes: [Ingress]}
"""


def git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    command = ["git", *settings, *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.mark.slow
def test_address_lists_and_policies_of_others_of_a_revision(tmp_path: Path) -> None:
    for name, text in {
        "egressc.yaml": _PROJECT,
        "services.md": "| Service | Depends on |\n|---|---|\n| Web | Far |\n",
        "catalog.yaml": "defaults: {namespace: shop, selector: {app: '{id}'}}\ndestinations: {Far: {ports: [443]}}\n",
        "lists/far.yaml": "source: x\ndate: 2026-01-02\naddresses: [203.0.113.0/28]\n",
        "platform/deny.yaml": _OTHER,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    assert run(["diff", "HEAD"], tmp_path).exit_code == OK
    assert run(["presets", "--refresh", "Far"], tmp_path, given="203.0.113.0/27\n").exit_code == OK
    result = run(["diff", "HEAD"], tmp_path)
    assert "203.0.113.16/28" in result.stdout
