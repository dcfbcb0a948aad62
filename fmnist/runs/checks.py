"""Whether stored predictions can be what they say: probabilities of the official images in their official order."""

from collections.abc import Mapping

import numpy as np

from fmnist.dataset import N_CLASSES, N_TEST, N_VALIDATION, official_labels, split_indices
from fmnist.runs.records import Predictions

# Half precision rounds each probability by at most 1 part in 2048, and so a whole row by no more than 0.0005
_SUM_TOLERANCE = 1e-3


class PredictionsError(Exception):
    """Stored predictions cannot be; the message goes on after the file's name."""


def check_predictions(arrays: Mapping[str, np.ndarray]) -> Predictions:
    """Return stored arrays as predictions, probabilities as float32.

    Runs of earlier versions carry copies of the labels, which have to be the official ones.

    Raises:
        PredictionsError: if an array is missing, of another shape or kind, or holds what it cannot.
    """
    val_probs = _check_probs(arrays, "val", N_VALIDATION)
    test_probs = _check_probs(arrays, "test", N_TEST)
    _, validation = split_indices()
    train_labels, test_labels = official_labels()
    _expect_equal(arrays, "val_indices", validation, "the positions of the validation images")
    for name, labels in (("val_labels", train_labels[validation]), ("test_labels", test_labels)):
        if name in arrays:
            _expect_equal(arrays, name, labels, "the labels of the data set")
    return Predictions(val_probs, test_probs, validation.astype(np.int32))


def _check_probs(arrays: Mapping[str, np.ndarray], part: str, rows: int) -> np.ndarray:
    stored = arrays.get(f"{part}_probs")
    if stored is None or stored.shape != (rows, N_CLASSES):
        raise PredictionsError(f"does not hold {rows:,} {part} predictions of {N_CLASSES} classes")
    if not np.issubdtype(stored.dtype, np.floating):
        raise PredictionsError(f"holds {part} predictions that are no probabilities")
    probs = stored.astype(np.float32)
    if not np.isfinite(probs).all():
        raise PredictionsError(f"holds {part} predictions that are not finite")
    sums = probs.sum(axis=1, dtype=np.float64)
    if probs.min() < 0 or probs.max() > 1 + _SUM_TOLERANCE or (np.abs(sums - 1) > _SUM_TOLERANCE).any():
        raise PredictionsError(f"holds {part} predictions that are no probabilities")
    return probs


def _expect_equal(arrays: Mapping[str, np.ndarray], name: str, expected: np.ndarray, what: str) -> None:
    if name not in arrays or not np.array_equal(arrays[name], expected):
        raise PredictionsError(f"holds {name} that are not {what}")
