"""The figures of training curves: losses and accuracies, and the gaps between training and validation."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.evaluation.curves import Curve, smooth_curve
from fmnist.views.curve_traces import Read, Trace, draw_band, draw_faint, draw_joined, draw_line, draw_marks, reader
from fmnist.views.curves import Axis, Curves, Line, Measure, Options
from fmnist.views.curves_words import describe_best
from fmnist.views.line_labels import MARGIN, EndLabel, label_ends
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.style import RULE, TOOLS, house_layout, legend_height
from fmnist.wording import join, true_minus

Layout = dict[str, Any]

_AXIS_TITLES = {"epoch": "Epoch", "seconds": "Training time (s)"}
_MEASURE_TITLES = {"loss": "Loss (nats)", "accuracy": "Accuracy (%)"}
_GAP_TITLES = {"loss": "Gap (nats)", "accuracy": "Gap (points)"}
_HEIGHT, _GAP_HEIGHT = 420, 230
_AXIS_PIXELS = 44  # of ticks and title below the figure
_CROWDED = 8  # more curves than these are drawn thinner, and a shared label would cover the figure
_START = 2  # epochs in which a training may be far off: an average of weights begins as random ones


def figures(curves: Curves, options: Options) -> dict[str, Drawn]:
    """Return the figures "accuracy" and "loss", their lines labelled at the right where there are few.

    Colours are architectures, dashes recipes. Training is thin, validation thick. A filled marker is on the kept epoch,
    an open one on the lowest validation loss, a bar where early stopping ended the training. Smoothed lines leave the
    measured ones visible, faint. First epochs that are far off lie outside; a double click shows them.
    """
    smooth = _smooth(curves.lines, options.smoothing)
    shown = "Training and validation" if options.training else "Validation"
    drawn = {}
    for measure in ("accuracy", "loss"):
        traces, layout = draw_measure(curves.lines, measure, options, smooth)
        if len(curves.lines) <= _CROWDED:
            layout = _label_lines(curves, measure, options, layout)
        figure = go.Figure(data=traces, layout=layout)
        alt = f"{shown} {measure} by {options.axis} of {join(curves.labels)}"
        drawn[measure] = Drawn(figure, alt, _name_file(measure, curves), describe_best(curves, measure))
    return drawn


def gap_figures(curves: Curves, options: Options) -> dict[str, Drawn]:
    """Return the figures "loss_gap" and "accuracy_gap": how much better a measure is on training images."""
    smooth = _smooth(curves.lines, options.smoothing)
    alts = {"loss": "How much lower the loss is in training", "accuracy": "How much higher the accuracy is in training"}
    drawn = {}
    for measure in ("loss", "accuracy"):
        traces, layout = _draw_gap(curves.lines, measure, options, smooth)
        name, figure = f"{measure}_gap", go.Figure(data=traces, layout=layout)
        drawn[name] = Drawn(figure, alts[measure], _name_file(name, curves), _describe_gaps(curves, measure))
    return drawn


def draw_measure(
    lines: Sequence[Line], measure: Measure, options: Options, smooth: Sequence[Line] | None = None
) -> tuple[list[Trace], Layout]:
    """Return traces and layout of a measure, in training and validation; `smooth` are the lines after smoothing."""
    groups, crowded = _by_group(lines, smooth or lines), len(lines) > _CROWDED
    shared = _shares_hover(lines, options.axis)
    hover = partial(_hover_row, measure=measure) if shared else _hover_label
    thin, thick = (0.75, 1.25) if crowded else (1.25, 2.25)
    train, val = reader(measure), reader(f"val_{measure}")
    reads = (train, val) if options.training else (val,)
    traces: list[Trace] = []
    for group, smoothed in groups:
        bands = [(line, line.band) for line in group if line.band]
        traces += [draw_band(line, band, options.axis, read) for line, band in bands for read in reads]
        traces += [draw_faint(group, options.axis, read) for read in reads if options.smoothing]
        if options.training:
            traces.append(draw_joined(smoothed, options.axis, train, thin, 0.4 if crowded else 0.7))
        traces += [
            draw_line(line, options.axis, val(shown.curve), thick, 0.7 if crowded else 1)
            | {"customdata": _hover_values(line.curve), "hovertemplate": hover(line.name)}
            for line, shown in zip(group, smoothed, strict=True)
        ]
        traces[-1]["showlegend"] = True
        traces += draw_marks(group, options.axis, val)
    log = options.log and measure == "loss"
    scale = {"type": "log", "dtick": "D2"} if log else {"nticks": 8, "range": _settled_range(lines, *reads)}
    layout = _lay_out(options.axis, _HEIGHT + legend_height(len(groups)), shared)
    return traces, layout | {"yaxis": {"title": {"text": _MEASURE_TITLES[measure]}, "zeroline": False, **scale}}


def _label_lines(curves: Curves, measure: Measure, options: Options, layout: Layout) -> Layout:
    """Return the layout with a label beside each line's end instead of a legend."""
    margin = layout["margin"] | {"t": TOOLS, "r": MARGIN}
    low, high = _drawn_range(curves.lines, measure, options, layout)
    ends = np.array([reader(f"val_{measure}")(line.curve)[-1] for line in curves.lines])
    if layout["yaxis"].get("type") == "log":
        ends = np.log10(ends)
    places = ((ends - low) / (high - low)).tolist()
    labels = [
        EndLabel(name, line.look.color, place)
        for name, line, place in zip(curves.labels, curves.lines, places, strict=True)
    ]
    notes = label_ends(labels, _HEIGHT - margin["t"] - _AXIS_PIXELS)
    yaxis = layout["yaxis"] | {"range": (low, high)}
    return layout | {"height": _HEIGHT, "margin": margin, "showlegend": False, "annotations": notes, "yaxis": yaxis}


def _drawn_range(lines: Sequence[Line], measure: Measure, options: Options, layout: Layout) -> tuple[float, float]:
    """Return the range of the vertical axis, in the decades of a logarithmic one."""
    if settled := layout["yaxis"].get("range"):
        return float(settled[0]), float(settled[1])
    columns = (measure, f"val_{measure}") if options.training else (f"val_{measure}",)
    values = np.concatenate([reader(column)(line.curve) for line in lines for column in columns])
    if layout["yaxis"].get("type") == "log":
        values = np.log10(values[values > 0])
    low, high = float(values.min()), float(values.max())
    margin = 0.06 * (high - low) or 0.5
    return low - margin, high + margin


def _draw_gap(
    lines: Sequence[Line], measure: Measure, options: Options, smooth: Sequence[Line]
) -> tuple[list[Trace], Layout]:
    """Return traces and layout of how much better a measure is on training than on validation images."""
    width, gap = 1.25 if len(lines) > _CROWDED else 2, _gap_reader(measure)
    traces: list[Trace] = []
    for group, smoothed in _by_group(lines, smooth):
        traces += [draw_faint(group, options.axis, gap)] if options.smoothing else []
        for line in smoothed:
            hover = {"hovertemplate": f"{line.name}: %{{y:+.3f}}<extra></extra>"}
            traces.append(draw_line(line, options.axis, gap(line.curve), width, 1) | hover)
        traces += draw_marks(group, options.axis, gap)
    layout = _lay_out(options.axis, _GAP_HEIGHT, _shares_hover(lines, options.axis))
    layout["margin"] = layout["margin"] | {"t": 8}
    title = {"title": {"text": _GAP_TITLES[measure]}, "zeroline": False, "range": _settled_range(lines, gap)}
    zero = {"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "yref": "y", "y0": 0, "y1": 0}
    return traces, layout | {"yaxis": title, "shapes": [zero | {"line": {"color": RULE, "width": 1}}]}


def _describe_gaps(curves: Curves, measure: Measure) -> str:
    """Say how large the gaps are in the end."""
    gap, unit = _gap_reader(measure), "nats" if measure == "loss" else "points"
    ends = (true_minus(f"{gap(line.curve)[-1]:+.3f}") for line in curves.lines)
    named = (f"{label} {end} {unit}" for label, end in zip(curves.labels, ends, strict=True))
    return f"In the last epoch: {'; '.join(named)}."


def _name_file(what: str, curves: Curves) -> str:
    return file_stem(what, [line.key for line in curves.lines])


def _by_group(lines: Sequence[Line], smooth: Sequence[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Return the lines of each seed group, as measured and smoothed."""
    groups: dict[str, tuple[list[Line], list[Line]]] = {}
    for line, smoothed in zip(lines, smooth, strict=True):
        measured, shown = groups.setdefault(line.group, ([], []))
        measured.append(line)
        shown.append(smoothed)
    return list(groups.values())


def _smooth(lines: Sequence[Line], weight: float) -> Sequence[Line]:
    return [replace(line, curve=smooth_curve(line.curve, weight)) for line in lines] if weight else lines


def _gap_reader(measure: Measure) -> Read:
    train, val = reader(measure), reader(f"val_{measure}")
    higher_is_better = 1 if measure == "accuracy" else -1
    return lambda curve: higher_is_better * (train(curve) - val(curve))


def _settled_range(lines: Sequence[Line], *reads: Read) -> tuple[float, float] | None:
    """Return the range without the first epochs, where these would take up more than half of the axis; else None."""
    values = [read(line.curve) for line in lines for read in reads]
    settled = np.concatenate([one[_START:] if len(one) > 2 * _START else one for one in values])
    low, high = float(settled.min()), float(settled.max())
    if np.ptp(np.concatenate(values)) <= 2 * (high - low):
        return None
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _hover_values(curve: Curve) -> np.ndarray:
    percent = [100 * curve.val_accuracy, 100 * curve.accuracy]
    return np.column_stack([curve.val_loss, curve.loss, *percent, curve.learning_rate, curve.seconds, curve.epoch])


def _shares_hover(lines: Sequence[Line], axis: Axis) -> bool:
    return axis == "epoch" and len(lines) <= _CROWDED


def _hover_row(name: str, measure: Measure) -> str:
    """Return a curve's row in the label that all share at an epoch."""
    if measure == "loss":
        return f"{name}: %{{customdata[0]:.4f}}, training %{{customdata[1]:.4f}}<extra></extra>"
    return f"{name}: %{{customdata[2]:.2f}}%, training %{{customdata[3]:.2f}}%<extra></extra>"


def _hover_label(name: str) -> str:
    """Return a label of a curve's own."""
    return (
        f"<b>{name}</b>, epoch %{{customdata[6]:.0f}}"
        "<br>validation loss %{customdata[0]:.4f}, training %{customdata[1]:.4f}"
        "<br>validation accuracy %{customdata[2]:.2f}%, training %{customdata[3]:.2f}%"
        "<br>learning rate %{customdata[4]:.2g}, after %{customdata[5]:,.0f} s<extra></extra>"
    )


def _lay_out(axis: Axis, height: int, shared_hover: bool) -> Layout:
    whole = {"tickformat": "d", "nticks": 12, "unifiedhovertitle": {"text": "Epoch %{x}"}} if axis == "epoch" else {}
    return house_layout(height) | {
        "xaxis": {"title": {"text": _AXIS_TITLES[axis]}, "showgrid": False, "zeroline": False, **whole},
        "hovermode": "x unified" if shared_hover else "closest",
    }
