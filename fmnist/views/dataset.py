"""The dataset: images by class, how often pixel values occur, and which way the items point."""

from dataclasses import dataclass

import numpy as np

from fmnist.dataset import CLASS_NAMES, CLASS_PLURALS, FOOTWEAR, N_CLASSES, Dataset, split_indices
from fmnist.evaluation.pixels import PixelStatistics, average_classes, leans_right, measure_pixels
from fmnist.views.parts import Card, Column, Finding, Table
from fmnist.wording import join, percent

SPLITS = {"train": "Training", "validation": "Validation", "test": "Test"}
SAMPLES = 24  # of each class

METHOD = (
    "Pixel values and directions are counted on the 60,000 images of the training file.",
    "An image points left if the upper half of the item has its centre further right than the lower half.",
    "In a shoe seen from the side, the ankle stands above the heel, and the toe points the other way.",
    "Where the halves have the same centre, an image does not count as pointing left.",
)
_USES = {
    "train": "Models learn from these images.",
    "validation": "They choose the best epoch and the temperature.",
    "test": "They only measure accuracy.",
}
_MEASURES = (
    Column("Mean pixel", "%.3f", "From 0, black, to 1"),
    Column("Background (%)", "%.1f", "Pixels that are exactly 0"),
    Column("Points left (%)", "%.1f", "Images whose upper half lies further right"),
)


@dataclass(frozen=True)
class Options:
    """Which images are shown: of which split, and which draw from it."""

    split: str = "train"
    draw: int = 1


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of the classes.

    `counts` are the images by split, int (3, 10) in the order of SPLITS. All else is taken over the 60,000 images of
    the training file: `pixels`, the mean images, uint8 (10, 28, 28), and the shares, (10,), of images that point left.
    """

    counts: np.ndarray
    pixels: PixelStatistics
    means: np.ndarray
    left_shares: np.ndarray


def compute(dataset: Dataset) -> Facts:
    """Compute the facts about the classes."""
    images, labels = dataset.train_images, dataset.train_labels
    left = leans_right(images)  # a shoe that leans right has its toe on the left
    return Facts(
        counts=np.array([np.bincount(_labels(dataset, split), minlength=N_CLASSES) for split in SPLITS]),
        pixels=measure_pixels(images, labels),
        means=average_classes(images, labels),
        left_shares=np.array([left[labels == label].mean() for label in range(N_CLASSES)]),
    )


def finding(facts: Facts) -> Finding:
    """Say which way the shoes point; cards count the images of each split."""
    parts = [f"{percent(facts.left_shares[label], 1)} of the {CLASS_PLURALS[label]}" for label in FOOTWEAR]
    return Finding(
        "Almost every shoe points left, so models rarely see one pointing right.",
        f"In the training file, {join(parts)} point left.",
        cards=tuple(
            Card(title, f"{counts.sum():,}", f"{_span(counts)} per class", _USES[split])
            for (split, title), counts in zip(SPLITS.items(), facts.counts, strict=True)
        ),
    )


def describe_pixels(facts: Facts) -> str:
    """Say mean and standard deviation of the pixel values."""
    return f"Pixel values (mean {facts.pixels.mean:.3f}, SD {facts.pixels.std:.3f}, scaled to 0–1)"


def table(facts: Facts) -> Table:
    """Return counts, brightness and direction of each class."""
    counts = [Column(title, "localized") for title in SPLITS.values()]
    measures = (facts.pixels.class_means, 100 * facts.pixels.empty_share, 100 * facts.left_shares)
    rows = zip(CLASS_NAMES, *facts.counts.tolist(), *(values.tolist() for values in measures), strict=True)
    return Table([Column("Class"), *counts, *_MEASURES], list(rows))


def draw_samples(dataset: Dataset, options: Options) -> list[np.ndarray]:
    """Return some images of each class, uint8 (24, 28, 28); the same options always draw the same."""
    images = dataset.test_images if options.split == "test" else dataset.train_images
    positions, labels = _positions(dataset, options.split), _labels(dataset, options.split)
    rng = np.random.default_rng(options.draw)
    return [images[rng.choice(positions[labels == label], SAMPLES, replace=False)] for label in range(N_CLASSES)]


def _span(counts: np.ndarray) -> str:
    low, high = counts.min(), counts.max()
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _labels(dataset: Dataset, split: str) -> np.ndarray:
    labels = dataset.test_labels if split == "test" else dataset.train_labels
    return labels[_positions(dataset, split)]


def _positions(dataset: Dataset, split: str) -> np.ndarray:
    """Return where a split's images are in their file."""
    if split == "test":
        return np.arange(len(dataset.test_labels))
    train, validation = split_indices()
    return train if split == "train" else validation
