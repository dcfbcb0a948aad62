"""How sure is an accuracy? Intervals for one run and for a network's several runs, and the variance behind them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import scipy  # its submodules load when first used: `scipy.special` costs 0.15 s, `scipy.stats` four times that

from fmnist.evaluation.checks import check_correct

LEVEL = 0.05


class Interval(NamedTuple):
    """A confidence interval."""

    low: float
    high: float


@dataclass(frozen=True)
class AccuracySummary:
    """A network's accuracy (a fraction): mean and standard deviation over its runs, and a 95 % interval.

    `std` is None for one run. `source` says what the interval counts: "images" (one run: Wilson's interval, for that
    run only) or "images and seeds" (several runs).
    """

    mean: float
    std: float | None
    interval: Interval
    runs: int
    images: int
    source: Literal["images", "images and seeds"]


def wilson_interval(correct: int, images: int) -> Interval:
    """Return Wilson's (1927) 95 % interval for an accuracy of `correct` out of `images`."""
    return _score_interval(correct / images, images, quantile(1 - LEVEL / 2, math.inf))


def macro_interval(correct: Sequence[int], images: Sequence[int]) -> Interval:
    """Return a 95 % interval for the mean of the classes' accuracies, from what is right and present of each class.

    Wilson's intervals of the classes, combined as independent (the MOVER of Zou and Donner 2008).
    """
    shares = np.array(correct) / np.array(images)
    low, high = np.array([wilson_interval(*counts) for counts in zip(correct, images, strict=True)]).T
    below, above = (float(np.sqrt(np.sum((shares - bound) ** 2))) / len(shares) for bound in (low, high))
    return Interval(float(shares.mean()) - below, float(shares.mean()) + above)


def summarise_runs(correct: np.ndarray) -> AccuracySummary:
    """Return mean, spread and 95 % interval of one network's accuracy from `correct`, bool (runs, n) or (n,).

    With several runs the interval counts images and seeds: Wilson's formula at the number of images that would alone
    give the estimated variance (Korn and Graubard 1998), with Student's quantile. With three or more runs it
    covers 94 to 96 %, with two about 90 % where seeds matter most. One run gives Wilson's interval.
    """
    correct = check_correct(correct)
    runs, images = correct.shape
    mean = float(correct.mean())
    image_part = float(correct.mean(axis=0).var()) / images
    variance, freedom = add_seed_variance(image_part, [correct] if runs > 1 else [], images)
    effective_images = mean * (1 - mean) / variance if variance else images
    return AccuracySummary(
        mean=mean,
        std=float(correct.mean(axis=1).std(ddof=1)) if runs > 1 else None,
        interval=_score_interval(mean, effective_images, quantile(1 - LEVEL / 2, freedom)),
        runs=runs,
        images=images,
        source="images and seeds" if runs > 1 else "images",
    )


def add_seed_variance(image_part: float, networks: list[np.ndarray], images: int) -> tuple[float, float]:
    """Return a variance that counts seeds as well as images, and its degrees of freedom (Satterthwaite 1946).

    `image_part` is the variance over images of the mean of one network, or of the difference of two; `networks` holds
    their `correct`, bool (runs, n). The seeds' component is what the runs' accuracies vary beyond the images' own
    noise, by the analysis of variance and pooled over the networks; where that is nothing, it is left out. No network,
    no seeds: the degrees of freedom are then infinite.
    """
    freedom = sum(len(network) - 1 for network in networks)
    if not freedom or images == 1:
        return image_part, math.inf
    between = sum(float(network.mean(axis=1).var()) * len(network) for network in networks) / freedom
    within = sum(float(network.var(axis=0).mean()) * len(network) for network in networks) / freedom
    component = (images * between - within) / (images - 1)
    if component <= 0:
        return image_part, images - 1
    share = sum(1 / len(network) for network in networks)
    variance = image_part + share * component
    return variance, variance**2 / (image_part**2 / (images - 1) + (share * between) ** 2 / freedom)


def quantile(probability: float, freedom: float) -> float:
    """Return a quantile of Student's distribution; with infinite degrees of freedom, of the normal one."""
    return float(scipy.special.stdtrit(freedom, probability))


def _score_interval(mean: float, images: float, width: float) -> Interval:
    square = width**2 / images
    centre = (mean + square / 2) / (1 + square)
    margin = width / (1 + square) * math.sqrt(mean * (1 - mean) / images + square / (4 * images))
    return Interval(max(0.0, centre - margin), min(1.0, centre + margin))
