"""Start trainings, one at a time a store, each in a process of its own that outlives whoever started it.

The runs on disk are the queue: what is queued is the runs whose state says so, oldest first.
"""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from fmnist.records import RunConfig
from fmnist.runs import (
    Run,
    create_run,
    delete_run,
    list_run_directories,
    load_log,
    load_run,
    log_path,
    request_stop,
    save_status,
    user_store,
)

_PROJECT = Path(__file__).parents[2]


def submit(config: RunConfig) -> Run:
    """Queue a training in the user's store and see to it that a worker is there.

    Raises:
        RunError: if the store cannot be written.
    """
    run = create_run(config, user_store())
    ensure_worker()
    return run


def stop(run: Run) -> None:
    """Stop a running training after its step, or take a queued one out of the queue."""
    if run.state == "queued":
        delete_run(run)
    else:
        request_stop(run)


def list_queue(store: Path) -> list[Run]:
    """Return the store's queued runs in the order in which they will be trained."""
    queued = [run for run in map(load_run, list_run_directories(store)) if run.status and run.state == "queued"]
    return sorted(queued, key=lambda run: run.status.queued if run.status else 0)


def ensure_worker() -> None:
    """Start a worker for the user's store unless one is at work; it leaves when the queue is empty."""
    if worker_active(user_store()) or not list_queue(user_store()):
        return
    subprocess.Popen(
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
        with _worker_lock(store):
            return False
    except Timeout:
        return True


def run_worker(store: Path) -> int:
    """Train the store's queued runs one after another until none is left; return how many were trained.

    Where another worker is at work already, nothing is done.
    """
    trained = 0
    try:
        with _worker_lock(store):
            while queued := list_queue(store):
                train(queued[0])
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
        reason = f"The training process ended with code {process.returncode} and said no more. {_last_line(ended)}"
        save_status(run.directory, replace(ended.status, state="failed", phase="", reason=reason.strip()))
        ended = load_run(run.directory)
    return ended


def _last_line(run: Run) -> str:
    return next((line for line in reversed(load_log(run).splitlines()) if line.strip()), "")


def _worker_lock(store: Path) -> FileLock:
    store.mkdir(parents=True, exist_ok=True)
    return FileLock(store / "worker.lock", timeout=0)


def child_environment() -> dict[str, str]:
    """Return this process's environment with relative folders made absolute: a child works in the project's folder."""
    folders = ("FMNIST_DATA_DIR", "FMNIST_ARTIFACTS_DIR")
    return {**os.environ, **{name: str(Path(os.environ[name]).resolve()) for name in folders if os.environ.get(name)}}
