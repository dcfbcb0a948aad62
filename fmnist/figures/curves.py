"""Losses and accuracies of trainings by epoch or by time, one over the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from fmnist.evaluation.curves import Curve, CurveBand
from fmnist.figures.style import model_color, model_symbol, style_figure

Measure = Literal["loss", "accuracy"]

_AXIS_TITLES = {"epoch": "Epoch", "seconds": "Seconds of training"}
_MEASURE_TITLES = {"loss": "Loss (nats)", "accuracy": "Accuracy (%)"}
_GAP_TITLES = {"loss": "Gap (nats)", "accuracy": "Gap (points)"}
_SCALES = {"loss": 1, "accuracy": 100}
_RULE = "rgba(127, 127, 127, 0.6)"
_SHARED_HOVER = 4  # more curves than these and the shared label would cover the figure
_CROWDED = 8


@dataclass(frozen=True, eq=False)
class NamedCurve:
    """One training, or the mean of a network's seeds with their band, and its names."""

    name: str
    network: str
    model: str
    curve: Curve
    band: CurveBand | None = None


def curves_figure(curves: Sequence[NamedCurve], measure: Measure, axis: str, log: bool = False) -> go.Figure:
    """Draw each training's `measure` over its `axis`, "epoch" or "seconds".

    Dashed on training images and solid on validation images; the lowest validation loss is marked.
    """
    figure = go.Figure()
    crowded, scale = len(curves) > _CROWDED, _SCALES[measure]
    first_of_network = {named.network: named for named in reversed(curves)}
    for named in curves:
        x, color = getattr(named.curve, axis), model_color(named.model)
        if named.band:
            _add_band(figure, named, measure, axis)
        common = {"x": x, "mode": "lines", "legendgroup": named.network, "opacity": 0.6 if crowded else 1}
        figure.add_scatter(
            **common,
            y=scale * getattr(named.curve, measure),
            line={"color": color, "width": 1 if crowded else 1.5, "dash": "dash"},
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            **common,
            y=scale * getattr(named.curve, f"val_{measure}"),
            line={"color": color, "width": 1.25 if crowded else 2},
            name=named.network,
            showlegend=named is first_of_network[named.network],
            customdata=_hover_values(named.curve),
            hovertemplate=_hover_template(named.name),
        )
        _mark_best(figure, named, x, scale * getattr(named.curve, f"val_{measure}"))
    figure.update_yaxes(title=_MEASURE_TITLES[measure], type="log" if log else "linear", zeroline=False)
    return _finish(figure, axis, 380, shared_hover=len(curves) <= _SHARED_HOVER)


def gap_figure(curves: Sequence[NamedCurve], measure: Measure, axis: str) -> go.Figure:
    """Draw how much better each training's `measure` is on training than on validation images, over its `axis`."""
    figure = go.Figure()
    figure.add_hline(y=0, line={"color": _RULE, "width": 1})
    sign = _SCALES[measure] if measure == "accuracy" else -_SCALES[measure]
    for named in curves:
        x = getattr(named.curve, axis)
        gap = sign * (getattr(named.curve, measure) - getattr(named.curve, f"val_{measure}"))
        figure.add_scatter(
            x=x,
            y=gap,
            mode="lines",
            line={"color": model_color(named.model), "width": 1.25 if len(curves) > _CROWDED else 2},
            hovertemplate=f"{named.name}: %{{y:+.3f}}<extra></extra>",
            showlegend=False,
        )
        _mark_best(figure, named, x, gap)
    figure.update_yaxes(title=_GAP_TITLES[measure], zeroline=False)
    return _finish(figure, axis, 230, shared_hover=len(curves) <= _SHARED_HOVER).update_layout(margin={"t": 8})


def _add_band(figure: go.Figure, named: NamedCurve, measure: Measure, axis: str) -> None:
    band, scale = named.band, _SCALES[measure]
    assert band is not None  # noqa: S101
    for column in (measure, f"val_{measure}"):
        edges = [scale * getattr(edge, column) for edge in (band.low, band.high)]
        x = getattr(named.curve, axis)
        figure.add_scatter(
            x=np.concatenate([x, x[::-1]]),
            y=np.concatenate([edges[0], edges[1][::-1]]),
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=_fade(model_color(named.model), 0.15),
            hoverinfo="skip",
            legendgroup=named.network,
            showlegend=False,
        )


def _mark_best(figure: go.Figure, named: NamedCurve, x: np.ndarray, y: np.ndarray) -> None:
    best = named.curve.best
    figure.add_scatter(
        x=[x[best]],
        y=[y[best]],
        mode="markers",
        marker={"color": model_color(named.model), "symbol": model_symbol(named.model), "size": 9},
        hoverinfo="skip",
        legendgroup=named.network,
        showlegend=False,
    )


def _hover_values(curve: Curve) -> np.ndarray:
    percent = [100 * curve.val_accuracy, 100 * curve.accuracy]
    return np.column_stack([curve.val_loss, curve.loss, *percent, curve.learning_rate, curve.seconds, curve.epoch])


def _hover_template(name: str) -> str:
    return (
        f"<b>{name}</b>, epoch %{{customdata[6]:.0f}}"
        "<br>validation loss %{customdata[0]:.4f}, training %{customdata[1]:.4f}"
        "<br>validation accuracy %{customdata[2]:.2f} %, training %{customdata[3]:.2f} %"
        "<br>learning rate %{customdata[4]:.2g}, after %{customdata[5]:,.0f} s<extra></extra>"
    )


def _finish(figure: go.Figure, axis: str, height: int, shared_hover: bool) -> go.Figure:
    whole = {"tickformat": "d", "nticks": 12} if axis == "epoch" else {}
    figure.update_xaxes(title=_AXIS_TITLES[axis], showgrid=False, zeroline=False, **whole)
    shared = shared_hover and axis == "epoch"
    return style_figure(figure, height).update_layout(hovermode="x unified" if shared else "closest")


def _fade(color: str, opacity: float) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"
