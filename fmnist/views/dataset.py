"""The data set: images by class, how often pixel values occur, and which way the items lean."""

from dataclasses import dataclass

import numpy as np

from fmnist.dataset import CLASS_NAMES, FOOTWEAR, N_CLASSES, Dataset, split_indices
from fmnist.evaluation.pixels import PixelStatistics, average_classes, leans_right, measure_pixels
from fmnist.views.parts import Column, Table
from fmnist.wording import join

SPLITS = {"train": "Training", "validation": "Validation", "test": "Test"}
SAMPLES = 24  # of each class

_USES = ("training", "validation", "the test")
_MEASURES = (
    Column("Mean pixel", "%.3f", "From 0, black, to 1"),
    Column("Background (%)", "%.1f", "Pixels that are exactly 0"),
    Column("Leans right (%)", "%.1f", "Images whose upper half lies further right"),
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
    the training file: `pixels`, the mean images, uint8 (10, 28, 28), and the shares, (10,), of images that lean right.
    """

    counts: np.ndarray
    pixels: PixelStatistics
    means: np.ndarray
    right_shares: np.ndarray


def compute(dataset: Dataset) -> Facts:
    """Compute the facts about the classes."""
    images, labels = dataset.train_images, dataset.train_labels
    leaning = leans_right(images)
    return Facts(
        counts=np.array([np.bincount(_labels(dataset, split), minlength=N_CLASSES) for split in SPLITS]),
        pixels=measure_pixels(images, labels),
        means=average_classes(images, labels),
        right_shares=np.array([leaning[labels == label].mean() for label in range(N_CLASSES)]),
    )


def finding(facts: Facts) -> str:
    """Say which way the shoes point."""
    parts = [f"{100 * facts.right_shares[label]:.1f}% of the {CLASS_NAMES[label].lower()}s" for label in FOOTWEAR]
    return (
        f"Nearly all footwear points left, {join(parts)}: "
        "a network trained on these images alone has hardly seen a shoe that points right."
    )


def describe_splits(facts: Facts) -> str:
    """Say how many images each split has, and how many of each class."""
    sizes = [
        f"{row.sum():,} for {use} ({_span(row)} of each class)" for row, use in zip(facts.counts, _USES, strict=True)
    ]
    return f"{facts.counts.sum():,} images in {N_CLASSES} classes: {join(sizes)}."


def table(facts: Facts) -> Table:
    """Return counts, brightness and leaning of each class."""
    counts = [Column(title, "localized") for title in SPLITS.values()]
    measures = (facts.pixels.class_means, 100 * facts.pixels.empty_share, 100 * facts.right_shares)
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
