"""Find the plain background of a picture from its border, and the pixels that differ from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.tone import grey

TOLERANCE = 13  # in levels of 255, the 5% of the Fashion-MNIST paper: variation from light, noise and compression
EVEN_TOLERANCE = 5  # the same for a background that was generated, not photographed


@dataclass(frozen=True, eq=False)
class Background:
    """The most common colour along the border, `colour` (3,) RGB, and how much of the border has it.

    `share` is the part of the border within the tolerance of that colour, `even` the part that is almost identical.
    """

    colour: NDArray[np.uint8]
    share: float
    even: float

    @property
    def is_plain(self) -> bool:
        """Whether the border has one colour; an item may touch it, over a longer stretch if the colour is exact."""
        return self.share >= 0.75 or self.even >= 0.5

    @property
    def tolerance(self) -> int:
        """The largest difference, in levels, at which a pixel still counts as background."""
        return EVEN_TOLERANCE if self.even >= 0.5 else TOLERANCE

    @property
    def level(self) -> int:
        """The grey level of the colour, 0 to 255."""
        return int(grey(self.colour[None, None])[0, 0])


def find_background(pixels: NDArray[np.uint8]) -> Background:
    """Find the most common colour along the border of `pixels`, uint8 (h, w, 3)."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[1:-1, 0], pixels[1:-1, -1]])
    codes = (border // 32).astype(np.intp) @ np.array([64, 8, 1])
    colour = np.median(border[codes == np.bincount(codes).argmax()], axis=0).astype(np.uint8)
    off = distance(border, colour)
    return Background(colour, float((off <= TOLERANCE).mean()), float((off <= EVEN_TOLERANCE // 2).mean()))


def foreground(pixels: NDArray[np.uint8], background: Background) -> NDArray[np.bool_]:
    """Mark where a picture differs from its plain background beyond the tolerance, without specks: bool (h, w)."""
    import cv2

    differs = (distance(pixels, background.colour) > background.tolerance).astype(np.uint8)
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(differs, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    kept = areas >= max(2, differs.size * 2e-4)
    kept[0] = False
    return np.asarray(kept[pieces])


def piece_areas(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the areas, in pixels, of the connected pieces of a mask, largest first."""
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return np.sort(stats[1:, cv2.CC_STAT_AREA].astype(np.int64))[::-1]


def distance(pixels: NDArray[np.uint8], colour: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Return the distance of each pixel from a colour: the largest difference in a channel, int16 (...) in levels."""
    red, green, blue = np.moveaxis(abs(pixels.astype(np.int16) - colour.astype(np.int16)), -1, 0)
    return np.asarray(np.maximum(np.maximum(red, green), blue), np.int16)  # ten times as fast as max over three
