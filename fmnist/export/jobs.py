"""Exports that go on in processes of their own, and outlive who started them: start one, follow it, stop it."""

import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fmnist.dataset import find_files, load_dataset
from fmnist.export.formats import FORMATS, Format
from fmnist.export.job import STATE, STOP, JobState, write_state
from fmnist.export.store import export_folder
from fmnist.jobs.launch import start_process
from fmnist.jobs.locks import hold_file
from fmnist.paths import expect_writable
from fmnist.runs.layout import EXPORTS, user_store
from fmnist.runs.run import CompleteRun, RunError
from fmnist.runs.schema import read_record
from fmnist.wording import brief_duration

JOB = "fmnist.export.job"
MOST_AT_ONCE = 2

_LOCK, _LOG = "job.lock", "job.log"
_FIRST_SHARE = 0.05  # of the work, before which nothing is known of the speed
_KILLED = "The export was ended from outside. The system does so when memory runs out."


@dataclass(frozen=True)
class Job:
    """The export of a run as it stands."""

    run: str
    folder: Path
    state: JobState

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.state.state == "running"

    @property
    def words(self) -> str:
        """What it does, and about how long it will take."""
        state = self.state
        if not state.phase:
            return "Starting …"
        file = FORMATS[state.format].file if state.format in FORMATS else ""
        verb = {"converting": "Making", "checking": "Checking"}[state.phase]
        return f"{verb} {file} …{self._tell_time()}"

    def _tell_time(self) -> str:
        state = self.state
        if state.share < _FIRST_SHARE:
            return ""
        left = (state.told - state.started) * (1 - state.share) / state.share
        return f" about {brief_duration(left)} left"

    def stop(self) -> None:
        """End it within a moment; an earlier export stays as it is. Raises OSError and InputError."""
        expect_writable()
        (self.folder / STOP).touch()


def start_export(run: CompleteRun, formats: Sequence[Format], margin: float, module: str = JOB) -> Job:
    """Begin to export a run, and return at once; the export replaces an earlier one when it has ended well.

    Args:
        run: the run, whose weights were kept.
        formats: the formats, whose libraries are installed.
        margin: the difference of accuracies, a fraction, within which a file counts as equivalent.
        module: the module that does it, which tests replace.

    Raises:
        RunError: if the run is being exported already, too many exports go on, or the store cannot be written.
        DataUnavailableError: if the images are not here.
        InputError: if this installation is read-only.
    """
    expect_writable()
    if not all(file.ok for file in find_files()):
        load_dataset()  # says what is missing
    folder = export_folder(run.id)
    others = [job.run for job in list_jobs() if job.is_running and job.run != run.id]
    if len(others) >= MOST_AT_ONCE:
        raise RunError(f"{MOST_AT_ONCE} exports are running: wait for one of them, or stop it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with hold_file(folder / _LOCK) as lock, (folder / _LOG).open("wb") as log:
            if lock is None:
                raise RunError(f"{run.id} is being exported already.")
            (folder / STOP).unlink(missing_ok=True)
            state = JobState("running", time.time(), time.time())
            write_state(folder, state)
            process = start_process([module, run.id, str(margin), *(one.key for one in formats)], log, [lock])
    except OSError as error:
        raise RunError(f"{folder} cannot be written: {error.strerror or error}.") from error
    threading.Thread(target=process.wait, daemon=True).start()  # or an ended one would stay in the system's list
    return Job(run.id, folder, state)


def find_job(run: str) -> Job | None:
    """Return the last job of a run; None where there was none. One whose process was killed has failed."""
    folder = export_folder(run)
    try:
        state = read_record(folder / STATE, JobState)
    except RunError:
        return None
    if state.state == "running" and not _is_held(folder):
        with suppress(RunError):  # it may have ended between the two looks
            state = read_record(folder / STATE, JobState)
        if state.state == "running":
            state = JobState("failed", state.started, state.told, problem=_KILLED)
    return Job(run, folder, state)


def list_jobs() -> list[Job]:
    """Return the last job of each run that was exported."""
    folder = user_store() / EXPORTS
    names = sorted(path.parent.name for path in folder.glob(f"*/{STATE}"))
    jobs = []
    for name in names:
        with suppress(RunError):
            jobs += [job for job in [find_job(name)] if job]
    return jobs


def delete_export(run: str) -> None:
    """Remove the export of a run with all its files.

    Raises:
        RunError: if it goes on, or cannot be removed.
        InputError: if this installation is read-only.
    """
    expect_writable()
    folder = export_folder(run)
    if _is_held(folder):
        raise RunError(f"{run} is being exported: stop that first.")
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise RunError(f"{folder} cannot be removed: {error.strerror}.") from error


def _is_held(folder: Path) -> bool:
    if not (folder / _LOCK).exists():
        return False
    with hold_file(folder / _LOCK) as lock:
        return lock is None
