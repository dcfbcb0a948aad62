"""An object on a plain background, as in a shop's catalogue: the background becomes 0, whichever tone it has."""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.background import Background, foreground
from fmnist.inference.frame import SHARPNESS, Cutout, Step, grey

PALE = 25  # levels; the median contrast below which an object can hardly be told from its background

WHITE_ON_WHITE = "The item can hardly be told from its background: put it on one of another colour."


def cut_out_catalogue(pixels: NDArray[np.uint8], background: Background) -> Cutout:
    """Find the object by its difference from the plain background; `pixels` is uint8 (h, w, 3)."""
    mask = foreground(pixels, background)
    contrast = background.level - grey(pixels).astype(np.int16)  # above 0 where the object is the darker one
    darker = contrast[mask].sum() >= 0
    tone = negative(pixels, mask) if is_mixed(contrast[mask]) else level(contrast, mask, background.level)
    steps = (
        Step("Background", f"A plain {'light' if darker else 'dark'} background, found from the border.", pixels),
        Step("Object", "The background becomes black" + (", dark cloth bright." if darker else "."), tone),
    )
    pale = abs(contrast[mask]).size and np.median(abs(contrast[mask])) < PALE
    # A light object on a dark background is how the data set looks already, sharpened as it was made.
    return Cutout(tone, mask, steps, (WHITE_ON_WHITE,) if pale else (), SHARPNESS if darker else 0)


def level(contrast: NDArray[np.int16], mask: NDArray[np.bool_], background: int) -> NDArray[np.uint8]:
    """Contrast to tone: 0 for the background and 255 for the opposite end of the grey scale."""
    darker = contrast[mask].sum() >= 0
    reach = background if darker else 255 - background
    signed = contrast if darker else -contrast
    return np.asarray((signed * (255 / max(reach, 1))).clip(0, 255).round(), np.uint8)


def is_mixed(contrast: NDArray[np.int16]) -> bool:
    """Whether grey alone would lose a good part of the object: equally light, or on both sides of the background."""
    if not contrast.size:
        return False
    same = contrast >= 0 if contrast.sum() >= 0 else contrast <= 0
    return bool((same & (abs(contrast) > 5)).mean() < 0.8)


def negative(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The object's own tones inverted, as the data set inverts its catalogue pictures; 0 outside the mask."""
    return np.where(mask, 255 - grey(pixels), 0).astype(np.uint8)
