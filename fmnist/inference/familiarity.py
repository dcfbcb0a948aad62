"""Score how out-of-distribution a picture is, from the features of the network that classifies it.

The score is the distance to the k-th nearest training image, between normalised features. Source: Sun, Ming, Zhu and Li
(2022), Out-of-Distribution Detection with Deep Nearest Neighbors.
"""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.serving import Classifier
from fmnist.runs.records import Reference

NEIGHBOURS = 5
FAMILIAR = 0.95  # the share of the validation images that should pass


def normalise(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale each row of features, (n, d), to length 1; a row of zeros stays zero."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


def measure_unlikeness(
    classifier: Classifier, images: NDArray[np.uint8], reference: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Compute the out-of-distribution score, 0 to 2, of each image: its distance or its mirror image's, if smaller.

    Args:
        classifier: the network whose features are compared.
        images: uint8 (m, 28, 28).
        reference: the normalised features of training images, (n, d).
    """
    one, other = (measure_distance(classifier.features(shown), reference) for shown in (images, images[:, :, ::-1]))
    return np.minimum(one, other)


def measure_distance(features: NDArray[np.float32], reference: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the distance, 0 to 2, from each row of features (m, d) to the k-th nearest of normalised rows (n, d).

    With fewer than k rows, it is the distance to the farthest.
    """
    likeness = normalise(features) @ reference.T
    k = min(NEIGHBOURS, len(reference))
    kth = np.partition(likeness, -k, axis=1)[:, -k]
    return np.asarray(np.sqrt(np.maximum(2 - 2 * kth, 0)), np.float32)


def find_nearest(features: NDArray[np.float32], reference: Reference, count: int) -> NDArray[np.int32]:
    """Find the training images nearest to a picture's features (1, d), nearest first.

    Returns their positions in the training file, int32 (count,).
    """
    likeness = normalise(features) @ reference.features.T
    return reference.indices[np.argsort(-likeness[0], kind="stable")[:count]]
