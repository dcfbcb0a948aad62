"""The images of one training in shuffled batches, drawn from uint8 arrays without ever holding them all as floats."""

from collections.abc import Iterator
from itertools import count

import numpy as np


def scale_images(images: np.ndarray) -> np.ndarray:
    """Turn images uint8 (n, 28, 28) into a network's input: float32 (n, 28, 28, 1) in [0, 1]."""
    return np.multiply(images, np.float32(1 / 255), dtype=np.float32)[..., None]


def shuffled_batches(
    images: np.ndarray, labels: np.ndarray, batch_size: int, seed: int, first_epoch: int = 0
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield batches of (float32 (b, 28, 28, 1), labels (b,)), epoch after epoch without end.

    Each epoch's order depends on the seed and the epoch alone. A generator and not a `PyDataset`, because Keras reads
    ahead into the next epoch, and a sequence that is shuffled between epochs would then be read half old, half new.
    """
    for epoch in count(first_epoch):
        order = np.random.default_rng((seed, epoch)).permutation(len(labels))
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            yield scale_images(images[chosen]), labels[chosen]
