"""Suggest to turn a picture that would be much more familiar on its side or upside down."""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.familiarity import measure_unlikeness
from fmnist.inference.picture import Picture
from fmnist.inference.serving import Classifier
from fmnist.runs.records import Reference

KINDS = ("catalogue", "sketch")  # for photos such suggestions would be wrong as often as right
STRANGE, FAMILIAR = 0.58, 0.83  # of the limit: a picture is turned only from above the first to below the second
CLEARLY = 0.75  # the turned copy's score at most, as a share of the picture's own

TURNS = {1: "turned left by 90°", 2: "turned by 180°", 3: "turned right by 90°"}  # by quarter turns to the left
SUGGESTION = "The picture looks more familiar {turn}."


def turn_picture(picture: Picture, quarters: int) -> Picture:
    """Turn a picture to the left by so many quarters."""
    alpha = None if picture.alpha is None else np.ascontiguousarray(np.rot90(picture.alpha, quarters))
    return Picture(np.ascontiguousarray(np.rot90(picture.pixels, quarters)), picture.warnings, alpha)


def suggest_turn(classifier: Classifier, reference: Reference, image: NDArray[np.uint8], unlikeness: float) -> int:
    """Return the quarter turns to the left after which an image is clearly more familiar and gets another class.

    Args:
        classifier: the network whose features are compared.
        reference: its training images.
        image: uint8 (28, 28).
        unlikeness: the image's own out-of-distribution score.

    Returns:
        1, 2 or 3; 0 for an image that is best as it is.
    """
    if unlikeness <= STRANGE * reference.limit:
        return 0
    turned = np.stack([np.rot90(image, quarters) for quarters in TURNS])
    scores = measure_unlikeness(classifier, turned, reference.features)
    best = int(scores.argmin())
    if scores[best] > min(CLEARLY * unlikeness, FAMILIAR * reference.limit):
        return 0
    before, after = classifier.probs_both_ways(np.stack([image, turned[best]])).argmax(axis=1)
    return best + 1 if before != after else 0
