"""Augment batches of uint8 images at random; labels, shapes and value range stay the same."""

import numpy as np

_ERASED_AREA = (0.02, 0.2)  # of the image
_LOG_ASPECT = np.log(1 / 0.3)  # Zhong et al. 2020, "Random Erasing Data Augmentation", with half their largest area


def augment(images: np.ndarray, rng: np.random.Generator, *, mirror: bool, shift: int, erase: float) -> np.ndarray:
    """Mirror, shift and partly erase images, each independently of the others.

    Args:
        images: uint8 (n, h, w); not modified.
        rng: the source of randomness.
        mirror: whether to mirror half of the images left to right.
        shift: the largest shift along each axis, in pixels; the border is filled with zeros.
        erase: the probability that a rectangle of noise covers part of an image.
    """
    if mirror:
        images = mirror_half(images, rng)
    if shift:
        images = shift_by_pixels(images, rng, shift)
    if erase:
        images = erase_rectangles(images, rng, erase)
    return images


def mirror_half(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mirror each image left to right with probability one half."""
    turned = rng.random(len(images)) < 0.5
    mirrored = images.copy()
    mirrored[turned] = images[turned, :, ::-1]
    return mirrored


def shift_by_pixels(images: np.ndarray, rng: np.random.Generator, limit: int) -> np.ndarray:
    """Shift each image by -limit to limit pixels along each axis; the border is filled with zeros."""
    n, height, width = images.shape
    padded = np.zeros((n, height + 2 * limit, width + 2 * limit), np.uint8)
    padded[:, limit:-limit, limit:-limit] = images
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    down, right = rng.integers(0, 2 * limit + 1, (2, n))
    return windows[np.arange(n), down, right]


def erase_rectangles(images: np.ndarray, rng: np.random.Generator, probability: float) -> np.ndarray:
    """Cover part of each image, with the given probability, by a rectangle of noise that lies inside the image."""
    chosen = np.flatnonzero(rng.random(len(images)) < probability)
    _, height, width = images.shape
    area = rng.uniform(*_ERASED_AREA, len(chosen)) * height * width
    aspect = np.exp(rng.uniform(-_LOG_ASPECT, _LOG_ASPECT, len(chosen)))
    rows = _span(np.sqrt(area * aspect), height, rng)
    columns = _span(np.sqrt(area / aspect), width, rng)
    erased = images.copy()
    noise = rng.integers(0, 256, (len(chosen), height, width), dtype=np.uint8)
    erased[chosen] = np.where(rows[:, :, None] & columns[:, None, :], noise, images[chosen])
    return erased


def _span(lengths: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Return bool (n, size): for each length an interval of that length at a random position."""
    whole = np.clip(np.rint(lengths), 1, size).astype(int)[:, None]
    start = rng.integers(0, size - whole + 1)
    places = np.arange(size)
    return (places >= start) & (places < start + whole)
