"""Near-duplicates between two sets of images, and what they mean for accuracy.

Different garments of one kind look alike, too. A mirrored image is no photograph of the set, so how near mirrored
images come to any other shows what likeness reaches: only what is nearer than all of these counts as a near-duplicate.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import IMAGE_SHAPE
from fmnist.evaluation.checks import check_correct
from fmnist.evaluation.intervals import Interval
from fmnist.evaluation.robustness import summarise_conditions

REACH = 1  # pixels along both axes, by which one of the two may be shifted
_CANDIDATES = 10  # of each image, by coarse likeness, that are compared closely
_BLOCK = 500

Floats = NDArray[np.float32]
Report = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest of the other images to each of n images: its place, (n,), and their distance, (n,)."""

    place: NDArray[np.int64]
    distance: Floats


@dataclass(frozen=True, eq=False)
class NearDuplicates:
    """Pairs of images nearer than any mirrored image is to another: `image`, `other` and `distance`, (k,) each.

    The nearest pair is first; `limit` is the smallest distance of a mirrored image.
    """

    image: NDArray[np.int64]
    other: NDArray[np.int64]
    distance: Floats
    limit: float


@dataclass(frozen=True)
class Without:
    """A model's accuracy on all images and without some, fractions, and the change with its 95% interval.

    `right` of those `left_out` are classified correctly, in the mean over its runs.
    """

    on_all: float
    on_rest: float
    interval: Interval
    right: float
    left_out: int

    @property
    def change(self) -> float:
        """What accuracy gains by leaving them out."""
        return self.on_rest - self.on_all


def find_near_duplicates(
    images: NDArray[np.uint8], others: NDArray[np.uint8], report: Report | None = None
) -> NearDuplicates:
    """Find the images, uint8 (n, 28, 28), that have a near-duplicate among others, (m, 28, 28).

    Ten thousand among 60,000 take a minute or two. `report` is told how many of all blocks of images are done.
    """
    blocks, done = 2 * math.ceil(len(images) / _BLOCK), 0

    def count() -> None:
        nonlocal done
        done += 1
        if report is not None:
            report(done, blocks)

    found = find_nearest(images, others, count)
    limit = float(find_nearest(images[:, :, ::-1], others, count).distance.min())
    close = np.flatnonzero(found.distance < limit)
    close = close[np.argsort(found.distance[close], kind="stable")]
    return NearDuplicates(close, found.place[close], found.distance[close], limit)


def find_nearest(images: NDArray[np.uint8], others: NDArray[np.uint8], count: Callable[[], None]) -> Nearest:
    """Return the nearest other image of each, as `measure_distance` has it; `count` is called after each block.

    Candidates are found among images of half the size, which a small shift hardly changes.
    """
    coarse, places, distances = _as_unit(_halve(others)), [], []
    for start in range(0, len(images), _BLOCK):
        part = images[start : start + _BLOCK]
        likeness = _as_unit(_halve(part)) @ coarse.T
        most = min(_CANDIDATES, len(others))
        candidates = np.argpartition(-likeness, most - 1, axis=1)[:, :most]
        apart = measure_distance(part[:, None], others[candidates])
        rows, best = np.arange(len(part)), apart.argmin(axis=1)
        places.append(candidates[rows, best])
        distances.append(apart[rows, best])
        count()
    return Nearest(np.concatenate(places), np.concatenate(distances))


def measure_distance(images: NDArray[np.uint8], others: NDArray[np.uint8]) -> Floats:
    """Return the distance of images, uint8 (…, 28, 28), to others, (…, 28, 28), at the shift at which it is least.

    It is that of the images' gradients, relative to their mean length: 0 for images that differ by a shift alone, about
    1.4 for unrelated ones. Gradients tell folds and prints apart, where pixels see little but the shape.
    """
    a, b = _differentiate(images), _differentiate(others)
    mean_length = np.sqrt(_length(a) * _length(b)).clip(1)
    reach = range(-REACH, REACH + 1)
    apart = [_length(np.roll(a, (down, right), axis=(-3, -2)) - b) for down in reach for right in reach]
    return np.asarray(np.min(apart, axis=0) / mean_length, np.float32)


def compare_without(correct: np.ndarray, left_out: np.ndarray) -> Without:
    """Compare a model's accuracy on all images with that without some of them.

    The interval is Newcombe's (1998) for the difference between the two groups of images, times the share left out.

    Args:
        correct: which images each run classifies correctly, bool (runs, n) or (n,).
        left_out: the images to leave out, bool (n,); some, and not all.
    """
    runs = check_correct(correct)
    rest, some = summarise_conditions(runs[:, ~left_out]), summarise_conditions(runs[:, left_out])
    share, gap = float(left_out.mean()), rest.mean - some.mean
    below = math.hypot(rest.mean - rest.interval[0], some.interval[1] - some.mean)
    above = math.hypot(rest.interval[1] - rest.mean, some.mean - some.interval[0])
    count = int(left_out.sum())
    interval = Interval(share * (gap - below), share * (gap + above))
    return Without(float(runs.mean()), rest.mean, interval, some.mean * count, count)


def _differentiate(images: NDArray[np.uint8]) -> Floats:
    """Return the differences of neighbouring pixels, down and to the right: (…, 28, 28, 2)."""
    values = images.astype(np.float32)
    return np.stack([np.diff(values, axis=-2, append=0), np.diff(values, axis=-1, append=0)], axis=-1)


def _length(gradients: Floats) -> Floats:
    return np.asarray(np.sqrt(np.square(gradients).sum(axis=(-3, -2, -1))))


def _halve(images: NDArray[np.uint8]) -> Floats:
    height, width = IMAGE_SHAPE
    quarters = images.reshape(len(images), height // 2, 2, width // 2, 2)
    return np.asarray(quarters.mean(axis=(2, 4), dtype=np.float32).reshape(len(images), -1))


def _as_unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(1e-6))
