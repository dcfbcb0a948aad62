"""Find places for the labels of points in a figure, so that they cover as little as possible."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_CHARACTER, _LINE, _POINT = 0.0155, 0.05, 0.012  # of the figure's width and height, on a narrow column
_SIDES = {  # plotly's names of where a label can stand, with the directions to the right and up
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top right": (1, 1),
    "top left": (-1, 1),
    "bottom right": (1, -1),
    "bottom left": (-1, -1),
    "top center": (0, 2),
    "bottom center": (0, -2),
}


class Mark(NamedTuple):
    """A point with its vertical interval, in fractions of the figure's width and height."""

    x: float
    y: float
    low: float
    high: float


class _Box(NamedTuple):
    left: float
    right: float
    low: float
    high: float


def place_labels(marks: Mapping[str, Mark], labels: Mapping[str, str]) -> dict[str, str]:
    """Return by key on which side of its mark a label covers least of the other marks and of the labels before it.

    The sides are plotly's `textposition`. The sizes of letters and points are rough.

    Args:
        marks: all points of a figure by key.
        labels: what is written beside some of them.
    """
    taken = [_box(mark.x, mark.y, _POINT, _POINT) for mark in marks.values()]
    taken += [_Box(mark.x - _POINT / 4, mark.x + _POINT / 4, mark.low, mark.high) for mark in marks.values()]
    places = {}
    for key, label in labels.items():
        boxes = _list_boxes(marks[key], label)
        places[key] = min(boxes, key=lambda place: _measure_covered(boxes[place], taken))
        taken.append(boxes[places[key]])
    return places


def _list_boxes(mark: Mark, label: str) -> dict[str, _Box]:
    """Return the room that a label takes on each side, the most usual side first."""
    half = _CHARACTER * len(label) / 2
    return {
        place: _box(mark.x + side * (half + _POINT), mark.y + up * (_LINE + _POINT) / 2, half, _LINE / 2)
        for place, (side, up) in _SIDES.items()
    }


def _box(x: float, y: float, half_width: float, half_height: float) -> _Box:
    return _Box(x - half_width, x + half_width, y - half_height, y + half_height)


def _measure_covered(box: _Box, taken: Sequence[_Box]) -> float:
    """Return how much of a box lies over others, or beside the figure."""
    whole = (box.right - box.left) * (box.high - box.low)
    outside = whole - _measure_shared(box, _Box(0.0, 1.0, -math.inf, math.inf))
    return round(outside + sum(_measure_shared(box, other) for other in taken), 9)


def _measure_shared(one: _Box, other: _Box) -> float:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.high, other.high) - max(one.low, other.low)
    return max(wide, 0.0) * max(high, 0.0)
