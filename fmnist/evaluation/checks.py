"""Validate labels, probabilities and correctness arrays; every evaluation function uses these checks."""

import numpy as np

from fmnist.dataset import N_CLASSES

# Half precision rounds each probability by at most 1 part in 2048, and the sum of a row by at most 0.0005.
SUM_TOLERANCE = 1e-3


def check_predictions(labels: np.ndarray, probs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and probabilities as int64 and float64 arrays.

    Args:
        labels: whole numbers from 0 to 9, (n,), with n at least 1.
        probs: finite numbers in [0, 1], (n, 10); each row sums to 1 within 0.001, a tolerance that float16 storage
            meets.

    Raises:
        ValueError: if one of these rules is broken; the message names it.
    """
    labels = check_labels(labels)
    probs = np.asarray(probs)
    if probs.ndim != 2 or probs.shape[1] != N_CLASSES:
        raise ValueError(f"probs must have shape (n, {N_CLASSES}), not {probs.shape}")
    if len(probs) != len(labels):
        raise ValueError(f"labels and probs must have the same length, not {len(labels)} and {len(probs)}")
    probs = probs.astype(np.float64)
    if not np.isfinite(probs).all():
        raise ValueError(f"probs must be finite, and row {_first_row(~np.isfinite(probs))} is not")
    outside = (probs < 0) | (probs > 1 + SUM_TOLERANCE)
    if outside.any():
        raise ValueError(f"probs must lie between 0 and 1, and row {_first_row(outside)} does not")
    sums = probs.sum(axis=1)
    off = np.abs(sums - 1) > SUM_TOLERANCE
    if off.any():
        row = int(off.argmax())
        raise ValueError(
            f"each row of probs must sum to 1 within {SUM_TOLERANCE}, and row {row} sums to {sums[row]:.4f}"
        )
    return labels, probs


def check_labels(labels: np.ndarray) -> np.ndarray:
    """Return labels (n,) as int64.

    Raises:
        ValueError: unless they have one dimension, at least one entry, and whole numbers from 0 to 9.
    """
    labels = check_classes(labels, "labels")
    if not len(labels):
        raise ValueError("labels must hold at least one image")
    return labels


def check_classes(classes: np.ndarray, name: str) -> np.ndarray:
    """Return classes (n,) as int64; n may be 0.

    Args:
        classes: whole numbers from 0 to 9.
        name: what the error message calls them.

    Raises:
        ValueError: unless they have one dimension and whole numbers from 0 to 9.
    """
    classes = np.asarray(classes)
    if classes.ndim != 1:
        raise ValueError(f"{name} must have shape (n,), not {classes.shape}")
    if len(classes) and not np.issubdtype(classes.dtype, np.integer):
        raise ValueError(f"{name} must be whole numbers, not {classes.dtype}")
    if len(classes) and (classes.min() < 0 or classes.max() >= N_CLASSES):
        low, high = classes.min(), classes.max()
        raise ValueError(f"{name} must lie between 0 and {N_CLASSES - 1}, not between {low} and {high}")
    return classes.astype(np.int64)


def check_correct(correct: np.ndarray) -> np.ndarray:
    """Return which images each run classified correctly as bool (runs, n); a single run may be (n,).

    Raises:
        ValueError: unless the array is boolean, with at least one run and one image.
    """
    correct = np.atleast_2d(np.asarray(correct))
    if correct.dtype != np.bool_:
        raise ValueError(f"correct must be true or false for each image, not {correct.dtype}")
    if correct.ndim != 2 or 0 in correct.shape:
        raise ValueError(f"correct must have shape (runs, n) with at least one of each, not {correct.shape}")
    return correct


def _first_row(broken: np.ndarray) -> int:
    return int(broken.any(axis=1).argmax())
