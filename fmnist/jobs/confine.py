"""The priority of background processes, and the limits of one that runs a file from outside."""

import os
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

_NICENESS = 5


def lower_priority() -> None:
    """Lower the priority of this process, so that the dashboard stays responsive."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_NICENESS)


def confine_process(folder: Path, seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Limit this process permanently, as far as the system supports it; Windows has no such limits.

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
    lower_priority()
    signal.alarm(seconds)
    for limit, most in (
        (resource.RLIMIT_DATA, memory_bytes),  # and not the address space, of which libraries reserve much
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # above a limit that somebody set already, or one that the system lacks
            resource.setrlimit(limit, (most, most))
