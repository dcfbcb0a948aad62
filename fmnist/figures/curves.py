"""Losses and accuracies of trainings by epoch or by time, one over the other."""

import math
from collections.abc import Callable, Sequence
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
    crowded = len(curves) > _CROWDED
    for network, group in _by_network(curves).items():
        color = model_color(group[0].model)
        common = {"mode": "lines", "legendgroup": network, "opacity": 0.6 if crowded else 1}
        for named in group:
            _add_band(figure, named, measure, axis)
        figure.add_scatter(
            **common,
            **_join(group, axis, lambda curve: _read(curve, measure)),
            line={"color": color, "width": 1 if crowded else 1.5, "dash": "dash"},
            hoverinfo="skip",
            showlegend=False,
        )
        for position, named in enumerate(group):
            figure.add_scatter(
                **common,
                x=getattr(named.curve, axis),
                y=_read(named.curve, f"val_{measure}"),
                line={"color": color, "width": 1.25 if crowded else 2},
                name=network,
                showlegend=position == 0,
                customdata=_hover_values(named.curve),
                hovertemplate=_hover_template(named.name),
            )
        _mark_best(figure, group, axis, lambda curve: _read(curve, f"val_{measure}"))
    figure.update_yaxes(title=_MEASURE_TITLES[measure], type="log" if log else "linear", zeroline=False, nticks=8)
    height = 340 + 22 * math.ceil(len(_by_network(curves)) / 2)  # the legend has two names a row
    return _finish(figure, axis, height, shared_hover=len(curves) <= _SHARED_HOVER)


def gap_figure(curves: Sequence[NamedCurve], measure: Measure, axis: str) -> go.Figure:
    """Draw how much better each training's `measure` is on training than on validation images, over its `axis`."""
    figure = go.Figure()
    figure.add_hline(y=0, line={"color": _RULE, "width": 1})
    for group in _by_network(curves).values():
        for named in group:
            figure.add_scatter(
                x=getattr(named.curve, axis),
                y=_gap(named.curve, measure),
                mode="lines",
                line={"color": model_color(named.model), "width": 1.25 if len(curves) > _CROWDED else 2},
                hovertemplate=f"{named.name}: %{{y:+.3f}}<extra></extra>",
                showlegend=False,
            )
        _mark_best(figure, group, axis, lambda curve: _gap(curve, measure))
    figure.update_yaxes(title=_GAP_TITLES[measure], zeroline=False)
    return _finish(figure, axis, 230, shared_hover=len(curves) <= _SHARED_HOVER).update_layout(margin={"t": 8})


def _by_network(curves: Sequence[NamedCurve]) -> dict[str, list[NamedCurve]]:
    groups: dict[str, list[NamedCurve]] = {}
    for named in curves:
        groups.setdefault(named.network, []).append(named)
    return groups


def _read(curve: Curve, column: str) -> np.ndarray:
    """Return a column in the unit that is drawn: nats, or percent."""
    return (100 if "accuracy" in column else 1) * getattr(curve, column)


def _gap(curve: Curve, measure: Measure) -> np.ndarray:
    higher_is_better = 1 if measure == "accuracy" else -1
    return higher_is_better * (_read(curve, measure) - _read(curve, f"val_{measure}"))


def _join(group: Sequence[NamedCurve], axis: str, read: Callable[[Curve], np.ndarray]) -> dict[str, np.ndarray]:
    """Return the lines of several trainings as one, broken where one ends: a figure of few traces is quick."""
    pieces = [(np.append(getattr(named.curve, axis), np.nan), np.append(read(named.curve), np.nan)) for named in group]
    x, y = (np.concatenate(parts)[:-1] for parts in zip(*pieces, strict=True))
    return {"x": x, "y": y}


def _add_band(figure: go.Figure, named: NamedCurve, measure: Measure, axis: str) -> None:
    if named.band is None:
        return
    x = getattr(named.curve, axis)
    for column in (measure, f"val_{measure}"):
        figure.add_scatter(
            x=np.concatenate([x, x[::-1]]),
            y=np.concatenate([_read(named.band.low, column), _read(named.band.high, column)[::-1]]),
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=_fade(model_color(named.model), 0.15),
            hoverinfo="skip",
            legendgroup=named.network,
            showlegend=False,
        )


def _mark_best(figure: go.Figure, group: Sequence[NamedCurve], axis: str, read: Callable[[Curve], np.ndarray]) -> None:
    model = group[0].model
    figure.add_scatter(
        x=[getattr(named.curve, axis)[named.curve.best] for named in group],
        y=[read(named.curve)[named.curve.best] for named in group],
        mode="markers",
        marker={"color": model_color(model), "symbol": model_symbol(model), "size": 9},
        hoverinfo="skip",
        legendgroup=group[0].network,
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
