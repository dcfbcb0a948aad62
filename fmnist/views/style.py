"""One look for all figures: a colour and a marker for each network, dashes for recipes, scales for matrices.

The palette is Okabe and Ito's, which readers with any colour vision can tell apart ("Color Universal Design", 2008);
its yellow and black are left out, as one of them vanishes on each theme's background.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.recipes.catalogue import RECIPES

RULE = "rgba(127, 127, 127, 0.6)"  # for lines that guide the eye, on either theme

_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C7AE6", "#A6761D")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "hexagon")
_VARIANTS = ("", "-open", "-dot", "-open-dot")
_NAME_WIDTH = 26  # characters: longer names would leave a phone no room for the figure
_NAME_LINE = 14  # pixels
_DASHES = ("dot", "solid", "dash", "dashdot", "longdash", "longdashdot")


def model_color(model: str) -> str:
    """Return the network's colour as #rrggbb."""
    return _pick(_COLORS, ARCHITECTURES, model)


def model_symbol(model: str) -> str:
    """Return the network's plotly marker."""
    return _pick(_SYMBOLS, ARCHITECTURES, model)


def run_symbols(models: Sequence[str]) -> list[str]:
    """Return a marker for each run, given by its network; runs of the same network have variants of its own."""
    earlier = [models[:position].count(model) for position, model in enumerate(models)]
    return [
        model_symbol(model) + _VARIANTS[count % len(_VARIANTS)] for model, count in zip(models, earlier, strict=True)
    ]


def recipe_dash(recipe: str) -> str:
    """Return the recipe's plotly dash."""
    return _pick(_DASHES, RECIPES, recipe)


def house_layout(height: int) -> dict[str, Any]:
    """Return margins, legend and hover of every figure; colours of text and background are left to the theme."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 32, "b": 8},
        "legend": {
            "orientation": "h",
            "yanchor": "bottom",
            "y": 1.0,
            "xanchor": "left",
            "x": 0.0,
            "title": {"text": ""},
        },
        "hoverlabel": {"align": "left"},
    }


def legend_height(names: int) -> int:
    """Return the pixels that the legend takes, which has two names a row."""
    return 22 * math.ceil(names / 2)


def style_figure(figure: go.Figure, height: int) -> go.Figure:
    """Give a figure the layout of the house."""
    return figure.update_layout(house_layout(height))


def name_axis(titles: Mapping[str, str], spacing: int) -> tuple[dict[str, Any], int]:
    """Return a vertical axis that lists titles, given by key, the first on top, and the pixels that they take.

    The keys are the positions on the axis. A title takes `spacing` pixels, and more where it is so long that it is
    written in several lines.
    """
    lines = [wrap(title, _NAME_WIDTH) for title in titles.values()]
    axis = {
        "autorange": "reversed",
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(titles),
        "tickvals": list(titles),
        "ticktext": ["<br>".join(parts) for parts in lines],
        "showgrid": False,
        "ticklabelstandoff": 8,
    }
    return axis, len(lines) * max(spacing, _NAME_LINE * max(map(len, lines), default=1))


def bare_layout(height: int) -> dict[str, Any]:
    """Return the layout of the house for a figure without a legend, whose title stands above it on the page."""
    layout = house_layout(height)
    return layout | {"showlegend": False, "margin": layout["margin"] | {"t": 8}}


def _pick(values: tuple[str, ...], known: Iterable[str], name: str) -> str:
    names = list(known)
    return values[names.index(name) % len(values)] if name in names else values[-1]
