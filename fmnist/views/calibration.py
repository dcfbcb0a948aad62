"""How far confidences can be trusted: reliability diagrams, and accuracy when only the sure answers are given."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fmnist.evaluation.calibration import CoverageCurve, Reliability
from fmnist.evaluation.intervals import wilson_interval
from fmnist.views.style import RULE, model_color, recipe_dash, run_symbols, style_figure

_FEWEST = 10  # images in a bin; of fewer the accuracy is mostly chance, and the eye would go there first
_LEAST_COVERAGE = 0.02  # of fewer answers the same is true
_POINTS = 300  # of a curve, which is as fine as a screen


@dataclass(frozen=True, eq=False)
class NamedReliability:
    """One run's reliability as it is shown and, faint beside it, as it is otherwise; with its name and network."""

    name: str
    model: str
    recipe: str
    shown: Reliability
    other: Reliability | None = None


@dataclass(frozen=True, eq=False)
class NamedCoverage:
    """One run's accuracy against coverage, with coverage and accuracy (fractions) at the chosen threshold."""

    name: str
    model: str
    recipe: str
    curve: CoverageCurve
    coverage: float
    accuracy: float


def reliability_figure(runs: Sequence[NamedReliability]) -> go.Figure:
    """Draw accuracy against confidence, with Wilson's intervals, over the share of images in each bin.

    The accuracy of bins with fewer than 10 images is left out. On the dotted diagonal a confidence is worth what it
    says; below it the run is overconfident.
    """
    figure = make_subplots(2, 1, shared_xaxes=True, row_heights=[0.74, 0.26], vertical_spacing=0.05)
    diagonal = {"color": RULE, "width": 1, "dash": "dot"}
    figure.add_scatter(x=[0, 100], y=[0, 100], mode="lines", line=diagonal, hoverinfo="skip", showlegend=False)
    for run, symbol in zip(runs, run_symbols([run.model for run in runs]), strict=True):
        if run.other is not None:
            _add_bins(figure, run, run.other, symbol, faint=True)
        _add_bins(figure, run, run.shown, symbol, faint=False)
        _add_counts(figure, run)
    figure.update_xaxes(range=[0, 101], zeroline=False, showgrid=False)
    figure.update_xaxes(title="Confidence (%)", row=2)
    figure.update_yaxes(title="Accuracy (%)", range=[-1, 101], zeroline=False, row=1)
    figure.update_yaxes(title="Images (%)", type="log", dtick=1, tickformat="~g", row=2)
    return style_figure(figure, 440 + _legend_height(runs))


def coverage_figure(runs: Sequence[NamedCoverage]) -> go.Figure:
    """Draw the accuracy of the surest answers against how many are given; a marker is the chosen threshold."""
    figure = go.Figure()
    for run, symbol in zip(runs, run_symbols([run.model for run in runs]), strict=True):
        color = model_color(run.model)
        kept = _thin(run.curve.coverage)
        figure.add_scatter(
            x=100 * run.curve.coverage[kept],
            y=100 * run.curve.accuracy[kept],
            mode="lines",
            line={"color": color, "width": 2, "dash": recipe_dash(run.recipe)},
            name=run.name,
            legendgroup=run.name,
            showlegend=False,
            customdata=100 * run.curve.threshold[kept],
            hovertemplate=f"{run.name}<br>from %{{customdata:.1f}} % sure: %{{x:.1f}} % answered, "
            "%{y:.2f} % of them right<extra></extra>",
        )
        figure.add_scatter(
            x=[100 * run.coverage],
            y=[100 * run.accuracy],
            mode="lines+markers",  # with a line of no length, so that the legend shows the dash as well
            line={"color": color, "width": 2, "dash": recipe_dash(run.recipe)},
            marker={"color": color, "symbol": symbol, "size": 11},
            name=run.name,
            legendgroup=run.name,
            hovertemplate=f"{run.name}, as chosen: %{{x:.1f}} % answered, %{{y:.2f}} % of them right<extra></extra>",
        )
    figure.update_xaxes(title="Images answered (%), the surest first", range=[0, 101], zeroline=False, showgrid=False)
    figure.update_yaxes(title="Right among the answers (%)", zeroline=False)
    return style_figure(figure, 360 + _legend_height(runs))


def _legend_height(runs: Sequence[object]) -> int:
    return 22 * math.ceil(len(runs) / 2)  # the legend has two names a row


def _add_bins(figure: go.Figure, run: NamedReliability, reliability: Reliability, symbol: str, faint: bool) -> None:
    filled = reliability.count >= _FEWEST
    count, accuracy = reliability.count[filled], reliability.accuracy[filled]
    ends = np.array([wilson_interval(hits, images) for hits, images in zip(accuracy * count, count, strict=True)])
    color = model_color(run.model)
    errors = {
        "type": "data",
        "symmetric": False,
        "array": 100 * (ends[:, 1] - accuracy),
        "arrayminus": 100 * (accuracy - ends[:, 0]),
        "thickness": 1,
        "width": 0,
        "visible": not faint,
    }
    figure.add_scatter(
        row=1,
        col=1,
        x=100 * reliability.confidence[filled],
        y=100 * accuracy,
        error_y=errors,
        mode="lines" if faint else "lines+markers",
        line={"color": color, "width": 1 if faint else 2, "dash": recipe_dash(run.recipe)},
        marker={"color": color, "symbol": symbol, "size": 8},
        opacity=0.45 if faint else 1,
        name=run.name,
        legendgroup=run.name,
        showlegend=not faint,
        customdata=count,
        hovertemplate=f"{run.name}<br>%{{customdata:,}} images: %{{x:.1f}} % sure, %{{y:.1f}} % right<extra></extra>",
        hoverinfo="skip" if faint else None,
    )


def _add_counts(figure: go.Figure, run: NamedReliability) -> None:
    edges, count = run.shown.edges, run.shown.count
    figure.add_scatter(
        row=2,
        col=1,
        x=50 * (edges[:-1] + edges[1:]),
        y=np.where(count > 0, 100 * count / count.sum(), np.nan),
        mode="lines",
        line={"color": model_color(run.model), "width": 2, "shape": "hvh", "dash": recipe_dash(run.recipe)},
        legendgroup=run.name,
        showlegend=False,
        customdata=np.column_stack([100 * edges[:-1], 100 * edges[1:], count]),
        hovertemplate=f"{run.name}<br>%{{customdata[0]:.0f}} to %{{customdata[1]:.0f}} % sure: "
        "%{customdata[2]:,} images<extra></extra>",
    )


def _thin(coverage: np.ndarray) -> np.ndarray:
    """Return which points of a curve are drawn: evenly spaced ones from the least coverage on, and the last."""
    wanted = np.linspace(min(_LEAST_COVERAGE, coverage[-1]), coverage[-1], _POINTS)
    return np.unique(np.searchsorted(coverage, wanted))
