"""Which models can be the best, and which ranks can each have? Simultaneous inference for many models on one test set.

All differences are estimated together: one covariance over the models, from the images that they classify correctly and
the spread of their seeds, and critical values from the maximum of simulated t statistics.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.evaluation.checks import check_correct
from fmnist.evaluation.intervals import LEVEL, RUNS_FOR_A_VARIANCE, measure_seeds

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
    Stat. 12:1136), by comparisons with each model in turn. A model with one run is taken to vary between seeds as the
    others do on average; where none has several, the ranks are those of these runs.

    Args:
        models: for each model, which images its runs classified correctly, bool (runs, n) or (n,).

    Raises:
        ValueError: if the models were not tested on the same images, or there is none.
    """
    correct = [check_correct(one) for one in models]
    if len({one.shape[1] for one in correct}) != 1:
        raise ValueError("all models must be tested on the same images, and there must be at least one")
    means = np.array([one.mean() for one in correct])
    covariance = _estimate_covariance(correct)
    errors = _standard_errors(covariance)
    statistics = (means[:, None] - means[None, :]) / errors
    two_sided, one_sided = _critical_values(covariance, errors)
    better = statistics > two_sided
    return Ranks(
        lowest=1 + better.sum(axis=0),
        highest=len(means) - better.sum(axis=1),
        can_be_best=(statistics + one_sided[:, None] >= 0).all(axis=1),
        better=better,
    )


def _estimate_covariance(correct: Sequence[np.ndarray]) -> np.ndarray:
    """Return the covariance (k, k) of the models' mean accuracies: over images, and each one's own over seeds."""
    images = correct[0].shape[1]
    by_image = np.stack([one.mean(axis=0) for one in correct])
    covariance = np.atleast_2d(np.cov(by_image, bias=True)) / images
    several = [one for one in correct if len(one) > 1]
    usual = measure_seeds(several, images).component if several and images > 1 else 0.0
    for place, one in enumerate(correct):
        own = measure_seeds([one], images).component if len(one) >= RUNS_FOR_A_VARIANCE else usual
        covariance[place, place] += max(own, 0.0) / len(one)
    return covariance


def _standard_errors(covariance: np.ndarray) -> np.ndarray:
    """Return the standard errors (k, k) of all differences; that of a model from itself counts as one."""
    variances = np.diag(covariance)
    squares = variances[:, None] + variances[None, :] - 2 * covariance
    np.fill_diagonal(squares, 1.0)
    return np.maximum(np.sqrt(np.maximum(squares, 0.0)), _LEAST_ERROR)


def _critical_values(covariance: np.ndarray, errors: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the critical value of all pairs, two-sided, and for each model that of its lag behind any other."""
    size = len(covariance)
    values, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0))).astype(np.float32)
    draws = np.random.default_rng(_SEED).standard_normal((_DRAWS, size), dtype=np.float32) @ root.T
    widest = np.zeros(_DRAWS, np.float32)
    one_sided = np.zeros(size)
    for place in range(size):
        lags = ((draws - draws[:, place, None]) / errors[place].astype(np.float32)).max(axis=1)
        one_sided[place] = np.quantile(lags, 1 - LEVEL)
        np.maximum(widest, lags, out=widest)
    return float(np.quantile(widest, 1 - LEVEL)), one_sided
