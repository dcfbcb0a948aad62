"""The measurement that this process runs: one at a time, in a process of its own that can be stopped.

It goes on when the browser is closed, and ends with this process.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fmnist.errors import InputError
from fmnist.jobs.launch import start_process
from fmnist.jobs.processes import last_line
from fmnist.runs.run import RunError
from fmnist.runs.schema import read_record
from fmnist.stress.limits import IMAGES
from fmnist.stress.progress import PROGRESS, Progress

State = Literal["running", "done", "stopped", "failed"]

_PROCESS = "fmnist.stress.process"
_LOG = "measuring.log"
_lock = threading.Lock()
_latest: "Job | None" = None


@dataclass(eq=False)
class Job:
    """A measurement of some runs: how far it is, and what was wrong in the end."""

    runs: tuple[str, ...]
    folder: Path
    process: subprocess.Popen[bytes]
    stopped: bool = False

    @property
    def state(self) -> State:
        """Whether it runs still, and else how it ended."""
        code = self.process.poll()
        if code is None:
            return "running"
        if code == 0:
            return "done"
        return "stopped" if self.stopped else "failed"

    @property
    def progress(self) -> Progress:
        """How far it is."""
        try:
            return read_record(self.folder / PROGRESS, Progress)
        except RunError:
            return Progress()

    @property
    def problem(self) -> str:
        """Why it failed, in words."""
        try:
            return last_line((self.folder / _LOG).read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return "The measurement ended without a result."

    def stop(self) -> None:
        """End it; nothing of it is kept."""
        self.stopped = True
        if self.process.poll() is None:
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGTERM)  # it leads a group of its own
            else:
                self.process.terminate()


def start_measuring(runs: Sequence[str], images: int = IMAGES) -> Job:
    """Begin to measure runs, given by their keys, and return at once.

    Raises:
        InputError: if another measurement is running.
    """
    global _latest
    with _lock:
        if _latest is not None and _latest.state == "running":
            raise InputError("Another measurement is running: wait until it ends, or stop it.")
        _discard()
        folder = Path(tempfile.mkdtemp(prefix="fmnist-stress-"))
        with (folder / _LOG).open("wb") as log:
            process = start_process([_PROCESS, str(folder), str(images), *runs], log)
        _latest = Job(tuple(runs), folder, process)
        return _latest


def latest_job() -> Job | None:
    """Return the measurement that was started last, if any."""
    return _latest


def _discard() -> None:
    if _latest is not None:
        shutil.rmtree(_latest.folder, ignore_errors=True)


@atexit.register
def _end() -> None:
    if _latest is not None:
        _latest.stop()
        _discard()
