"""The curves of one training while it runs."""

from typing import Literal

import plotly.graph_objects as go

from fmnist.figures.curves import NamedCurve, curves_figure

_FIRST_EPOCHS = 5


def live_figure(named: NamedCurve, measure: Literal["loss", "accuracy"], epochs: int) -> go.Figure:
    """Draw the `measure` ("loss", "accuracy") of a training of at most `epochs` epochs.

    Each epoch is a point, so that the first is seen too. The axis has room for the first epochs from the start and
    then grows; a reader's zoom outlives a new epoch.
    """
    reached = len(named.curve.epoch)
    figure = curves_figure([named], measure, "epoch")
    figure.update_traces(mode="lines+markers", marker_size=4, selector={"mode": "lines"})
    figure.update_xaxes(range=[0.8, max(reached, min(epochs, _FIRST_EPOCHS)) + 0.2], nticks=8)
    return figure.update_layout(height=300, uirevision=named.name, showlegend=False, margin_t=8)
