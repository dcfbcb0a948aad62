"""Queue trainings, stop them, queue them again, and see to it that somebody trains them.

The runs on disk are the queue: what is queued is the runs whose state says so, oldest first. Messages carried by a task
queue lead workers to them, on this machine and on others that share the store.
"""

import platform
import subprocess
import time
from collections.abc import Container, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from filelock import Timeout

from fmnist.jobs.launch import start_process
from fmnist.jobs.libraries import require_training_libraries
from fmnist.jobs.locks import hold_queue, run_is_held, worker_lock
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import user_store
from fmnist.runs.life_cycle import create_run, delete_run, request_stop, requeue_run, stop_requested
from fmnist.runs.reading import list_store, load_history, load_run
from fmnist.runs.records import Status
from fmnist.runs.run import BrokenRun, CompleteRun, ReadableRun, Run, RunError
from fmnist.runs.writing import save_status

_WORKER_LOG = "worker.log"
_SETTLING_SECONDS = 30.0  # within which a worker is at work or has failed
_workers: dict[Path, subprocess.Popen[bytes]] = {}  # of this process: kept, so that ended ones are reaped
_starts: dict[Path, float] = {}


def submit_all(configs: Sequence[RunConfig]) -> list[ReadableRun]:
    """Queue trainings in the user's store and see to it that a worker is there.

    A training that waits or runs already is not queued again: that run is returned.

    Raises:
        RunError: if TensorFlow is not installed, the store cannot be written, or, when all are queued, the workers
            cannot be told.
    """
    require_training_libraries()
    store = user_store()
    with hold_queue(store):
        active = [run for run in [*list_running(store), *list_queue(store)] if not stop_requested(run.directory)]
        known = {run.config: run for run in active}
        for config in configs:
            known[config] = known.get(config) or create_run(config, store)
    _call_worker(store)
    return [known[config] for config in configs]


def stop(run: Run) -> None:
    """Stop a running training after a few steps, or take a queued one out of the queue.

    One that never started is deleted; the results of an earlier start are kept.

    Raises:
        RunError: if the store cannot be written.
    """
    with hold_queue(run.directory.parent):
        current = load_run(run.directory)
        if current.state == "running":
            request_stop(current)
        elif isinstance(current, ReadableRun) and current.state == "queued":
            _take_out(current)


def resume(run: Run) -> ReadableRun:
    """Queue a training that ended early once more; it goes on after its last finished epoch.

    Raises:
        RunError: if TensorFlow is not installed, there is nothing to resume, the store cannot be written, or the
            workers cannot be told.
    """
    require_training_libraries()
    store = run.directory.parent
    with hold_queue(store):
        current = load_run(run.directory)
        if current.state == "lost" and run_is_held(current):  # one that has ended may take a moment to leave
            raise RunError(f"{run.id}: its training process is still there, so there is nothing to resume yet.")
        queued = requeue_run(current)
    _call_worker(store)
    return queued


def delete(run: Run) -> None:
    """Delete a run of the user's own store; one that is gone already is no error.

    Raises:
        RunError: if it waits or is being trained by now, is not in the user's store, or cannot be removed.
    """
    with hold_queue(run.directory.parent):
        current = load_run(run.directory)
        if current.state in ("queued", "running") or (current.state == "lost" and run_is_held(current)):
            raise RunError(f"{run.id} waits or is being trained by now, so it stays.")
        if run.directory.exists():
            delete_run(current)


def list_queue(store: Path) -> list[ReadableRun]:
    """Return the store's queued runs in the order in which they will be trained."""
    return sorted(_list_in_state(store, "queued"), key=lambda run: run.status.queued)


def list_running(store: Path) -> list[ReadableRun]:
    """Return the store's runs that are being trained, by a worker or from the shell."""
    return _list_in_state(store, "running")


def put_back(store: Path, followed: Container[str] = ()) -> None:
    """Queue again, in their old places, the runs whose training process went without a word and without its worker.

    One that was to be stopped, or that was put back before and has not got any further, has failed.

    Args:
        store: where the runs are.
        followed: the runs of the worker that asks, which sees for itself how they end.

    Raises:
        RunError: if the store cannot be written.
    """
    with hold_queue(store):
        abandoned = [run for run in list_store(store) if run.id not in followed and _is_abandoned(run)]
        for run in map(load_run, [run.directory for run in abandoned]):
            # read again: it may have ended since it was read, and let go of its lock after that
            if isinstance(run, ReadableRun) and _is_abandoned(run):
                save_status(run.directory, _after_loss(run))


def ensure_worker() -> None:
    """Start a worker for the user's store if one is needed and none is at work; it leaves when the queue is empty.

    Raises:
        RunError: if none can be started.
    """
    store = user_store().resolve()
    if _is_settling(store) or worker_active(store) or not any(map(_needs_worker, list_store(store))):
        return
    try:
        with (store / _WORKER_LOG).open("ab") as log:
            _workers[store] = start_process(["fmnist", "worker", "--until-empty"], log)
    except OSError as error:
        raise RunError(f"No worker could be started for the store {store}: {error.strerror}.") from error
    _starts[store] = time.monotonic()


def describe_worker_failure() -> str:
    """Return what the user's worker said as it failed, where it did and is needed; "" where all is well."""
    store = user_store().resolve()
    worker = _workers.get(store)
    code = worker.poll() if worker else None
    failed = code is not None and code > 0  # a killed one is simply replaced
    if not failed or worker_active(store) or not any(map(_needs_worker, list_store(store))):
        return ""
    try:
        lines = (store / _WORKER_LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else f"It ended with code {code} and left no word."


def worker_active(store: Path) -> bool:
    """Return whether a worker of this machine is at work for a store."""
    try:
        with worker_lock(store).acquire(timeout=0):
            return False
    except Timeout:
        return True


def _call_worker(store: Path) -> None:
    """Send the messages that are missing, so that workers of other machines hear of what is queued, and start one."""
    from fmnist.jobs.broker import Broker  # Huey and the Redis it brings take a fifth of a second

    try:
        with closing(Broker(store)) as broker:
            broker.announce(list_queue(store))
    finally:
        ensure_worker()


def _list_in_state(store: Path, state: str) -> list[ReadableRun]:
    return [run for run in list_store(store) if isinstance(run, ReadableRun) and run.state == state]


def _needs_worker(run: Run) -> bool:
    return run.state == "queued" or _is_abandoned(run)


def _is_abandoned(run: Run) -> bool:
    """Return whether a run says that it is being trained while no process trains it.

    A run of another machine has to be silent for a while, too: not every shared file system shows its locks.
    """
    if isinstance(run, BrokenRun) or run.status.state != "running":
        return False
    silent = run.status.host == platform.node() or run.state == "lost"
    return silent and not run_is_held(run)


def _after_loss(run: ReadableRun) -> Status:
    """Return the new status of an abandoned run."""
    status = run.status
    then = f"after epoch {status.epoch}" if status.epoch else "from its start"
    note = f"Its process and its worker were gone, so it was queued again; it goes on {then}."
    failed = replace(status, state="failed", phase="")
    if stop_requested(run.directory):
        return replace(failed, reason=f"Its process and its worker were gone before it stopped; it resumes {then}.")
    if status.note == note:
        return replace(
            failed,
            reason="Its process and its worker were gone twice without an epoch between, as when memory runs out. "
            f"It resumes {then}.",
        )
    return Status("queued", queued=status.queued, epoch=status.epoch, note=note)


def _take_out(run: ReadableRun) -> None:
    """Remove a queued run that was never begun; one that had been resumed is again what it was."""
    if isinstance(run, CompleteRun):
        save_status(run.directory, replace(run.status, state="stopped"))
    elif run.weights or load_history(run):
        save_status(run.directory, replace(run.status, state="failed", reason="It was taken out of the queue."))
    else:
        delete_run(run)


def _is_settling(store: Path) -> bool:
    """Return whether a worker is being started, or failed so lately that another one would fail, too."""
    worker = _workers.get(store)
    return worker is not None and worker.poll() != 0 and time.monotonic() - _starts[store] < _SETTLING_SECONDS
