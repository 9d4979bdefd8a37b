"""Signatures of charts by digest: the step of the release workflow, and the commands by which users verify.

Both run here with a key and without Sigstore's public log; the workflow signs with its identity in place of a key.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster.conftest import require_program
from egressc import __version__
from support.helm_binaries import MAJORS, ROOT, helm_binary
from support.install_page import commands
from support.packages import CHARTS, package
from testbed.programs import COSIGN, REGISTRY
from testbed.registry import running_registry

JOBS: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yaml").read_text("utf-8"))["jobs"]
OFFICIAL = "ghcr.io/egressc/charts"


@dataclass(frozen=True)
class Signed:
    """All charts in a registry, signed by the step of the workflow.

    Attributes:
        folder: with programs that stand in for the workflow's: the same ones, which use a key.
        digests: by the name of a chart.
    """

    folder: Path
    address: str
    digests: dict[str, str]

    def shell(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [shutil.which("bash") or "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env={
                "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
                "HOME": str(self.folder),
                "COSIGN_PASSWORD": "",
                "CHARTS": self.address,
                "GITHUB_REF_NAME": f"v{__version__}",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def verify(self, chart: str, digest: str) -> subprocess.CompletedProcess[str]:
        """The documented command, with the public key in place of the identity of the workflow."""
        command, _ = commands("Verifying a release")
        command = command.replace(f"{OFFICIAL}/service-policy", f"{self.address}/{chart}")
        command = command.replace("sha256:<digest>", digest)
        return self.shell(re.sub(r"--certificate-\S+ \S+", "", command.replace("\\\n", " ")))


@pytest.fixture(scope="module", params=MAJORS)
def signed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    require_program(REGISTRY)
    require_program(COSIGN)
    folder = tmp_path_factory.mktemp("signed")
    package("charts", folder / "dist")
    (folder / "bin").mkdir()
    for name, script in {
        "helm": f'exec {helm_binary(request.param)} "$@" --plain-http',
        "cosign": f"""verb=$1; shift
case $verb in
sign) set -- --key cosign.key --use-signing-config=false --tlog-upload=false --allow-http-registry "$@" ;;
verify) set -- --key cosign.pub --insecure-ignore-tlog --allow-http-registry "$@" ;;
esac
exec {COSIGN.path} "$verb" "$@" """,
    }.items():
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (folder / "bin" / name).chmod(0o755)
    with running_registry(folder) as host:
        here = Signed(folder, f"{host}/charts", {})
        assert here.shell("cosign generate-key-pair").returncode == 0
        (step,) = (it["run"] for it in JOBS["charts"]["steps"] if "cosign sign" in it.get("run", ""))
        done = here.shell(step)
        assert done.returncode == 0, done.stderr
        pushed = re.findall(r"^Pushed: \S+/(\S+):\S+\nDigest: (\S+)$", done.stdout, re.MULTILINE)
        here.digests.update(pushed)
        yield here


def test_users_verify_every_chart(signed: Signed) -> None:
    assert signed.digests.keys() == set(CHARTS)
    for chart, digest in signed.digests.items():
        done = signed.verify(chart, digest)
        assert done.returncode == 0, done.stderr
        assert digest in done.stdout


def test_a_chart_that_nobody_signed_is_refused(signed: Signed, tmp_path: Path) -> None:
    changed = package("charts", tmp_path)[f"{CHARTS[0]}-{__version__}.tgz"]
    changed.write_bytes(changed.read_bytes() + b"\0")
    said = signed.shell(f"helm push {changed} oci://{signed.address} 2>&1").stdout
    (digest,) = re.findall(r"^Digest: (\S+)$", said, re.MULTILINE)
    assert digest not in signed.digests.values()
    done = signed.verify(CHARTS[0], digest)
    assert done.returncode != 0
    assert "no signatures found" in done.stderr


def test_the_key_of_somebody_else_is_refused(signed: Signed) -> None:
    own = signed.folder / "cosign.pub"
    kept = own.read_bytes()
    other = signed.folder / "other"
    other.mkdir(exist_ok=True)
    assert signed.shell(f"cd other && {COSIGN.path} generate-key-pair && cp cosign.pub ..").returncode == 0
    try:
        assert signed.verify(*next(iter(signed.digests.items()))).returncode != 0
    finally:
        own.write_bytes(kept)


@pytest.mark.parametrize("verb", ["sign", "verify"])
def test_cosign_knows_the_options(verb: str) -> None:
    require_program(COSIGN)
    told = subprocess.run(
        [COSIGN.path, verb, "--help"], capture_output=True, text=True, check=True, env={"HOME": os.devnull}
    ).stdout
    scripts = [it.get("run", "") for job in JOBS.values() for it in job["steps"]]
    scripts += commands("Verifying a release")
    used = {
        option
        for script in scripts
        for call in re.findall(rf"cosign {verb} (.+)", script.replace("\\\n", " "))
        for option in re.findall(r"--[a-z-]+", call)
    }
    assert used
    assert [it for it in used if it not in told] == []
