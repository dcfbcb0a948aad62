"""One look for each architecture and recipe: a colour and a marker, and a dash.

The palette of the first architectures is Okabe and Ito's, which readers with any colour vision can tell apart ("Color
Universal Design", 2008); its yellow and black are left out, as each vanishes on one theme's background. The others of
the catalogue and any further architecture, which gets a free colour and marker, have colours of Tol's "bright", "muted"
and "medium-contrast" schemes ("Colour Schemes", 2021).
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

_Mark = tuple[str, str]  # a colour as #rrggbb and a plotly marker

_BUILT_IN: dict[str, _Mark] = {
    "ann": ("#0072B2", "circle"),
    "basic_cnn": ("#D55E00", "square"),
    "deeper_cnn": ("#009E73", "diamond"),
    "compact_cnn": ("#CC79A7", "triangle-up"),
    "cnn_bn": ("#E69F00", "cross"),
    "cnn_gap": ("#56B4E9", "x"),
    "cnn_three": ("#8C7AE6", "star"),
    "cnn_small": ("#A6761D", "hexagon"),
    "resnet": ("#AA3377", "pentagon"),
    "vgg": ("#999933", "hexagram"),
    "mobilenet": ("#117733", "triangle-down"),
    "efficientnet": ("#44AA99", "octagon"),
}
_FREE_COLORS = ("#AA4499", "#CC6677", "#88CCEE", "#DDCC77", "#6699CC", "#997700", "#EE99AA")
_FREE_SYMBOLS = ("pentagon", "triangle-down", "hexagram", "triangle-left", "octagon", "triangle-right", "diamond-tall")
_VARIANTS = ("", "-open", "-dot", "-open-dot")  # plotly has them of every marker above
_DASHES = {"quick": "dot", "textbook": "solid", "tuned": "dash", "distilled": "longdash", "robust": "dashdot"}
_FREE_DASHES = ("longdashdot", "12px,4px")

_given: dict[str, int] = {}  # the places of further architectures, so that no two share one


@dataclass(frozen=True)
class Look:
    """A colour as #rrggbb, a plotly marker and a plotly dash."""

    color: str
    symbol: str
    dash: str


class _Looking(Protocol):
    """Whatever has a look: a contender."""

    @property
    def look(self) -> Look:
        """Its look."""


def look_of(architecture: str, recipe: str) -> Look:
    """Return how everything trained from an architecture with a recipe looks in every figure."""
    color, symbol = _BUILT_IN.get(architecture) or _free_mark(architecture)
    dash = _DASHES.get(recipe) or _FREE_DASHES[zlib.crc32(recipe.encode()) % len(_FREE_DASHES)]
    return Look(color, symbol, dash)


def distinct_looks(contenders: Sequence[_Looking]) -> list[Look]:
    """Return the look of each contender, with a variant of the marker where earlier ones have the same."""
    earlier: Counter[_Mark] = Counter()
    looks = []
    for look in (contender.look for contender in contenders):
        mark = (look.color, look.symbol)
        looks.append(replace(look, symbol=look.symbol + _VARIANTS[earlier[mark] % len(_VARIANTS)]))
        earlier[mark] += 1
    return looks


def _free_mark(architecture: str) -> _Mark:
    """Return a mark that no other architecture has: the one its name points to, or the next free one."""
    places = len(_FREE_COLORS) * len(_FREE_SYMBOLS)
    if architecture not in _given:
        start, taken = zlib.crc32(architecture.encode()) % places, set(_given.values())
        steps = (start + step for step in range(places))
        _given[architecture] = next((place % places for place in steps if place % places not in taken), start)
    place = _given[architecture]
    row, column = divmod(place, len(_FREE_COLORS))
    return _FREE_COLORS[column], _FREE_SYMBOLS[(row + column) % len(_FREE_SYMBOLS)]
