"""Runs that nobody trains any more though they say so, which are put back into the queue, and what killed writers left.

Whether a process lives is told by the lock that it holds.
"""

import platform
from collections.abc import Container
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from fmnist.jobs.locks import describe_lock_trouble, hold_queue, hold_run, run_is_held
from fmnist.runs.layout import list_run_directories
from fmnist.runs.leftovers import clear_leftovers, discard_unfinished, list_unfinished
from fmnist.runs.life_cycle import stop_requested
from fmnist.runs.reading import list_store, load_run
from fmnist.runs.records import Status
from fmnist.runs.run import BrokenRun, ReadableRun, Run, RunError
from fmnist.runs.writing import save_status


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
        abandoned = [run for run in list_store(store) if run.id not in followed and is_abandoned(run)]
        for run in map(load_run, [run.directory for run in abandoned]):
            # read again: it may have ended since it was read, and let go of its lock after that
            if isinstance(run, ReadableRun) and is_abandoned(run):
                save_status(run.directory, _after_loss(run))


def is_abandoned(run: Run) -> bool:
    """Return whether a run says that it is being trained while no process trains it.

    A run of another machine has to be silent for a while, too: not every shared file system shows its locks. One whose
    lock cannot be opened may be trained by another user.
    """
    if isinstance(run, BrokenRun) or run.status.state != "running":
        return False
    silent = run.status.host == platform.node() or run.state == "lost"
    return silent and not describe_lock_trouble(run) and not run_is_held(run)


def clear_store(store: Path) -> None:
    """Remove from a store what killed processes left half written, but for runs whose locks cannot be had."""
    clear_leftovers(store)
    for directory in list_run_directories(store):
        clear_leftovers(directory)
        if list_unfinished(directory):
            with suppress(RunError), hold_run(load_run(directory)) as lock:
                if lock is not None:
                    discard_unfinished(directory)


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
