"""Find labels that may be wrong by confident learning on out-of-sample probabilities."""

from dataclasses import dataclass

import numpy as np

from fmnist.dataset import N_CLASSES
from fmnist.evaluation.checks import check_predictions


@dataclass(frozen=True)
class LabelIssues:
    """The label issues of n images, arrays (n,).

    `disputed` marks the labels that are likely wrong, `suggested` is the most probable class, and `support` the
    probability of the given label.
    """

    disputed: np.ndarray
    suggested: np.ndarray
    support: np.ndarray


@dataclass(frozen=True)
class AccuracyWithout:
    """One model's accuracy on all images and on the undisputed ones, and the number of disputed ones it gets `wrong`.

    `on_undisputed` is NaN if every image is disputed.
    """

    on_all: float
    on_undisputed: float
    wrong: int


def find_label_issues(labels: np.ndarray, probs: np.ndarray) -> LabelIssues:
    """Find the labels (n,) that are likely wrong, from out-of-sample probabilities (n, 10).

    A class is confident for an image if its probability reaches the mean probability of that class over the images
    labelled with it. A label is disputed if another class is the most probable one, both among all classes and among
    the confident ones. These are the images off the diagonal of the confident joint of Northcutt, Jiang and Chuang
    (2021), Confident Learning, J. Artif. Intell. Res. 70:1373, equation 1.

    Raises:
        ValueError: if `check_predictions` refuses the labels or the probabilities.
    """
    labels, probs = check_predictions(labels, probs)
    support = probs[np.arange(len(labels)), labels]
    members = np.bincount(labels, minlength=N_CLASSES)
    # a class without images has no threshold, so it is never confident
    thresholds = np.divide(
        np.bincount(labels, support, N_CLASSES), members, out=np.full(N_CLASSES, np.inf), where=members > 0
    )
    confident = np.where(probs >= thresholds, probs, 0.0)
    suggested = probs.argmax(axis=1)
    disputed = (suggested != labels) & confident.any(axis=1) & (confident.argmax(axis=1) != labels)
    return LabelIssues(disputed, suggested, support)


def compare_without(correct: np.ndarray, disputed: np.ndarray) -> list[AccuracyWithout]:
    """Compute each model's accuracy with and without the disputed images, from bool (m, n) and bool (n,)."""
    left = int((~disputed).sum())
    return [
        AccuracyWithout(
            on_all=float(one.mean()),
            on_undisputed=float(one[~disputed].mean()) if left else float("nan"),
            wrong=int((disputed & ~one).sum()),
        )
        for one in correct
    ]
