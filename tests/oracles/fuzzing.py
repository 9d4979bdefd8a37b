"""How many generated questions a test asks, and which: the same ones in every ordinary run.

`make fuzz` asks more of them, or others: EGRESSC_FUZZ is the number for each test, EGRESSC_FUZZ_SEED where to start.
"""

import os
from collections.abc import Callable
from typing import ParamSpec

from hypothesis import seed, settings

P = ParamSpec("P")

_EXAMPLES = os.environ.get("EGRESSC_FUZZ")
_SEED = os.environ.get("EGRESSC_FUZZ_SEED", "0")


def fuzz(examples: int) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Decorate a test of generated data. `examples` is what an ordinary run can afford."""
    fixed = settings(max_examples=int(_EXAMPLES or examples), print_blob=True)

    def decorate(test: Callable[P, None]) -> Callable[P, None]:
        return fixed(seed(f"{test.__name__} {_SEED}")(test))

    return decorate
