"""Variances of which each is estimated from few runs, drawn towards what they have in common."""

import numpy as np
import scipy  # submodules load on first use

_LEAST_VARIANCES = 5  # fewer say too little of what they have in common
_LEAST_SPREAD, _MOST_FREEDOM = 1e-4, 1e4  # where they do not differ in truth
_MOST_STEPS, _TOLERANCE = 50, 1e-10


def moderate(variances: np.ndarray, freedoms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return moderated variances with their degrees of freedom, both as many as there are variances.

    Smyth's (2004) empirical Bayes: the true values follow a scaled inverse chi-squared distribution, whose scale and
    degrees of freedom are those that fit the logarithms. A variance that is not known gets the common value; where
    fewer than five are known they stay as they are.

    Args:
        variances: estimates, NaN where there is none, of any shape.
        freedoms: the degrees of freedom of each, 0 where there is none, of the same shape.
    """
    known = (variances > 0) & (freedoms > 0)
    if known.sum() < _LEAST_VARIANCES:
        common = float(variances[known].mean()) if known.any() else 1.0
        return np.where(np.isnan(variances), common, variances), np.maximum(freedoms, 1.0)
    logs = np.log(np.maximum(variances[known], np.median(variances[known]) * 1e-5)) - _mean_log(freedoms[known])
    beyond = float(logs.var(ddof=1) - scipy.special.polygamma(1, freedoms[known] / 2).mean())
    prior = _solve_trigamma(beyond) if beyond > _LEAST_SPREAD else _MOST_FREEDOM
    common = float(np.exp(logs.mean() + _mean_log(np.array(prior))))
    own = np.where(np.isnan(variances), 0.0, freedoms)
    return (prior * common + own * np.nan_to_num(variances)) / (prior + own), prior + own


def _mean_log(freedom: np.ndarray) -> np.ndarray:
    """Return the mean logarithm of a chi-squared variable over its degrees of freedom."""
    return np.asarray(scipy.special.digamma(freedom / 2) - np.log(freedom / 2))


def _solve_trigamma(value: float) -> float:
    """Return the degrees of freedom whose half has this trigamma.

    Newton's method as in Smyth (2004), which begins below the root and never overshoots: `scipy.optimize` would take
    half a second to load.
    """
    half = 0.5 + 1 / value
    for _ in range(_MOST_STEPS):
        reached = scipy.special.polygamma(1, half)
        step = reached * (1 - reached / value) / scipy.special.polygamma(2, half)
        half += step
        if -step < _TOLERANCE * half:
            break
    return float(2 * half)
