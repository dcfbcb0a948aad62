"""How sure contenders are, as trained and after temperature scaling; computed once for pages, report and readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fmnist.contenders.contender import Contender, Snapshot
from fmnist.contenders.temperatures import temperature_of
from fmnist.evaluation.calibration import (
    Correction,
    CoverageCurve,
    apply_temperature,
    measure_coverage,
    score_scaling,
)

KINDS = {"trained": "As trained", "scaled": "Temperature-scaled"}

_LEAST_COVERAGE = 0.02  # the accuracy of fewer answers is mostly chance, and the eye would go there first
_POINTS = 300  # of a curve, which is as fine as a screen


@dataclass(frozen=True, eq=False)
class Calibrated:
    """One contender's answers on its test set, with their confidences and calibration scores.

    `labels` (n,) are the true classes and `correct`, bool (n,), says which answers are right. `confidence` maps each of
    KINDS to the probabilities of the predicted classes, (n,); without a temperature both are alike.
    """

    labels: np.ndarray
    correct: np.ndarray
    confidence: Mapping[str, np.ndarray]
    correction: Correction


def calibrate(contender: Contender) -> Calibrated:
    """Return a contender's calibration, with a temperature fitted on its validation images, where it has these.

    Raises:
        ValueError: unless the contender has exactly one row of test probabilities: each seed of a group has a
            temperature of its own.
        RunError: if its predictions cannot be read.
    """
    return _calibrate(Snapshot.of(contender))


def coverage_of(contender: Contender, kind: str, label: int | None) -> CoverageCurve:
    """Return accuracy against coverage on all test images or on those of one true class, as fine as a screen.

    Raises as `calibrate` does.
    """
    return _cover(Snapshot.of(contender), kind, label)


def thin_curve(curve: CoverageCurve) -> CoverageCurve:
    """Return at most 300 evenly spaced points of a curve, from a coverage of 2% on, and its last point."""
    last = curve.coverage[-1]
    wanted = np.linspace(min(_LEAST_COVERAGE, last), last, _POINTS)
    kept = np.unique(np.searchsorted(curve.coverage, wanted))
    return CoverageCurve(curve.threshold[kept], curve.coverage[kept], curve.accuracy[kept])


@lru_cache(maxsize=64)
def _calibrate(asked: Snapshot) -> Calibrated:
    labels, probs = _predictions(asked.contender)
    temperature = temperature_of(asked.contender)
    scaled = probs if temperature is None else apply_temperature(probs, temperature).astype(np.float32)  # as stored
    return Calibrated(
        labels=labels,
        correct=probs.argmax(axis=1) == labels,
        confidence={"trained": probs.max(axis=1), "scaled": scaled.max(axis=1)},
        correction=score_scaling(labels, probs, temperature),
    )


@lru_cache(maxsize=1000)
def _cover(asked: Snapshot, kind: str, label: int | None) -> CoverageCurve:
    calibrated = _calibrate(asked)
    kept = slice(None) if label is None else calibrated.labels == label
    return thin_curve(measure_coverage(calibrated.confidence[kind][kept], calibrated.correct[kept]))


def _predictions(contender: Contender) -> tuple[np.ndarray, np.ndarray]:
    labels, probs = contender.labels("test"), contender.probabilities("test")
    if labels is None or probs is None or len(probs) != 1:
        raise ValueError(f"{contender.title} needs exactly one row of test probabilities to be calibrated.")
    return labels, probs[0]
