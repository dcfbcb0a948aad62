"""Can the confidences be trusted? Reliability, calibration scores, temperature scaling and answering only when sure."""

import math
from dataclasses import dataclass

import numpy as np
import scipy  # submodules load when first used

from fmnist.dataset import N_CLASSES
from fmnist.evaluation.checks import check_labels, check_predictions
from fmnist.evaluation.intervals import LEVEL, Interval, quantile
from fmnist.evaluation.metrics import SMALLEST_PROB, cross_entropy

BINS = 15
TEMPERATURES = (0.05, 20.0)


@dataclass(frozen=True)
class Reliability:
    """How often predictions of like confidence are right, in bins of equal width.

    `edges` (bins + 1,) run from 0 to 1 and each bin includes its upper edge; `count`, mean `confidence` and `accuracy`
    are (bins,), the last two NaN where a bin is empty.
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
    """How well confidences agree with what happens; for all but `accuracy` lower is better.

    `ece` is the expected calibration error over the bins of `reliability`; `overconfidence` the mean confidence less
    the accuracy, with its 95 % interval over images; `nll` the negative log-likelihood in nats an image; `brier` the
    squared error summed over the classes, from 0 to 2.
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
    """Calibration scores of one run as it was trained and after temperature scaling, and the temperature."""

    before: CalibrationScores
    after: CalibrationScores
    temperature: float


@dataclass(frozen=True)
class CoverageCurve:
    """Accuracy when only confident predictions are answered, arrays (k,), from the surest answer to all answers.

    An image is answered where its confidence is at least `threshold`; `coverage` is the share of images answered,
    `accuracy` that of the answers that are right.
    """

    threshold: np.ndarray
    coverage: np.ndarray
    accuracy: np.ndarray


@dataclass(frozen=True)
class ConfidentAnswers:
    """What is answered at one threshold: shares of all images and, as arrays (10,), of each true class.

    `accuracy` is NaN where nothing is answered, both are NaN for a class that is absent.
    """

    answered: int
    coverage: float
    accuracy: float
    class_coverage: np.ndarray
    class_accuracy: np.ndarray


def measure_reliability(labels: np.ndarray, probs: np.ndarray, bins: int = BINS) -> Reliability:
    """Return how often predictions of like confidence are right, in `bins` of equal width from 0 to 1."""
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
    """Return the calibration scores of one run's predictions, with the expected calibration error over `bins`."""
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
    """Return the temperature, between 0.05 and 20, that minimises the cross-entropy (Guo et al. 2017).

    Fit it on validation predictions; above 1 it makes a network less sure, below 1 surer.
    """
    labels, probs = check_predictions(labels, probs)
    # The loss is convex in 1/T, and so has one minimum in log T, where T and 1/T are treated alike.
    fit = scipy.optimize.minimize_scalar(
        lambda log_temperature: cross_entropy(labels, apply_temperature(probs, np.exp(log_temperature))),
        bounds=np.log(TEMPERATURES),
        method="bounded",
        options={"xatol": 1e-6},
    )
    return float(np.exp(fit.x))


def apply_temperature(probs: np.ndarray, temperature: float) -> np.ndarray:
    """Return probs (n, 10) with their logits divided by `temperature`, float64; the predicted class stays."""
    logits = np.log(np.maximum(np.asarray(probs, dtype=np.float64), SMALLEST_PROB))
    return scipy.special.softmax(logits / temperature, axis=1)


def correct_temperature(
    val_labels: np.ndarray, val_probs: np.ndarray, labels: np.ndarray, probs: np.ndarray
) -> Correction:
    """Return what temperature scaling, fitted on validation predictions, does for others; both (m, 10) and (n, 10)."""
    temperature = fit_temperature(val_labels, val_probs)
    before, after = (score_calibration(labels, one) for one in (probs, apply_temperature(probs, temperature)))
    return Correction(before, after, temperature)


def measure_coverage(labels: np.ndarray, probs: np.ndarray) -> CoverageCurve:
    """Return accuracy against coverage, one point for each confidence that occurs."""
    confidence, correct = _confidence(labels, probs)
    surest_first = np.argsort(-confidence)
    thresholds, hits = confidence[surest_first], np.cumsum(correct[surest_first])
    # Images of equal confidence are answered together: a point lies at the last of them.
    last = np.flatnonzero(np.append(np.diff(thresholds) < 0, True))
    answered = last + 1
    return CoverageCurve(thresholds[last], answered / len(labels), hits[last] / answered)


def answer_above(labels: np.ndarray, probs: np.ndarray, threshold: float) -> ConfidentAnswers:
    """Return coverage and accuracy, over all and by true class, when confidences under `threshold` go unanswered."""
    confidence, correct = _confidence(labels, probs)
    labels, sure = check_labels(labels), confidence >= threshold
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


def _mean_interval(values: np.ndarray) -> Interval:
    """Return Student's 95 % interval for a mean; of a single value nothing is known."""
    freedom = len(values) - 1
    if not freedom:
        return Interval(-math.inf, math.inf)
    margin = quantile(1 - LEVEL / 2, freedom) * float(values.std(ddof=1)) / math.sqrt(len(values))
    return Interval(float(values.mean()) - margin, float(values.mean()) + margin)


def _confidence(labels: np.ndarray, probs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    labels, probs = check_predictions(labels, probs)
    return probs.max(axis=1), probs.argmax(axis=1) == labels
