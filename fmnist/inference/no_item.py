"""Recognise pictures that show no single item: pages of text, terminals, sheets and rows of many items."""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.background import piece_areas
from fmnist.inference.sketch import close_gaps, fill

MANY = 8  # pieces; a garment drawn in more strokes has a long one among them, or they enclose it
SMALL = 0.35  # of the longest edge of everything; no piece of text or of a collection is longer
CLOSE = 0.06  # of the longest edge: gaps between the dashes of an outline
HOLLOW = 0.15  # of what an outline in dashes encloses: the largest bare area

NO_SINGLE_ITEM = "No single item found. This looks like text, a chart or many items: crop the picture to one item."


def shows_many(ink: NDArray[np.bool_]) -> bool:
    """Return whether marks, bool (h, w), are many and all small, and no outline in dashes."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    if count - 1 < MANY:
        return False
    left, top, width, height = stats[1:, : cv2.CC_STAT_AREA].T
    size = max((left + width).max() - left.min(), (top + height).max() - top.min())
    return bool(np.maximum(width, height).max() < SMALL * size and not _encloses(ink, float(size)))


def _encloses(ink: NDArray[np.bool_], size: float) -> bool:
    closed = close_gaps(ink, CLOSE * size)
    filled = fill(closed)
    bare = piece_areas(filled & ~closed)
    return bool(bare.size and bare[0] > HOLLOW * filled.sum())
