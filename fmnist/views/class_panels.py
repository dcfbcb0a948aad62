"""Shares by class, all contenders in one figure, a panel for each kind of share."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.contenders.looks import Look
from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.views.style import house_layout, legend_height

_SPREAD = 0.6  # of the distance between two classes
_GAP = 0.05  # between two panels, of the figure's height
_PANEL_HEIGHT = 200
_TOOLBAR = 28  # pixels above the legend, which the toolbar would cover on a phone
_EDGE = {"width": 1, "color": "rgba(127, 127, 127, 0.25)"}


def class_panels_figure(
    names: Sequence[str], looks: Sequence[Look], panels: Mapping[str, Sequence[np.ndarray]]
) -> go.Figure:
    """Draw shares by class in percent, one marker for each name and class; NaN is left out.

    `panels` maps the title of each panel, from top to bottom, to the fractions of every name, each (10,).
    """
    traces = [
        _markers(name, look, offset, title, shares[position], row)
        for position, (name, look, offset) in enumerate(zip(names, looks, _spread(len(names)), strict=True))
        for row, (title, shares) in enumerate(panels.items())
    ]
    top = legend_height(len(names)) + _TOOLBAR
    layout = house_layout(_PANEL_HEIGHT * len(panels) + top) | _lay_out(list(panels))
    layout["margin"] = layout["margin"] | {"t": top}
    return go.Figure(data=traces, layout=layout)


def _spread(count: int) -> np.ndarray:
    """Return how far each of `count` markers lies beside its class."""
    return np.asarray(_SPREAD * ((np.arange(count) + 0.5) / count - 0.5))


def _markers(name: str, look: Look, offset: float, title: str, shares: np.ndarray, row: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": np.arange(N_CLASSES) + offset,
        "y": 100 * shares,
        "yaxis": f"y{_number(row)}",
        "mode": "markers",
        "marker": {"color": look.color, "symbol": look.symbol, "size": 9},
        "name": name,
        "legendgroup": name,
        "showlegend": row == 0,
        "customdata": CLASS_NAMES,
        "hovertemplate": f"{name}<br>%{{customdata}}: {title} %{{y:.1f}}%<extra></extra>",
    }


def _lay_out(titles: Sequence[str]) -> dict[str, Any]:
    """Return one horizontal axis, at the bottom, and a vertical one for each panel."""
    edges, height = np.arange(N_CLASSES + 1) - 0.5, (1 - _GAP * (len(titles) - 1)) / len(titles)
    layout: dict[str, Any] = {}
    for row, title in enumerate(titles):
        top = 1 - row * (height + _GAP)
        layout[f"yaxis{_number(row)}"] = {
            "title": {"text": f"{title} (%)"},
            "domain": [max(top - height, 0), top],
            "fixedrange": True,
        }
    layout["xaxis"] = {
        "anchor": f"y{_number(len(titles) - 1)}",
        "range": [edges[0], edges[-1]],
        "tickvals": list(range(N_CLASSES)),
        "ticktext": CLASS_NAMES,
        "tickangle": -45,
        "fixedrange": True,  # without zoom a finger scrolls the page
        "showgrid": False,
        "zeroline": False,
    }
    layout["shapes"] = [  # thin lines between the classes, as the grid would run through the markers
        {"type": "line", "x0": edge, "x1": edge, "yref": "paper", "y0": 0, "y1": 1, "line": _EDGE}
        for edge in edges[1:-1]
    ]
    return layout


def _number(row: int) -> str:
    return "" if row == 0 else str(row + 1)
