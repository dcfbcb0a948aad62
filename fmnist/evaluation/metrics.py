"""Score predictions: accuracy, cross-entropy, precision and recall by class, and the confusion matrix."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from fmnist.dataset import N_CLASSES
from fmnist.evaluation.checks import check_classes, check_predictions

# Keras clips probabilities here before it takes the logarithm: one certain mistake costs 16.1 nats, not infinity.
SMALLEST_PROB = 1e-7


@dataclass(frozen=True)
class ClassScores:
    """Scores of each class, arrays (10,); NaN where a score is undefined: the class is absent or never predicted."""

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    support: np.ndarray


@dataclass(frozen=True)
class FrequentConfusion:
    """One kind of mistake: `count` of the `support` images of class `true` were classified as `predicted`."""

    true: int
    predicted: int
    count: int
    support: int


def correct_predictions(labels: np.ndarray, probs: np.ndarray) -> np.ndarray:
    """Return which images are classified correctly, bool (n,)."""
    labels, probs = check_predictions(labels, probs)
    return probs.argmax(axis=1) == labels


def accuracy(labels: np.ndarray, probs: np.ndarray) -> float:
    """Return the share of images that are classified correctly."""
    return float(correct_predictions(labels, probs).mean())


def macro_accuracy(labels: np.ndarray, probs: np.ndarray) -> float:
    """Return the mean accuracy over the classes that occur, each class with the same weight."""
    labels, probs = check_predictions(labels, probs)
    return float(np.nanmean(class_scores(count_confusions(labels, probs.argmax(axis=1))).recall))


def image_losses(labels: np.ndarray, probs: np.ndarray) -> np.ndarray:
    """Return the cross-entropy of each image in nats, float64 (n,); probabilities are clipped at 1e-7, as in Keras."""
    labels, probs = check_predictions(labels, probs)
    true_probs = np.take_along_axis(probs, labels[:, None], axis=1)[:, 0]
    return -np.log(np.clip(true_probs, SMALLEST_PROB, 1.0))


def cross_entropy(labels: np.ndarray, probs: np.ndarray) -> float:
    """Return the mean cross-entropy in nats per image, also called the negative log-likelihood."""
    return float(image_losses(labels, probs).mean())


def count_confusions(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Count n images by true and predicted class.

    Returns int64 (10, 10), one row per true class and one column per predicted class; n may be 0.

    Raises:
        ValueError: unless both arrays hold whole numbers from 0 to 9 and have the same shape (n,).
    """
    labels, predicted = check_classes(labels, "labels"), check_classes(predicted, "predicted")
    if len(labels) != len(predicted):
        raise ValueError(f"labels and predicted must have the same length, not {len(labels)} and {len(predicted)}")
    cells = np.bincount(labels * N_CLASSES + predicted, minlength=N_CLASSES**2)
    return cells.reshape(N_CLASSES, N_CLASSES)


def confusion_rates(counts: np.ndarray, by: Literal["row", "column"]) -> np.ndarray:
    """Divide counts (10, 10) by the sum of their row (recall) or column (precision); NaN where that is empty."""
    return _share(counts, counts.sum(axis=1 if by == "row" else 0, keepdims=True))


def class_scores(counts: np.ndarray) -> ClassScores:
    """Compute precision, recall, F1 and support of each class from a confusion matrix of counts (10, 10)."""
    hits, support, predicted = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    return ClassScores(
        precision=_share(hits, predicted),
        recall=_share(hits, support),
        f1=_share(2 * hits, support + predicted),
        support=support,
    )


def top_two_by_class(labels: np.ndarray, probs: np.ndarray) -> np.ndarray:
    """Return the share of each class whose label is among the two most likely classes, (10,); NaN without images.

    A label as likely as the second class counts.
    """
    labels, probs = check_predictions(labels, probs)
    likelier = (probs > np.take_along_axis(probs, labels[:, None], axis=1)).sum(axis=1)
    within = np.bincount(labels, weights=likelier < 2, minlength=N_CLASSES)
    return _share(within, np.bincount(labels, minlength=N_CLASSES))


def frequent_confusions(counts: np.ndarray, limit: int = 5) -> list[FrequentConfusion]:
    """List the mistakes in a confusion matrix of counts (10, 10), most frequent first, without empty cells."""
    mistakes = counts * ~np.eye(N_CLASSES, dtype=bool)
    support = counts.sum(axis=1)
    cells = np.argsort(-mistakes, axis=None, kind="stable")[:limit]
    pairs = (divmod(int(cell), N_CLASSES) for cell in cells)
    return [
        FrequentConfusion(true, predicted, int(mistakes[true, predicted]), int(support[true]))
        for true, predicted in pairs
        if mistakes[true, predicted]
    ]


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # shares of nothing are NaN on purpose
        return part / whole
