"""Two folders change places in one step, where the file system can: whoever looks sees the one or the other, whole.

Source: renameat2(2), RENAME_EXCHANGE, Linux 3.15, and renamex_np(2), RENAME_SWAP, macOS 10.12. Python has neither.
"""

import ctypes
import errno
import os
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def exchange(one: Path, other: Path) -> None:
    """Let two paths change what they name.

    Raises:
        OSError: ENOSYS or EINVAL where the system or the file system cannot; else as for a rename.
    """
    library = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            failed = library.renamex_np(first, second, _RENAME_SWAP)
        else:
            failed = library.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE)
    except AttributeError:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(other)) from None
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))
