"""Test whether two runs, or two models with several seeds each, differ on the same images.

A verdict and its interval never contradict each other: zero lies inside the interval if and only if the p-value is
above 0.05.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy  # submodules load on first use: `scipy.special` takes 0.15 s, `scipy.stats` four times as long

from fmnist.evaluation.checks import check_correct
from fmnist.evaluation.intervals import LEVEL, Interval, add_seed_variance, quantile

POWER = 0.8
TIE_MARGIN = 0.003  # two models within 0.3 points of each other serve a reader alike

Verdict = Literal["a", "b", "undecided"]


@dataclass(frozen=True)
class Comparison:
    """The comparison of a and b on one test set; accuracies and differences are fractions, differences are a − b.

    `p_value` is adjusted by Holm's method for the `comparisons` made together, and `verdict` names the better side
    where it is at most 0.05. The interval has the level `confidence`: 0.95 for one comparison, and Bonferroni's for
    several, whose intervals then hold together with 95% confidence. `detectable_difference` is the smallest true
    difference that the test would detect at that level with a power of 80%; `largest_difference` bounds the absolute
    true difference with 95% confidence, by two one-sided tests of this comparison alone (Schuirmann 1987). `scope`
    tells what the result holds for: these "runs" only or, with several seeds on both sides, the "networks", whose seeds
    are taken to vary alike where one of them has fewer than three.
    """

    accuracy_a: float
    accuracy_b: float
    difference: float
    ci_low: float
    ci_high: float
    p_value: float
    detectable_difference: float
    largest_difference: float
    verdict: Verdict
    runs_a: int
    runs_b: int
    images: int
    scope: Literal["runs", "networks"]
    comparisons: int
    confidence: float

    def is_tie(self, margin: float = TIE_MARGIN) -> bool:
        """Return whether no difference is significant and the true one is below a margin, with 95% confidence."""
        return self.verdict == "undecided" and self.largest_difference < margin

    def mirror(self) -> "Comparison":
        """Return the same comparison with a and b exchanged."""
        verdicts: dict[Verdict, Verdict] = {"a": "b", "b": "a", "undecided": "undecided"}
        return replace(
            self,
            accuracy_a=self.accuracy_b,
            accuracy_b=self.accuracy_a,
            difference=-self.difference,
            ci_low=-self.ci_high,
            ci_high=-self.ci_low,
            verdict=verdicts[self.verdict],
            runs_a=self.runs_b,
            runs_b=self.runs_a,
        )


@dataclass(frozen=True)
class _Estimate:
    """A difference before a level is chosen; `centre` is the middle of its interval, two added images included."""

    accuracy_a: float
    accuracy_b: float
    runs_a: int
    runs_b: int
    images: int
    centre: float
    variance: float
    freedom: float
    p_value: float


def compare(correct_a: np.ndarray, correct_b: np.ndarray) -> Comparison:
    """Compare the accuracies of a and b on the same images.

    One run on each side: McNemar's exact test, with the paired interval of Bonett and Price (2012, J. Educ. Behav.
    Stat. 37:479). Where the two disagree about zero, the exact test decides and the end of the interval moves to zero.

    Several runs on each side: a random-effects model of images × seeds nested in the model (cases × readers nested in
    the modality, Hillis 2014, Stat. Med. 33:330), see `add_seed_variance`. As Bonett and Price do, it adds two images,
    one that only a classifies correctly and one that only b does. In simulations the interval covers 94 to 97% with
    three or more runs on each side, and at least 92% with two.

    One run compared with several: the variation between seeds is unknown on one side. The test reflects the images
    only, and its result holds for these runs.

    Args:
        correct_a: which images the runs of a classified correctly, bool (runs, n), or (n,) for one run.
        correct_b: the same for b.

    Raises:
        ValueError: if the numbers of images differ.
    """
    return compare_many([(correct_a, correct_b)])[0]


def compare_many(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[Comparison]:
    """Compare each pair as `compare` does, corrected for the number of pairs.

    Holm's (1979) method decides. The intervals have Bonferroni's level, so that they cover all differences together in
    95% of cases, which intervals at Holm's levels do not. Where Holm's method decides and the interval would still
    contain zero, its end moves to zero.
    """
    estimates = [_estimate(a, b) for a, b in pairs]
    p_values = holm([estimate.p_value for estimate in estimates])
    return [
        _conclude(estimate, float(p_value), len(pairs)) for estimate, p_value in zip(estimates, p_values, strict=True)
    ]


def holm(p_values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return Holm's (1979) adjusted p-values, in the given order."""
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(np.minimum(p[order] * np.arange(len(p), 0, -1), 1.0))
    return adjusted


def mcnemar_p_values(only_a: np.ndarray, only_b: np.ndarray) -> np.ndarray:
    """Return the exact two-sided p-values of McNemar's test from the counts of cases that hold for one side only."""
    total = np.add(only_a, only_b)
    return np.minimum(1.0, 2 * scipy.special.bdtr(np.minimum(only_a, only_b), total, 0.5))


def _estimate(correct_a: np.ndarray, correct_b: np.ndarray) -> _Estimate:
    a, b = check_correct(correct_a), check_correct(correct_b)
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"both must be tested on the same images, not on {a.shape[1]:,} and {b.shape[1]:,}")
    images = a.shape[1]
    leads = a.mean(axis=0) - b.mean(axis=0)
    centre = float(leads.sum()) / (images + 2)
    mean_square = (float((leads**2).sum()) + 2) / (images + 2)
    image_part = (mean_square - centre**2) / (images + 2)
    variance, freedom = add_seed_variance(image_part, [a, b] if min(len(a), len(b)) > 1 else [], images)
    if len(a) == len(b) == 1:
        p_value = float(mcnemar_p_values((a & ~b).sum(), (b & ~a).sum()))
    else:
        p_value = 2 * float(scipy.special.stdtr(freedom, -abs(centre) / math.sqrt(variance)))
    return _Estimate(float(a.mean()), float(b.mean()), len(a), len(b), images, centre, variance, freedom, p_value)


def _conclude(estimate: _Estimate, p_value: float, comparisons: int) -> Comparison:
    level = LEVEL / comparisons
    verdict, interval = _decide(estimate, p_value, level)
    return Comparison(
        accuracy_a=estimate.accuracy_a,
        accuracy_b=estimate.accuracy_b,
        difference=estimate.accuracy_a - estimate.accuracy_b,
        ci_low=interval.low,
        ci_high=interval.high,
        p_value=p_value,
        detectable_difference=_detectable_difference(estimate, level),
        largest_difference=_largest_difference(estimate),
        verdict=verdict,
        runs_a=estimate.runs_a,
        runs_b=estimate.runs_b,
        images=estimate.images,
        scope="networks" if min(estimate.runs_a, estimate.runs_b) > 1 else "runs",
        comparisons=comparisons,
        confidence=1 - level,
    )


def _decide(estimate: _Estimate, p_value: float, level: float) -> tuple[Verdict, Interval]:
    margin = quantile(1 - level / 2, estimate.freedom) * math.sqrt(estimate.variance)
    low, high = max(-1.0, estimate.centre - margin), min(1.0, estimate.centre + margin)
    if p_value > LEVEL:
        return "undecided", Interval(min(low, 0.0), max(high, 0.0))
    if estimate.centre > 0:
        return "a", Interval(max(low, 0.0), high)
    return "b", Interval(low, min(high, 0.0))


def _largest_difference(estimate: _Estimate) -> float:
    """Return the smallest margin within which two one-sided tests at 0.05 place the true difference."""
    reach = quantile(1 - LEVEL, estimate.freedom) * math.sqrt(estimate.variance)
    return min(1.0, abs(estimate.centre) + reach)


def _detectable_difference(estimate: _Estimate, level: float) -> float:
    """Return the smallest true difference detected with a power of 0.8 (Miettinen 1968).

    It depends on how often the two sides disagree, and is never below the difference that would result if every
    disagreement favoured the same side.
    """
    reach = quantile(1 - level / 2, estimate.freedom) + quantile(POWER, estimate.freedom)
    variance_if_equal = estimate.variance + estimate.centre**2 / (estimate.images + 2)
    return min(1.0, max(reach * math.sqrt(variance_if_equal), reach**2 / estimate.images))
