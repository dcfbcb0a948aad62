"""How unlike all training images a picture is, in the features of the network that is to name it.

The distance to the k-th nearest training image, between features of length 1. Source: Sun, Ming, Zhu and Li (2022),
Out-of-Distribution Detection with Deep Nearest Neighbors.
"""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.serving import Classifier
from fmnist.runs.records import Reference

NEIGHBOURS = 5
FAMILIAR = 0.95  # the share of the validation images that is to pass


def normalise(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring each row of features, (n, d), to length 1; one of zeros stays."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


def measure_unlikeness(
    classifier: Classifier, images: NDArray[np.uint8], reference: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return how unlike a reference's normalised features, (n, d), each of the images, uint8 (m, 28, 28), is: 0 to 2.

    An image is as unlike as it or its mirror image is, whichever is less.
    """
    one, other = (measure_distance(classifier.features(shown), reference) for shown in (images, images[:, :, ::-1]))
    return np.minimum(one, other)


def measure_distance(features: NDArray[np.float32], reference: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the distance, 0 to 2, of each row of features (m, d) to its k-th nearest of normalised rows (n, d).

    Where there are fewer than k, it is the distance to the farthest.
    """
    likeness = normalise(features) @ reference.T
    k = min(NEIGHBOURS, len(reference))
    kth = np.partition(likeness, -k, axis=1)[:, -k]
    return np.asarray(np.sqrt(np.maximum(2 - 2 * kth, 0)), np.float32)


def find_nearest(features: NDArray[np.float32], reference: Reference, count: int) -> NDArray[np.int32]:
    """Return the positions in the training file, int32 (count,), of the images nearest to a picture's features (1, d).

    The nearest comes first.
    """
    likeness = normalise(features) @ reference.features.T
    return reference.indices[np.argsort(-likeness[0], kind="stable")[:count]]
