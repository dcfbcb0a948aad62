"""Precision, recall and F1 by class, all runs in one figure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.evaluation.metrics import ClassScores
from fmnist.figures.style import model_color, model_symbol, style_figure

_SCORES = {"precision": "Precision", "recall": "Recall", "f1": "F1"}
_VARIANTS = ("", "-open", "-dot", "-open-dot")  # tell runs of the same network apart
_SPREAD = 0.6  # of the distance between two classes


@dataclass(frozen=True)
class NamedScores:
    """One run's scores by class, with its name and its network."""

    name: str
    model: str
    scores: ClassScores


def class_scores_figure(runs: Sequence[NamedScores]) -> go.Figure:
    """Draw the three scores in percent, one above the other, a marker a run and class; what is NaN is left out."""
    figure = make_subplots(len(_SCORES), 1, shared_xaxes=True, vertical_spacing=0.05)
    offsets = _SPREAD * ((np.arange(len(runs)) + 0.5) / len(runs) - 0.5)
    for position, run in enumerate(runs):
        earlier = sum(other.model == run.model for other in runs[:position])
        symbol = model_symbol(run.model) + _VARIANTS[earlier % len(_VARIANTS)]
        for row, score in enumerate(_SCORES, start=1):
            figure.add_scatter(
                row=row,
                col=1,
                x=np.arange(N_CLASSES) + offsets[position],
                y=100 * getattr(run.scores, score),
                mode="markers",
                marker={"color": model_color(run.model), "symbol": symbol, "size": 9},
                name=run.name,
                legendgroup=run.name,
                showlegend=row == 1,
                customdata=CLASS_NAMES,
                hovertemplate=f"{run.name}<br>%{{customdata}}: {_SCORES[score]} %{{y:.1f}} %<extra></extra>",
            )
    _label_axes(figure)
    return style_figure(figure, 600)


def _label_axes(figure: go.Figure) -> None:
    for row, title in enumerate(_SCORES.values(), start=1):
        figure.update_yaxes(title=f"{title} (%)", row=row, col=1)
    edges = np.arange(N_CLASSES + 1) - 0.5
    figure.update_xaxes(
        range=[edges[0], edges[-1]], tickvals=list(range(N_CLASSES)), ticktext=CLASS_NAMES, tickangle=-45
    )
    figure.update_xaxes(showgrid=False, zeroline=False)
    for edge in edges[1:-1]:  # thin lines between the classes, as the grid would run through the markers
        figure.add_vline(edge, line={"width": 1, "color": "rgba(127, 127, 127, 0.25)"})
