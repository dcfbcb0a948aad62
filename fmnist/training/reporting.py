"""What the training process tells its readers while it works: a heartbeat, the progress, the epochs, and the end."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras

from fmnist.recording import append_epoch, save_status
from fmnist.records import Epoch, Status
from fmnist.runs import HEARTBEAT_SECONDS
from fmnist.store import stop_requested


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


class RunCallback(keras.callbacks.Callback):
    """Reports steps and epochs, appends the history and ends the training when somebody wishes it."""

    def __init__(self, directory: Path, reporter: Reporter) -> None:
        super().__init__()
        self._directory, self._reporter = directory, reporter
        self._epoch_started = self._looked = 0.0
        self.stopped = False

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Start the clock and report a new epoch."""
        self._epoch_started = time.monotonic()
        self._reporter.note(epoch=epoch, step=0, steps=self.params["steps"])

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Report a step and look, a few times a second, whether to stop."""
        self._reporter.note(step=batch + 1)
        now = time.monotonic()
        if now - self._looked > 0.2:
            self._looked = now
            if stop_requested(self._directory):
                self.stopped = self.model.stop_training = True
                raise StopTraining

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Append the epoch's row."""
        measured = logs or {}
        row = Epoch(
            epoch=epoch + 1,
            loss=measured["loss"],
            accuracy=measured["accuracy"],
            val_loss=measured["val_loss"],
            val_accuracy=measured["val_accuracy"],
            learning_rate=float(self.model.optimizer.learning_rate),
            seconds=time.monotonic() - self._epoch_started,
        )
        append_epoch(self._directory, row)
        self._reporter.update(epoch=epoch + 1, step=0)


class StopTraining(Exception):  # noqa: N818
    """The training is to end now: somebody wished it, or it has ended before."""
