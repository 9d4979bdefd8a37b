"""Whether two streams of manifests allow the same, as NCA's --equiv asks, in one process; exits with 1 where not.

Usage: python -m bench.equivalence ONE OTHER
"""

import gc
import sys

from bench.connections import read_stream
from egressc.verify.comparison.compare import compare


def main(one: str, other: str) -> int:
    gc.disable()  # as the commands do (see `no_collection`)
    return 1 if compare(read_stream(one).policies, read_stream(other).policies) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
