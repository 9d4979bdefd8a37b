"""A registry of OCI artifacts on loopback, in memory: what is pushed is gone when it stops.

with running_registry(folder) as address:
    helm push chart.tgz oci://{address}/charts --plain-http
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from testbed.processes import Running
from testbed.programs import REGISTRY

_READY: Final = re.compile(r"serving on port (\d+)")
_START_SECONDS: Final = 60


@contextmanager
def running_registry(folder: Path) -> Iterator[str]:
    """Its host and port until the end of the block. Raises NotReady."""
    with Running("registry", [REGISTRY.path, "-port", "0"], folder / "registry.log") as process:
        process.wait_until(lambda: _READY.search(process.last_words()) is not None, _START_SECONDS)
        found = _READY.search(process.last_words())
        assert found is not None
        yield f"localhost:{found[1]}"
