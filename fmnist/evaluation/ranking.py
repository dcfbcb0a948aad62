"""How well probabilities separate one class from the others: ROC and precision–recall curves with their areas."""

from dataclasses import dataclass

import numpy as np

from fmnist.evaluation.checks import check_predictions
from fmnist.evaluation.intervals import Interval, effective_interval


@dataclass(frozen=True, eq=False)
class Area:
    """The area below a curve, from 0 to 1, with its 95% interval over images; both NaN where it is undefined."""

    value: float
    interval: Interval


@dataclass(frozen=True, eq=False)
class Ranking:
    """One class against the others, all arrays (points,).

    `recall` over `false_positive_rate` is the ROC curve, and `precision` over `precision_recall` the other one.
    """

    false_positive_rate: np.ndarray
    recall: np.ndarray
    roc: Area
    precision: np.ndarray
    precision_recall: np.ndarray
    average_precision: Area


UNDEFINED = Area(np.nan, Interval(np.nan, np.nan))


def rank_class(labels: np.ndarray, probs: np.ndarray, label: int) -> Ranking:
    """Measure how well the probability of one class separates its images from the others.

    The interval of the area below the ROC curve has the variance of DeLong et al. (1988), that of the average precision
    the binomial one for as many images as the class has (Boyd et al. 2013); both use Wilson's formula, which stays
    within 0 and 1. Areas are NaN unless there are images of the class and of others.

    Args:
        labels: the true classes, (n,).
        probs: the probabilities, (n, 10).
        label: the class.
    """
    from sklearn.metrics import average_precision_score, precision_recall_curve, roc_curve  # one second

    labels, probs = check_predictions(labels, probs)
    positive, scores = labels == label, probs[:, label].astype(float)
    if positive.all() or not positive.any():
        nothing = np.array([])
        return Ranking(nothing, nothing, UNDEFINED, nothing, nothing, UNDEFINED)
    false_positive_rate, recall, _ = roc_curve(positive, scores)
    precision, at_recall, _ = precision_recall_curve(positive, scores, drop_intermediate=True)
    average = float(average_precision_score(positive, scores))
    within = Area(average, effective_interval(average, float(positive.sum())))
    return Ranking(false_positive_rate, recall, _area(positive, scores), precision, at_recall, within)


def _area(positive: np.ndarray, scores: np.ndarray) -> Area:
    """Return the area below the ROC curve: how often an image of the class has a higher score than another one."""
    of_class = _place(scores[positive], np.sort(scores[~positive]))
    of_others = 1 - _place(scores[~positive], np.sort(scores[positive]))
    area = float(of_class.mean())
    smaller = min(len(of_class), len(of_others))
    if smaller < 2:
        return Area(area, effective_interval(area, smaller))
    variance = of_class.var(ddof=1) / len(of_class) + of_others.var(ddof=1) / len(of_others)
    images = area * (1 - area) / variance if variance > 0 else float(smaller)
    return Area(area, effective_interval(area, images))


def _place(scores: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the share of sorted other scores below each score; equal ones count half."""
    below, not_above = np.searchsorted(others, scores, "left"), np.searchsorted(others, scores, "right")
    return np.asarray((below + not_above) / (2 * len(others)))
