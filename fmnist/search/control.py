"""Start and stop searches that run in the background, and see to it that somebody works on what is wanted."""

import subprocess
import time
from pathlib import Path

from fmnist.errors import InputError
from fmnist.jobs.launch import start_process
from fmnist.jobs.libraries import require_training_libraries
from fmnist.runs.run import RunError
from fmnist.search.store import STUDIES, Study, is_own, is_wanted, log_file, want
from fmnist.search.workers import count_workers

_SETTLING_SECONDS = 30.0  # within which a search is at work or has failed
_searches: dict[Path, subprocess.Popen[bytes]] = {}  # of this process: kept, so that ended ones are reaped
_starts: dict[Path, float] = {}


def start_search(study: Study) -> None:
    """Let a study be searched in the background, from where it is.

    Raises:
        InputError: if it is not the user's own, says nothing about what to train, or cannot be written.
        RunError: if TensorFlow is not installed, or no process can be started.
    """
    require_training_libraries()
    if study.record.space is None:
        raise InputError(f"{study.record.name} was imported without what it varies, so it can be looked at only.")
    want(study, wanted=True)
    _starts.pop(study.directory, None)
    ensure_search(study)


def stop_search(study: Study) -> None:
    """Ask all processes that work on a study to stop; the running trials go on when the search does."""
    want(study, wanted=False)


def ensure_search(study: Study) -> None:
    """Start a process for a study that is wanted and that nobody works on, as after a kill or a restart.

    Raises:
        RunError: if none can be started.
    """
    if not is_own(study) or not is_wanted(study) or is_starting(study) or count_workers(study):
        return
    try:
        with log_file(study).open("wb") as log:
            _searches[study.directory] = start_process(["fmnist", "search", "run", study.key], log)
    except OSError as error:
        raise RunError(f"The search {study.key} could not be started: {error.strerror}.") from error
    _starts[study.directory] = time.monotonic()


def is_starting(study: Study) -> bool:
    """Return whether a process was started that may not be at work yet, or that failed only just now."""
    process = _searches.get(study.directory)
    started = _starts.get(study.directory)
    if process is None or started is None or process.poll() == 0:
        return False
    return process.poll() is None or time.monotonic() - started < _SETTLING_SECONDS


def describe_failure(study: Study) -> str:
    """Return what the search said as it failed, where it did and is wanted; "" where all is well."""
    process = _searches.get(study.directory)
    code = process.poll() if process else None
    if not code or code < 0 or not is_wanted(study) or count_workers(study):  # a killed one is simply replaced
        return ""
    try:
        lines = log_file(study).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else f"It ended with code {code} and left no word."


def delete_study(study: Study) -> None:
    """Delete one of the user's studies with its trials. Raises InputError where it is being searched."""
    if count_workers(study):
        raise InputError(f"{study.record.name} is being searched. Stop it first.")
    STUDIES.delete(study.key)
