"""Put the files of a folder into one: what the floor writes. Usage: pack.py FOLDER PACK."""

import sys
from pathlib import Path


def make_pack(folder: Path, pack: Path) -> None:
    files = sorted(folder.iterdir())
    with pack.open("wb") as out:
        out.write(" ".join(f"{file.name} {file.stat().st_size}" for file in files).encode() + b"\n")
        for file in files:
            out.write(file.read_bytes())


if __name__ == "__main__":
    make_pack(Path(sys.argv[1]), Path(sys.argv[2]))
