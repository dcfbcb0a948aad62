"""Shuffle and augment training images in batches of uint8; they are scaled later, beside the network."""

from collections.abc import Iterable, Iterator
from itertools import count, groupby, islice

import numpy as np

from fmnist.dataset import N_CLASSES
from fmnist.recipes.config import RunConfig
from fmnist.training.augmentation import Views, choose_views, erase_rectangles, show_views

LEVEL = np.float32(1 / 255)  # the network input for one grey level

Batch = tuple[np.ndarray, np.ndarray]


def scale_images(images: np.ndarray) -> np.ndarray:
    """Convert images, uint8 (n, 28, 28), to the input of a network: float32 (n, 28, 28, 1) in [0, 1]."""
    return np.multiply(images, LEVEL, dtype=np.float32)[..., None]


def smooth_targets(labels: np.ndarray, smoothing: float = 0.0) -> np.ndarray:
    """Convert labels (n,) to target probabilities, float32 (n, 10); `smoothing` is spread evenly over all classes."""
    classes = np.eye(N_CLASSES, dtype=np.float32) * (1 - smoothing) + smoothing / N_CLASSES
    return classes.astype(np.float32)[labels]


def shuffled_batches(
    images: np.ndarray,
    labels: np.ndarray,
    config: RunConfig,
    first_epoch: int = 0,
    answers: np.ndarray | None = None,
) -> Iterator[Batch]:
    """Yield batches of images, uint8 (b, 28, 28), and targets, float32 (b, 10), epoch after epoch, endlessly.

    A share of the targets are the teachers' `answers`, (n, views, 10), if there are any: those to the view that the
    network sees. The order and the augmentation of an epoch depend only on the seed and the epoch. This is a generator
    and not a `PyDataset` because Keras reads ahead into the next epoch: of a sequence that is shuffled between epochs,
    it would read some batches in the old order.
    """
    for epoch in count(first_epoch):
        rng = np.random.default_rng((config.seed, epoch))
        order = rng.permutation(len(labels))
        for start in range(0, len(order), config.batch_size):
            chosen = order[start : start + config.batch_size]
            views = choose_views(len(chosen), rng, mirror=config.mirror, shift=config.shift)
            targets = smooth_targets(labels[chosen], config.label_smoothing)
            if answers is not None:
                targets = blend_targets(targets, answers[chosen, views], config.distil)
            yield _show_batch(images[chosen], labels[chosen], views, config, rng), targets


def blend_targets(targets: np.ndarray, answers: np.ndarray, share: float) -> np.ndarray:
    """Return targets, float32 (n, 10), of which a share are answers, probabilities (n, 10)."""
    return (1 - np.float32(share)) * targets + np.float32(share) * answers.astype(np.float32)


def augment_batch(images: np.ndarray, labels: np.ndarray, config: RunConfig, rng: np.random.Generator) -> np.ndarray:
    """Augment images, uint8 (n, 28, 28) of classes `labels` (n,), as training with that configuration does."""
    views = choose_views(len(images), rng, mirror=config.mirror, shift=config.shift)
    return _show_batch(images, labels, views, config, rng)


def _show_batch(
    images: np.ndarray, labels: np.ndarray, views: Views, config: RunConfig, rng: np.random.Generator
) -> np.ndarray:
    """Return the views of images, with what chance changes beside them."""
    changed = show_views(images, views, config.shift)
    if config.erase:
        changed = erase_rectangles(changed, rng, config.erase)
    if config.makes_pictures:
        from fmnist.training.pictures import draw_garments, photograph_garments  # imports OpenCV; others need not wait

        changed, chance = changed.copy(), rng.random(len(images))
        drawn, photographed = chance < config.drawn, chance >= 1 - config.photographed
        changed[drawn] = draw_garments(images[drawn], labels[drawn], rng)
        changed[photographed] = photograph_garments(images[photographed], labels[photographed], rng)
    return changed


def stack_batches(batches: Iterable[Batch], most: int) -> Iterator[Batch]:
    """Stack up to `most` batches of the same size: images, uint8 (k, b, 28, 28), and targets, float32 (k, b, 10)."""
    for _, same in groupby(batches, key=lambda batch: len(batch[1])):  # the last batch of an epoch may be smaller
        while stack := list(islice(same, most)):
            images, targets = zip(*stack, strict=True)
            yield np.stack(images), np.stack(targets)
