"""Whether values are predictions, and of which form: ten probabilities, ten logits or one label for each image."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from fmnist.dataset import N_CLASSES
from fmnist.errors import InputError
from fmnist.evaluation.checks import SUM_TOLERANCE
from fmnist.evaluation.rounding import round_probabilities
from fmnist.imports.values import Values

Form = Literal["probabilities", "logits", "labels"]

FORMS: tuple[Form, ...] = ("probabilities", "logits", "labels")
_KNOWN_COUNTS = {
    5_000: "the number of our validation images",
    10_000: "the number of test images",
    60_000: "the number of training images",
    70_000: "training and test images together",
}


@dataclass(frozen=True, eq=False)
class Predictions:
    """Checked predictions: classes uint8 (n,), and probabilities float32 (n, 10), or None for labels alone.

    `form` is what the file held, and `notes` are sentences on what was done with it.
    """

    classes: np.ndarray
    probs: np.ndarray | None
    form: Form
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Part:
    """Checked predictions of some images of the training file, and the positions of these, (n,)."""

    predictions: Predictions
    positions: np.ndarray


def check_values(values: Values, count: int, form: Form | None = None) -> Predictions:
    """Return values as predictions of `count` images, in the order of the images.

    Args:
        values: what the file holds.
        count: how many images there are.
        form: what the values are, or None to find out.

    Raises:
        InputError: if they are no predictions of so many images; the message goes on after the file's name.
    """
    array = _numbers(values.array)
    _expect_rows(array, count)
    order, reordered = _order(values.numbers, count)
    array = array if order is None else array[order]
    labels = array.ndim == 1 or array.shape[1] == 1
    if form is not None and labels != (form == "labels"):
        raise InputError(f"holds {_describe(array.shape)}, so these are not {form}.")
    checked = _check_labels(array.reshape(-1)) if labels else _check_scores(array, form)
    return replace(checked, notes=(*values.notes, *reordered, *checked.notes))


def _numbers(array: np.ndarray) -> np.ndarray:
    """Return an array of real numbers without superfluous axes."""
    if array.dtype.kind in "US":
        raise InputError("holds text: write each class as its number from 0 to 9.")
    if array.dtype.kind not in "buif":
        raise InputError(f"holds {array.dtype}, and predictions are numbers.")
    if array.ndim > 2:
        array = array.reshape([side for side in array.shape if side != 1] or [1])
    if array.ndim == 2 and array.shape[0] == 1:
        array = array[0]
    return array.astype(np.float64)


def _describe(shape: Sequence[int]) -> str:
    if len(shape) == 1 or (len(shape) == 2 and shape[1] == 1):
        return "one number an image"
    return f"an array of shape ({', '.join(map(str, shape))})"


def _expect_rows(array: np.ndarray, count: int) -> None:
    shape = array.shape
    if array.ndim == 2 and shape[0] == N_CLASSES and shape[1] == count:
        raise InputError(f"has {N_CLASSES} rows of {count:,} numbers: transpose it to one row an image.")
    if array.ndim > 2 or array.ndim == 0:
        raise InputError(f"holds {_describe(shape)}: predictions have one row an image.")
    if shape[0] != count:
        known = f" ({_KNOWN_COUNTS[shape[0]]})" if shape[0] in _KNOWN_COUNTS else ""
        raise InputError(f"has {shape[0]:,} rows{known}, and {count:,} are needed: one an image.")
    if array.ndim == 2 and shape[1] not in (1, N_CLASSES):
        raise InputError(
            f"has {shape[1]} columns: give {N_CLASSES} probabilities, {N_CLASSES} logits or one label for each image."
        )


def _order(numbers: np.ndarray | None, count: int) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Return in which order rows belong by their numbers, and a note where that changes them."""
    if numbers is None:
        return None, ()
    order = np.argsort(numbers, kind="stable")
    if not np.array_equal(numbers[order] - numbers.min(), np.arange(count)):
        raise InputError(f"has row numbers that do not count {count:,} images, each once.")
    if np.array_equal(order, np.arange(count)):
        return None, ()
    return order, ("The rows were put into the order of their numbers.",)


def _check_labels(labels: np.ndarray, notes: tuple[str, ...] = ()) -> Predictions:
    _expect_finite(labels[:, None])
    if (labels != np.round(labels)).any():
        row = int((labels != np.round(labels)).argmax())
        raise InputError(f"holds {labels[row]:g} in row {row:,}, and a label is a whole number from 0 to 9.")
    low, high = int(labels.min()), int(labels.max())
    if low == 1 and high == N_CLASSES:
        raise InputError("holds labels from 1 to 10: subtract 1, as the classes count from 0 to 9.")
    if low < 0 or high >= N_CLASSES:
        raise InputError(f"holds labels from {low} to {high}, and the classes count from 0 to 9.")
    return Predictions(labels.astype(np.uint8), None, "labels", notes)


def _check_scores(scores: np.ndarray, form: Form | None) -> Predictions:
    _expect_finite(scores)
    found = form or _detect_form(scores)
    notes: tuple[str, ...] = ()
    if found == "logits":
        probs = softmax(scores)
        if form is None:
            notes = ("The rows are logits: softmax made them probabilities.",)
    else:
        probs, notes = _check_sums(scores)
    if ((scores == 0) | (scores == 1)).all():
        said = ("Every probability is 0 or 1, so the file counts as labels alone.",)
        return Predictions(scores.argmax(axis=1).astype(np.uint8), None, "labels", said)
    rounded = round_probabilities(probs, np.float32)
    return Predictions(rounded.argmax(axis=1).astype(np.uint8), rounded, found, notes)


def _detect_form(scores: np.ndarray) -> Form:
    """Return "logits" for rows that are nothing like probabilities, not even like broken ones or percentages."""
    inside = scores.min() >= 0 and scores.max() <= 1
    mostly = np.mean(np.abs(scores.sum(axis=1) - 1) <= SUM_TOLERANCE) >= 0.5
    return "probabilities" if inside or mostly or _common_sum(scores) is not None else "logits"


def _common_sum(scores: np.ndarray) -> float | None:
    """Return what all rows of numbers from 0 on sum to; None if there is no such sum."""
    sums = scores.sum(axis=1)
    typical = float(np.median(sums))
    alike = scores.min() >= 0 and typical > 0 and np.abs(sums / typical - 1).max() <= SUM_TOLERANCE
    return typical if alike else None


def _check_sums(scores: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return rows that sum to one; percentages are divided by 100."""
    common = _common_sum(scores)
    notes: tuple[str, ...] = ()
    if common is not None and abs(common - 100) <= 100 * SUM_TOLERANCE:
        scores, notes = scores / 100, ("The rows are percentages: they were divided by 100.",)
    sums = scores.sum(axis=1)
    off = np.abs(sums - 1) > SUM_TOLERANCE
    if off.any():
        row = int(off.argmax())
        raise InputError(
            f"has rows that do not sum to one, first row {row:,} with {sums[row]:.4g}: apply softmax, or give logits."
        )
    if scores.min() < -SUM_TOLERANCE:
        raise InputError("holds negative numbers in rows that sum to one, so these are not probabilities.")
    return np.clip(scores, 0, 1), notes


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return probabilities (n, 10) for logits (n, 10)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _expect_finite(array: np.ndarray) -> None:
    broken = ~np.isfinite(array)
    if broken.any():
        row = int(broken.any(axis=1).argmax())
        raise InputError(f"holds NaN or infinite numbers, first in row {row:,}.")
