"""The figure of the learning curve: accuracy over the number of training images, on a log scale."""

from typing import Any

import plotly.graph_objects as go

from fmnist.views.learning_curve import LearningCurve, Line, describe, finding
from fmnist.views.line_labels import MARGIN, EndLabel, label_ends
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.style import TOOLS, house_layout

_HEIGHT, _BELOW = 420, 56  # pixels; the latter are those of the horizontal axis


def figures(curve: LearningCurve) -> dict[str, Drawn]:
    """Return the figure "learning_curve"."""
    name = file_stem("learning_curve", [line.key for line in curve.lines])
    alt = "Test accuracy by number of training images, with 95% confidence intervals"
    return {"learning_curve": Drawn(_draw(curve), alt, name, finding(curve).headline)}


def _draw(curve: LearningCurve) -> go.Figure:
    lows = [100 * point.accuracy.interval.low for line in curve.lines for point in line.points]
    highs = [100 * point.accuracy.interval.high for line in curve.lines for point in line.points]
    room = 0.04 * (max(highs) - min(lows))
    low, high = min(lows) - room, max(highs) + room
    labels = [
        EndLabel(line.name, line.look.color, (100 * line.whole.accuracy.mean - low) / (high - low))
        for line in curve.lines
    ]
    counts = sorted({point.images for line in curve.lines for point in line.points})
    layout = house_layout(_HEIGHT)
    layout |= {
        "showlegend": False,
        "margin": layout["margin"] | {"t": TOOLS, "r": MARGIN},
        "annotations": label_ends(labels, _HEIGHT - TOOLS - _BELOW),
        "xaxis": {
            "title": {"text": "Training images, log scale"},
            "type": "log",
            "tickvals": counts,
            "ticktext": [f"{count:,}" for count in counts],
            "showgrid": False,
        },
        "yaxis": {"title": {"text": "Test accuracy (%)"}, "zeroline": False, "range": [low, high]},
    }
    return go.Figure(data=[_trace(line) for line in curve.lines], layout=layout)


def _trace(line: Line) -> dict[str, Any]:
    means = [100 * point.accuracy.mean for point in line.points]
    intervals = [point.accuracy.interval for point in line.points]
    return {
        "type": "scatter",
        "x": [point.images for point in line.points],
        "y": means,
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [100 * interval.high - mean for interval, mean in zip(intervals, means, strict=True)],
            "arrayminus": [mean - 100 * interval.low for interval, mean in zip(intervals, means, strict=True)],
            "thickness": 1.5,
            "width": 0,
            "color": line.look.color,
        },
        "mode": "lines+markers",
        "line": {"color": line.look.color, "dash": line.look.dash, "width": 2},
        "marker": {"color": line.look.color, "symbol": line.look.symbol, "size": 9},
        "customdata": [describe(line, point) for point in line.points],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
