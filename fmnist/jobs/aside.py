"""Work for runs beside the dashboard: of each kind one process at a time, which can be stopped and tells how far it is.

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
from fmnist.jobs.telling import PROGRESS, Progress
from fmnist.paths import expect_writable
from fmnist.runs.run import RunError
from fmnist.runs.schema import read_record

State = Literal["running", "done", "stopped", "failed"]

_LOG = "work.log"


@dataclass(eq=False)
class Job:
    """Work for some runs, by their keys: how far it is, and what was wrong in the end."""

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
            return "It ended without a result."

    def stop(self) -> None:
        """End it; nothing of it is kept."""
        self.stopped = True
        if self.process.poll() is None:
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGTERM)  # it leads a group of its own
            else:
                self.process.terminate()


class Desk:
    """Where one kind of work is done: `module` is run as a process with a folder, `arguments`, and the runs' keys.

    It tells the folder how far it is, and ends with a line on standard error where it fails. `name` is what the work is
    called, as in "measurement".
    """

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name
        self._lock = threading.Lock()
        self._latest: Job | None = None
        atexit.register(self._end)

    @property
    def latest(self) -> Job | None:
        """The work that was started last, if any."""
        return self._latest

    def start(self, runs: Sequence[str], *arguments: str) -> Job:
        """Begin work for runs, given by their keys, and return at once.

        Raises:
            InputError: if other work of this kind is running, or everything is read-only.
        """
        expect_writable()
        with self._lock:
            if self._latest is not None and self._latest.state == "running":
                raise InputError(f"Another {self._name} is running: wait until it ends, or stop it.")
            self._discard()
            folder = Path(tempfile.mkdtemp(prefix="fmnist-work-"))
            with (folder / _LOG).open("wb") as log:
                process = start_process([self._module, str(folder), *arguments, *runs], log)
            self._latest = Job(tuple(runs), folder, process)
            return self._latest

    def _discard(self) -> None:
        if self._latest is not None:
            shutil.rmtree(self._latest.folder, ignore_errors=True)

    def _end(self) -> None:
        if self._latest is not None:
            self._latest.stop()
            self._discard()
