"""Queue trainings, stop them, queue them again, and see to it that somebody trains them.

The runs on disk are the queue: what is queued is the runs whose state says so, oldest first. Messages carried by a task
queue lead workers to them, on this machine and on others that share the store.
"""

import subprocess
import time
from collections.abc import Container, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from filelock import Timeout

from fmnist.jobs.abandoned import is_abandoned
from fmnist.jobs.launch import start_process
from fmnist.jobs.libraries import describe_missing_libraries, require_trainer
from fmnist.jobs.limit import check_limit, check_memory
from fmnist.jobs.locks import describe_lock_trouble, hold_queue, run_is_held, worker_lock
from fmnist.jobs.needed import check_needed
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import describe_unavailable, user_store
from fmnist.runs.life_cycle import delete_run, prepare_run, request_stop, requeue_run, stop_requested
from fmnist.runs.reading import list_store, load_history, load_readable, load_run
from fmnist.runs.run import CompleteRun, ReadableRun, Run, RunError
from fmnist.runs.writing import save_status
from fmnist.wording import plural

_WORKER_LOG = "worker.log"
_CHUNK, _POLITE_SECONDS = 25, 0.1  # runs for which the queue is held at a time, and the pause for others between
_SETTLING_SECONDS = 30.0  # within which a worker is at work or has failed
_workers: dict[Path, subprocess.Popen[bytes]] = {}  # of this process: kept, so that ended ones are reaped
_starts: dict[Path, float] = {}


def submit_all(configs: Sequence[RunConfig]) -> list[ReadableRun]:
    """Queue trainings in the user's store and see to it that a worker is there.

    A training that waits or runs already is not queued again: that run is returned.

    Raises:
        RunError: if TensorFlow is not installed, a run that is needed cannot be used, the store cannot be written, too
            many would wait, or, when all are queued, the workers cannot be told.
        InputError: if a training would need too much memory.
    """
    require_trainer()
    for config in configs:
        check_memory(config)
        check_needed(config)
    store = user_store()
    # what takes long is done before the queue is held, or nobody else could change it meanwhile
    prepared = {config: prepare_run(config, store) for config in _list_new(configs, *_survey(store))}
    try:
        with hold_queue(store):
            known, waiting = _survey(store)
            for config in _list_new(configs, known, waiting):
                new = prepared.get(config) or prepare_run(config, store)
                new.publish()
                known[config] = new.directory
    finally:
        for new in prepared.values():
            new.discard()
    _call_worker(store)
    return [load_readable(known[config]) for config in configs]


def stop(run: Run) -> None:
    """Stop a running training after a few steps, or take a queued one out of the queue.

    One that never started is deleted; the results of an earlier start are kept.

    Raises:
        RunError: if the store cannot be written; the message says whether the training goes on.
    """
    try:
        with hold_queue(run.directory.parent):
            current = load_run(run.directory)
            if current.state == "running":
                request_stop(current)
            elif isinstance(current, ReadableRun) and current.state == "queued":
                _take_out(current)
    except (RunError, OSError) as error:
        going_on = " Its training goes on." if load_run(run.directory).state == "running" else ""
        words = error.strerror if isinstance(error, OSError) else str(error)
        raise RunError(f"{run.id} could not be stopped. {words}{going_on}") from error


def resume(run: Run) -> ReadableRun:
    """Queue a training that ended early once more; it goes on after its last finished epoch.

    Raises:
        RunError: if TensorFlow is not installed, there is nothing to resume, the store cannot be written, too many
            would wait, or the workers cannot be told.
    """
    return resume_all([run])[0]


def resume_all(runs: Sequence[Run]) -> list[ReadableRun]:
    """Queue trainings of one store that ended early once more; each goes on after its last finished epoch.

    Raises:
        RunError: as `resume`; whatever can be resumed of several is queued before.
    """
    require_trainer()
    store = runs[0].directory.parent
    check_limit(len(list_queue(store)), len(runs))
    queued: list[ReadableRun] = []
    refusals: list[str] = []
    for start in range(0, len(runs), _CHUNK):
        if start:
            time.sleep(_POLITE_SECONDS)  # others look for the queue twenty times a second
        with hold_queue(store):
            for run in runs[start : start + _CHUNK]:
                try:
                    queued.append(_requeue(run))
                except (RunError, OSError) as error:
                    refusals.append(str(error))
    if queued:
        _call_worker(store)
    if refusals:
        more = f" {plural(len(refusals) - 1, 'more run')} could not be resumed." if len(refusals) > 1 else ""
        raise RunError(f"{refusals[0]}{more}")
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


def ensure_worker() -> None:
    """Start a worker for the user's store if one is needed and none is at work; it leaves when the queue is empty.

    Where nothing can be trained here, that is left to other machines.

    Raises:
        RunError: if none can be started.
    """
    if describe_unavailable(user_store()) or describe_missing_libraries():
        return
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
    if describe_unavailable(user_store()):
        return ""
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


def _requeue(run: Run) -> ReadableRun:
    current = load_run(run.directory)
    if current.state == "lost" and run_is_held(current):  # one that has ended may take a moment to leave
        raise RunError(f"{run.id}: its training process is still there, so there is nothing to resume yet.")
    return requeue_run(current)


def _survey(store: Path) -> tuple[dict[RunConfig, Path], int]:
    """Return where each training lies that waits or runs and is not to be stopped, and how many wait."""
    active = [run for run in list_store(store) if isinstance(run, ReadableRun) and run.state in ("queued", "running")]
    known = {run.config: run.directory for run in active if not stop_requested(run.directory)}
    return known, sum(run.state == "queued" for run in active)


def _list_new(configs: Sequence[RunConfig], known: Container[RunConfig], waiting: int) -> list[RunConfig]:
    """Return, each once, the trainings that are not known; raises RunError where too many would wait with them."""
    new = [config for config in dict.fromkeys(configs) if config not in known]
    if new:
        check_limit(waiting, len(new))
    return new


def _list_in_state(store: Path, state: str) -> list[ReadableRun]:
    return [run for run in list_store(store) if isinstance(run, ReadableRun) and run.state == state]


def _needs_worker(run: Run) -> bool:
    return (run.state == "queued" and not describe_lock_trouble(run)) or is_abandoned(run)


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
