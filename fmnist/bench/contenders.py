"""The two that are raced, each in a process of its own: the tutorial's script, and a training as users start it.

Either is followed from outside, epoch by epoch, and ended when nobody asks for more.
"""

import json
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from fmnist.jobs import launch
from fmnist.jobs.processes import last_line
from fmnist.paths import home
from fmnist.recipes.config import RunConfig
from fmnist.runs.reading import load_history
from fmnist.runs.run import Run, RunError

_LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class TimedEpoch:
    """An epoch: its seconds, validation included, the accuracy reached, and the seconds since its process began."""

    seconds: float
    val_accuracy: float
    elapsed: float


Epochs = Generator[TimedEpoch, None, None]  # closing it ends the process


def follow_tutorial(model: str, batch_size: int, epochs: int, images: int) -> Epochs:
    """Run the tutorial's script, without the settings for TensorFlow that this process may have, and yield its epochs.

    Raises:
        RunError: if it fails.
    """
    arguments = [model, *map(str, (batch_size, epochs, images))]
    environment = {name: value for name, value in launch.child_environment().items() if not name.startswith("TF_")}
    started = time.monotonic()
    with TemporaryFile("w+") as messages:
        process = subprocess.Popen(
            [sys.executable, "-m", "fmnist.bench.tutorial", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=messages,
            text=True,
            env=environment,
            cwd=home(),
        )
        with _ending(process):
            for line in process.stdout or ():
                yield TimedEpoch(**json.loads(line), elapsed=time.monotonic() - started)
            if process.wait():
                messages.seek(0)
                raise RunError(f"The tutorial's script failed: {last_line(messages.read())}")


def follow_ours(config: RunConfig) -> Epochs:
    """Train a run in a store that is thrown away and yield its epochs; the evaluation after the last is not waited for.

    Raises:
        RunError: if it fails.
    """
    with TemporaryDirectory(prefix="fmnist-bench-") as store:
        started, told, ended = time.monotonic(), 0, False
        run, process = launch.train_now(config, Path(store))
        with _ending(process):
            while told < config.epochs and not ended:
                # Looked at before the history is, so that its last epochs are seen
                ended = launch.ended_within(_LOOK_SECONDS, process)
                for epoch in load_history(run)[told:]:
                    told += 1
                    yield TimedEpoch(epoch.seconds, epoch.val_accuracy, time.monotonic() - started)
            if ended:
                _raise_if_failed(launch.conclude_training(run, process))


def _raise_if_failed(run: Run) -> None:
    if run.state != "finished":
        raise RunError(f"Our training {run.state}: {run.reason}")


@contextmanager
def _ending(process: subprocess.Popen[Any]) -> Iterator[None]:
    """End a process with the block, whether it is done or not."""
    with process:
        try:
            yield
        finally:
            process.kill()
