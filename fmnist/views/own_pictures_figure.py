"""The figure of the accuracies on one person's own pictures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from fmnist.views.style import bare_layout, name_axis
from fmnist.wording import percent, span

if TYPE_CHECKING:
    from fmnist.views.own_pictures import Row


def draw_accuracies(rows: Sequence["Row"]) -> go.Figure:
    """Draw accuracies with 95% intervals, the first row on top."""
    axis, height = name_axis({row.key: row.title for row in rows}, spacing=26)
    trace = {
        "type": "scatter",
        "x": [100 * row.accuracy for row in rows],
        "y": [row.key for row in rows],
        "mode": "markers",
        "marker": {"symbol": [row.look.symbol for row in rows], "size": 10, "color": [row.look.color for row in rows]},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * (row.interval.high - row.accuracy) for row in rows],
            "arrayminus": [100 * (row.accuracy - row.interval.low) for row in rows],
            "color": "rgba(127, 127, 127, 0.8)",
            "thickness": 1.5,
        },
        "customdata": [_describe(row) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    x = {"title": {"text": "Accuracy on your pictures (%)"}, "range": [-2, 102], "showgrid": True, "zeroline": False}
    return go.Figure(data=[trace], layout=bare_layout(76 + height) | {"xaxis": x, "yaxis": axis})


def _describe(row: "Row") -> str:
    return (
        f"{row.title}<br>{row.right} of {row.n} pictures: {percent(row.accuracy, 1)}<br>95% CI {span(*row.interval, 1)}"
    )
