"""What shapes are made of: outlines and the strokes within them."""

from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Line = Sequence[Point]
"""The points of a stroke or outline: x to the right and y downwards, in any unit."""


@dataclass(frozen=True)
class Outline:
    """The parts of a drawing: areas inside closed outlines, and strokes that people add within them."""

    areas: Sequence[Line]
    strokes: Sequence[Line] = ()
