"""The figures of the dataset: how often pixel values occur, and which way the items point."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.dataset import CLASS_NAMES, FOOTWEAR, N_CLASSES
from fmnist.views.dataset import Facts
from fmnist.views.parts import Drawn
from fmnist.views.style import RULE, bare_layout
from fmnist.wording import percent

_INK, _PALE = "#0072B2", "#8C959F"
_HEIGHT = 340
_ROOM = 128  # percent: room for the number beside 100 on a phone


def figures(facts: Facts) -> dict[str, Drawn]:
    """Return the figures "pixel_values", shares of pixels on a log scale, and "pointing_left", shares of each class."""
    shares = ", ".join(
        f"{name} {percent(share, 1)}" for name, share in zip(CLASS_NAMES, facts.left_shares, strict=True)
    )
    pointing = f"Share of images pointing left: {shares}."
    counts = facts.pixels.counts.sum(axis=0)
    empty = f"{percent(counts[0] / counts.sum(), 1)} of all pixels are 0, the background."
    return {
        "pixel_values": Drawn(_draw_pixels(facts), "How often each pixel value occurs", "pixel_values", empty),
        "pointing_left": Drawn(_draw_pointing(facts), pointing, "pointing_left"),
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


def _draw_pointing(facts: Facts) -> go.Figure:
    """Draw shares from the middle, where an image points either way; only shoes, which have a toe, are coloured."""
    shares = 100 * facts.left_shares
    colors = [_INK if label in FOOTWEAR else _PALE for label in range(N_CLASSES)]
    stems = [
        {
            "type": "scatter",
            "x": [50, share],
            "y": [name, name],
            "mode": "lines",
            "line": {"color": color, "width": 2},
            "hoverinfo": "skip",
        }
        for share, name, color in zip(shares, CLASS_NAMES, colors, strict=True)
    ]
    points = {
        "type": "scatter",
        "x": shares,
        "y": CLASS_NAMES,
        "mode": "markers+text",
        "text": [f"{share:.1f}%" for share in shares],
        "textposition": ["middle right" if share >= 50 else "middle left" for share in shares],
        "cliponaxis": False,
        "marker": {"color": colors, "size": 9},
        "hovertemplate": "%{y}: %{x:.1f}%<extra></extra>",
    }
    middle = {"type": "line", "x0": 50, "x1": 50, "yref": "paper", "y0": 0, "y1": 1}
    layout = _lay_out("Images pointing left (%)") | {
        "yaxis": {"autorange": "reversed", "showgrid": False, "ticklabelstandoff": 8},
        "shapes": [middle | {"line": {"color": RULE, "width": 1, "dash": "dot"}}],
    }
    layout["xaxis"] |= {"range": [0, _ROOM], "tickvals": [0, 25, 50, 75, 100]}
    return go.Figure(data=[*stems, points], layout=layout)


def _lay_out(title: str) -> dict[str, Any]:
    return bare_layout(_HEIGHT) | {"xaxis": {"title": {"text": title}, "showgrid": False}}
