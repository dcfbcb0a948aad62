"""Noise and blur. Images are (n, 28, 28) from 0 to 1; results may leave that range and are clipped by the caller."""

import numpy as np
import scipy  # submodules load on first use

from fmnist.stress.draws import Draws, Floats

_SIDE = 28


def gaussian_noise(images: Floats, draws: Draws, deviation: float) -> Floats:
    """Add normal noise to every pixel."""
    return images + deviation * draws.normal(_SIDE, _SIDE)


def shot_noise(images: Floats, draws: Draws, photons: float) -> Floats:
    """Count photons, as many in white as `photons` on average."""
    return draws.poisson(images * photons) / photons


def impulse_noise(images: Floats, draws: Draws, share: float) -> Floats:
    """Replace a share of the pixels with black or white."""
    hit = draws.uniform(_SIDE, _SIDE) < share
    return np.where(hit, draws.integers(0, 2, _SIDE, _SIDE), images)


def gaussian_blur(images: Floats, draws: Draws, sigma: float) -> Floats:  # noqa: ARG001
    """Blur with a Gaussian kernel; beyond the edge lies what is at the edge."""
    return np.asarray(scipy.ndimage.gaussian_filter(images, (0, sigma, sigma), mode="nearest"))


def glass_blur(images: Floats, draws: Draws, level: tuple[float, int, int]) -> Floats:
    """Swap pixels with neighbours between two Gaussian blurs, as seen through frosted glass.

    `level` is the blur's standard deviation, how far a pixel moves at most, and how often all are gone through. Half
    of the pixels swap each time.
    """
    sigma, reach, rounds = level
    blurred = gaussian_blur(images, draws, sigma).copy()
    which = np.arange(len(images))
    places = [(row, column) for row in range(reach, _SIDE - reach) for column in range(reach, _SIDE - reach)]
    for _ in range(rounds):
        moves = draws.integers(-reach, reach + 1, 2, len(places))
        moves[draws.uniform(len(places))[:, None, :].repeat(2, axis=1) < 0.5] = 0
        for number, (row, column) in enumerate(places):
            other = which, row + moves[:, 0, number], column + moves[:, 1, number]
            here, there = blurred[:, row, column].copy(), blurred[other].copy()
            blurred[:, row, column], blurred[other] = there, here
    return gaussian_blur(blurred, draws, sigma)
