"""The figures of the leaderboard: accuracies with their intervals, and accuracy over a cost."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from fmnist.views.label_places import Mark, place_labels
from fmnist.views.leaderboard import COSTS, LISTED, Cost, Leaderboard, Options, Row
from fmnist.views.leaderboard_words import captions, describe_range, short_titles
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.style import RULE, bare_layout, name_axis
from fmnist.wording import percent, plural, span

_APART = 0.004  # of accuracy: a smaller range is not drawn larger
_MARGIN = 0.03  # decades beside the outer ticks, so that their labels fit

_ACCURACIES = "Test accuracy of each model with its 95% confidence interval"

_NOTE = {"showarrow": False, "xanchor": "left"}  # of what lies beyond an axis' end

_Trace = dict[str, Any]


def figures(board: Leaderboard, options: Options) -> dict[str, Drawn]:
    """Return the figures "accuracies" and, where any cost is known, "accuracy_cost"."""
    cost = COSTS[options.cost]
    keys, said = [row.key for row in board.rows], captions(board, options)
    figure = _draw_accuracies(board.rows[:LISTED], options.floor)
    drawn = {"accuracies": Drawn(figure, _ACCURACIES, file_stem("accuracy", keys), describe_range(board))}
    if priced := board.with_cost(cost):
        figure = _draw_costs(priced, board.frontier(cost), cost, options.floor)
        name = file_stem(f"accuracy-{options.cost}", keys)
        drawn["accuracy_cost"] = Drawn(figure, f"Test accuracy against {cost.title}", name, f"{said['accuracy_cost']}.")
    return drawn


def _draw_accuracies(rows: Sequence[Row], floor: float) -> go.Figure:
    """Draw accuracies with 95% intervals, the first row on top; ticks are single runs."""
    axis, height = name_axis({row.key: row.title for row in rows}, spacing=24)
    traces = [_draw_runs(rows), *map(_draw_means, _by_look(rows).values())]
    limits = _crop(rows, floor)
    x = {"title": {"text": "Test accuracy (%)"}, "showgrid": True, "zeroline": False, "range": limits}
    notes = [
        _NOTE | {"text": f"◂ {percent(row.accuracy.mean, 1)}", "x": 0, "xref": "x domain", "y": row.key}
        for row in _below(rows, limits)
    ]
    layout = bare_layout(max(300, 76 + height)) | {"xaxis": x, "yaxis": axis, "annotations": notes}
    return go.Figure(data=traces, layout=layout)


def _crop(rows: Sequence[Row], floor: float) -> tuple[float, float] | None:
    """Return the range of an axis of accuracies, in percent, where some rows are below the floor; else None."""
    shown = [row for row in rows if row.accuracy.mean >= floor]
    if len(shown) in (0, len(rows)):
        return None
    low = min(min(row.accuracy.interval.low, *row.accuracies) for row in shown)
    high = max(max(row.accuracy.interval.high, *row.accuracies) for row in shown)
    margin = 0.05 * (high - low)
    return 100 * (low - margin), 100 * (high + margin)


def _below(rows: Sequence[Row], limits: tuple[float, float] | None) -> list[Row]:
    return [row for row in rows if limits and 100 * row.accuracy.mean < limits[0]]


def _draw_runs(rows: Sequence[Row]) -> _Trace:
    """Draw all runs as one trace: a figure of few traces is quick."""
    runs = [(row, 100 * share) for row in rows for share in row.accuracies]
    colors = [row.look.color for row, _ in runs]
    return {
        "type": "scatter",
        "x": [share for _, share in runs],
        "y": [row.key for row, _ in runs],
        "mode": "markers",
        "marker": {"symbol": "line-ns-open", "size": 12, "color": colors, "opacity": 0.6},
        "hovertemplate": "one run: %{x:.2f}%<extra></extra>",
    }


def _draw_means(rows: Sequence[Row]) -> _Trace:
    look = rows[0].look
    return {
        "type": "scatter",
        "x": [100 * row.accuracy.mean for row in rows],
        "y": [row.key for row in rows],
        "error_x": _error_bars(rows),
        "mode": "markers",
        "marker": {"symbol": look.symbol, "size": 9, "color": look.color},
        "customdata": [_describe(row) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _draw_costs(rows: Sequence[Row], steps: Sequence[Row], cost: Cost, floor: float) -> go.Figure:
    """Draw accuracy with its interval over a cost on a log scale; each step of the line is a significant gain."""
    costs, limits = [cost.of(row) for row in rows], _crop(rows, floor)
    ticks = _log_ticks(min(costs), max(costs))
    labels = _point_labels(rows)
    places = _place(rows, labels, cost, (ticks[0], ticks[-1]))
    groups = _by_look(rows).values()
    traces = [_draw_frontier(steps, cost), *(_draw_points(group, cost, labels, places) for group in groups)]
    layout = bare_layout(360) | {
        "xaxis": {
            "title": {"text": f"{cost.title}, log scale"},
            "type": "log",
            "range": [math.log10(ticks[0]) - _MARGIN, math.log10(ticks[-1]) + _MARGIN],
            "tickvals": ticks,
            "ticktext": [f"{tick:,.12g}" for tick in ticks],
            "showgrid": False,
        },
        "yaxis": {"title": {"text": "Test accuracy (%)"}, "zeroline": False, "range": limits},
        "annotations": [
            _NOTE
            | {"text": f"▾ {percent(row.accuracy.mean, 1)}", "x": math.log10(cost.of(row)), "y": 0, "yref": "y domain"}
            | {"xanchor": "center", "yanchor": "bottom"}
            for row in _below(rows, limits)
        ],
    }
    return go.Figure(data=traces, layout=layout)


def _draw_points(rows: Sequence[Row], cost: Cost, labels: dict[str, str], places: dict[str, str]) -> _Trace:
    look = rows[0].look
    return {
        "type": "scatter",
        "x": [cost.of(row) for row in rows],
        "y": [100 * row.accuracy.mean for row in rows],
        "error_y": _error_bars(rows),
        "mode": "markers+text",
        "marker": {"symbol": look.symbol, "size": 10, "color": look.color},
        "text": [f"  {labels[row.key]}  " if row.key in labels else "" for row in rows],
        "textposition": [places.get(row.key, "middle right") for row in rows],
        "customdata": [f"{_describe(row)}<br>{cost.title}: {cost.of(row):{cost.spec}}" for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _draw_frontier(steps: Sequence[Row], cost: Cost) -> _Trace:
    return {
        "type": "scatter",
        "x": [cost.of(row) for row in steps],
        "y": [100 * row.accuracy.mean for row in steps],
        "mode": "lines",
        "line": {"color": RULE, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
    }


def _by_look(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """Return the rows by colour and marker: those of one architecture share a trace."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.look.color, row.look.symbol), []).append(row)
    return groups


def _point_labels(rows: Sequence[Row]) -> dict[str, str]:
    """Return by key what is written beside a point: the architecture's title, at the best that it reached."""
    best = [max(group, key=lambda row: row.accuracy.mean) for group in _by_look(rows).values()]
    return short_titles(best)


def _place(rows: Sequence[Row], labels: Mapping[str, str], cost: Cost, ends: tuple[float, float]) -> dict[str, str]:
    """Return by key on which side of its point a label is written."""
    width = math.log(ends[1] / ends[0])
    low, high = min(row.accuracy.interval.low for row in rows), max(row.accuracy.interval.high for row in rows)

    def up(accuracy: float) -> float:
        return (accuracy - low) / max(high - low, _APART)

    marks = {
        row.key: Mark(
            math.log(cost.of(row) / ends[0]) / width,
            up(row.accuracy.mean),
            up(row.accuracy.interval.low),
            up(row.accuracy.interval.high),
        )
        for row in rows
    }
    return place_labels(marks, labels)


def _error_bars(rows: Sequence[Row]) -> _Trace:
    accuracies = [row.accuracy for row in rows]
    return {
        "type": "data",
        "symmetric": False,
        "array": [100 * (accuracy.interval.high - accuracy.mean) for accuracy in accuracies],
        "arrayminus": [100 * (accuracy.mean - accuracy.interval.low) for accuracy in accuracies],
        "thickness": 1.5,
        "width": 0,
        "color": rows[0].look.color,
    }


def _describe(row: Row) -> str:
    accuracy = row.accuracy
    reached = f"{percent(accuracy.mean)}, 95% CI {span(*accuracy.interval)}"
    return f"{row.title}<br>{reached}, {plural(accuracy.runs, 'run')}"


def _log_ticks(low: float, high: float) -> list[float]:
    """Return the numbers 1, 2 and 5 times a power of ten from just below `low` to just above `high`."""
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    steps = [float(f"{digit}e{decade}") for decade in decades for digit in (1, 2, 5)]
    first = max(i for i, step in enumerate(steps) if step < low)
    last = min(i for i, step in enumerate(steps) if step > high)
    return steps[first : last + 1]
