"""What the figures of training curves are made of: lines, areas and marks as plotly's dictionaries."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fmnist.evaluation.curves import Curve, CurveBand
from fmnist.views.curves import Axis, Line

Trace = dict[str, Any]
Read = Callable[[Curve], np.ndarray]


def reader(column: str) -> Read:
    """Return what reads a column in the unit that is drawn: nats, or percent."""
    unit = 100 if "accuracy" in column else 1
    return lambda curve: unit * getattr(curve, column)


def draw_line(line: Line, axis: Axis, y: np.ndarray, width: float, opacity: float) -> Trace:
    """Return a line over an axis; those of a seed group share their entry in the legend."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": getattr(line.curve, axis),
        "y": y,
        "line": {"color": line.look.color, "width": width, "dash": line.look.dash},
        "opacity": opacity,
        "name": line.group_title,
        "legendgroup": line.group,
        "showlegend": False,
    }


def draw_joined(group: Sequence[Line], axis: Axis, read: Read, width: float, opacity: float) -> Trace:
    """Draw several trainings as one line, broken where one ends: a figure of few traces is quick."""
    pieces = [(np.append(getattr(line.curve, axis), np.nan), np.append(read(line.curve), np.nan)) for line in group]
    x, y = (np.concatenate(parts)[:-1] for parts in zip(*pieces, strict=True))
    return draw_line(group[0], axis, y, width, opacity) | {"x": x, "hoverinfo": "skip"}


def draw_faint(group: Sequence[Line], axis: Axis, read: Read) -> Trace:
    """Draw what was measured below smoothed lines."""
    return draw_joined(group, axis, read, 1, 0.25)


def draw_band(line: Line, band: CurveBand, axis: Axis, read: Read) -> Trace:
    """Draw the range over seeds as an area."""
    x, low, high = getattr(line.curve, axis), read(band.low), read(band.high)
    return draw_line(line, axis, np.concatenate([low, high[::-1]]), 0, 1) | {
        "x": np.concatenate([x, x[::-1]]),
        "fill": "toself",
        "fillcolor": _fade(line.look.color, 0.15),
        "hoverinfo": "skip",
    }


def draw_marks(group: Sequence[Line], axis: Axis, read: Read) -> list[Trace]:
    """Mark the kept epochs, the lowest validation losses where others were kept, and ends by early stopping."""
    look = group[0].look
    bar = {"symbol": "line-ns", "size": 13, "line": {"color": look.color, "width": 2}}
    marks = [
        ([(line, line.kept) for line in group if line.kept is not None], {"symbol": look.symbol, "size": 9}),
        (
            [(line, line.curve.best) for line in group if line.kept != line.curve.best],
            {"symbol": f"{look.symbol}-open", "size": 9},
        ),
        ([(line, -1) for line in group if line.early_stop], bar),
    ]
    return [
        _draw_points([line for line, _ in points], axis, read, [place for _, place in points])
        | {"marker": {"color": look.color} | marker}
        for points, marker in marks
        if points
    ]


def _draw_points(group: Sequence[Line], axis: Axis, read: Read, positions: Sequence[int]) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [getattr(line.curve, axis)[position] for line, position in zip(group, positions, strict=True)],
        "y": [read(line.curve)[position] for line, position in zip(group, positions, strict=True)],
        "hoverinfo": "skip",
        "legendgroup": group[0].group,
        "showlegend": False,
    }


def _fade(color: str, opacity: float) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"
