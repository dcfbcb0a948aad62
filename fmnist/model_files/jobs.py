"""The model files that this process imports: each in a thread of its own, few at once, and until somebody cancels it.

They go on when the browser is closed. They end with this process.
"""

import atexit
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from fmnist.dataset import DataUnavailableError
from fmnist.errors import InputError
from fmnist.imports.details import Details
from fmnist.imports.formats import Upload
from fmnist.imports.records import ImportRecord
from fmnist.model_files.importing import check_model_import, import_model_file
from fmnist.model_files.outcome import Progress
from fmnist.model_files.running import CancelledError, Report
from fmnist.runs.shelf import Item

State = Literal["running", "done", "failed", "cancelled"]
Import = Callable[[Upload, Details, Upload | None, Report, threading.Event], Item[ImportRecord]]

_AT_ONCE, _MOST_WAITING, _MOST_KNOWN = 2, 20, 200
_LOOK_SECONDS = 0.2

_turns = threading.Semaphore(_AT_ONCE)
_jobs: dict[str, "Job"] = {}
_lock = threading.Lock()


@dataclass(eq=False)
class Job:
    """One model file on its way: how far it is, and in the end the key of the imported model or what was wrong."""

    name: str
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    state: State = "running"
    progress: Progress = field(default_factory=lambda: Progress("waiting"))
    key: str = ""
    problem: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def cancel(self) -> None:
        """End it within a moment; nothing of it is stored."""
        self.cancelled.set()

    def report(self, progress: Progress) -> None:
        """Note how far it is."""
        self.progress = progress


def start_import(
    upload: Upload, details: Details, history: Upload | None = None, run: Import = import_model_file
) -> Job:
    """Begin to import a model file and return at once; `run` does it.

    Raises:
        InputError: if something cannot be used that can be checked right away, or too many files wait already.
        DataUnavailableError: if the images on which it is to be run are not here.
    """
    check_model_import(upload, details, history)
    job = Job(upload.shown)
    with _lock:
        if sum(one.state == "running" for one in _jobs.values()) >= _AT_ONCE + _MOST_WAITING:
            raise InputError(f"{_MOST_WAITING} model files are waiting already: try again in a few minutes.")
        _jobs[job.id] = job
        for old in [key for key, one in _jobs.items() if one.state != "running"][:-_MOST_KNOWN]:
            del _jobs[old]
    job.thread = threading.Thread(target=_work, args=(job, upload, details, history, run), daemon=True)
    job.thread.start()
    return job


def list_jobs() -> list[Job]:
    """Return the jobs that are known, the oldest first."""
    return list(_jobs.values())


def _work(job: Job, upload: Upload, details: Details, history: Upload | None, run: Import) -> None:
    try:
        _take_turn(job)
        try:
            job.key = run(upload, details, history, job.report, job.cancelled).key
        finally:
            _turns.release()
        job.state = "done"
    except CancelledError:
        job.state = "cancelled"
    except (InputError, DataUnavailableError) as error:
        job.problem, job.state = str(error), "failed"
    except Exception:
        job.problem, job.state = f"{upload.shown} could not be imported. The server's log has the reason.", "failed"
        raise


def _take_turn(job: Job) -> None:
    while not _turns.acquire(timeout=_LOOK_SECONDS):
        if job.cancelled.is_set():
            raise CancelledError


@atexit.register
def _cancel_all() -> None:
    """End what runs: the processes would outlive this one, and their folders would stay."""
    running = [job for job in list_jobs() if job.state == "running"]
    for job in running:
        job.cancel()
    for job in running:
        if job.thread is not None:
            job.thread.join(timeout=2)
