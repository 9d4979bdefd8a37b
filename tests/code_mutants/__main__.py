"""Change the compiler's own code on purpose, and print which changes no test notices.

A sample of changes for each room: EGRESSC_CODE_MUTANTS changes (100), by the seed EGRESSC_CODE_MUTANTS_SEED (1). Each
meets those of the tests below that call the changed function. A change that makes no difference is
listed in equivalent.txt, with the reason, and counts for nothing.

Usage: python -m code_mutants [ROOM ...] (with `tests` and `compiler` on the path)
Exits with 1 where less than 90 % of the sample of a room is noticed.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from code_mutants.changing import Mutant, mutants
from code_mutants.covering import PACKAGE, Covering, find_covering

ROOMS = ("model", "resolve", "verify")
SELECTION = ["-m", "not slow", "tests/unit", "tests/manifests", "tests/flows", "tests/oracles/test_e2e_shapes.py"]
SELECTION += ["tests/reports/test_expected.py", "tests/test_golden.py", "tests/test_explain_command.py"]
SELECTION += ["tests/test_explain_repairs.py", "tests/test_denials_command.py", "tests/test_verify_command.py"]
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
LEAST = 0.9
# How long tests may take with a change: seconds, and times as long as without it. More is an endless loop.
START_SECONDS, SLOWER = 60, 10


def main(rooms: Iterable[str]) -> int:
    size = int(os.environ.get("EGRESSC_CODE_MUTANTS", "100"))
    seed = os.environ.get("EGRESSC_CODE_MUTANTS_SEED", "1")
    with tempfile.TemporaryDirectory() as folder:
        covering = find_covering(SELECTION, Path(folder, "covering.json"))
    is_weak = False
    for room in rooms:
        noticed, total, survivors = try_room(room, size, seed, covering)
        print(f"{room:10} {noticed} of {total} changes noticed, {noticed / total:.0%}", flush=True)
        for line in survivors:
            print(f"    {line}", flush=True)
        is_weak |= noticed < LEAST * total
    return int(is_weak)


def try_room(room: str, size: int, seed: str, covering: Covering) -> tuple[int, int, list[str]]:
    """How many changes of a sample are noticed, of how many, and the others."""
    equivalent = {line.partition("  # ")[0] for line in EQUIVALENT.read_text("utf-8").splitlines()}
    changes = [it for path in sorted((PACKAGE / room).rglob("*.py")) for it in mutants(path)]
    sample = random.Random(seed).sample(changes, min(size, len(changes)))  # noqa: S311  no secret
    sample = sorted(it for it in sample if name_of(it) not in equivalent)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        noticed = list(pool.map(partial(is_noticed, covering=covering), sample))
    survivors = [
        f"{it.path.relative_to(PACKAGE)}:{it.line}: {it.change}"
        for it, found in zip(sample, noticed, strict=True)
        if not found
    ]
    return sum(noticed), len(sample), survivors


def name_of(mutant: Mutant) -> str:
    """A change as equivalent.txt names it: without its line, which moves."""
    return f"{mutant.path.relative_to(PACKAGE)}: {mutant.change}"


def is_noticed(mutant: Mutant, covering: Covering) -> bool:
    """Whether a test fails: first those of the room, which takes a second, then all others that call the function."""
    tests = covering.tests_of(mutant.path, mutant.function)
    room = f"tests/unit/{mutant.path.relative_to(PACKAGE).parts[0]}/"
    near = [test for test in tests if test.startswith(room)]
    far = [test for test in tests if not test.startswith(room)]
    parts = [(part, START_SECONDS + SLOWER * sum(covering.seconds[test] for test in part)) for part in (near, far)]
    return any(fails(mutant, part, limit_seconds) for part, limit_seconds in parts if part)


def fails(mutant: Mutant, tests: list[str], limit_seconds: float) -> bool:
    module = ".".join(("egressc", *mutant.path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    command = [sys.executable, "-m", "code_mutants.trial", module, str(mutant.path), str(mutant.number)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.communicate("\n".join(tests).encode(), limit_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ROOMS))
