"""Losses and accuracies of trainings by epoch or by time, one over the other."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from fmnist.evaluation.curves import Curve, CurveBand, smooth_curve
from fmnist.views.style import RULE, model_color, model_symbol, recipe_dash, style_figure

Measure = Literal["loss", "accuracy"]

_AXIS_TITLES = {"epoch": "Epoch", "seconds": "Seconds of training"}
_MEASURE_TITLES = {"loss": "Loss (nats)", "accuracy": "Accuracy (%)"}
_GAP_TITLES = {"loss": "Gap (nats)", "accuracy": "Gap (points)"}
_CROWDED = 8  # more curves than these are drawn thinner, and a shared label would cover the figure
_START = 2  # epochs in which a training may be far off: an average of weights begins as random ones


@dataclass(frozen=True, eq=False)
class NamedCurve:
    """One training, or the mean of a network's seeds with their band, and its names.

    `early_stop` says that it ends where early stopping ended it.
    """

    name: str
    network: str
    model: str
    recipe: str
    curve: Curve
    band: CurveBand | None = None
    early_stop: bool = False


_Group = Sequence[NamedCurve]
_Read = Callable[[Curve], np.ndarray]
_Trace = dict[str, Any]


def curves_figure(
    curves: Sequence[NamedCurve], measure: Measure, axis: str, log: bool = False, smoothing: float = 0.0
) -> go.Figure:
    """Draw each training's `measure` over its `axis`, "epoch" or "seconds"; colours are networks, dashes recipes.

    Thin on training images, thick on validation images. A marker is on the lowest validation loss, a bar where early
    stopping ended the training. With `smoothing`, the weight of the past in a moving average, the line that it was made
    from stays, faint. First epochs that are far off lie outside until the reader asks for them by a double click.
    """
    groups, crowded = _by_network(curves), len(curves) > _CROWDED
    shared = _shares_hover(curves, axis)
    hover = partial(_hover_row, measure=measure) if shared else _hover_label
    thin, thick = (0.75, 1.25) if crowded else (1.25, 2.25)
    train, val = _reader(measure), _reader(f"val_{measure}")
    traces: list[_Trace] = []
    for group in groups.values():
        smooth = _smooth(group, smoothing)
        bands = [(named, named.band) for named in group if named.band]
        traces += [_draw_band(named, band, axis, read) for named, band in bands for read in (train, val)]
        traces += [_draw_faint(group, axis, read) for read in (train, val) if smoothing]
        traces.append(_draw_joined(smooth, axis, train, thin, 0.4 if crowded else 0.7))
        traces += [
            _draw_line(named, axis, val(shown.curve), thick, 0.7 if crowded else 1)
            | {"customdata": _hover_values(named.curve), "hovertemplate": hover(named.name)}
            for named, shown in zip(group, smooth, strict=True)
        ]
        traces[-1]["showlegend"] = True
        traces += _draw_marks(group, axis, val)
    figure = go.Figure(data=traces)
    scale = {"type": "log", "dtick": "D2"} if log else {"nticks": 8, "range": _settled_range(curves, train, val)}
    figure.update_yaxes(title=_MEASURE_TITLES[measure], zeroline=False, **scale)
    height = 340 + 22 * math.ceil(len(groups) / 2)  # the legend has two names a row
    return _finish(figure, axis, height, shared)


def gap_figure(curves: Sequence[NamedCurve], measure: Measure, axis: str, smoothing: float = 0.0) -> go.Figure:
    """Draw how much better each training's `measure` is on training than on validation images, over its `axis`."""
    width, gap = 1.25 if len(curves) > _CROWDED else 2, _gap_reader(measure)
    traces: list[_Trace] = []
    for group in _by_network(curves).values():
        traces += [_draw_faint(group, axis, gap)] if smoothing else []
        for named in _smooth(group, smoothing):
            hover = {"hovertemplate": f"{named.name}: %{{y:+.3f}}<extra></extra>"}
            traces.append(_draw_line(named, axis, gap(named.curve), width, 1) | hover)
        traces += _draw_marks(group, axis, gap)
    figure = go.Figure(data=traces)
    figure.add_hline(y=0, line={"color": RULE, "width": 1})
    figure.update_yaxes(title=_GAP_TITLES[measure], zeroline=False, range=_settled_range(curves, gap))
    return _finish(figure, axis, 230, _shares_hover(curves, axis)).update_layout(margin={"t": 8})


def _by_network(curves: Sequence[NamedCurve]) -> dict[str, list[NamedCurve]]:
    groups: dict[str, list[NamedCurve]] = {}
    for named in curves:
        groups.setdefault(named.network, []).append(named)
    return groups


def _smooth(group: _Group, weight: float) -> _Group:
    return [replace(named, curve=smooth_curve(named.curve, weight)) for named in group] if weight else group


def _reader(column: str) -> _Read:
    """Return what reads a column in the unit that is drawn: nats, or percent."""
    unit = 100 if "accuracy" in column else 1
    return lambda curve: unit * getattr(curve, column)


def _gap_reader(measure: Measure) -> _Read:
    train, val = _reader(measure), _reader(f"val_{measure}")
    higher_is_better = 1 if measure == "accuracy" else -1
    return lambda curve: higher_is_better * (train(curve) - val(curve))


def _settled_range(curves: Sequence[NamedCurve], *reads: _Read) -> tuple[float, float] | None:
    """Return the range without the first epochs, where these would take up more than half of the axis; else None."""
    lines = [read(named.curve) for named in curves for read in reads]
    settled = np.concatenate([line[_START:] if len(line) > 2 * _START else line for line in lines])
    low, high = float(settled.min()), float(settled.max())
    if np.ptp(np.concatenate(lines)) <= 2 * (high - low):
        return None
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _draw_line(named: NamedCurve, axis: str, y: np.ndarray, width: float, opacity: float) -> _Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": getattr(named.curve, axis),
        "y": y,
        "line": {"color": model_color(named.model), "width": width, "dash": recipe_dash(named.recipe)},
        "opacity": opacity,
        "name": named.network,
        "legendgroup": named.network,
        "showlegend": False,
    }


def _draw_joined(group: _Group, axis: str, read: _Read, width: float, opacity: float) -> _Trace:
    """Draw several trainings as one line, broken where one ends: a figure of few traces is quick."""
    pieces = [(np.append(getattr(named.curve, axis), np.nan), np.append(read(named.curve), np.nan)) for named in group]
    x, y = (np.concatenate(parts)[:-1] for parts in zip(*pieces, strict=True))
    return _draw_line(group[0], axis, y, width, opacity) | {"x": x, "hoverinfo": "skip"}


def _draw_faint(group: _Group, axis: str, read: _Read) -> _Trace:
    return _draw_joined(group, axis, read, 1, 0.25)


def _draw_band(named: NamedCurve, band: CurveBand, axis: str, read: _Read) -> _Trace:
    x, low, high = getattr(named.curve, axis), read(band.low), read(band.high)
    return _draw_line(named, axis, np.concatenate([low, high[::-1]]), 0, 1) | {
        "x": np.concatenate([x, x[::-1]]),
        "fill": "toself",
        "fillcolor": _fade(model_color(named.model), 0.15),
        "hoverinfo": "skip",
    }


def _draw_marks(group: _Group, axis: str, read: _Read) -> list[_Trace]:
    """Mark the lowest validation losses, and where early stopping ended a training."""
    model = group[0].model
    best = _draw_points(group, axis, read, [named.curve.best for named in group])
    best["marker"] = {"color": model_color(model), "symbol": model_symbol(model), "size": 9}
    stopped = [named for named in group if named.early_stop]
    if not stopped:
        return [best]
    ends = _draw_points(stopped, axis, read, [-1] * len(stopped))
    ends["marker"] = {"symbol": "line-ns", "size": 13, "line": {"color": model_color(model), "width": 2}}
    return [best, ends]


def _draw_points(group: _Group, axis: str, read: _Read, positions: Sequence[int]) -> _Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [getattr(named.curve, axis)[position] for named, position in zip(group, positions, strict=True)],
        "y": [read(named.curve)[position] for named, position in zip(group, positions, strict=True)],
        "hoverinfo": "skip",
        "legendgroup": group[0].network,
        "showlegend": False,
    }


def _hover_values(curve: Curve) -> np.ndarray:
    percent = [100 * curve.val_accuracy, 100 * curve.accuracy]
    return np.column_stack([curve.val_loss, curve.loss, *percent, curve.learning_rate, curve.seconds, curve.epoch])


def _shares_hover(curves: Sequence[NamedCurve], axis: str) -> bool:
    return axis == "epoch" and len(curves) <= _CROWDED


def _hover_row(name: str, measure: Measure) -> str:
    """Return a curve's row in the label that all share at an epoch."""
    if measure == "loss":
        return f"{name}: %{{customdata[0]:.4f}}, training %{{customdata[1]:.4f}}<extra></extra>"
    return f"{name}: %{{customdata[2]:.2f}} %, training %{{customdata[3]:.2f}} %<extra></extra>"


def _hover_label(name: str) -> str:
    """Return a label of a curve's own."""
    return (
        f"<b>{name}</b>, epoch %{{customdata[6]:.0f}}"
        "<br>validation loss %{customdata[0]:.4f}, training %{customdata[1]:.4f}"
        "<br>validation accuracy %{customdata[2]:.2f} %, training %{customdata[3]:.2f} %"
        "<br>learning rate %{customdata[4]:.2g}, after %{customdata[5]:,.0f} s<extra></extra>"
    )


def _finish(figure: go.Figure, axis: str, height: int, shared_hover: bool) -> go.Figure:
    whole = {"tickformat": "d", "nticks": 12, "unifiedhovertitle_text": "Epoch %{x}"} if axis == "epoch" else {}
    figure.update_xaxes(title=_AXIS_TITLES[axis], showgrid=False, zeroline=False, **whole)
    return style_figure(figure, height).update_layout(hovermode="x unified" if shared_hover else "closest")


def _fade(color: str, opacity: float) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"
