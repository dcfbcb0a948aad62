"""The reliability diagram: accuracy by confidence, over the share of images in each bin."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.evaluation.calibration import Reliability
from fmnist.evaluation.intervals import wilson_interval
from fmnist.views.calibration import Calibration, Line, Options, finding
from fmnist.views.confidences import KINDS
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.style import RULE, house_layout, legend_height

_FEWEST = 10  # images in a bin; of fewer the accuracy is mostly chance, and the eye would go there first
_COUNTS = (0, 0.247)  # where the images of the bins lie, from the bottom, and the accuracies above them
_ACCURACIES = (0.297, 1)


def figures(calibration: Calibration, options: Options) -> dict[str, Drawn]:
    """Return the figure "reliability", with Wilson's intervals; the other kind of confidence is faint.

    The accuracy of bins with fewer than 10 images is left out. On the dotted diagonal confidence equals accuracy;
    below it a contender is overconfident.
    """
    (other,) = (kind for kind in KINDS if kind != options.kind)
    diagonal = {"color": RULE, "width": 1, "dash": "dot"}
    ends = [0, 100]
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "x": ends, "y": ends, "mode": "lines", "line": diagonal, "hoverinfo": "skip"}
        | {"showlegend": False}
    ]
    for line in calibration.lines:
        shown = line.scores(options.kind).reliability
        traces += [_faint(line, line.scores(other).reliability), _bins(line, shown), _counts(line, shown)]
    figure = go.Figure(data=traces, layout=_lay_out(440 + legend_height(len(calibration.lines))))
    name = file_stem("reliability", [line.key for line in calibration.lines])
    return {"reliability": Drawn(figure, "Accuracy in bins of confidence", name, finding(calibration).headline)}


def _lay_out(height: int) -> dict[str, Any]:
    return house_layout(height) | {
        "xaxis": {"title": {"text": "Confidence (%)"}, "range": [0, 101], "anchor": "y2"}
        | {"zeroline": False, "showgrid": False},
        "yaxis": {"title": {"text": "Accuracy (%)"}, "range": [-1, 101], "zeroline": False, "domain": _ACCURACIES},
        "yaxis2": {"title": {"text": "Images (%)"}, "type": "log", "dtick": 1, "tickformat": "~g", "domain": _COUNTS},
    }


def _curve(line: Line, reliability: Reliability) -> tuple[np.ndarray, dict[str, Any]]:
    """Return which bins are drawn, and the trace through them."""
    filled = reliability.count >= _FEWEST
    return filled, {
        "type": "scatter",
        "x": 100 * reliability.confidence[filled],
        "y": 100 * reliability.accuracy[filled],
        "name": line.name,
        "legendgroup": line.key,
    }


def _faint(line: Line, reliability: Reliability) -> dict[str, Any]:
    _, trace = _curve(line, reliability)
    stroke = {"color": line.look.color, "width": 1, "dash": line.look.dash}
    return trace | {"mode": "lines", "line": stroke, "opacity": 0.45, "showlegend": False, "hoverinfo": "skip"}


def _bins(line: Line, reliability: Reliability) -> dict[str, Any]:
    filled, trace = _curve(line, reliability)
    count, accuracy = reliability.count[filled], reliability.accuracy[filled]
    ends = [wilson_interval(hits, images) for hits, images in zip(accuracy * count, count, strict=True)]
    low, high = np.reshape(ends, (-1, 2)).T
    return trace | {
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": 100 * (high - accuracy),
            "arrayminus": 100 * (accuracy - low),
            "thickness": 1,
            "width": 0,
        },
        "mode": "lines+markers",
        "line": {"color": line.look.color, "width": 2, "dash": line.look.dash},
        "marker": {"color": line.look.color, "symbol": line.look.symbol, "size": 8},
        "customdata": count,
        "hovertemplate": f"{line.name}<br>%{{customdata:,}} images: %{{x:.1f}}% confident, "
        "%{y:.1f}% correct<extra></extra>",
    }


def _counts(line: Line, reliability: Reliability) -> dict[str, Any]:
    edges, count = reliability.edges, reliability.count
    return {
        "type": "scatter",
        "x": 50 * (edges[:-1] + edges[1:]),
        "y": np.where(count > 0, 100 * count / count.sum(), np.nan),
        "yaxis": "y2",
        "mode": "lines",
        "line": {"color": line.look.color, "width": 2, "shape": "hvh", "dash": line.look.dash},
        "legendgroup": line.key,
        "showlegend": False,
        "customdata": np.column_stack([100 * edges[:-1], 100 * edges[1:], count]),
        "hovertemplate": f"{line.name}<br>%{{customdata[0]:.0f}} to %{{customdata[1]:.0f}}% confident: "
        "%{customdata[2]:,} images<extra></extra>",
    }
