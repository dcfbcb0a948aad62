"""Results of trainings on a share of the training images: one small table a store, in place of their runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fmnist.dataset import N_TEST, N_TRAIN
from fmnist.runs.archive import load_arrays, render_npz
from fmnist.runs.layout import LEARNING_CURVES
from fmnist.runs.run import RunError
from fmnist.runs.writing import write_file

_TEXTS, _COUNTS = ("model", "recipe"), ("images", "seed", "epochs", "batch_size")
_MOST_ROWS, _MOST_LETTERS = 10_000, 200
_PACKED = (N_TEST + 7) // 8


class Key(NamedTuple):
    """What identifies a training: architecture, recipe, number of training images, and seed."""

    model: str
    recipe: str
    images: int
    seed: int


@dataclass(frozen=True, eq=False)
class ShareResult:
    """What a training reached: its validation accuracy, and which test images it classified correctly, bool (10000,).

    `epochs` and `batch_size` are what it was trained with.
    """

    key: Key
    epochs: int
    batch_size: int
    val_accuracy: float
    correct: np.ndarray


def load_learning_curves(store: Path) -> list[ShareResult]:
    """Read the results in a store; an empty list where there are none.

    Raises:
        RunError: if the file is damaged.
    """
    path = store / LEARNING_CURVES
    if not path.exists():
        return []
    try:
        arrays = load_arrays(path)
        _check(arrays)
    except (ValueError, KeyError, TypeError, MemoryError) as error:
        raise RunError(f"{path} is damaged; delete it and train again.") from error
    correct = np.unpackbits(arrays["correct"], axis=1, count=N_TEST).astype(bool)
    columns = zip(*(arrays[name].tolist() for name in (*_TEXTS, *_COUNTS, "val_accuracy")), strict=True)
    return [
        ShareResult(Key(model, recipe, images, seed), epochs, batch_size, val_accuracy, row)
        for (model, recipe, images, seed, epochs, batch_size, val_accuracy), row in zip(columns, correct, strict=True)
    ]


def save_learning_curves(store: Path, results: Sequence[ShareResult]) -> None:
    """Write results in place of those that a store has.

    Raises:
        ValueError: if there are too many, or a number is out of its range.
        OSError: if the file cannot be written.
    """
    arrays: dict[str, Any] = {name: np.array([getattr(one.key, name) for one in results]) for name in Key._fields}
    arrays |= {name: np.array([getattr(one, name) for one in results]) for name in ("epochs", "batch_size")}
    arrays["val_accuracy"] = np.array([one.val_accuracy for one in results], np.float64)
    arrays["correct"] = np.packbits(np.stack([one.correct for one in results]), axis=1)
    _check(arrays)
    write_file(store / LEARNING_CURVES, render_npz(**arrays))


def _check(arrays: dict[str, np.ndarray]) -> None:
    """Raise ValueError unless the columns are of one length and what they hold can be."""
    rows = len(arrays["correct"])
    if not 0 < rows <= _MOST_ROWS or arrays["correct"].shape != (rows, _PACKED) or arrays["correct"].dtype != np.uint8:
        raise ValueError("correct needs 10,000 bits a row")
    if any(arrays[name].shape != (rows,) for name in (*_TEXTS, *_COUNTS, "val_accuracy")):
        raise ValueError("columns differ in length")
    if any(arrays[name].dtype.kind != "U" or arrays[name].itemsize > 4 * _MOST_LETTERS for name in _TEXTS):
        raise ValueError("names are short texts")
    if any(arrays[name].dtype.kind not in "iu" or arrays[name].min() < 0 for name in _COUNTS):
        raise ValueError("counts are whole numbers")
    if not 1 <= arrays["images"].min() <= arrays["images"].max() <= N_TRAIN:
        raise ValueError(f"images range from 1 to {N_TRAIN}")
    if (
        arrays["val_accuracy"].dtype.kind != "f"
        or not ((arrays["val_accuracy"] >= 0) & (arrays["val_accuracy"] <= 1)).all()
    ):
        raise ValueError("accuracies range from 0 to 1")
