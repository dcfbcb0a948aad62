"""Explain a prediction by covering parts of its image."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

PATCH = 5
STRIDE = 2


def occlusion_map(
    probs: Callable[[NDArray[np.uint8]], NDArray[np.float32]], image: NDArray[np.uint8], label: int
) -> NDArray[np.float32]:
    """Cover the image patch by patch and measure how far the probability of one class drops.

    Returns float32 (28, 28): for each pixel the mean drop over the patches that cover it, positive where the pixel
    supports the class. Source: Zeiler and Fergus (2014), Visualizing and Understanding Convolutional Networks, section
    4.2.

    Args:
        probs: maps images, uint8 (n, 28, 28), to probabilities, (n, 10); it is called once.
        image: uint8 (28, 28).
        label: the class to explain.
    """
    patches = _patches(*image.shape)
    covered = np.where(patches, np.uint8(0), image)  # 0 is the background of Fashion-MNIST: it removes the patch
    scores = probs(np.concatenate([image[None], covered]))[:, label]
    drops = scores[0] - scores[1:]
    return np.asarray(np.tensordot(drops, patches, 1) / patches.sum(axis=0), np.float32)


def _patches(height: int, width: int) -> NDArray[np.bool_]:
    """Return masks (n, height, width) of square patches on a grid that covers every pixel, cropped at the border."""
    row, column = np.ogrid[:height, :width]
    reach = PATCH // 2
    return np.stack(
        [
            (abs(row - y) <= reach) & (abs(column - x) <= reach)
            for y in range(0, height + 1, STRIDE)
            for x in range(0, width + 1, STRIDE)
        ]
    )
