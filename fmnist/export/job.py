"""The process that exports a run: `python -m fmnist.export.job RUN MARGIN FORMAT…`, and how far it says it is.

Whoever starts it holds the lock of its folder and hands that down, so a held lock means that the job lives.
"""

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from fmnist.dataset import DataUnavailableError, load_dataset
from fmnist.errors import InputError
from fmnist.export.exporting import export_run
from fmnist.export.formats import choose_formats
from fmnist.export.progress import Progress
from fmnist.export.store import FILES, export_folder, save_changed
from fmnist.jobs.confine import lower_priority
from fmnist.runs.reading import find_run, load_predictions
from fmnist.runs.records import Fraction, Moment, Words
from fmnist.runs.run import CompleteRun, RunError
from fmnist.runs.writing import write_file

STATE, STOP, WORK = "job.json", "stop", ".work"
_LOOK_SECONDS = 0.2

State = Literal["running", "done", "failed", "stopped"]


@dataclass(frozen=True)
class JobState:
    """What a job wrote last: `started` and `told` are seconds since 1970, `share` is what is done of the work."""

    state: State
    started: Moment
    told: Moment
    phase: Literal["", "converting", "checking"] = ""
    format: Annotated[str, msgspec.Meta(max_length=50)] = ""
    share: Fraction = 0.0
    problem: Words = ""


def write_state(folder: Path, state: JobState) -> None:
    """Write how far a job is; raises OSError."""
    write_file(folder / STATE, msgspec.json.encode(asdict(state)))


class Reporter:
    """Writes what becomes of a job; after its last word it stays silent."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._started = folder, time.time()
        self._lock, self._is_over = threading.Lock(), False

    def tell(self, state: State, progress: Progress | None = None, problem: str = "") -> None:
        """Write how it stands; raises OSError."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = state != "running"
            told = JobState(state, self._started, time.time(), problem=problem)
            if progress is not None:
                share = min(progress.share, 1.0)
                told = replace(told, phase=progress.phase, format=progress.format, share=share)
            write_state(self._folder, told)


def run_job(run: str, margin: float, formats: list[str]) -> None:
    """Export a run into its folder of the store, and say in the end what became of it."""
    folder = export_folder(run)
    reporter = Reporter(folder)
    reporter.tell("running")
    _stop_on_request(folder, reporter)
    try:
        _export(run, folder, margin, formats, lambda progress: reporter.tell("running", progress))
    except (RunError, InputError, DataUnavailableError) as error:
        reporter.tell("failed", problem=str(error))
    except OSError as error:
        reporter.tell("failed", problem=f"The files could not be written: {error.strerror or error}.")
    except Exception:
        reporter.tell("failed", problem="The export failed. Its log has the reason.")
        raise
    else:
        reporter.tell("done")


def _export(run: str, folder: Path, margin: float, formats: list[str], report: Callable[[Progress], None]) -> None:
    found = find_run(run)
    if not isinstance(found, CompleteRun):
        raise RunError(f"{run} is not finished.")
    exported = export_run(found, folder / FILES, choose_formats(formats), margin, load_dataset(), report)
    save_changed(folder, load_predictions(found).test_probs, exported.probs)


def _stop_on_request(folder: Path, reporter: Reporter) -> None:
    """End this process and all that it started as soon as somebody asks for it by a file."""

    def look() -> None:
        while not (folder / STOP).exists():
            time.sleep(_LOOK_SECONDS)
        with suppress(OSError):
            reporter.tell("stopped")
        shutil.rmtree(folder / WORK, ignore_errors=True)
        if os.name == "posix":
            os.killpg(0, signal.SIGKILL)  # it leads a group of its own
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()


def _work_within(folder: Path) -> None:
    """Put temporary files where the next job clears them away, should this one be killed."""
    shutil.rmtree(folder / WORK, ignore_errors=True)
    (folder / WORK).mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder / WORK)


if __name__ == "__main__":
    lower_priority()
    _work_within(export_folder(sys.argv[1]))
    run_job(sys.argv[1], float(sys.argv[2]), sys.argv[3:])
