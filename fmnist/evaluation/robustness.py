"""Accuracy over several ways of changing the same images: its interval, paired differences and corruption errors.

The images are the sample: the conditions are chosen, not drawn, and an image counts with its mean over them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy  # submodules load on first use

from fmnist.evaluation.checks import check_correct
from fmnist.evaluation.intervals import LEVEL, Interval, effective_interval, quantile
from fmnist.evaluation.significance import holm


@dataclass(frozen=True)
class Accuracy:
    """A mean accuracy over conditions, with the 95% interval that reflects the images."""

    mean: float
    interval: Interval


@dataclass(frozen=True)
class Gain:
    """By how much a's mean accuracy over conditions exceeds b's on the same images: a fraction, its interval, p."""

    difference: float
    interval: Interval
    p_value: float

    @property
    def is_significant(self) -> bool:
        """Whether chance alone is an unlikely reason."""
        return self.p_value <= LEVEL


def summarise_conditions(correct: np.ndarray) -> Accuracy:
    """Summarise which images were classified correctly under each condition, bool (conditions, n) or (n,).

    The interval is Wilson's, at the number of images that would give the variance of the images' means.
    """
    shares = check_correct(correct).mean(axis=0)
    mean, images = float(shares.mean()), len(shares)
    variance = float(shares.var()) / images
    return Accuracy(mean, effective_interval(mean, mean * (1 - mean) / variance if variance else images))


def compare_conditions(correct_a: np.ndarray, correct_b: np.ndarray) -> Gain:
    """Compare two models under the same conditions, by a paired t-test over the images.

    Args:
        correct_a: which images a classified correctly under each condition, bool (conditions, n) or (n,).
        correct_b: the same for b.
    """
    a, b = check_correct(correct_a).mean(axis=0), check_correct(correct_b).mean(axis=0)
    if a.shape != b.shape:
        raise ValueError(f"both must be tested on the same images, not on {len(a):,} and {len(b):,}")
    leads, images = a - b, len(a)
    difference = float(leads.mean())
    error = float(leads.std(ddof=1)) / math.sqrt(images) if images > 1 else 0.0
    if not error:
        return Gain(difference, Interval(difference, difference), 0.0 if difference else 1.0)
    reach = quantile(1 - LEVEL / 2, images - 1) * error
    p_value = 2 * float(scipy.special.stdtr(images - 1, -abs(difference) / error))
    return Gain(difference, Interval(difference - reach, difference + reach), p_value)


def adjust_gains(gains: Sequence[Gain]) -> list[Gain]:
    """Return gains with their p-values adjusted by Holm's method for making all of them."""
    adjusted = holm([gain.p_value for gain in gains])
    return [replace(gain, p_value=float(p)) for gain, p in zip(gains, adjusted, strict=True)]


def corruption_errors(accuracy: np.ndarray, baseline: np.ndarray) -> np.ndarray:
    """Return the corruption error of each kind, (kinds,): errors over all severities, divided by the baseline's.

    Their mean is the mean corruption error, mCE (Hendrycks and Dietterich 2019).

    Args:
        accuracy: fractions, (kinds, severities).
        baseline: the same of the model that counts as 1.
    """
    return np.asarray((1 - accuracy).sum(axis=1) / np.maximum((1 - baseline).sum(axis=1), 1e-12))
