"""The training process around the training itself: it claims the run, reports on it, and says in words how it ended."""

import errno
import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from fmnist.jobs.confine import lower_priority
from fmnist.jobs.endings import DivergedError, RunGoneError
from fmnist.jobs.locks import run_is_held
from fmnist.jobs.logs import start_logging
from fmnist.jobs.reporting import Reporter
from fmnist.runs.layout import CONFIG
from fmnist.runs.leftovers import clear_leftovers, discard_unfinished
from fmnist.runs.reading import load_readable, load_run
from fmnist.runs.records import State, Status
from fmnist.runs.run import BrokenRun, ReadableRun
from fmnist.runs.writing import discard_training_state, save_status

_log = logging.getLogger(__name__)

Train = Callable[[ReadableRun, Reporter], bool]
"""Trains and evaluates a run, and returns whether it was stopped before its end."""


def main(train: Train) -> int:
    """Train the run whose directory is the command line's only argument, and return the process's exit code."""
    lower_priority()
    start_logging()
    return run_training(Path(sys.argv[1]), train)


def run_training(directory: Path, train: Train) -> int:
    """Train the queued run of a directory and return 0, or 1 where it failed.

    A failure ends up in the run's status, in words, and in the log with its traceback. Of a run that was removed
    nothing is written again.
    """
    try:
        _train_and_report(directory, train)
    except RunGoneError as error:
        run = load_run(directory)
        if not isinstance(run, BrokenRun) and not run_is_held(run):  # by a process that trains it now
            _conclude(directory, "failed", str(error))
        _log.warning(error)
        return 1
    except DivergedError as error:
        _conclude(directory, "diverged", str(error))
        _log.warning(error)
        return 1
    except Exception as error:  # whatever it was, the reader of the status file must learn of it
        _conclude(directory, "failed", _explain(error))
        _log.exception("Training failed")  # last: the log may be on a full disk, too
        return 1
    return 0


def _train_and_report(directory: Path, train: Train) -> None:
    run = load_readable(directory)
    clear_leftovers(directory)
    discard_unfinished(directory)
    status = replace(run.status, state="running", phase="starting", worker=os.getpid(), started=time.time())
    _log.info("Training starts after epoch %d", status.epoch)
    with Reporter(directory, status) as reporter:
        stopped = train(run, reporter)
        reporter.update(state="stopped" if stopped else "finished", phase="")
    _log.info("Training %s", "stopped" if stopped else "finished")
    if not stopped:  # after it is known to be finished, or a crash between the two would train it again
        with suppress(OSError):
            discard_training_state(directory)


def _conclude(directory: Path, state: State, reason: str) -> None:
    """Record how a training ended that has no results; one that diverged would do so again and is never resumed."""
    if not (directory / CONFIG).exists():
        return
    with suppress(OSError):
        discard_unfinished(directory)  # first: there may be no room for the status
        if state == "diverged":
            discard_training_state(directory)
    run = load_run(directory)
    status = Status(state, queued=time.time()) if isinstance(run, BrokenRun) else run.status
    save_status(directory, replace(status, state=state, phase="", reason=reason))


def _explain(error: Exception) -> str:
    # Not by the type and number alone: what writes weights wraps the system's error in one of its own
    if any(os.strerror(number) in str(error) for number in (errno.ENOSPC, errno.EDQUOT)):
        return "The disk is full. Free some space and resume: the training goes on after its last finished epoch."
    if isinstance(error, MemoryError):
        return "There was not enough memory. A smaller batch size needs less."
    return str(error) or type(error).__name__
