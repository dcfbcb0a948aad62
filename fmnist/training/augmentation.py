"""Augment batches of uint8 images at random; labels, shapes and value range stay the same."""

import numpy as np

Views = np.ndarray
"""Which view of each image is shown, int (n,): by mirroring and shift; see `RunConfig.views` for how many there are."""

_ERASED_AREA = (0.02, 0.2)  # of the image
_LOG_ASPECT = np.log(1 / 0.3)  # Zhong et al. 2020, "Random Erasing Data Augmentation", with half their largest area


def choose_views(n: int, rng: np.random.Generator, *, mirror: bool, shift: int) -> Views:
    """Choose a view of each of `n` images: half of them mirrored, each shift equally likely."""
    mirrored = rng.random(n) < 0.5 if mirror else np.zeros(n, bool)
    down, right = rng.integers(0, _sides(shift), (2, n)) if shift else np.zeros((2, n), int)
    return np.ravel_multi_index((mirrored.astype(int), down, right), _grid(shift))


def show_views(images: np.ndarray, views: Views, shift: int) -> np.ndarray:
    """Return a view of each image, uint8 (n, h, w); what a shift brings in from outside is zero."""
    mirrored, down, right = np.unravel_index(views, _grid(shift))
    shown = np.where(mirrored[:, None, None], images[:, :, ::-1], images)
    if not shift:
        return shown
    n, height, width = images.shape
    padded = np.zeros((n, height + 2 * shift, width + 2 * shift), np.uint8)
    padded[:, shift:-shift, shift:-shift] = shown
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    return windows[np.arange(n), down, right]


def _sides(shift: int) -> int:
    return 2 * shift + 1


def _grid(shift: int) -> tuple[int, int, int]:
    return 2, _sides(shift), _sides(shift)


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
