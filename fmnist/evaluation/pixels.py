"""Describe the images: class means, the distribution of pixel values, and the direction that shoes point in."""

from dataclasses import dataclass

import numpy as np

from fmnist.dataset import N_CLASSES

_VALUES = np.arange(256) / 255


@dataclass(frozen=True)
class PixelStatistics:
    """How often each pixel value, 0 to 255, occurs in each class: `counts` is int64 (10, 256)."""

    counts: np.ndarray

    @property
    def mean(self) -> float:
        """The mean over all pixels, scaled from 0 to 1 as in the input of the networks."""
        return float(_mean(self.counts.sum(axis=0)))

    @property
    def std(self) -> float:
        """The standard deviation over all pixels, on the same scale."""
        counts = self.counts.sum(axis=0)
        return float(np.sqrt(counts @ (_VALUES - self.mean) ** 2 / counts.sum()))

    @property
    def class_means(self) -> np.ndarray:
        """The mean of each class, on the same scale, (10,)."""
        return _mean(self.counts)

    @property
    def empty_share(self) -> np.ndarray:
        """The share of each class's pixels that are 0, which is background, (10,)."""
        return self.counts[:, 0] / self.counts.sum(axis=1)


def measure_pixels(images: np.ndarray, labels: np.ndarray) -> PixelStatistics:
    """Count the pixel values of images uint8 (n, 28, 28) by class."""
    return PixelStatistics(np.array([_count_values(images[labels == label]) for label in range(N_CLASSES)]))


def average_classes(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Compute the mean image of each class, uint8 (10, 28, 28), from images uint8 (n, 28, 28)."""
    means = [images[labels == label].mean(axis=0) for label in range(N_CLASSES)]
    return np.rint(means).astype(np.uint8)


def leans_right(images: np.ndarray) -> np.ndarray:
    """Return whether the upper half of each item lies further right than its lower half, bool (n,).

    The halves divide the rows that the item in images (n, 28, 28) occupies, and are compared by their horizontal
    centres of mass. A shoe seen from the side has its shaft above the heel: if it leans right, its toe points left.
    """
    rows = images.sum(axis=2, dtype=np.uint16)  # 28 times 255 at most, and wider numbers take twice the time
    touched = rows > 0
    first, last = touched.argmax(axis=1), images.shape[1] - 1 - touched[:, ::-1].argmax(axis=1)
    upper = np.arange(images.shape[1]) < (first + last + 1)[:, None] / 2
    total = images.sum(axis=1, dtype=np.uint16)
    above = np.einsum("nrc,nr->nc", images, upper, dtype=np.uint16)
    return _centre(above) > _centre(total - above)


def _count_values(images: np.ndarray) -> np.ndarray:
    """Count the pixel values, int64 (256,): by pairs of neighbours, which takes half the time."""
    pairs = np.bincount(images.reshape(-1).view(np.uint16), minlength=256 * 256).reshape(256, 256)
    return np.asarray(pairs.sum(axis=0) + pairs.sum(axis=1))


def _centre(columns: np.ndarray) -> np.ndarray:
    mass = columns.sum(axis=1, dtype=np.int64)
    return columns @ np.arange(columns.shape[1]) / np.maximum(mass, 1)


def _mean(counts: np.ndarray) -> np.ndarray:
    return counts @ _VALUES / counts.sum(axis=-1)
