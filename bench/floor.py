"""Only write files: the bytes of a pack to a folder, whose files are overwritten where they exist.

Usage: floor.py PACK FOLDER. A pack is a line `name size name size …` and then the bytes of all files.
"""

import os
import sys


def write_pack(pack: str, folder: str) -> None:
    with open(pack, "rb") as file:  # noqa: PTH123  pathlib would be a part of the floor's time
        index = file.readline().split()
        data = memoryview(file.read())
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    start = 0
    for name, size in zip(index[::2], map(int, index[1::2]), strict=True):
        file_descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666, dir_fd=descriptor)
        os.write(file_descriptor, data[start : start + size])
        os.close(file_descriptor)
        start += size


if __name__ == "__main__":
    write_pack(sys.argv[1], sys.argv[2])
