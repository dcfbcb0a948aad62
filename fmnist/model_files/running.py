"""Start the process that runs a model file, follow it, and end it in time; nothing of it stays on disk."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import numpy as np

from fmnist.errors import InputError
from fmnist.imports.formats import Upload
from fmnist.imports.records import Format
from fmnist.jobs.launch import ended_within, start_process
from fmnist.model_files.outcome import OUTCOME, OUTPUTS, PROGRESS, Found, Outcome, Progress
from fmnist.model_files.trial import MOST_MEMORY
from fmnist.runs.archive import ArchiveError, load_arrays
from fmnist.runs.run import RunError
from fmnist.runs.schema import read_record

TRIAL = "fmnist.model_files.trial"
MOST_SECONDS = 300

_LOOK_SECONDS = 0.2
_GRACE_SECONDS = 30  # after which the system ends what this process could not
_LONGEST = 500  # characters of a message
_INSTEAD = "Import its predictions instead."
_PREFIX = "fmnist-import-"

Report = Callable[[Progress], None]


class CancelledError(Exception):
    """The user does not want to wait any longer."""


@dataclass(frozen=True, eq=False)
class Trial:
    """What a model file gave: its outputs on the validation and the test images, and the file that serves it, if any.

    Both outputs are as the model gives them, float32 (n, 10).
    """

    found: Found
    validation: np.ndarray
    test: np.ndarray
    served: bytes | None


def run_model_file(
    upload: Upload,
    form: Format,
    report: Report,
    cancelled: Event,
    *,
    module: str = TRIAL,
    seconds: int = MOST_SECONDS,
) -> Trial:
    """Run a model file on the validation and test images, in a process of its own.

    Args:
        upload: the file, whose beginning was looked at.
        form: its format.
        report: is told several times a second how far it is.
        cancelled: is set by whoever does not want to wait any longer.
        module: the module to run, which tests replace.
        seconds: after which the process is ended.

    Raises:
        InputError: if the file cannot be used, or its process crashed or took too long; the message says so.
        CancelledError: if it was cancelled.
    """
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / f"model.{form}").write_bytes(upload.data)
        with (folder / "trial.log").open("wb") as log:
            process = start_process([module, str(folder), form, str(seconds + _GRACE_SECONDS)], log)
        try:
            _follow(process, folder, report, cancelled, seconds)
        except TimeoutError as error:
            words = f"{upload.shown} was not evaluated within {seconds / 60:g} minutes. {_INSTEAD}"
            raise InputError(words) from error
        finally:
            _end(process)
        return _read(folder, upload, process.returncode)


def _follow(process: subprocess.Popen[bytes], folder: Path, report: Report, cancelled: Event, seconds: float) -> None:
    """Wait for a process to end; raises TimeoutError and CancelledError."""
    latest = time.monotonic() + seconds
    while not ended_within(_LOOK_SECONDS, process):
        if cancelled.is_set():
            raise CancelledError
        if time.monotonic() > latest:
            raise TimeoutError
        report(_read_progress(folder))


def _read_progress(folder: Path) -> Progress:
    try:
        return read_record(folder / PROGRESS, Progress)
    except RunError:
        return Progress("loading")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that has not ended by itself, with all that it has started."""
    if process.poll() is None:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)  # it leads a group of its own
        else:
            process.kill()
        process.wait()


def _read(folder: Path, upload: Upload, code: int) -> Trial:
    """Return what the process found; whatever it wrote is checked, as the file may have written it."""
    try:
        outcome = read_record(folder / OUTCOME, Outcome)
        if outcome.found is None:
            raise InputError(f"{upload.shown} {_clean(outcome.problem)}")
        arrays = load_arrays(folder / OUTPUTS)
        served = outcome.found.model.served
        content = (folder / served).read_bytes() if served else None
        return Trial(outcome.found, arrays["val_scores"], arrays["test_scores"], content)
    except (RunError, ArchiveError, KeyError, OSError) as error:
        raise InputError(f"{upload.shown} {_describe_end(code)} {_INSTEAD}") from error


def _clean(problem: str) -> str:
    """Return a message without control characters, which a name in the file may have."""
    return "".join(sign for sign in problem if sign.isprintable())[:_LONGEST]


def _describe_end(code: int) -> str:
    if code >= 0:
        return "could not be run: its process ended without a result."
    known = code == -signal.SIGKILL
    memory = f" It may need more than {MOST_MEMORY // 2**30} GB of memory." if known else ""
    return f"crashed the process that ran it ({signal.Signals(-code).name}).{memory}"
