"""How good one run's predictions are: accuracy, loss, scores by class and the confusion matrix."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from fmnist.dataset import N_CLASSES
from fmnist.evaluation.checks import check_classes, check_predictions

# Keras clips probabilities here before it takes the logarithm: one certain mistake costs 16.1, not infinity.
SMALLEST_PROB = 1e-7


@dataclass(frozen=True)
class ClassScores:
    """Scores by class, each (10,); NaN where a score does not exist: the class is absent, or never predicted."""

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    support: np.ndarray


@dataclass(frozen=True)
class FrequentConfusion:
    """One kind of mistake: `count` of the `support` images of class `true` were called `predicted`."""

    true: int
    predicted: int
    count: int
    support: int


def correct_predictions(labels: np.ndarray, probs: np.ndarray) -> np.ndarray:
    """Return which images are classified right, bool (n,)."""
    labels, probs = check_predictions(labels, probs)
    return probs.argmax(axis=1) == labels


def accuracy(labels: np.ndarray, probs: np.ndarray) -> float:
    """Return the share of images classified right."""
    return float(correct_predictions(labels, probs).mean())


def macro_accuracy(labels: np.ndarray, probs: np.ndarray) -> float:
    """Return the mean of the accuracies of the classes that occur, each class counting alike."""
    labels, probs = check_predictions(labels, probs)
    return float(np.nanmean(class_scores(count_confusions(labels, probs.argmax(axis=1))).recall))


def image_losses(labels: np.ndarray, probs: np.ndarray) -> np.ndarray:
    """Return each image's cross-entropy in nats, float64 (n,), with probabilities clipped at 1e-7 as Keras does."""
    labels, probs = check_predictions(labels, probs)
    true_probs = np.take_along_axis(probs, labels[:, None], axis=1)[:, 0]
    return -np.log(np.clip(true_probs, SMALLEST_PROB, 1.0))


def cross_entropy(labels: np.ndarray, probs: np.ndarray) -> float:
    """Return the mean cross-entropy in nats, the negative log-likelihood of one image."""
    return float(image_losses(labels, probs).mean())


def count_confusions(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Count n images by true and predicted class: int64 (10, 10), one row per true class, one column per predicted one.

    Raises ValueError unless both are whole numbers from 0 to 9 of the same shape (n,); n may be 0.
    """
    labels, predicted = check_classes(labels, "labels"), check_classes(predicted, "predicted")
    if len(labels) != len(predicted):
        raise ValueError(f"labels and predicted must have the same length, not {len(labels)} and {len(predicted)}")
    cells = np.bincount(labels * N_CLASSES + predicted, minlength=N_CLASSES**2)
    return cells.reshape(N_CLASSES, N_CLASSES)


def confusion_rates(counts: np.ndarray, by: Literal["row", "column"]) -> np.ndarray:
    """Return counts (10, 10) as shares of their row (recall) or their column (precision); NaN where it is empty."""
    return _share(counts, counts.sum(axis=1 if by == "row" else 0, keepdims=True))


def class_scores(counts: np.ndarray) -> ClassScores:
    """Return precision, recall, F1 and support of each class from a confusion matrix of counts (10, 10)."""
    hits, support, predicted = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    return ClassScores(
        precision=_share(hits, predicted),
        recall=_share(hits, support),
        f1=_share(2 * hits, support + predicted),
        support=support,
    )


def frequent_confusions(counts: np.ndarray, limit: int = 5) -> list[FrequentConfusion]:
    """Return the mistakes in a matrix of counts (10, 10), most frequent first, empty cells left out."""
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
    with np.errstate(invalid="ignore"):  # an empty whole has no shares: NaN is the answer, not a fault
        return part / whole
