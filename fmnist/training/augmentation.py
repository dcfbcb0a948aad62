"""Change training images at random, a whole batch of uint8 images at a time; labels, shapes and range stay."""

import numpy as np

_ERASED_AREA = (0.02, 0.2)  # of the image
_LOG_ASPECT = np.log(1 / 0.3)  # Zhong et al. 2020, "Random Erasing Data Augmentation", with half their largest area


def augment(images: np.ndarray, rng: np.random.Generator, *, mirror: bool, shift: int, erase: float) -> np.ndarray:
    """Return images uint8 (n, h, w) mirrored, shifted and partly erased, each by chances of its own.

    Args:
        images: what to change; left as it is.
        rng: where the chances come from.
        mirror: whether to turn half of them left to right.
        shift: up to how many pixels to move them along each axis; zeros come in.
        erase: the probability with which a rectangle of noise covers part of one.
    """
    if mirror:
        images = mirror_half(images, rng)
    if shift:
        images = shift_by_pixels(images, rng, shift)
    if erase:
        images = erase_rectangles(images, rng, erase)
    return images


def mirror_half(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the images, each turned left to right with probability one half."""
    turned = rng.random(len(images)) < 0.5
    mirrored = images.copy()
    mirrored[turned] = images[turned, :, ::-1]
    return mirrored


def shift_by_pixels(images: np.ndarray, rng: np.random.Generator, limit: int) -> np.ndarray:
    """Return the images, each moved by -limit to limit pixels down and to the right; zeros come in."""
    n, height, width = images.shape
    padded = np.zeros((n, height + 2 * limit, width + 2 * limit), np.uint8)
    padded[:, limit:-limit, limit:-limit] = images
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    down, right = rng.integers(0, 2 * limit + 1, (2, n))
    return windows[np.arange(n), down, right]


def erase_rectangles(images: np.ndarray, rng: np.random.Generator, probability: float) -> np.ndarray:
    """Return the images, each with that probability with a rectangle of noise on it that lies wholly inside."""
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
    """Return booleans (n, size): for each length a stretch of it at a random place."""
    whole = np.clip(np.rint(lengths), 1, size).astype(int)[:, None]
    start = rng.integers(0, size - whole + 1)
    places = np.arange(size)
    return (places >= start) & (places < start + whole)
