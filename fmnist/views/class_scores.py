"""Scores by class, all runs in one figure, a panel a score."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from fmnist.contenders.looks import look_of
from fmnist.evaluation.metrics import ClassScores
from fmnist.views.class_panels import class_panels_figure
from fmnist.views.style import run_symbols

_SCORES = {"precision": "Precision", "recall": "Recall", "f1": "F1"}


@dataclass(frozen=True)
class NamedScores:
    """One run's scores by class, with its name and its network."""

    name: str
    model: str
    scores: ClassScores


def class_scores_figure(runs: Sequence[NamedScores]) -> go.Figure:
    """Draw precision, recall and F1 in percent, one above the other."""
    panels = {title: [getattr(run.scores, score) for run in runs] for score, title in _SCORES.items()}
    looks = [
        replace(look_of(run.model, ""), symbol=symbol)
        for run, symbol in zip(runs, run_symbols([run.model for run in runs]), strict=True)
    ]
    return class_panels_figure([run.name for run in runs], looks, panels)
