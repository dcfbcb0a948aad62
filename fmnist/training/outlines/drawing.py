"""Draw garments from scratch, as people do in a few lines: polygons in place of the silhouettes of training images.

People draw what they know of a garment, not its silhouette on a model: sleeves stand straight out, shoes are an L,
bags are backpacks. Every shape is made of numbers drawn at random within ranges that are plausible for the class.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from fmnist.training.outlines.bags import bag
from fmnist.training.outlines.footwear import ankle_boot, sandal, sneaker
from fmnist.training.outlines.legs import dress, trouser
from fmnist.training.outlines.shape import Line, Outline
from fmnist.training.outlines.tops import coat, pullover, shirt, t_shirt
from fmnist.training.poses import ROOM

_LONG = 40.0  # pixels; the longer side of an item
_TILT = 7.0  # degrees; a standard deviation
_SHEAR = 0.1  # a standard deviation
_DENSE = 0.04  # the distance between points of a line, as a share of the longer side
_SHAKE = 0.014  # the largest part of an unsteady hand, as a share of the longer side


def draw_outline(label: int, rng: np.random.Generator) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Draw a garment of class `label`; returns its area and the strokes inside, both bool (ROOM, ROOM)."""
    outline = _OUTLINES[label](rng)
    move = _place(outline.areas, rng)
    body, strokes = np.zeros((2, ROOM, ROOM), np.uint8)
    for area in outline.areas:
        cv2.fillPoly(body, [move(_round_corners([*area, area[0]], int(rng.integers(0, 3))))], 1)
    width = int(rng.integers(1, 3))
    for line in outline.strokes:
        cv2.polylines(strokes, [move(line)], False, 1, width)
    return body > 0, strokes > 0


def _place(areas: Sequence[Line], rng: np.random.Generator) -> Callable[[Line], NDArray[np.int32]]:
    """Return what stretches, mirrors, tilts and shakes lines, and moves them to the middle of the room."""
    corners = np.concatenate([np.array(area, float) for area in areas])
    lowest, highest = corners.min(axis=0), corners.max(axis=0)
    stretch = np.exp(rng.normal(0, 0.1, 2))
    scale = _LONG / ((highest - lowest) * stretch).max() * stretch * (rng.choice([-1, 1]), 1)
    tilt = np.deg2rad(rng.normal(0, _TILT))
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    turn = turn @ np.array([[1.0, rng.normal(0, _SHEAR)], [0.0, 1.0]])
    # An unsteady hand: a few waves mostly about as long as the item
    waves, phases = rng.normal(0, 1, (2, 4)) * 1.5 / _LONG, rng.uniform(0, 2 * np.pi, (2, 4, 1))
    strength = rng.normal(0, _SHAKE * _LONG, (4, 2))

    def move(line: Line) -> NDArray[np.int32]:
        points = _subdivide((np.array(line, float) - (lowest + highest) / 2) * scale) @ turn.T
        shaken = np.sin((points @ waves)[None] * 2 * np.pi + phases.swapaxes(1, 2))
        offset = np.stack([shaken[axis] @ strength[:, axis] for axis in range(2)], axis=1)
        return np.asarray((points + offset + (ROOM - 1) / 2).round().astype(np.int32))

    return move


def _subdivide(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add points between those of a line, so that a hand can be unsteady on the way."""
    parts = [points[:1]]
    for start, end in pairwise(points):
        count = max(int(np.abs(end - start).max() / (_DENSE * _LONG)), 1)
        parts.append(start + (end - start) * np.linspace(0, 1, count + 1)[1:, None])
    return np.concatenate(parts)


def _round_corners(line: Line, times: int) -> Line:
    """Cut the corners of a closed line, after Chaikin (1974)."""
    points = np.array(line, float)
    for _ in range(times):
        before, after = points[:-1], points[1:]
        cut = np.stack([0.8 * before + 0.2 * after, 0.2 * before + 0.8 * after], axis=1).reshape(-1, 2)
        points = np.concatenate([cut, cut[:1]])
    return [(float(x), float(y)) for x, y in points]


_OUTLINES: tuple[Callable[[np.random.Generator], Outline], ...] = (
    t_shirt,
    trouser,
    pullover,
    dress,
    coat,
    sandal,
    shirt,
    sneaker,
    bag,
    ankle_boot,
)
