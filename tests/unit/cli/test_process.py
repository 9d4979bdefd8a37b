import os
import subprocess
import sys

SCRIPT = """
import atexit
from egressc.cli.process import leave
atexit.register(print, "not reached")
print("out", end="")
print("err", end="", file=__import__("sys").stderr)
leave(3)
"""


def test_output_is_written_and_the_status_told() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, env=environment)

    assert (ended.stdout, ended.stderr, ended.returncode) == ("out", "err", 3)
