"""What runs predicted and how they were trained, read once for everybody in the process and never changed.

Predicted classes are small and stay for thousands of runs; probabilities stay for the last few.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from fmnist.runs.adversarial import Adversarial, load_adversarial
from fmnist.runs.reading import load_history, load_predictions
from fmnist.runs.records import Epoch, Predictions
from fmnist.runs.run import Run, Stamp
from fmnist.runs.stress import StressResults, load_stress


@dataclass(frozen=True)
class _Read:
    """What is read of a run: the same as long as its directory's stamp is."""

    directory: Path
    stamp: Stamp
    run: Run = field(compare=False, repr=False)


def predictions_of(run: Run) -> Predictions:
    """Return a run's stored probabilities; raises RunError."""
    return _predictions(_Read(run.directory, run.stamp, run))


def answers_of(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Return the predicted and the true classes of the test images, uint8 (10000,) each; raises RunError."""
    return _answers(_Read(run.directory, run.stamp, run))


def history_of(run: Run) -> list[Epoch]:
    """Return a run's finished epochs; raises RunError."""
    return _history(_Read(run.directory, run.stamp, run))


def stress_of(run: Run) -> StressResults | None:
    """Return what a run answered under stress, None where it has not been measured; raises RunError."""
    return _stress(_Read(run.directory, run.stamp, run))


def adversarial_of(run: Run) -> Adversarial | None:
    """Return what a run answered to attacks, None where it has not been attacked; raises RunError."""
    return _adversarial(_Read(run.directory, run.stamp, run))


@lru_cache(maxsize=64)
def _predictions(read: _Read) -> Predictions:
    return load_predictions(read.run)


@lru_cache(maxsize=4000)
def _answers(read: _Read) -> tuple[np.ndarray, np.ndarray]:
    stored = _predictions(read)
    return stored.test_probs.argmax(axis=1).astype(np.uint8), stored.test_labels.astype(np.uint8)


@lru_cache(maxsize=2000)
def _history(read: _Read) -> list[Epoch]:
    return load_history(read.run)


@lru_cache(maxsize=64)
def _stress(read: _Read) -> StressResults | None:
    return load_stress(read.run)


@lru_cache(maxsize=64)
def _adversarial(read: _Read) -> Adversarial | None:
    return load_adversarial(read.run)
