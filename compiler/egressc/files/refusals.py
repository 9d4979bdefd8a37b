"""What the system refuses, as a finding."""

import errno
import os
from pathlib import Path

from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.generated import refused_path, whole_file
from egressc.files.pending import FolderChangedError
from egressc.files.reading import reason_of

# What is wrong with the machine, whatever was asked for.
_OF_THE_MACHINE = frozenset(
    [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM]
)


def is_refusal(error: OSError) -> bool:
    """Whether the system refuses what egressc could not have known: at a path that it names, or the machine's own."""
    return error.filename is not None or error.errno in _OF_THE_MACHINE


def refusal_of(error: OSError) -> Diagnostic:
    """EG511; where the system names no path, output or a temporary file has no room."""
    name = "standard output" if error.filename is None else Path(os.fsdecode(error.filename)).as_posix()
    if isinstance(error, FolderChangedError):
        help = "run the command again; nothing was written"
    elif error.errno in _OF_THE_MACHINE:
        help = "free some space, or find out why the system refuses, and run the command again"
    else:
        help = "write a path whose folder exists and is writable"
    return refused_path(whole_file(name), reason_of(error), help, getattr(error, "__notes__", ()))
