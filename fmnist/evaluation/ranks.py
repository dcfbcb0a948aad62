"""Which models can be the best, and which ranks can each have? Simultaneous inference for many models on one test set.

All differences are estimated together: one covariance over the models, from the images that they classify correctly and
the spread of their seeds, and critical values from the maximum of simulated t statistics, in which the spread of the
seeds is as uncertain as a few runs leave it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fmnist.evaluation.checks import check_correct
from fmnist.evaluation.intervals import LEVEL
from fmnist.evaluation.moderation import moderate

_DRAWS = 3_000
_SEED = 2024
_LEAST_ERROR = 1e-6  # a hundredth of an image in 10,000: below it two models made the same mistakes


@dataclass(frozen=True)
class Ranks:
    """What the data say about the order of k models, arrays (k,) by model: rank 1 is the highest accuracy.

    With 95% confidence all true ranks lie from `lowest` to `highest` together. `can_be_best` marks a set that contains
    the best model with 95% confidence. `better`, bool (k, k), says which model (row) is significantly better than which
    other one (column), for all pairs together.
    """

    lowest: np.ndarray
    highest: np.ndarray
    can_be_best: np.ndarray
    better: np.ndarray


def rank_models(models: Sequence[np.ndarray]) -> Ranks:
    """Return the simultaneous rank intervals of models and the set of those that can be the best.

    The ranks follow Mogstad, Romano, Shaikh and Wilhelm (2024, Rev. Econ. Stud. 91:476): a model ranks below every one
    that is significantly better, with one critical value for all pairs. The set of the best is that of Hsu (1984, Ann.
    Stat. 12:1136), by comparisons with each model in turn. The variances between seeds are drawn towards what the
    models have in common, which a model with one run is taken to have; where none has several, the ranks are those of
    these runs.

    Args:
        models: for each model, which images its runs classified correctly, bool (runs, n) or (n,).

    Raises:
        ValueError: if the models were not tested on the same images, or there is none.
    """
    correct = [check_correct(one) for one in models]
    if len({one.shape[1] for one in correct}) != 1:
        raise ValueError("all models must be tested on the same images, and there must be at least one")
    means = np.array([one.mean() for one in correct])
    by_image = np.stack([one.mean(axis=0) for one in correct])
    images = np.atleast_2d(np.cov(by_image, bias=True)) / by_image.shape[1]
    seeds = _measure_seeds(correct)
    statistics = (means[:, None] - means[None, :]) / _standard_errors(images, seeds.variance)
    two_sided, one_sided = _critical_values(images, seeds)
    better = statistics > two_sided
    return Ranks(
        lowest=1 + better.sum(axis=0),
        highest=len(means) - better.sum(axis=1),
        can_be_best=(statistics + one_sided[:, None] >= 0).all(axis=1),
        better=better,
    )


class _Seeds(NamedTuple):
    """How much each model's mean accuracy varies with its seeds, arrays (k,).

    `variance` is the part that luck with the images does not explain. It comes from the variance between the runs,
    which is `excess` times as large as that `noise`, with some degrees of freedom.
    """

    variance: np.ndarray
    noise: np.ndarray
    excess: np.ndarray
    freedom: np.ndarray


def _measure_seeds(correct: Sequence[np.ndarray]) -> _Seeds:
    runs = np.array([len(one) for one in correct])
    several = runs > 1
    between = np.array([one.mean(axis=1).var(ddof=1) if len(one) > 1 else 0.0 for one in correct])
    noise = np.array([one.var(axis=0, ddof=1).mean() / one.shape[1] if len(one) > 1 else 0.0 for one in correct])
    if not several.any():
        return _Seeds(*np.zeros((2, len(runs))), *np.ones((2, len(runs))))
    noise[~several] = noise[several].mean()
    ratios = np.divide(between, noise, out=np.full(len(runs), np.nan), where=several & (noise > 0))
    excess, freedom = moderate(ratios, runs - 1.0)
    noise = noise / runs
    return _Seeds(np.maximum(excess - 1, 0.0) * noise, noise, excess, freedom)


def _standard_errors(images: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Return the standard errors (k, k) of all differences; that of a model from itself counts as one."""
    squares = _image_variances(images) + seeds[:, None] + seeds[None, :]
    np.fill_diagonal(squares, 1.0)
    return np.maximum(np.sqrt(np.maximum(squares, 0.0)), _LEAST_ERROR)


def _image_variances(images: np.ndarray) -> np.ndarray:
    variances = np.diag(images)
    return variances[:, None] + variances[None, :] - 2 * images


def _critical_values(images: np.ndarray, seeds: _Seeds) -> tuple[float, np.ndarray]:
    """Return the critical value of all pairs, two-sided, and for each model that of its lag behind any other.

    Each draw has new accuracies and, as independent of them as they are for normal values, new variances of the seeds.
    """
    size, rng = len(images), np.random.default_rng(_SEED)
    values, vectors = np.linalg.eigh(images + np.diag(seeds.variance))
    root = (vectors * np.sqrt(np.maximum(values, 0))).astype(np.float32)
    draws = rng.standard_normal((_DRAWS, size), dtype=np.float32) @ root.T
    excess = seeds.excess * rng.chisquare(seeds.freedom, (_DRAWS, size)) / seeds.freedom
    drawn = (np.maximum(excess - 1, 0.0) * seeds.noise).astype(np.float32)
    known = _image_variances(images).astype(np.float32)
    widest = np.zeros(_DRAWS, np.float32)
    one_sided = np.zeros(size)
    for place in range(size):
        errors = np.sqrt(np.maximum(known[place] + drawn + drawn[:, place, None], _LEAST_ERROR**2))
        lags = ((draws - draws[:, place, None]) / errors).max(axis=1)
        one_sided[place] = np.quantile(lags, 1 - LEVEL)
        np.maximum(widest, lags, out=widest)
    return float(np.quantile(widest, 1 - LEVEL)), one_sided
