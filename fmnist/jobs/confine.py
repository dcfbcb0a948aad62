"""Limits that a process sets itself before it runs what others made: memory, time, and the size of its files."""

import os
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

_NICENESS = 5  # the dashboard, which somebody looks at, goes first


def confine_process(folder: Path, seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Limit this process for good, as far as the system has such limits; Windows has none of them.

    Args:
        folder: where its temporary files go, too.
        seconds: after which the system ends it, whatever it does.
        memory_bytes: what it may allocate.
        file_bytes: the largest file that it may write.
    """
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        import resource
    except ImportError:
        return
    os.nice(_NICENESS)
    signal.alarm(seconds)
    for limit, most in (
        (resource.RLIMIT_DATA, memory_bytes),  # and not the address space, of which libraries reserve much
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # above a limit that somebody set already, or one that the system lacks
            resource.setrlimit(limit, (most, most))
