"""Cut an item out of a photo with a busy background, such as a floor, a bed or a hanger, with GrabCut.

Source: Rother, Kolmogorov and Blake (2004), GrabCut.
"""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.frame import Cutout, Step, on_white, shrink
from fmnist.inference.tone import lift, negative

LONGEST = 128  # pixels; enough for 28, and GrabCut takes about 20 ms
RING = 0.04  # of the shorter edge: the width of a border that shows the background
COLOURS = 4  # of the background, found by k-means in the corners
ROUNDS = 3
PLAUSIBLE = (0.04, 0.85)  # share of the picture that an item takes up

UNCLEAR = "The item could not be told from its surroundings: put it on a plain background of another colour."


def cut_out_photo(pixels: NDArray[np.uint8]) -> Cutout:
    """Separate the item in the middle from the background in the corners; `pixels` is uint8 (h, w, 3)."""
    small = shrink(pixels, LONGEST)
    guesses = (guess_item(small), _radius(*small.shape[:2]) < 0.8)  # the middle, where colour fails
    guess, mask = _first_plausible(small, guesses)
    tone = lift(negative(small, mask), mask)
    steps = (
        Step("First guess", "What is unlike the corners and near the middle.", on_white(small, guess)),
        Step("Cut out", "The item apart from its surroundings (GrabCut).", on_white(small, mask)),
        Step("Inverted", "Dark cloth becomes bright, the background black.", tone),
    )
    return Cutout(tone, mask, steps, () if _is_plausible(mask) else (UNCLEAR,))


def guess_item(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Guess the item from its difference to the colours of the corners, weighted towards the middle: bool (h, w)."""
    import cv2

    colours = cv2.cvtColor(cv2.GaussianBlur(pixels, (0, 0), 1), cv2.COLOR_RGB2LAB).astype(np.float32)
    colours[..., 0] *= 0.7  # shadows change the lightness of a floor more than its colour
    known = _main_colours(colours[corners(*pixels.shape[:2])])
    distance = np.min([np.linalg.norm(colours - colour, axis=-1) for colour in known], axis=0)
    radius = _radius(*pixels.shape[:2])
    score = distance * np.exp(-((radius / 0.9) ** 2))
    levels = (score * (255 / max(float(score.max()), 1.0))).astype(np.uint8)
    limit, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    return np.asarray((levels > limit) | (radius < 0.2))


def refine(pixels: NDArray[np.uint8], guess: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Move the edge of a guess to where the colours change, with GrabCut; the corners are background."""
    import cv2

    labels = np.where(guess, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[corners(*guess.shape)] = cv2.GC_BGD
    if not (labels == cv2.GC_PR_FGD).any():
        return np.zeros_like(guess)  # GrabCut needs foreground and background to start from
    cv2.setRNGSeed(0)  # its colour models start from k-means: the same picture must give the same result
    cv2.grabCut(pixels, labels, (0, 0, 0, 0), np.zeros((1, 65)), np.zeros((1, 65)), ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))


def drop_crumbs(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Remove threads, and pieces much smaller than the largest one."""
    import cv2

    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    areas[0] = 0
    return np.asarray((areas[pieces] > 0) & (areas[pieces] >= 0.2 * areas.max()))


def corners(height: int, width: int) -> NDArray[np.bool_]:
    """Return the border of a picture without the middles of its edges, which a large item may touch: bool (h, w)."""
    thickness = max(2, round(RING * min(height, width)))
    mask = _radius(height, width) > 1.1
    mask[thickness:-thickness, thickness:-thickness] = False
    return np.asarray(mask)


def _main_colours(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    import cv2

    cv2.setRNGSeed(0)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
    count = min(COLOURS, len(colours))
    labels = np.zeros((len(colours), 1), np.int32)
    return np.asarray(cv2.kmeans(colours, count, labels, ends, 1, cv2.KMEANS_PP_CENTERS)[2], np.float32)


def _radius(height: int, width: int) -> NDArray[np.float64]:
    """Return the distance of each pixel from the middle, which is 1 at the middle of each edge."""
    row, column = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(np.hypot(row, column))


def _first_plausible(
    pixels: NDArray[np.uint8], guesses: tuple[NDArray[np.bool_], ...]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the first guess that GrabCut refines to an item of plausible size, and that item; else the last guess."""
    for guess in guesses:
        mask = drop_crumbs(refine(pixels, guess))
        if _is_plausible(mask):
            return guess, mask
    return guesses[-1], guesses[-1]


def _is_plausible(mask: NDArray[np.bool_]) -> bool:
    return PLAUSIBLE[0] <= float(mask.mean()) <= PLAUSIBLE[1]
