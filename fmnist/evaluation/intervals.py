"""Confidence intervals for accuracies: of one run, and of several seeds of one model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import scipy  # submodules load on first use: `scipy.special` takes 0.15 s, `scipy.stats` four times as long

from fmnist.evaluation.checks import check_correct

LEVEL = 0.05
RUNS_FOR_A_VARIANCE = 3  # with two, a spread of its own would hardly be known


class Interval(NamedTuple):
    """A confidence interval."""

    low: float
    high: float


@dataclass(frozen=True)
class AccuracySummary:
    """The accuracy of one model, as a fraction: mean and standard deviation over its runs, and a 95% interval.

    `std` is None for one run. `source` names the variation that the interval reflects: "images" for one run (Wilson's
    interval, which holds for that run only), "images and seeds" for several runs.
    """

    mean: float
    std: float | None
    interval: Interval
    runs: int
    images: int
    source: Literal["images", "images and seeds"]


def wilson_interval(correct: int, images: int) -> Interval:
    """Compute Wilson's (1927) 95% interval for `correct` out of `images`."""
    return effective_interval(correct / images, images)


def effective_interval(mean: float, images: float) -> Interval:
    """Compute Wilson's 95% interval for a mean as precise as a share of so many images, which need not be whole."""
    return _score_interval(mean, images, quantile(1 - LEVEL / 2, math.inf))


def macro_interval(correct: Sequence[int], images: Sequence[int]) -> Interval:
    """Compute a 95% interval for the mean of the class accuracies.

    As `summarise_runs` does it: Wilson's formula with Student's quantile, at the number of images that would give the
    estimated variance (Korn and Graubard 1998). Each class counts one more image, classified correctly as often as the
    mean of all, since a few images that are all correct do not make a class without variance. In simulations the
    interval covers 94 to 99%, with three to a hundred images in a class.

    Args:
        correct: the number of correct predictions in each class.
        images: the number of images in each class.
    """
    counts = np.array(images, dtype=float)
    shares = np.array(correct) / counts
    mean = float(shares.mean())
    drawn = (np.array(correct) + mean) / (counts + 1)
    spread = drawn * (1 - drawn) if 0 < mean < 1 else np.ones_like(drawn)
    parts = spread / counts / len(counts) ** 2
    freedom = float(parts.sum() ** 2 / (parts**2 / np.maximum(counts - 1, 1)).sum())
    effective_images = (mean * (1 - mean) if 0 < mean < 1 else 1.0) / float(parts.sum())
    return _score_interval(mean, effective_images, quantile(1 - LEVEL / 2, freedom))


def summarise_runs(correct: np.ndarray) -> AccuracySummary:
    """Summarise the accuracy of one model: mean, standard deviation and 95% interval.

    One run gets Wilson's interval. The interval of several runs reflects images and seeds: Wilson's formula with
    Student's quantile, at the number of images that would give the estimated variance without seeds (Korn and Graubard
    1998). In simulations it covers 94 to 96% with three or more runs, and about 90% with two where seeds matter most.

    Args:
        correct: which images each run classified correctly, bool (runs, n), or (n,) for one run.
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
    """Add the variance between seeds to a variance over images; return it with its degrees of freedom.

    The component of the seeds is the variance of the runs' accuracies that sampling of images does not explain, by
    analysis of variance: one for each model where all have three or more runs, since a carefully trained network can
    vary much less than another one, else pooled over the models, which takes their seeds to vary alike. What is
    not positive in all is left out. The degrees of freedom are Satterthwaite's (1946), infinite without any model.

    Args:
        image_part: the variance over images of one model's mean accuracy, or of the difference between two.
        networks: for each model with several seeds, which images its runs classified correctly, bool (runs, n).
        images: the number of images, n.
    """
    if not networks or images == 1:
        return image_part, math.inf
    separate = all(len(network) >= RUNS_FOR_A_VARIANCE for network in networks)
    parts = [measure_seeds(group, images) for group in ([[one] for one in networks] if separate else [networks])]
    component = sum(part.share * part.component for part in parts)
    if component <= 0:
        return image_part, images - 1
    variance = image_part + component
    spread = sum((part.share * part.between) ** 2 / part.freedom for part in parts)
    return variance, variance**2 / (image_part**2 / (images - 1) + spread)


class SeedPart(NamedTuple):
    """How much the runs of some models vary: between runs, beyond the images, and with which degrees of freedom.

    `share` is what the mean over the runs of each model leaves of the component, summed over the models.
    """

    between: float
    component: float
    freedom: int
    share: float


def measure_seeds(networks: list[np.ndarray], images: int) -> SeedPart:
    """Return how much the runs of models with several seeds vary, pooled over the models; bool (runs, n) each."""
    freedom = sum(len(network) - 1 for network in networks)
    between = sum(float(network.mean(axis=1).var()) * len(network) for network in networks) / freedom
    within = sum(float(network.var(axis=0).mean()) * len(network) for network in networks) / freedom
    component = (images * between - within) / (images - 1)
    return SeedPart(between, component, freedom, sum(1 / len(network) for network in networks))


def quantile(probability: float, freedom: float) -> float:
    """Return a quantile of Student's t distribution; with infinite degrees of freedom, of the normal distribution."""
    return float(scipy.special.stdtrit(freedom, probability))


def _score_interval(mean: float, images: float, width: float) -> Interval:
    square = width**2 / images
    centre = (mean + square / 2) / (1 + square)
    margin = width / (1 + square) * math.sqrt(mean * (1 - mean) / images + square / (4 * images))
    return Interval(max(0.0, centre - margin), min(1.0, centre + margin))
