"""The Keras callbacks that end a training where it has to end, and that report its steps and epochs."""

import time
from pathlib import Path

import keras

from fmnist.jobs.endings import check_measured
from fmnist.jobs.reporting import Reporter
from fmnist.runs.records import Epoch
from fmnist.runs.writing import append_epoch

_LOOK_SECONDS = 0.2


class _Clock:
    """Says a few times a second that it is time to look."""

    def __init__(self) -> None:
        self._looked = 0.0

    def is_due(self) -> bool:
        now = time.monotonic()
        due = now - self._looked > _LOOK_SECONDS
        if due:
            self._looked = now
        return due


class EndCallback(keras.callbacks.Callback):
    """Ends the training on request, where its run was removed, or where it has diverged; must be the first callback.

    Those after it write files, and Keras would make the directory of a removed run anew.
    """

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._reporter = reporter
        # apart: after a look in validation, an epoch of one call would never look whether to stop
        self._training, self._validation = _Clock(), _Clock()
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Remember the epoch, to name it."""
        self._epoch = epoch + 1

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Look, a few times a second, whether to end; raises StopRequested, RunGoneError or DivergedError."""
        if self._training.is_due():
            check_measured(self._epoch, {"training loss": float((logs or {})["loss"])})
            if self._reporter.asked_to_stop():
                raise StopRequested

    def on_test_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Look, a few times a second, whether the run is still there; raises RunGoneError."""
        if self._validation.is_due():
            self._reporter.expect_run()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """See that the epoch can be recorded; raises RunGoneError or DivergedError."""
        self._reporter.expect_run()
        measured = logs or {}
        check_measured(epoch + 1, {"training loss": measured["loss"], "validation loss": measured["val_loss"]})


class RunCallback(keras.callbacks.Callback):
    """Reports steps and epochs, and appends the history."""

    def __init__(self, directory: Path, reporter: Reporter) -> None:
        super().__init__()
        self._directory, self._reporter = directory, reporter
        self._epoch_started = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Start the clock and report a new epoch."""
        self._epoch_started = time.monotonic()
        self._reporter.note(epoch=epoch, step=0, steps=self.params["steps"])

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Report a step."""
        self._reporter.note(step=batch + 1)

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


class StopRequested(StopTraining):
    """The training was asked to stop."""
