"""What is being written beside its place, and what processes that were killed left of that."""

import os
import platform
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

from fmnist.runs.layout import BACKUP, CHECKPOINT, EXPORT, WEIGHTS

_TEMPORARY = re.compile(r"\..+\.([A-Za-z0-9_-]+)\.(\d+)\.tmp")
_OLD_SECONDS = 24 * 3600.0  # nothing is written for so long


def temporary_path(path: Path) -> Path:
    """Return where to write what is then moved to `path`: a hidden name beside it that tells who writes."""
    return path.with_name(f".{path.name}.{_host()}.{os.getpid()}.tmp")


def unfinished_path(path: Path) -> Path:
    """Return where the training process writes what is then moved to `path`; Keras tells the format by the suffix."""
    return path.with_name(f".{path.name}")


def clear_leftovers(folder: Path) -> None:
    """Remove from a store or a run's directory what ended processes left half written, and nothing of living ones.

    Whether a process of another machine lives is not known here: what it wrote is removed when it is a day old.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for path in [Path(entry) for entry in entries if entry.name.endswith(".tmp")]:
            writer = _TEMPORARY.fullmatch(path.name)
            if writer and _has_ended(writer[1], int(writer[2]), path):
                _remove(path)


def list_unfinished(directory: Path) -> list[Path]:
    """Return what a training process has begun to write in a run's directory and not moved into its place."""
    known = [unfinished_path(directory / name) for name in (CHECKPOINT, BACKUP, WEIGHTS)]
    return [path for path in (*known, *directory.glob(f"{EXPORT}*")) if path.exists()]


def discard_unfinished(directory: Path) -> None:
    """Remove what a training process left half written: for whoever holds the run's lock."""
    for path in list_unfinished(directory):
        _remove(path)


def _has_ended(host: str, pid: int, path: Path) -> bool:
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > _OLD_SECONDS:
            return True
    return host == _host() and not _lives(pid)


def _lives(pid: int) -> bool:
    if os.name != "posix":  # where the signal 0 is not a question
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # another user's
        return True
    return True


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _host() -> str:
    """Return this machine's name as a part of a file's."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", platform.node())[:40] or "_"
