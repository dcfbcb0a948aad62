"""What every model makes of one image: all ten probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.views.style import model_color, style_figure

_COLUMNS = 4
_ROW_HEIGHT, _TITLE_HEIGHT = 210, 56  # a name takes up to three lines
_ROOM_FOR_NUMBER = 1.45  # a full bar leaves this much of its length for the number behind it


@dataclass(frozen=True)
class NamedProbs:
    """One run's probabilities (10,), with its name, lines broken by <br>, and its network."""

    name: str
    model: str
    probs: np.ndarray


def probabilities_figure(runs: Sequence[NamedProbs], true_class: int) -> go.Figure:
    """Draw the ten probabilities of each run as bars beside each other, the true class named in bold.

    The predicted class is a filled bar, the others are pale; probabilities from 0.5 % on carry their number.
    """
    rows = ceil(len(runs) / _COLUMNS)
    figure = make_subplots(
        rows,
        min(len(runs), _COLUMNS),
        shared_yaxes=True,
        horizontal_spacing=0.02,
        vertical_spacing=0.28 / rows,
        subplot_titles=[run.name for run in runs],
    )
    for position, run in enumerate(runs):
        row, column = divmod(position, _COLUMNS)
        figure.add_trace(_bars(run), row=row + 1, col=column + 1)
    for position, title in enumerate(figure.layout.annotations, start=1):
        axis = figure.layout[f"xaxis{position if position > 1 else ''}"]
        title.update(x=axis.domain[0], xanchor="left", align="left", font_size=12)
    figure.update_xaxes(range=[0, _ROOM_FOR_NUMBER], visible=False, fixedrange=True)
    names = [f"<b>{name}</b>" if label == true_class else name for label, name in enumerate(CLASS_NAMES)]
    figure.update_yaxes(
        autorange="reversed", tickvals=list(range(N_CLASSES)), ticktext=names, showgrid=False, fixedrange=True
    )
    style_figure(figure, (_ROW_HEIGHT + _TITLE_HEIGHT) * rows)
    return figure.update_layout(bargap=0.25, margin={"t": _TITLE_HEIGHT}, dragmode=False)


def _bars(run: NamedProbs) -> go.Bar:
    predicted = int(run.probs.argmax())
    return go.Bar(
        x=run.probs,
        y=np.arange(N_CLASSES),
        orientation="h",
        marker={
            "color": model_color(run.model),
            "opacity": [1.0 if i == predicted else 0.45 for i in range(N_CLASSES)],
        },
        text=[f"{100 * prob:.1f} %" if prob >= 0.005 else "" for prob in run.probs],
        textposition="outside",
        cliponaxis=False,
        customdata=CLASS_NAMES,
        hovertemplate="%{customdata}: %{x:.2%}<extra></extra>",
        showlegend=False,
    )
