"""Which labels may be wrong? Confident learning over the probabilities of models that never learned from the images."""

from dataclasses import dataclass

import numpy as np

from fmnist.dataset import N_CLASSES
from fmnist.evaluation.checks import check_predictions


@dataclass(frozen=True)
class LabelIssues:
    """What the probabilities make of n labels, each (n,).

    `disputed` says which labels are likely wrong, `suggested` the likeliest class, and `support` the probability of the
    label itself.
    """

    disputed: np.ndarray
    suggested: np.ndarray
    support: np.ndarray


@dataclass(frozen=True)
class AccuracyWithout:
    """One model's accuracy on all images and on the undisputed ones, and how many disputed ones it gets `wrong`.

    `on_undisputed` is NaN where every image is disputed.
    """

    on_all: float
    on_undisputed: float
    wrong: int


def find_label_issues(labels: np.ndarray, probs: np.ndarray) -> LabelIssues:
    """Return which labels (n,) are likely wrong, from out-of-sample probabilities (n, 10).

    A label is disputed where another class is the likeliest of all, and the likeliest of those that are confident: a
    class is confident where its probability reaches the mean that it has over the images which carry its label. These
    are the images off the diagonal of the confident joint of Northcutt, Jiang and Chuang (2021), Confident Learning, J.
    Artif. Intell. Res. 70:1373, equation 1. Raises ValueError where `check_predictions` does.
    """
    labels, probs = check_predictions(labels, probs)
    support = probs[np.arange(len(labels)), labels]
    members = np.bincount(labels, minlength=N_CLASSES)
    # a class without a member has no threshold: no image can be confidently of it
    thresholds = np.divide(
        np.bincount(labels, support, N_CLASSES), members, out=np.full(N_CLASSES, np.inf), where=members > 0
    )
    confident = np.where(probs >= thresholds, probs, 0.0)
    suggested = probs.argmax(axis=1)
    disputed = (suggested != labels) & confident.any(axis=1) & (confident.argmax(axis=1) != labels)
    return LabelIssues(disputed, suggested, support)


def compare_without(correct: np.ndarray, disputed: np.ndarray) -> list[AccuracyWithout]:
    """Return each model's accuracy with and without the disputed images; `correct` is bool (m, n), `disputed` (n,)."""
    left = int((~disputed).sum())
    return [
        AccuracyWithout(
            on_all=float(one.mean()),
            on_undisputed=float(one[~disputed].mean()) if left else float("nan"),
            wrong=int((disputed & ~one).sum()),
        )
        for one in correct
    ]
