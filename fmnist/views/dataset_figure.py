"""The figures of the data set: how often pixel values occur, and which way the items lean."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.dataset import CLASS_NAMES
from fmnist.views.dataset import Facts
from fmnist.views.parts import Drawn
from fmnist.views.style import RULE, bare_layout

_INK = "#0072B2"
_HEIGHT = 340


def figures(facts: Facts) -> dict[str, Drawn]:
    """Return the figures "pixel_values", shares of pixels on a log scale, and "leaning", shares of each class."""
    leaning = "Share of each class whose upper half lies further right"
    return {
        "pixel_values": Drawn(_draw_pixels(facts), "How often each pixel value occurs", "pixel_values"),
        "leaning": Drawn(_draw_leaning(facts), leaning, "leaning"),
    }


def _draw_pixels(facts: Facts) -> go.Figure:
    counts = facts.pixels.counts.sum(axis=0)
    bars = {
        "type": "bar",
        "x": np.arange(len(counts)),
        "y": 100 * counts / counts.sum(),
        "marker": {"color": _INK, "line": {"width": 0}},
        "hovertemplate": "value %{x}: %{y:.3f}% of pixels<extra></extra>",
    }
    layout = _lay_out("Pixel value (0 is background, 255 the brightest)") | {
        "yaxis": {"title": {"text": "Share of pixels (%), log scale"}, "type": "log", "dtick": 1},
        "bargap": 0,
    }
    return go.Figure(data=[bars], layout=layout)


def _draw_leaning(facts: Facts) -> go.Figure:
    shares = 100 * facts.right_shares
    stroke = {"color": _INK, "width": 2}
    stems = [
        {"type": "scatter", "x": [50, share], "y": [name, name], "mode": "lines", "line": stroke, "hoverinfo": "skip"}
        for share, name in zip(shares, CLASS_NAMES, strict=True)
    ]
    points = {
        "type": "scatter",
        "x": shares,
        "y": CLASS_NAMES,
        "mode": "markers",
        "marker": {"color": _INK, "size": 9},
        "hovertemplate": "%{y}: %{x:.1f}%<extra></extra>",
    }
    middle = {"type": "line", "x0": 50, "x1": 50, "yref": "paper", "y0": 0, "y1": 1}
    layout = _lay_out("Images whose upper half lies further right (%)") | {
        "yaxis": {"autorange": "reversed", "showgrid": False, "ticklabelstandoff": 8},
        "shapes": [middle | {"line": {"color": RULE, "width": 1, "dash": "dot"}}],
    }
    layout["xaxis"] |= {"range": [0, 102]}
    return go.Figure(data=[*stems, points], layout=layout)


def _lay_out(title: str) -> dict[str, Any]:
    return bare_layout(_HEIGHT) | {"xaxis": {"title": {"text": title}, "showgrid": False}}
