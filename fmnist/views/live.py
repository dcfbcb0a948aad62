"""The curves of one training while it runs."""

from typing import Literal

import plotly.graph_objects as go

from fmnist.views.curves import NamedCurve, curves_figure
from fmnist.views.style import RULE

_FIRST_EPOCHS, _FEW_EPOCHS = 5, 30


def live_figure(named: NamedCurve, measure: Literal["loss", "accuracy"], epochs: int) -> go.Figure:
    """Draw the `measure` ("loss", "accuracy") of a training of at most `epochs` epochs.

    As long as there are few, each epoch is a point, so that the first is seen too; that of the lowest validation loss
    bears its number. The axis has room for the first epochs from the start and then grows; a reader's zoom outlives a
    new epoch.
    """
    reached = len(named.curve.epoch)
    figure = curves_figure([named], measure, "epoch")
    if reached <= _FEW_EPOCHS:
        figure.update_traces(mode="lines+markers", marker_size=4, selector={"mode": "lines"})
    end = max(reached, min(epochs, _FIRST_EPOCHS))
    figure.update_xaxes(range=[0.8, end + 0.2], nticks=8)
    _name_best(figure, int(named.curve.epoch[named.curve.best]), end)
    return figure.update_layout(height=300, uirevision=named.name, showlegend=False, margin_t=26)


def _name_best(figure: go.Figure, best: int, end: int) -> None:
    side = "left" if best <= end / 2 else "right"  # of the line, where there is room
    figure.add_vline(
        best,
        line={"color": RULE, "width": 1, "dash": "dot"},
        annotation={"text": f"best: epoch {best}", "yanchor": "bottom", "xanchor": side},
    )
