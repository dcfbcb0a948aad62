"""What a network answered to the validation images after each epoch of its training, where that was kept.

One file of halves, `EPOCH_BYTES` an epoch: an epoch has its place by its number, so that one that is trained again
after a crash takes the place of the first try.
"""

import os
from pathlib import Path

import numpy as np

from fmnist.dataset import N_CLASSES, N_VALIDATION, official_labels, split_indices
from fmnist.evaluation.checks import check_predictions
from fmnist.evaluation.rounding import round_probabilities
from fmnist.runs.layout import EPOCHS
from fmnist.runs.reading import load_history
from fmnist.runs.run import Run, RunError

_HALF = np.dtype("<f2")
EPOCH_BYTES = N_VALIDATION * N_CLASSES * _HALF.itemsize
_MOST_EPOCHS = 1000
_MOST_CHANGED = 0.01  # of the answers: validation and this may round differently, other weights differ by more


def save_epoch(directory: Path, epoch: int, probs: np.ndarray) -> None:
    """Write probabilities, float32 (5000, 10), of an epoch, counted from 1, flushed to disk; raises OSError."""
    data = round_probabilities(probs, np.float16).astype(_HALF).tobytes()
    path = directory / EPOCHS
    with path.open("r+b" if path.exists() else "w+b") as stream:
        stream.seek((epoch - 1) * EPOCH_BYTES)
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def truncate_epochs(directory: Path, epochs: int) -> None:
    """Cut what was kept to the first epochs, which is where a resumed training goes on; raises OSError."""
    path = directory / EPOCHS
    if path.exists() and path.stat().st_size > epochs * EPOCH_BYTES:
        os.truncate(path, epochs * EPOCH_BYTES)


def count_epochs(run: Run) -> int:
    """Return how many finished epochs a run has kept, 0 without any; whether they are intact is not looked at.

    Raises:
        RunError: if the history cannot be read.
    """
    try:
        size = (run.directory / EPOCHS).stat().st_size
    except OSError:
        return 0
    return min(size // EPOCH_BYTES, len(load_history(run)), _MOST_EPOCHS)


def load_epochs(run: Run) -> np.ndarray:
    """Read the validation probabilities of each finished epoch that was kept, float16 (epochs, 5000, 10).

    Raises:
        RunError: if the file is damaged, or belongs to another training than the history.
    """
    count = count_epochs(run)
    try:
        flat = np.fromfile(run.directory / EPOCHS, _HALF, count * N_VALIDATION * N_CLASSES)
        probs = flat.reshape(count, N_VALIDATION, N_CLASSES).astype(np.float16, copy=False)
        right = [_measure_right(one.astype(np.float32)) for one in probs]
    except (OSError, ValueError, MemoryError) as error:
        raise RunError(f"{run.id}: {EPOCHS} is damaged; without it, single epochs cannot be shown.") from error
    told = [epoch.val_accuracy for epoch in load_history(run)[:count]]
    if np.abs(np.subtract(right, told)).max(initial=0) > _MOST_CHANGED:
        raise RunError(f"{run.id}: {EPOCHS} belongs to another training than the history.")
    return probs


def _measure_right(probs: np.ndarray) -> float:
    labels, checked = check_predictions(official_labels()[0][split_indices()[1]], probs)
    return float(np.mean(checked.argmax(axis=1) == labels))
