"""Who works on a study: each process has a file that it holds locked and touches, in a folder that machines share."""

import os
import platform
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from fmnist.runs.run import STALE_SECONDS
from fmnist.search.store import Study, follower_path, worker_folder

_BEAT_SECONDS = 2.0
_NAME = re.compile(r"(.+)\.(\d+)\.worker")


class Presence:
    """Shows that this process works on a study, as long as it lives."""

    def __init__(self, study: Study) -> None:
        folder = worker_folder(study)
        folder.mkdir(exist_ok=True)
        self._path = folder / f"{_host()}.{os.getpid()}.worker"
        self._lock = FileLock(self._path)
        self._beaten = 0.0

    def __enter__(self) -> "Presence":
        self._lock.acquire(timeout=0)
        return self

    def __exit__(self, *_: object) -> None:
        self._path.unlink(missing_ok=True)
        self._lock.release()

    def beat(self) -> None:
        """Show other machines, which may not see the lock, that it lives."""
        if time.monotonic() - self._beaten > _BEAT_SECONDS:
            self._beaten = time.monotonic()
            with suppress(OSError):
                os.utime(self._path)


def count_workers(study: Study, *, here: bool = False) -> int:
    """Return how many processes work on a study, on all machines or on this one."""
    try:
        files = [path for path in worker_folder(study).iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return 0
    return sum(_is_alive(path) for path in files if not here or _is_ours(path))


@contextmanager
def hold_trial(study: Study, number: int) -> Iterator[bool]:
    """Hold a trial, to which one process sees at a time; False where another one does."""
    lock = FileLock(follower_path(study, number))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _is_alive(path: Path) -> bool:
    try:
        if not _is_ours(path):
            return time.time() - path.stat().st_mtime < STALE_SECONDS
        with FileLock(path).acquire(timeout=0):
            path.unlink(missing_ok=True)
    except Timeout:
        return True
    except OSError:
        return False
    return False


def _is_ours(path: Path) -> bool:
    found = _NAME.fullmatch(path.name)
    return found is not None and found[1] == _host()


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", platform.node()) or "machine"
