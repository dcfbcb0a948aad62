"""A training process without a network: `python -m tiny_training DIRECTORY` writes what a training writes, in a moment.

It claims the run, reports, looks for a stop, diverges where it is to, keeps a backup, goes on from one and ends through
the same code as a real training; only the numbers are made up. Tests put it in the place of Keras by
FMNIST_TRAINING_MODULE.
"""

import math
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from synthetic import made_up_evaluation, made_up_predictions

from fmnist.jobs.endings import check_measured
from fmnist.jobs.reporting import Reporter
from fmnist.jobs.training_process import main
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import backup_path, served_path, weights_path
from fmnist.runs.life_cycle import truncate_history
from fmnist.runs.reading import load_history, load_run
from fmnist.runs.records import Epoch
from fmnist.runs.run import ReadableRun
from fmnist.runs.writing import (
    append_epoch,
    discard_evaluation,
    save_config,
    save_evaluation,
    save_predictions,
    write_file,
)

DIVERGING, DIVERGES_IN = 1.0, 3  # at this learning rate the loss of this epoch is no number
RIGHT = 9_000  # of the 10,000 test images
STEP_SECONDS = 0.02  # long enough for tests to see two trainings at once, where there are two

_pace = threading.Event()  # never set: waiting for it takes the time of a step


def fit_tiny(run: ReadableRun, reporter: Reporter) -> bool:
    """Pretend to train and to evaluate; return whether it was stopped."""
    stopped = train_epochs(run, reporter, lambda _, epoch: 1 / (epoch + 1))
    reporter.update(phase="evaluating", step=0, steps=0)
    _evaluate(run.directory)
    return stopped


def train_epochs(run: ReadableRun, reporter: Reporter, loss_of: Callable[[RunConfig, int], float]) -> bool:
    """Pretend to train, from the backup where there is one; return whether it was stopped."""
    directory, config = run.directory, run.config
    save_config(directory, config, run.recipe_settings, {"machine": "a test's"})
    backup = backup_path(directory)
    done = int(backup.read_bytes()) if backup.exists() else 0
    truncate_history(directory, done)
    reporter.update(phase="training", epoch=done)
    losses = (loss_of(config, epoch + 1) for epoch in range(done, config.epochs))
    return any(not _train_epoch(directory, config, reporter, epoch, loss) for epoch, loss in enumerate(losses, done))


def _train_epoch(directory: Path, config: RunConfig, reporter: Reporter, epoch: int, loss: float) -> bool:
    """Train one more epoch after so many; return whether it came to its end."""
    started, steps = time.monotonic(), math.ceil(config.train_limit / config.batch_size)
    print(f"Epoch {epoch + 1}/{config.epochs}", flush=True)
    reporter.note(epoch=epoch, step=0, steps=steps)
    for step in range(steps):
        _pace.wait(STEP_SECONDS)
        reporter.note(step=step + 1)
        if reporter.asked_to_stop():
            return False
    diverges = config.learning_rate == DIVERGING and epoch + 1 == DIVERGES_IN
    loss, seconds = math.nan if diverges else loss, time.monotonic() - started
    check_measured(epoch + 1, {"training loss": loss})
    append_epoch(directory, Epoch(epoch + 1, loss, 0.9, loss, 0.9, config.learning_rate, seconds))
    write_file(backup_path(directory), str(epoch + 1).encode())
    reporter.update(epoch=epoch + 1, step=0)
    return True


def _evaluate(directory: Path) -> None:
    discard_evaluation(directory)
    for path in (weights_path(directory), served_path(directory)):
        write_file(path, b"no network")
    save_predictions(directory, made_up_predictions(RIGHT))
    epochs = len(load_history(load_run(directory)))
    save_evaluation(directory, made_up_evaluation(RIGHT, epochs=epochs, best_epoch=epochs))


if __name__ == "__main__":
    sys.exit(main(fit_tiny))
