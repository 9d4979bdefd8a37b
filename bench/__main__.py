"""Run every measurement and print the table; exit 1 where a ratio is missed, unless --quick, which only reports.

Usage: python -m bench [--quick] [--part compile|render|verify|whole] [--folder FOLDER] [--output FILE]
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import compile as compile_part
from bench import render as render_part
from bench import verify as verify_part
from bench import whole as whole_part
from bench.process import REPOSITORY
from bench.table import Measurement, render_table

PARTS: dict[str, Callable[..., Iterator[Measurement]]] = {
    "compile": compile_part.measure,
    "render": render_part.measure,
    "verify": verify_part.measure,
    "whole": whole_part.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description="Measure egressc, side by side with what it is held to.")
    parser.add_argument("--quick", action="store_true", help="the small fleet alone, 3 runs")
    parser.add_argument("--part", choices=PARTS, help="this part alone")
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "build", help="a folder on the disk to measure")
    parser.add_argument("--output", type=Path, help="also write the table to this file")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    parent = Path(tempfile.mkdtemp(prefix="egressc-bench-", dir=options.folder))
    measurements: list[Measurement] = []
    try:
        for name in [options.part] if options.part else PARTS:
            place = parent / name
            place.mkdir()
            for measurement in PARTS[name](place, quick=options.quick):
                measurements.append(measurement)
                sys.stderr.write(f"{measurement.job}: {measurement.ratio:.2f} ({measurement.target})\n")
        table = render_table(measurements)
        sys.stdout.write(table)
        sys.stdout.flush()
        if options.output:
            options.output.write_text(table)
    finally:
        # Once, at the end: see compile.py.
        shutil.rmtree(parent)
    # A few quick runs on a machine that does other things as well decide nothing; unequal bytes end a run of any kind.
    return 0 if options.quick or all(measurement.is_reached for measurement in measurements) else 1


if __name__ == "__main__":
    sys.exit(main())
