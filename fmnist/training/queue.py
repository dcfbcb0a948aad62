"""Start trainings, one at a time a store, each in a process of its own that outlives whoever started it.

The runs on disk are the queue: what is queued is the runs whose state says so, oldest first. Two locks keep it in
order: one is held by the worker as long as it works, the other for a moment by whoever changes what is queued.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from fmnist.layout import list_run_directories, log_path, user_store
from fmnist.recording import save_status
from fmnist.records import RunConfig
from fmnist.runs import Run, RunError, create_run, delete_run, load_log, load_run, request_stop, requeue_run

_PROJECT = Path(__file__).parents[2]
_LOOK_SECONDS = 0.5
_WORKER_LOCK, _QUEUE_LOCK = "worker.lock", "queue.lock"
_WORKER_PATIENCE_SECONDS, _QUEUE_PATIENCE_SECONDS = 2.0, 10.0
_workers: dict[Path, subprocess.Popen] = {}  # those that this process started: kept, so that ended ones are reaped


def submit(config: RunConfig) -> Run:
    """Queue a training in the user's store and see to it that a worker is there.

    A training that waits or runs already is not queued again: that run is returned.

    Raises:
        RunError: if the store cannot be written.
    """
    store = user_store()
    with _queue_lock(store):
        same = (run for run in [*list_running(store), *list_queue(store)] if run.config == config)
        run = next(same, None) or create_run(config, store)
    ensure_worker()
    return run


def stop(run: Run) -> None:
    """Stop a running training after its step, or take a queued one out of the queue for good.

    Raises:
        RunError: if the store cannot be written.
    """
    with _queue_lock(run.directory.parent):
        current = load_run(run.directory)
        if current.state == "queued":
            delete_run(current)
        elif current.state == "running":
            request_stop(current)


def resume(run: Run) -> Run:
    """Queue a training that ended early once more; it goes on after its last finished epoch.

    Raises:
        RunError: if there is nothing to resume, or the store cannot be written.
    """
    with _queue_lock(run.directory.parent):
        queued = requeue_run(load_run(run.directory))
    ensure_worker()
    return queued


def list_queue(store: Path) -> list[Run]:
    """Return the store's queued runs in the order in which they will be trained."""
    queued = [run for run in map(load_run, list_run_directories(store)) if run.status and run.state == "queued"]
    return sorted(queued, key=lambda run: run.status.queued if run.status else 0)


def list_running(store: Path) -> list[Run]:
    """Return the store's runs that are being trained, by its worker or from the shell."""
    return [run for run in map(load_run, list_run_directories(store)) if run.state == "running"]


def ensure_worker() -> None:
    """Start a worker for the user's store unless one is at work; it leaves when the queue is empty."""
    store = user_store().resolve()
    started = _workers.get(store)
    if (started and started.poll() is None) or not list_queue(store) or worker_active(store):
        return
    _workers[store] = subprocess.Popen(
        [sys.executable, "-m", "fmnist", "worker"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a closed terminal or a stopped dashboard leaves it alone
        env=child_environment(),
        cwd=_PROJECT,
    )


def worker_active(store: Path) -> bool:
    """Return whether a worker holds the store's lock."""
    try:
        with FileLock(store / _WORKER_LOCK, timeout=0):
            return False
    except Timeout:
        return True


def run_worker(store: Path) -> int:
    """Train the store's queued runs one after another until none is left; return how many were trained.

    Where another worker is at work already, nothing is done.

    Raises:
        RunError: if the store cannot be written.
    """
    trained = 0
    store.mkdir(parents=True, exist_ok=True)
    try:
        # Somebody may be looking, for a moment, whether the lock is held: that is no other worker.
        with FileLock(store / _WORKER_LOCK, timeout=_WORKER_PATIENCE_SECONDS):
            while run := _take_next(store):
                train(run)
                trained += 1
    except Timeout:
        return trained
    return trained


def train(run: Run) -> Run:
    """Train a run in a fresh process, wait for its end and return the run as it then is."""
    process = start_training(run)
    process.wait()
    return conclude_training(run, process)


def start_training(run: Run) -> subprocess.Popen:
    """Start the training process of a run; what it prints goes to the run's log."""
    with log_path(run.directory).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "fmnist.training.fit", str(run.directory.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=child_environment(),
            cwd=_PROJECT,
        )


def conclude_training(run: Run, process: subprocess.Popen) -> Run:
    """Return the run after its process ended; one that could not say so itself is marked as failed."""
    ended = load_run(run.directory)
    if ended.status is not None and ended.status.state in ("queued", "running"):
        reason = _describe_end(process.returncode, ended)
        save_status(run.directory, replace(ended.status, state="failed", phase="", reason=reason))
        ended = load_run(run.directory)
    return ended


def child_environment() -> dict[str, str]:
    """Return this process's environment with relative folders made absolute: a child works in the project's folder."""
    folders = ("FMNIST_DATA_DIR", "FMNIST_ARTIFACTS_DIR")
    return {**os.environ, **{name: str(Path(os.environ[name]).resolve()) for name in folders if os.environ.get(name)}}


def _take_next(store: Path) -> Run | None:
    """Mark the oldest queued run as starting and return it; None when none is left.

    A training that a killed worker left behind goes on by itself, so its end is waited for first.
    """
    while queued := list_queue(store):
        with _queue_lock(store):
            first = load_run(queued[0].directory)
            if first.status and first.state == "queued" and not list_running(store):
                starting = replace(first.status, state="running", phase="starting", heartbeat=time.time())
                save_status(first.directory, starting)
                return load_run(first.directory)
        time.sleep(_LOOK_SECONDS)
    return None


def _describe_end(code: int, run: Run) -> str:
    if code < 0:
        name = signal.Signals(-code).name
        return f"The training process was killed from outside ({name}); the system does so when memory runs out."
    last = next((line for line in reversed(load_log(run).splitlines()) if line.strip()), "")
    return f"The training process ended with code {code} and said no more. {last}".strip()


@contextmanager
def _queue_lock(store: Path) -> Iterator[None]:
    """Keep what is queued from being changed by anybody else for a moment."""
    lock = FileLock(store / _QUEUE_LOCK, timeout=_QUEUE_PATIENCE_SECONDS)
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:  # the lock's own time limit is one, too
        raise RunError(f"The store {store} cannot be written: {error.strerror or error}.") from error
    try:
        yield
    finally:
        lock.release()
