"""Use a picture's alpha channel as the item's outline, where programs that remove backgrounds left one."""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.background import Background, foreground
from fmnist.inference.frame import Cutout, Step, on_white
from fmnist.inference.sketch import as_picture, fill
from fmnist.inference.tone import DIM, MOST_LIFT, grey, lift, negative

CLEAR, SOLID = 32, 223  # alpha levels below and above which a pixel belongs to the ground or the item for certain
SOFT = 0.15  # share of the pixels that may be in between: soft edges and shadows
LEAST_CLEAR = 0.05  # share of the picture; with less it is a picture with rounded corners
OPEN = 0.25  # share of the border that is clear
BOX = 0.92  # share of its bounding box; an item that fills more is a picture in a frame
LOST = 0.05  # share of the item that white paper hides


def find_item(alpha: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """Return the item that an alpha channel, uint8 (h, w), cuts out, bool (h, w), or None if it cuts out none."""
    mask = alpha > 127
    if not mask.any():
        return None
    clear, soft = alpha < CLEAR, (alpha >= CLEAR) & (alpha <= SOLID)
    border = np.concatenate([clear[0], clear[-1], clear[1:-1, 0], clear[1:-1, -1]])
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = int(rows[-1] - rows[0] + 1) * int(columns[-1] - columns[0] + 1)
    plain = clear.mean() >= LEAST_CLEAR and border.mean() >= OPEN and soft.mean() <= SOFT
    return mask if plain and mask.sum() < BOX * box else None


def is_lost_on_white(mask: NDArray[np.bool_], pixels: NDArray[np.uint8], background: Background) -> bool:
    """Return whether an item can no longer be found once it lies on white: its outline is then in `mask` alone."""
    if not background.is_plain:
        return True
    seen = fill(foreground(pixels, background))
    return bool((mask & ~seen).sum() > LOST * mask.sum())


def strokes_of(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Draw what a mask covers in black on white, uint8 (h, w, 3)."""
    return np.repeat(as_picture(mask)[..., None], 3, axis=2)


def cut_out_alpha(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Cutout:
    """Cut out the item that a mask covers; an item too light to be inverted keeps its own levels."""
    inverted = negative(pixels, mask)
    light = float(np.quantile(inverted[mask], 0.9)) < DIM / MOST_LIFT
    tone = np.where(mask, grey(pixels), 0).astype(np.uint8) if light else lift(inverted, mask)
    steps = (
        Step("Cut out", "The transparent background is left out.", on_white(pixels, mask)),
        Step("On black", "Light cloth stays bright, the background is black.", tone)
        if light
        else Step("Inverted", "Dark cloth becomes bright, the background black.", tone),
    )
    return Cutout(tone, mask, steps)
