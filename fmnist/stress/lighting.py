"""Light and weather: brightness, contrast, inversion, fog. Images are (n, 28, 28) from 0 to 1."""

import numpy as np

from fmnist.stress.draws import Draws, Floats

_MAP = 32  # the smallest power of two that holds an image


def brighten(images: Floats, draws: Draws, amount: float) -> Floats:  # noqa: ARG001
    """Add an amount to every pixel."""
    return images + amount


def lower_contrast(images: Floats, draws: Draws, share: float) -> Floats:  # noqa: ARG001
    """Keep a share of each pixel's difference from the image's mean."""
    means = images.mean(axis=(1, 2), keepdims=True)
    return means + share * (images - means)


def invert(images: Floats, draws: Draws, threshold: float) -> Floats:  # noqa: ARG001
    """Invert pixels from a threshold on (solarize); a threshold of 0 inverts all."""
    return np.where(images >= threshold, 1 - images, images)


def fog(images: Floats, draws: Draws, level: tuple[float, float]) -> Floats:
    """Add plasma fog and keep the brightest pixel as bright as it was.

    `level` is how thick the fog is, and by what its variation shrinks with each halving of the distance.
    """
    thickness, decay = level
    brightest = images.max(axis=(1, 2), keepdims=True)
    return (images + thickness * _plasma(draws, decay)) * brightest / (brightest + thickness)


def _plasma(draws: Draws, decay: float) -> Floats:
    """Return random clouds (n, 28, 28) from 0 to 1 by the diamond-square method, on a map that wraps around."""
    noise = draws.uniform(_MAP, _MAP) * 2 - 1
    clouds = np.zeros_like(noise)
    step, reach = _MAP, 1.0
    while step > 1:
        half = step // 2
        corners = clouds[:, ::step, ::step]
        beside = corners + np.roll(corners, -1, 2)
        middle = slice(half, None, step)
        clouds[:, middle, middle] = (beside + np.roll(beside, -1, 1)) / 4 + reach * noise[:, middle, middle]
        centres = clouds[:, middle, middle]
        across = corners + np.roll(corners, -1, 2) + centres + np.roll(centres, 1, 1)
        clouds[:, ::step, middle] = across / 4 + reach * noise[:, ::step, middle]
        along = corners + np.roll(corners, -1, 1) + centres + np.roll(centres, 1, 2)
        clouds[:, middle, ::step] = along / 4 + reach * noise[:, middle, ::step]
        step, reach = half, reach / decay
    lowest, highest = (f(clouds, axis=(1, 2), keepdims=True) for f in (np.min, np.max))
    return ((clouds - lowest) / (highest - lowest))[:, :28, :28]
