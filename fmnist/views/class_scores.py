"""Scores by class, all runs in one figure, a panel a score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.evaluation.metrics import ClassScores
from fmnist.views.style import model_color, run_symbols, style_figure

_SCORES = {"precision": "Precision", "recall": "Recall", "f1": "F1"}
_SPREAD = 0.6  # of the distance between two classes
_PANEL_HEIGHT = 200


@dataclass(frozen=True)
class NamedScores:
    """One run's scores by class, with its name and its network."""

    name: str
    model: str
    scores: ClassScores


def class_scores_figure(runs: Sequence[NamedScores]) -> go.Figure:
    """Draw precision, recall and F1 in percent, one above the other."""
    panels = {title: [getattr(run.scores, score) for run in runs] for score, title in _SCORES.items()}
    return class_panels_figure([run.name for run in runs], [run.model for run in runs], panels)


def class_panels_figure(
    names: Sequence[str], models: Sequence[str], panels: Mapping[str, Sequence[np.ndarray]]
) -> go.Figure:
    """Draw shares by class in percent, a panel a title and a marker a run and class; what is NaN is left out.

    `panels` holds for each title the runs' fractions, each (10,).
    """
    figure = make_subplots(len(panels), 1, shared_xaxes=True, vertical_spacing=0.05)
    offsets = _SPREAD * ((np.arange(len(names)) + 0.5) / len(names) - 0.5)
    symbols = run_symbols(models)
    for position, name in enumerate(names):
        for row, (title, shares) in enumerate(panels.items(), start=1):
            figure.add_scatter(
                row=row,
                col=1,
                x=np.arange(N_CLASSES) + offsets[position],
                y=100 * shares[position],
                mode="markers",
                marker={"color": model_color(models[position]), "symbol": symbols[position], "size": 9},
                name=name,
                legendgroup=name,
                showlegend=row == 1,
                customdata=CLASS_NAMES,
                hovertemplate=f"{name}<br>%{{customdata}}: {title} %{{y:.1f}} %<extra></extra>",
            )
    _label_axes(figure, list(panels))
    return style_figure(figure, _PANEL_HEIGHT * len(panels))


def _label_axes(figure: go.Figure, titles: Sequence[str]) -> None:
    for row, title in enumerate(titles, start=1):
        figure.update_yaxes(title=f"{title} (%)", row=row, col=1)
    edges = np.arange(N_CLASSES + 1) - 0.5
    figure.update_xaxes(
        range=[edges[0], edges[-1]], tickvals=list(range(N_CLASSES)), ticktext=CLASS_NAMES, tickangle=-45
    )
    figure.update_xaxes(showgrid=False, zeroline=False)
    for edge in edges[1:-1]:  # thin lines between the classes, as the grid would run through the markers
        figure.add_vline(edge, line={"width": 1, "color": "rgba(127, 127, 127, 0.25)"})
