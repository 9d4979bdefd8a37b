"""Fail unless two folders hold the same files, and Helm reads the same from each. Usage: equal.py FOLDER FOLDER"""

import sys
from pathlib import Path

import helm_python


def compare_folders(one: Path, other: Path) -> None:
    names = sorted(file.name for file in one.iterdir())
    if names != sorted(file.name for file in other.iterdir()):
        raise SystemExit("the folders hold different files")
    for name in names:
        if helm_python.values_from_yaml((one / name).read_text()) != helm_python.values_from_yaml(
            (other / name).read_text()
        ):
            raise SystemExit(f"{name} differs")


if __name__ == "__main__":
    compare_folders(Path(sys.argv[1]), Path(sys.argv[2]))
