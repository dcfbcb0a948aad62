"""Whether stored predictions can be what they say: probabilities of the official images in their official order."""

from collections.abc import Mapping

import numpy as np

from fmnist.dataset import N_CLASSES, official_labels, split_indices
from fmnist.evaluation.checks import check_predictions
from fmnist.runs.records import Predictions


class PredictionsError(Exception):
    """Stored predictions cannot be; the message goes on after the file's name."""


def read_predictions(arrays: Mapping[str, np.ndarray]) -> Predictions:
    """Return stored arrays as predictions, probabilities as float32.

    Runs of earlier versions carry copies of the labels, which have to be the official ones.

    Raises:
        PredictionsError: if an array is missing, of another shape or kind, or holds what it cannot.
    """
    _, validation = split_indices()
    train_labels, test_labels = official_labels()
    official = {"val": train_labels[validation], "test": test_labels}
    val_probs, test_probs = (_check_probs(arrays, part, labels) for part, labels in official.items())
    _expect_equal(arrays, "val_indices", validation, "the positions of the validation images")
    for part, labels in official.items():
        if f"{part}_labels" in arrays:
            _expect_equal(arrays, f"{part}_labels", labels, "the labels of the data set")
    return Predictions(val_probs, test_probs, validation.astype(np.int32))


def _check_probs(arrays: Mapping[str, np.ndarray], part: str, labels: np.ndarray) -> np.ndarray:
    stored = arrays.get(f"{part}_probs")
    if stored is None or stored.shape != (len(labels), N_CLASSES):
        raise PredictionsError(f"does not hold {len(labels):,} {part} predictions of {N_CLASSES} classes")
    if not np.issubdtype(stored.dtype, np.floating):
        raise PredictionsError(f"holds {part} predictions that are not probabilities")
    probs = stored.astype(np.float32)  # once: from half precision it takes as long as reading the file
    try:
        check_predictions(labels, probs)
    except ValueError as error:
        raise PredictionsError(f"holds {part} predictions that are not probabilities: {error}") from error
    return probs


def _expect_equal(arrays: Mapping[str, np.ndarray], name: str, expected: np.ndarray, what: str) -> None:
    if name not in arrays or not np.array_equal(arrays[name], expected):
        raise PredictionsError(f"holds {name} that are not {what}")
