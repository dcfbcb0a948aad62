"""The file locks that keep trainings in order: one a store, one a run, and those of this machine.

A lock goes with the processes that hold it, however they end, so a held one means that somebody is alive.
"""

import errno
import getpass
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout, lock_descriptor

from fmnist.runs.layout import lock_path
from fmnist.runs.run import Run, RunError

_QUEUE_LOCK = "queue.lock"
_QUEUE_PATIENCE_SECONDS = 10.0


@contextmanager
def hold_queue(store: Path) -> Iterator[None]:
    """Keep what is queued in a store from being changed by anybody else for a moment.

    Raises:
        RunError: if the store cannot be written, or somebody else keeps the queue for long.
    """
    lock = FileLock(store / _QUEUE_LOCK, timeout=_QUEUE_PATIENCE_SECONDS)
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise RunError("The queue is busy: somebody else is changing it. Try again in a moment.") from error
    except OSError as error:
        raise RunError(f"The store {store} cannot be written: {error.strerror or error}.") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def hold_run(run: Run) -> Iterator[int | None]:
    """Hold the lock of a run, which says that it is being trained; None where another process has it.

    A process that inherits the descriptor goes on holding it when this one lets go or dies.

    Raises:
        RunError: if the lock cannot be had at all.
    """
    with _hold_first([lock_path(run.directory)]) as descriptor:
        yield descriptor


@contextmanager
def hold_file(path: Path) -> Iterator[int | None]:
    """Hold the lock of any file, as `hold_run` does."""
    with _hold_first([path]) as descriptor:
        yield descriptor


@contextmanager
def hold_slot(slots: int) -> Iterator[int | None]:
    """Hold one of this machine's places for a training, as `hold_run` does; None where all of them are taken."""
    folder = _machine_folder()
    with _hold_first([folder / f"training-{number}.lock" for number in range(slots)]) as descriptor:
        yield descriptor


def run_is_held(run: Run) -> bool:
    """Return whether a living process trains a run.

    Raises:
        RunError: if its lock cannot be had, as `describe_lock_trouble` says.
    """
    with hold_run(run) as descriptor:
        return descriptor is None


def describe_lock_trouble(run: Run) -> str:
    """Return why the lock of a run cannot be had by anybody of this user, in a sentence; "" where it can."""
    try:
        os.close(os.open(lock_path(run.directory), os.O_RDWR))
    except FileNotFoundError:
        reason = "" if os.access(run.directory, os.W_OK | os.X_OK) else os.strerror(errno.EACCES)
    except OSError as error:
        reason = str(error.strerror)
    else:
        reason = ""
    return reason and f"Its lock cannot be opened ({reason}). Its files may belong to another user."


def worker_lock(store: Path) -> FileLock:
    """Return the lock of this machine's worker for a store; other machines that share the store have their own."""
    name = hashlib.sha256(str(store.resolve()).encode()).hexdigest()[:16]
    return FileLock(_machine_folder() / f"worker-{name}.lock")


@contextmanager
def _hold_first(paths: Iterable[Path]) -> Iterator[int | None]:
    """Lock the first of some files that is free, through a descriptor that a child can inherit."""
    descriptor = next((held for held in map(_lock, paths) if held is not None), None)
    try:
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)  # and not unlocked, which would take it from the child, too


def _lock(path: Path) -> int | None:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)  # less the umask, as other files of a shared store
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror}.") from error
    held = False
    try:
        held = lock_descriptor(descriptor, blocking=False)
    except OSError as error:
        raise RunError(f"{path.parent} is on a file system without locks ({error.strerror}).") from error
    finally:
        if not held:
            os.close(descriptor)
    return descriptor if held else None


def _machine_folder() -> Path:
    """Return a folder that is this machine's own, even where the store is shared."""
    folder = Path(tempfile.gettempdir()) / f"fmnist-lab-{getattr(os, 'getuid', getpass.getuser)()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise RunError(f"{folder} could not be created: {error.strerror}.") from error
    return folder
