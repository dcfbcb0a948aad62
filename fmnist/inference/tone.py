"""From a picture's colours to the grey levels of the dataset: light cloth on black.

The robust recipe makes its training pictures with `lift` too: a change here means training those networks again.
"""

import numpy as np
from numpy.typing import NDArray

DIM = 150  # levels; in 19 of 20 training images the brightest tenth of the garment is above 132
MOST_LIFT = 4.0


def grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the luma (Rec. 601) of an RGB image: uint8 (h, w, 3) to (h, w). Grey pixels keep their exact level."""
    weighted = pixels @ np.array([299, 587, 114], np.uint32)
    return np.asarray((weighted + 500) // 1000, np.uint8)


def negative(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Invert an item's grey levels, as the dataset does with its catalogue pictures; outside the mask they are 0."""
    return np.where(mask, 255 - grey(pixels), 0).astype(np.uint8)


def lift(tone: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Brighten an item, such as inverted white cloth, that is dimmer than almost every item of the dataset."""
    tones = tone[mask]
    tenth = int(0.9 * (tones.size - 1))  # no interpolation between two levels: that would take five times as long
    bright = float(np.partition(tones, tenth)[tenth]) if tones.size else 0.0
    gain = min(max(DIM / max(bright, 1.0), 1.0), MOST_LIFT)
    return np.asarray((tone * gain).clip(0, 255).round(), np.uint8)
