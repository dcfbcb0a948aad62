"""Test sets made up where the truth is known: which images the runs of several models classify correctly.

The logit of a run's chance with an image is the image's ease, shared by all, plus the network's taste for that image,
plus the run's shift (its seed effect); luck decides the rest. Accuracy is about 0.91, two runs of one network disagree
on 8% of the images and runs of two networks on 9%, much as classifiers of Fashion-MNIST do.
"""

from collections.abc import Callable

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from scipy.special import expit

EASE, EASE_SPREAD, TASTE_SPREAD = 6.0, 4.0, 1.0
SEED_EFFECT = 0.1  # in logits: a standard deviation of about 0.36 points of accuracy
LEAD = 0.3  # in logits: about 1 point of accuracy
NODES, WEIGHTS = hermegauss(60)


def average(function: Callable[[np.ndarray], np.ndarray], spread: float) -> float:
    """The mean of a function of a normal variable with mean zero, by Gauss–Hermite quadrature."""
    return float(function(spread * NODES) @ WEIGHTS / WEIGHTS.sum())


def run_accuracy(shift: float) -> float:
    """A run's accuracy over all images that there could be."""
    return average(lambda deviation: expit(EASE + shift + deviation), np.hypot(EASE_SPREAD, TASTE_SPREAD))


def network_accuracy(lead: float, seed_effect: float) -> float:
    """A network's accuracy over all images and all seeds."""
    return average(lambda shifts: np.array([run_accuracy(lead + shift) for shift in shifts]), seed_effect)


def simulate(rng: np.random.Generator, *shifts: np.ndarray, images: int = 2000) -> list[np.ndarray]:
    """Which images of one new test set the runs of each network get right, given their shifts (runs,)."""
    ease = EASE + EASE_SPREAD * rng.standard_normal(images, dtype=np.float32)
    correct = []
    for own in shifts:
        logits = ease + TASTE_SPREAD * rng.standard_normal(images, dtype=np.float32)
        draws = rng.random((len(own), images), dtype=np.float32)
        correct.append(draws < expit(logits + own.astype(np.float32)[:, None]))
    return correct
