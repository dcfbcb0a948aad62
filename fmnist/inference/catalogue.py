"""Cut out an item on a plain background, as in a shop's catalogue; the background becomes 0, whatever its colour."""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.background import Background, distance, foreground
from fmnist.inference.frame import SHARPNESS, Cutout, Step, on_white
from fmnist.inference.tone import grey, lift

PALE = 25  # levels; below this median contrast an item can hardly be distinguished from its background

WHITE_ON_WHITE = "The item can hardly be told from its background: put it on one of another colour."


def cut_out_catalogue(pixels: NDArray[np.uint8], background: Background) -> Cutout:
    """Find the item by its difference from the plain background; `pixels` is uint8 (h, w, 3)."""
    mask = foreground(pixels, background)
    difference = distance(pixels, background.colour)
    contrast = background.level - grey(pixels).astype(np.int16)  # above 0 where the item is darker
    darker = bool(contrast[mask].sum() >= 0)
    telling = contrast if darker else -contrast
    if is_lost_in_grey(telling[mask], difference[mask]):
        tone = lift(difference.clip(0, 255).astype(np.uint8), mask)
    else:
        tone = stretch(telling, background.level if darker else 255 - background.level)
        tone = lift(tone, mask) if darker else tone
    tone = np.where(mask, tone, 0).astype(np.uint8)
    steps = (
        Step("Cut out", "What differs from the plain colour of the border.", on_white(pixels, mask)),
        Step("Inverted", "Dark cloth becomes bright, the background black.", tone)
        if darker
        else Step("On black", "The dark background becomes black.", tone),
    )
    pale = mask.any() and np.median(difference[mask]) < PALE
    # A light item on a dark background looks like the dataset already, which was sharpened when it was made.
    return Cutout(tone, mask, steps, (WHITE_ON_WHITE,) if pale else (), SHARPNESS if darker else 0)


def stretch(contrast: NDArray[np.int16], reach: int) -> NDArray[np.uint8]:
    """Scale contrast to tone: 0 for the background, 255 for the end of the grey scale, `reach` levels away."""
    return np.asarray((contrast * (255 / max(reach, 1))).clip(0, 255).round(), np.uint8)


def is_lost_in_grey(contrast: NDArray[np.int16], difference: NDArray[np.int16]) -> bool:
    """Return whether grey would lose much of the item: as light as its background, or partly lighter, partly darker."""
    return bool(contrast.size and (contrast < 0.4 * difference).mean() > 0.3)
