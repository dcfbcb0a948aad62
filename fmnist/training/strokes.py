"""Add the details by which people identify a drawing: openings and buttons, straps, handles, soles.

A photo distinguishes a coat from a pullover by its cloth; a drawing does so by a line down the middle. A `body` is the
area inside an outline, bool (h, w); results have the same shape.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

Line = Sequence[tuple[float, float]]
"""The points of a stroke: x and y relative to the garment's bounding box, from (0, 0) top left to (1, 1)."""

_DOT = 0.05  # a button: about one of the 28 pixels
_SOLE = 1.6  # the smallest ratio of length to width


def draw_strokes(body: np.ndarray, label: int, rng: np.random.Generator) -> np.ndarray:
    """Return strokes that people add to a garment of class `label`, bool (h, w)."""
    x, y, width, height = cv2.boundingRect(body.astype(np.uint8))
    strokes, thickness = np.zeros(body.shape, np.uint8), int(rng.integers(1, 3))
    for line in _STROKES[label](rng):
        shaken = np.array(line) + rng.normal(0, 0.015, (len(line), 2))
        points = np.array([x, y]) + shaken * np.array([width, height])
        cv2.polylines(strokes, [points.round().astype(np.int32)], False, 1, thickness)
    return strokes > 0


def add_handles(body: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add a handle above a bag or straps at its sides, which are mostly filled, too."""
    x, y, width, height = cv2.boundingRect(body.astype(np.uint8))
    thickness = cv2.FILLED if rng.random() < 0.7 else int(rng.integers(2, 4))
    drawn = body.astype(np.uint8)
    if rng.random() < 0.65:
        middle = (round(x + width * rng.uniform(0.4, 0.6)), y + round(0.1 * height))
        axes = (round(width * rng.uniform(0.15, 0.42)), round(height * rng.uniform(0.25, 0.9)))
        cv2.ellipse(drawn, middle, axes, rng.normal(0, 6), 180, 360, 1, thickness)
    else:
        for side in (x, x + width)[: rng.integers(1, 3)]:
            middle = (side, round(y + height * rng.uniform(0.4, 0.7)))
            axes = (round(width * rng.uniform(0.1, 0.35)), round(height * rng.uniform(0.2, 0.5)))
            cv2.ellipse(drawn, middle, axes, 0, 0, 360, 1, thickness)
    return drawn > 0


def add_ankle(body: np.ndarray, lowest: float, highest: float, rng: np.random.Generator) -> np.ndarray:
    """Add an upright ankle above the heel of a shoe, on the side with the larger area.

    It rises above the shoe by between `lowest` and `highest` of the shoe's height.
    """
    x, y, width, height = cv2.boundingRect(body.astype(np.uint8))
    half = x + width // 2
    heel_at_right = body[:, half:].sum() > body[:, :half].sum()
    wide, tall = round(width * rng.uniform(0.25, 0.45)), round(height * rng.uniform(lowest, highest))
    left = x + width - wide if heel_at_right else x
    drawn = body.copy()
    drawn[max(y - tall, 0) : y + height // 2, left : left + wide] = True
    return drawn


def open_front(body: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Open the front of a coat: a gap down to the hem, which may widen towards it."""
    x, y, width, height = cv2.boundingRect(body.astype(np.uint8))
    middle, top, hem = x + width * rng.normal(0.5, 0.04), y + height * rng.uniform(0.0, 0.5), y + height
    below = width * rng.uniform(0.04, 0.12)
    above = below * rng.random()
    corners = [(middle - above, top), (middle + above, top), (middle + below, hem), (middle - below, hem)]
    drawn = cv2.fillConvexPoly(body.astype(np.uint8), np.array(corners).round().astype(np.int32), 0)
    return np.asarray(drawn > 0)


def fill_sole(body: np.ndarray) -> np.ndarray:
    """Fill the convex hull of a sandal if it is long enough to be a sole seen from above; else return the body."""
    points = cv2.findNonZero(body.astype(np.uint8))
    if points is None:
        return body
    _, sides, _ = cv2.minAreaRect(points)
    if max(sides) < _SOLE * min(sides):
        return body
    hull = cv2.fillConvexPoly(np.zeros(body.shape, np.uint8), cv2.convexHull(points), 1)
    return np.asarray(hull > 0)


def _opening(rng: np.random.Generator, buttons: float, two: float) -> list[Line]:
    """Draw an opening from neck to hem, of one or two lines, with buttons beside it and a collar or lapels above."""
    middle, hem = rng.normal(0.5, 0.03), rng.uniform(0.85, 1.0)
    apart = rng.uniform(0.05, 0.25) if rng.random() < two else 0.0
    sides = (middle - apart / 2, middle + apart / 2) if apart else (middle,)
    lines: list[Line] = [[(side, 0.05), (side, hem)] for side in sides]
    if rng.random() < buttons:
        beside = middle + rng.choice([-1, 1]) * rng.uniform(0.0, 0.08)
        lines += [[(beside, y), (beside + _DOT, y)] for y in np.linspace(0.2, 0.9, int(rng.integers(3, 7)))]
    if rng.random() < 0.6:
        wide, deep = rng.uniform(0.1, 0.2), rng.uniform(0.1, 0.4)
        lines += [[(middle + side * wide, 0.02), (middle + side * apart / 2, deep)] for side in (-1, 1)]
    return lines


def _coat(rng: np.random.Generator) -> list[Line]:
    lines = _opening(rng, buttons=0.4, two=0.5)
    if rng.random() < 0.3:
        low = rng.uniform(0.6, 0.8)
        lines += [[(x, low), (x + 0.12, low)] for x in (0.25, 0.63)]
    return lines


def _shirt(rng: np.random.Generator) -> list[Line]:
    lines = _opening(rng, buttons=0.95, two=0.1)
    if rng.random() < 0.3:
        x, y = rng.uniform(0.55, 0.62), rng.uniform(0.3, 0.4)
        lines += [[(x, y), (x + 0.13, y), (x + 0.13, y + 0.15), (x, y + 0.15), (x, y)]]
    return lines


def _closed_top(rng: np.random.Generator) -> list[Line]:
    """Draw a neckline, a hem and a print, but never an opening."""
    lines: list[Line] = []
    if rng.random() < 0.5:
        wide, deep = rng.uniform(0.08, 0.18), rng.uniform(0.05, 0.2)
        lines += [[(0.5 - wide, 0.02), (0.5 - wide / 2, deep), (0.5 + wide / 2, deep), (0.5 + wide, 0.02)]]
    if rng.random() < 0.25:
        low = rng.uniform(0.85, 0.95)
        lines += [[(0.25, low), (0.75, low)]]
    if rng.random() < 0.25:
        lines += [[(0.3, y), (0.7, y)] for y in np.linspace(0.35, 0.75, int(rng.integers(1, 4)))]
    return lines


def _trouser(rng: np.random.Generator) -> list[Line]:
    lines: list[Line] = []
    if rng.random() < 0.4:
        band = rng.uniform(0.05, 0.15)
        lines += [[(0.1, band), (0.9, band)]]
    if rng.random() < 0.3:
        lines += [[(0.5, 0.05), (0.5, rng.uniform(0.2, 0.4))]]
    return lines


def _dress(rng: np.random.Generator) -> list[Line]:
    waist = rng.uniform(0.25, 0.5)
    lines: list[Line] = [[(0.15, waist), (0.85, waist)]] if rng.random() < 0.5 else []
    if rng.random() < 0.3:
        lines += [[(x, waist), (0.5 + 1.4 * (x - 0.5), 0.98)] for x in (0.35, 0.5, 0.65)]
    return lines


def _sandal(rng: np.random.Generator) -> list[Line]:
    """Draw a strap between the toes or across the foot; the toes may point in any direction."""
    toe, heel = rng.choice([(0.25, 0.6), (0.75, 0.4)])
    strap: Line = [(0.1, heel), (0.5, toe), (0.9, heel)] if rng.random() < 0.6 else [(0.05, toe), (0.95, toe)]
    return [[(y, x) for x, y in strap] if rng.random() < 0.5 else strap]


def _shoe(rng: np.random.Generator) -> list[Line]:
    lines: list[Line] = []
    if rng.random() < 0.5:
        sole = rng.uniform(0.75, 0.92)
        lines += [[(0.02, sole), (0.98, sole)]]
    if rng.random() < 0.4:
        x = rng.uniform(0.35, 0.6)
        lines += [[(x + 0.06 * i, 0.25 + 0.05 * i), (x + 0.1 + 0.06 * i, 0.45)] for i in range(int(rng.integers(2, 5)))]
    return lines


def _bag(rng: np.random.Generator) -> list[Line]:
    lines: list[Line] = []
    if rng.random() < 0.5:
        low, dip = rng.uniform(0.15, 0.5), rng.uniform(0, 0.2)
        lines += [[(0.0, low), (0.5, low + dip), (1.0, low)]]
    if rng.random() < 0.4:
        side, top, bottom = rng.uniform(0.1, 0.35), rng.uniform(0.5, 0.7), rng.uniform(0.85, 1.0)
        lines += [[(side, bottom), (side, top), (1 - side, top), (1 - side, bottom), (side, bottom)]]
    return lines


_STROKES: tuple[Callable[[np.random.Generator], list[Line]], ...] = (
    _closed_top,
    _trouser,
    _closed_top,
    _dress,
    _coat,
    _sandal,
    _shirt,
    _shoe,
    _bag,
    _shoe,
)
