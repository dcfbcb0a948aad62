"""Labels beside the ends of lines, instead of a legend: in the margin at the right, at a distance from each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

MARGIN = 126  # pixels that labels take at the right
_WIDTH, _LINE = 14, 20  # characters of a line, and its pixels in the larger text


@dataclass(frozen=True)
class EndLabel:
    """A line's name and colour, and where it ends, as a fraction of the axis from below."""

    name: str
    color: str
    place: float


def label_ends(labels: Sequence[EndLabel], height: float) -> list[dict[str, Any]]:
    """Return plotly's annotations for the lines of a figure whose inside is so many pixels high."""
    texts = ["<br>".join(wrap(label.name, _WIDTH)) for label in labels]
    heights = [_LINE * (1 + text.count("<br>")) for text in texts]
    places = spread_labels([height * label.place for label in labels], heights, height)
    return [
        {
            "text": f'<span style="color:{label.color}">━</span> {text}',
            "x": 1,
            "y": place / height,
            "xref": "paper",
            "yref": "paper",
            "xanchor": "left",
            "yanchor": "middle",
            "xshift": 4,
            "align": "left",
            "showarrow": False,
        }
        for label, text, place in zip(labels, texts, places, strict=True)
    ]


def spread_labels(places: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Return the middles of labels as near to their places as they can be without overlapping, in pixels from below.

    Labels stay in the order of their places and inside the room, as long as they fit there.
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    found, floor = [0.0] * len(places), 0.0
    for index in order:
        found[index] = max(places[index], floor + heights[index] / 2)
        floor = found[index] + heights[index] / 2
    ceiling = room
    for index in reversed(order):
        found[index] = min(found[index], ceiling - heights[index] / 2)
        ceiling = found[index] - heights[index] / 2
    return found
