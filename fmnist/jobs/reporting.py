"""What a training process and its run's directory tell each other: heartbeat and progress, and whether to go on."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from fmnist.jobs.endings import Presence
from fmnist.runs.life_cycle import stop_requested
from fmnist.runs.records import Status
from fmnist.runs.run import HEARTBEAT_SECONDS
from fmnist.runs.writing import save_status


class Reporter:
    """Keeps a run's status file fresh from a timer of its own, so that it beats while a long step runs."""

    def __init__(self, directory: Path, status: Status) -> None:
        self._directory, self._status = directory, status
        self._presence = Presence(directory)
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._timer = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Reporter":
        self.update()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._timer.join()
        self._presence.clear()

    def note(self, **changes: Any) -> None:  # noqa: ANN401
        """Change what the next beat tells; costs nothing."""
        with self._lock:
            self._status = replace(self._status, **changes)

    def update(self, **changes: Any) -> None:  # noqa: ANN401
        """Change the status and write it now."""
        with self._lock:
            self._status = replace(self._status, heartbeat=time.time(), **changes)
            save_status(self._directory, self._status)

    def asked_to_stop(self) -> bool:
        """Return whether the training was asked to stop.

        Raises:
            RunGoneError: if its run was removed.
        """
        self.expect_run()
        return stop_requested(self._directory)

    def expect_run(self) -> None:
        """Check that the run is still there, before anything is written into its directory.

        Raises:
            RunGoneError: if it was removed.
        """
        self._presence.expect()

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT_SECONDS):
            with suppress(OSError):  # a beat that cannot be written now is left out
                self.update()
