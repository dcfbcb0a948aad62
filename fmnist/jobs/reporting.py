"""What a training process reports while it works: a heartbeat, its progress, and how it ended."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from fmnist.runs.records import Status
from fmnist.runs.run import HEARTBEAT_SECONDS
from fmnist.runs.writing import save_status


class Reporter:
    """Keeps a run's status file fresh from a timer of its own, so that it beats while a long step runs."""

    def __init__(self, directory: Path, status: Status) -> None:
        self._directory, self._status = directory, status
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._timer = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Reporter":
        self.update()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._timer.join()

    def note(self, **changes: Any) -> None:  # noqa: ANN401
        """Change what the next beat tells; costs nothing."""
        with self._lock:
            self._status = replace(self._status, **changes)

    def update(self, **changes: Any) -> None:  # noqa: ANN401
        """Change the status and write it now."""
        with self._lock:
            self._status = replace(self._status, heartbeat=time.time(), **changes)
            save_status(self._directory, self._status)

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT_SECONDS):
            with suppress(OSError):  # a beat that cannot be written now is left out
                self.update()
