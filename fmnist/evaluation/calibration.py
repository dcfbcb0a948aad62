"""Measure and correct calibration: reliability, scores, temperature scaling and selective answers."""

import math
from dataclasses import dataclass

import numpy as np
import scipy  # submodules load on first use

from fmnist.dataset import N_CLASSES
from fmnist.evaluation.checks import SUM_TOLERANCE, check_correct, check_labels, check_predictions
from fmnist.evaluation.intervals import LEVEL, Interval, quantile
from fmnist.evaluation.metrics import SMALLEST_PROB, cross_entropy

BINS = 15
TEMPERATURES = (0.05, 20.0)
_MOST_STEPS, _TOLERANCE = 60, 1e-9  # of the search for a temperature


@dataclass(frozen=True)
class Reliability:
    """Accuracy by confidence, in bins of equal width.

    `edges` (bins + 1,) run from 0 to 1, and each bin includes its upper edge. `count`, mean `confidence` and `accuracy`
    are arrays (bins,); the last two are NaN where a bin is empty.
    """

    edges: np.ndarray
    count: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray

    @property
    def expected_error(self) -> float:
        """The expected calibration error over these bins (Guo et al. 2017): the mean gap, weighted by count."""
        gaps = np.abs(self.accuracy - self.confidence)
        return float(np.nansum(gaps * self.count) / self.count.sum())


@dataclass(frozen=True)
class CalibrationScores:
    """How well confidence agrees with accuracy; except for `accuracy`, lower is better.

    `ece` is the expected calibration error over the bins of `reliability`. `overconfidence` is the mean confidence
    minus the accuracy, with a 95% interval over images. `nll` is the negative log-likelihood in nats per image, and
    `brier` the squared error summed over the classes, from 0 to 2.
    """

    accuracy: float
    ece: float
    overconfidence: float
    overconfidence_interval: Interval
    nll: float
    brier: float
    reliability: Reliability


@dataclass(frozen=True)
class Correction:
    """The calibration scores of one run before and after temperature scaling, and the temperature.

    Without images to fit a temperature on, it is None, and the scores after are those before.
    """

    before: CalibrationScores
    after: CalibrationScores
    temperature: float | None


@dataclass(frozen=True)
class CoverageCurve:
    """Accuracy of the predictions above a confidence threshold, arrays (k,), from the highest threshold to the lowest.

    An image is answered if its confidence is at least `threshold`. `coverage` is the share of images answered, and
    `accuracy` the share of these answers that are correct.
    """

    threshold: np.ndarray
    coverage: np.ndarray
    accuracy: np.ndarray


@dataclass(frozen=True)
class ConfidentAnswers:
    """Coverage and accuracy at one threshold, over all images and, as arrays (10,), by true class.

    Accuracy is NaN where nothing is answered; coverage is NaN, too, for a class without images.
    """

    answered: int
    coverage: float
    accuracy: float
    class_coverage: np.ndarray
    class_accuracy: np.ndarray


def measure_reliability(labels: np.ndarray, probs: np.ndarray, bins: int = BINS) -> Reliability:
    """Compute accuracy by confidence, in `bins` of equal width from 0 to 1."""
    confidence, correct = _confidence(labels, probs)
    edges = np.linspace(0, 1, bins + 1)
    which = np.searchsorted(edges[1:-1], confidence)
    count = np.bincount(which, minlength=bins)
    with np.errstate(invalid="ignore"):  # an empty bin has no mean
        return Reliability(
            edges=edges,
            count=count,
            confidence=np.bincount(which, confidence, bins) / count,
            accuracy=np.bincount(which, correct, bins) / count,
        )


def score_calibration(labels: np.ndarray, probs: np.ndarray, bins: int = BINS) -> CalibrationScores:
    """Compute the calibration scores of one run's predictions, with the expected calibration error over `bins`."""
    labels, probs = check_predictions(labels, probs)
    confidence, correct = _confidence(labels, probs)
    reliability = measure_reliability(labels, probs, bins)
    gaps = confidence - correct
    return CalibrationScores(
        accuracy=float(correct.mean()),
        ece=reliability.expected_error,
        overconfidence=float(gaps.mean()),
        overconfidence_interval=_mean_interval(gaps),
        nll=cross_entropy(labels, probs),
        brier=float(((probs - np.eye(N_CLASSES)[labels]) ** 2).sum(axis=1).mean()),
        reliability=reliability,
    )


def fit_temperature(labels: np.ndarray, probs: np.ndarray) -> float:
    """Fit the temperature, between 0.05 and 20, that minimises the cross-entropy (Guo et al. 2017).

    Use validation predictions. A temperature above 1 lowers the confidence, one below 1 raises it.
    """
    labels, probs = check_predictions(labels, probs)
    logits = _logits(probs)
    true, (low, high) = logits[np.arange(len(labels)), labels], np.log(TEMPERATURES)
    tried = 0.0  # log T, in which T and 1/T are symmetric
    # The loss is convex in 1/T, and Newton's method needs a few steps; `scipy.optimize` takes 0.2 s to load.
    for _ in range(_MOST_STEPS):
        scale = np.exp(-tried)
        weights = scipy.special.softmax(scale * logits, axis=1)
        means = (weights * logits).sum(axis=1)
        slope = float((means - true).mean())
        curvature = float(((weights * logits**2).sum(axis=1) - means**2).mean())
        low, high = (tried, high) if slope > 0 else (low, tried)
        better = scale - slope / curvature if curvature > 0 else -1.0
        following = -np.log(better) if better > 0 else np.inf
        if not low < following < high:
            following = (low + high) / 2
        if slope == 0 or abs(following - tried) < _TOLERANCE:  # a flat loss has no better temperature
            break
        tried = following
    return float(np.exp(tried))


def apply_temperature(probs: np.ndarray, temperature: float) -> np.ndarray:
    """Divide the logits of probs (n, 10) by `temperature`; returns float64 with the same predicted classes."""
    return scipy.special.softmax(_logits(probs) / temperature, axis=1)


def _logits(probs: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(np.asarray(probs, dtype=np.float64), SMALLEST_PROB))


def score_scaling(labels: np.ndarray, probs: np.ndarray, temperature: float | None) -> Correction:
    """Score predictions (n, 10) before and after temperature scaling, where there is a temperature."""
    before = score_calibration(labels, probs)
    after = before if temperature is None else score_calibration(labels, apply_temperature(probs, temperature))
    return Correction(before, after, temperature)


def measure_coverage(confidence: np.ndarray, correct: np.ndarray) -> CoverageCurve:
    """Compute accuracy as a function of coverage, with one point for each confidence that occurs.

    Args:
        confidence: the probability of the predicted class of each image, (n,).
        correct: which images are classified correctly, bool (n,).
    """
    confidence, correct = _check_confidence(confidence, correct)
    surest_first = np.argsort(-confidence)
    thresholds, hits = confidence[surest_first], np.cumsum(correct[surest_first])
    # Images with the same confidence are answered together: the point belongs to the last of them.
    last = np.flatnonzero(np.append(np.diff(thresholds) < 0, True))
    answered = last + 1
    return CoverageCurve(thresholds[last], answered / len(correct), hits[last] / answered)


def answer_above(labels: np.ndarray, confidence: np.ndarray, correct: np.ndarray, threshold: float) -> ConfidentAnswers:
    """Compute coverage and accuracy when only confidences of at least `threshold` are answered.

    Args:
        labels: the true classes, (n,).
        confidence: the probability of the predicted class of each image, (n,).
        correct: which images are classified correctly, bool (n,).
        threshold: the lowest confidence that is answered, a fraction.
    """
    labels = check_labels(labels)
    confidence, correct = _check_confidence(confidence, correct)
    if len(labels) != len(correct):
        raise ValueError(f"labels and correct must have the same length, not {len(labels)} and {len(correct)}")
    sure = confidence >= threshold
    support, answered, hits = (
        np.bincount(labels[mask], minlength=N_CLASSES) for mask in (slice(None), sure, sure & correct)
    )
    with np.errstate(invalid="ignore"):
        return ConfidentAnswers(
            answered=int(sure.sum()),
            coverage=float(sure.mean()),
            accuracy=float(hits.sum() / answered.sum()),
            class_coverage=answered / support,
            class_accuracy=hits / answered,
        )


def _check_confidence(confidence: np.ndarray, correct: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    (correct,), confidence = check_correct(correct), np.asarray(confidence, np.float64)
    if confidence.shape != correct.shape:
        raise ValueError(f"confidence must have the shape of correct, {correct.shape}, not {confidence.shape}")
    if not ((confidence >= 0) & (confidence <= 1 + SUM_TOLERANCE)).all():
        raise ValueError("each confidence must lie between 0 and 1")
    return confidence, correct


def _mean_interval(values: np.ndarray) -> Interval:
    """Return Student's 95% interval for a mean; it is infinite for a single value."""
    freedom = len(values) - 1
    if not freedom:
        return Interval(-math.inf, math.inf)
    margin = quantile(1 - LEVEL / 2, freedom) * float(values.std(ddof=1)) / math.sqrt(len(values))
    return Interval(float(values.mean()) - margin, float(values.mean()) + margin)


def _confidence(labels: np.ndarray, probs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    labels, probs = check_predictions(labels, probs)
    return probs.max(axis=1), probs.argmax(axis=1) == labels
