"""The Keras callback that reports a training's steps and epochs and ends it on request."""

import time
from pathlib import Path

import keras

from fmnist.jobs.reporting import Reporter
from fmnist.runs.life_cycle import stop_requested
from fmnist.runs.records import Epoch
from fmnist.runs.writing import append_epoch


class RunCallback(keras.callbacks.Callback):
    """Reports steps and epochs, appends the history and ends the training on request."""

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
    """The training is to end now: it was asked to stop, or has ended before."""
