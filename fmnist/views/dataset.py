"""What is in the images: how often pixel values occur, and which way the objects lean."""

import numpy as np
import plotly.graph_objects as go

from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.pixels import PixelStatistics
from fmnist.views.style import RULE, style_figure

_INK = "#0072B2"


def pixel_values_figure(statistics: PixelStatistics) -> go.Figure:
    """Draw the share of pixels that have each value, in percent on a log scale."""
    counts = statistics.counts.sum(axis=0)
    figure = go.Figure()
    figure.add_bar(
        x=np.arange(256),
        y=100 * counts / counts.sum(),
        marker={"color": _INK, "line": {"width": 0}},
        hovertemplate="value %{x}: %{y:.3f} % of pixels<extra></extra>",
    )
    figure.update_xaxes(title="Pixel value (0 is background, 255 the brightest)", showgrid=False)
    figure.update_yaxes(title="Share of pixels (%), log scale", type="log", dtick=1)
    return style_figure(figure, 340).update_layout(bargap=0, margin={"t": 8})


def lean_figure(right_shares: np.ndarray) -> go.Figure:
    """Draw for each class the share (fractions, (10,)) of images whose upper half lies right of the lower half."""
    figure = go.Figure()
    figure.add_vline(x=50, line={"color": RULE, "width": 1, "dash": "dot"})
    for share, name in zip(100 * right_shares, CLASS_NAMES, strict=True):
        figure.add_scatter(
            x=[50, share], y=[name, name], mode="lines", line={"color": _INK, "width": 2}, hoverinfo="skip"
        )
    figure.add_scatter(
        x=100 * right_shares,
        y=CLASS_NAMES,
        mode="markers",
        marker={"color": _INK, "size": 9},
        hovertemplate="%{y}: %{x:.1f} %<extra></extra>",
    )
    figure.update_xaxes(title="Images whose upper half lies further right (%)", range=[0, 102], showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=8)
    return style_figure(figure, 340).update_layout(showlegend=False, margin={"t": 8})
