"""What a process does for others: it gives way to them, and limits itself before it runs what strangers made."""

import os
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

_NICENESS = 5


def give_way() -> None:
    """Let processes that somebody waits for go first, such as the dashboard."""
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
    give_way()
    signal.alarm(seconds)
    for limit, most in (
        (resource.RLIMIT_DATA, memory_bytes),  # and not the address space, of which libraries reserve much
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # above a limit that somebody set already, or one that the system lacks
            resource.setrlimit(limit, (most, most))
