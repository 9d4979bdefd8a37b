"""List the connections among the pods of one stream of manifests, as NCA's connectivity does, in one process.

Usage: python -m bench.connections MANIFESTS
"""

import gc
import sys

from egressc.diagnostics.core import Report
from egressc.model.flows import Pod
from egressc.source import Source
from egressc.verify.listing.connections import list_connections
from egressc.verify.manifests.reader import Manifests, read_manifests


def main(manifests: str) -> None:
    gc.disable()  # as the commands do (see `no_collection`)
    found = read_stream(manifests)
    pairs = [
        f"{source.namespace}/{source.name} => {destination.namespace}/{destination.name}\n"
        for source, destination, _ in list_connections(found.policies, found.pods)
        if isinstance(source, Pod) and isinstance(destination, Pod)
    ]
    sys.stdout.write("".join(pairs))


def read_stream(manifests: str) -> Manifests:
    report = Report()
    with open(manifests, encoding="utf-8") as file:  # noqa: PTH123  pathlib takes longer to import than this to read
        found = read_manifests([Source(manifests, file.read())], report)
    if report.has_errors:
        raise RuntimeError(report.sorted()[0].message)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
