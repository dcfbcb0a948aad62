"""The images of one training in shuffled batches, drawn from uint8 arrays without ever holding them all as floats."""

import math

import keras
import numpy as np


def scale_images(images: np.ndarray) -> np.ndarray:
    """Turn images uint8 (n, 28, 28) into a network's input: float32 (n, 28, 28, 1) in [0, 1]."""
    return np.multiply(images, np.float32(1 / 255), dtype=np.float32)[..., None]


class Batches(keras.utils.PyDataset):
    """Shuffled batches of (float32 (b, 28, 28, 1), labels (b,)); the order depends on the seed and the epoch alone."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, batch_size: int, seed: int) -> None:
        super().__init__()
        self._images, self._labels, self._batch_size, self._seed = images, labels, batch_size, seed
        self._epoch = 0
        self._shuffle()

    def __len__(self) -> int:
        return math.ceil(len(self._labels) / self._batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        return scale_images(self._images[chosen]), self._labels[chosen]

    def on_epoch_end(self) -> None:
        """Draw the next epoch's order."""
        self._epoch += 1
        self._shuffle()

    def _shuffle(self) -> None:
        self._order = np.random.default_rng((self._seed, self._epoch)).permutation(len(self._labels))
