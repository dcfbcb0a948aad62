"""Imported models on disk: `<store>/imports/<key>/` with `import.json` and `predictions.npz`.

Some have `history.csv`, or the model file that serves them.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fmnist.dataset import N_CLASSES, N_TEST, N_TRAIN, N_VALIDATION
from fmnist.evaluation.checks import check_classes, check_predictions
from fmnist.imports.records import SCHEMA, ImportRecord
from fmnist.runs.archive import ArchiveError, load_arrays
from fmnist.runs.layout import HISTORY, PREDICTIONS
from fmnist.runs.records import Epoch
from fmnist.runs.run import RunError
from fmnist.runs.schema import read_history
from fmnist.runs.shelf import Shelf

IMPORTS = Shelf("imports", "import.json", ImportRecord, SCHEMA, "imported model")


@dataclass(frozen=True, eq=False)
class StoredPart:
    """Predictions of n images, one row a file.

    Classes are uint8 (files, n), probabilities float32 (files, n, 10), or None for labels alone.
    """

    classes: np.ndarray
    probs: np.ndarray | None


def drop_model_file(key: str) -> None:
    """Remove the file that serves an imported model, if it has one; what is known of it stays.

    Raises:
        InputError: if there is no such model, or it is not the user's own.
    """
    item = IMPORTS.get(key)
    if item.record.model is not None:
        record = replace(item.record, model=replace(item.record.model, served=""))
        kept = {name: path.read_bytes() for name in (PREDICTIONS, HISTORY) if (path := item.directory / name).exists()}
        IMPORTS.save(key, record, kept)


def load_test_classes(directory: Path, images: int = N_TEST) -> np.ndarray:
    """Return the predicted classes of the test images, uint8 (files, n); probabilities are not unpacked for them.

    Raises:
        RunError: if they are missing or damaged.
    """
    try:
        (classes,) = _take(directory, "test_classes")
        return _check_stored_classes(classes, images)
    except (ArchiveError, KeyError, ValueError) as error:
        raise _damaged(directory) from error


def load_test(directory: Path, images: int = N_TEST) -> StoredPart:
    """Return the predictions of the test images; raises RunError."""
    try:
        classes, probs = _take(directory, "test_classes", "test_probs", optional=("test_probs",))
        return _check_part(classes, probs, images)
    except (ArchiveError, KeyError, ValueError) as error:
        raise _damaged(directory) from error


def load_validation(directory: Path) -> tuple[StoredPart, np.ndarray] | None:
    """Return the predictions of validation images and their positions in the training file; None without any.

    Raises:
        RunError: if they are damaged.
    """
    try:
        names = ("val_classes", "val_probs", "val_positions")
        classes, probs, positions = _take(directory, *names, optional=names)
        if classes is None or positions is None:
            return None
        if (
            positions.ndim != 1
            or positions.dtype.kind not in "iu"
            or not len(positions)
            or positions.min() < 0
            or positions.max() >= N_TRAIN + N_VALIDATION
        ):
            raise ValueError("positions outside the training file")
        return _check_part(classes, probs, len(positions)), positions.astype(np.int64)
    except (ArchiveError, KeyError, ValueError) as error:
        raise _damaged(directory) from error


def load_epochs(directory: Path) -> list[Epoch]:
    """Return the epochs of the history, none without one; raises RunError."""
    try:
        return read_history(directory / HISTORY)
    except FileNotFoundError:
        return []
    except (RunError, OSError) as error:
        raise RunError(f"{directory.name}: {error}") from error


def _take(directory: Path, *names: str, optional: tuple[str, ...] = ()) -> list[np.ndarray | None]:
    arrays = load_arrays(directory / PREDICTIONS, names)
    return [arrays.get(name) if name in optional else arrays[name] for name in names]


def _check_part(classes: np.ndarray | None, probs: np.ndarray | None, count: int) -> StoredPart:
    checked = _check_stored_classes(classes, count)
    if probs is None:
        return StoredPart(checked, None)
    rows = probs.reshape(-1, count, N_CLASSES)
    if probs.dtype != np.float32 or len(rows) != len(checked):
        raise ValueError("no probabilities")
    for labels, row in zip(checked, rows, strict=True):
        check_predictions(labels, row)
    if (rows.argmax(axis=2) != checked).any():
        raise ValueError("classes that are not those of the probabilities")
    return StoredPart(checked, rows)


def _check_stored_classes(classes: np.ndarray | None, count: int) -> np.ndarray:
    """Return classes as (files, n); a single file stores them as (n,)."""
    rows = np.atleast_2d(np.asarray(classes))
    if rows.ndim != 2 or rows.shape[1] != count:
        raise ValueError("another number of images")
    return check_classes(rows.ravel(), "classes").astype(np.uint8).reshape(rows.shape)


def _damaged(directory: Path) -> RunError:
    return RunError(f"{directory.name}: {PREDICTIONS} is damaged; import the model again.")
