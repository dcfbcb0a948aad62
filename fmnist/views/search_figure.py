"""The figures of a study: its course, parallel coordinates, importance, one setting at a time, and all curves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fmnist.search.trials import Trial
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.search import Search, describe_importance, describe_settings
from fmnist.views.search_axes import Axis, tick_layout
from fmnist.views.search_words import axis_title, name_measure, name_setting, scale_measure, write_measure
from fmnist.views.style import RULE, bare_layout, house_layout, name_axis

if TYPE_CHECKING:
    pass

_HEIGHT = 420
_SPACING = 30  # pixels for a bar
_BLUE, _RED, _ORANGE, _GREY = "#0072B2", "#D55E00", "#E69F00", "#8A8F98"
_TOP_SHARE = 0.2  # of the trials that are drawn in blue in parallel coordinates

Trace = dict[str, Any]


def draw_course(search: Search) -> Drawn:
    """Draw each trial's measure in the order of the trials, and the best so far."""
    record = search.trials.record
    by, so_far = scale_measure(record), search.so_far
    line = {"color": _RED, "width": 2, "shape": "hv"}
    step: Trace = _lines([number for number, _ in so_far], [by * value for _, value in so_far], line, "Best so far")
    traces = [step, *_scatter(search)]
    layout = house_layout(_HEIGHT) | {
        "xaxis": {"title": {"text": "Trial"}, "showgrid": False, "zeroline": False},
        "yaxis": _measure_axis(search),
    }
    best = search.best
    said = f"Best: trial {best.number}" if best else "No trial has finished yet"
    return _finish(search, traces, layout, f"{name_measure(record).capitalize()} of each trial. {said}", "course")


def draw_parallel(search: Search) -> Drawn:
    """Draw each trial as a line through its settings to its measure; the best ones are coloured."""
    record, ranked = search.trials.record, search.trials.ranked
    values = [trial.value for trial in ranked if trial.value is not None]
    by = scale_measure(record)
    measure = Axis("measure", (), min(values, default=0.0) * by, max(values, default=1.0) * by)
    top = max(1, round(_TOP_SHARE * len(ranked)))
    groups = [
        (f"Other {len(ranked) - top}", ranked[top:], _GREY, 1.0, 0.5),
        (f"Best {top}", ranked[1:top], _BLUE, 1.5, 0.9),
        ("Best trial", ranked[:1], _RED, 3.0, 1.0),
    ]
    traces = [
        _threads(search, measure, some, name, color, width, opacity)
        for name, some, color, width, opacity in groups
        if some
    ]
    axes = [*search.axes, measure]
    titles = [*(axis.title for axis in search.axes), axis_title(record)]
    layout = house_layout(_HEIGHT) | {
        "xaxis": {"tickvals": list(range(len(axes))), "ticktext": ["<br>".join(t.split(" ", 1)) for t in titles]}
        | {"range": [-0.25, len(axes) - 0.5], "showgrid": False, "zeroline": False, "fixedrange": True},
        "yaxis": {"visible": False, "range": [-0.06, 1.06], "fixedrange": True},
        "shapes": [_rail(place) for place in range(len(axes))],
        "annotations": [mark for place, axis in enumerate(axes) for mark in _mark_ticks(place, axis)],
    }
    alt = f"Settings of {len(ranked)} finished trials, each a line that ends at its {name_measure(record)}"
    return _finish(search, traces, layout, alt, "parallel")


def draw_importance(search: Search) -> Drawn:
    """Draw how much each setting matters."""
    titles = {name: name_setting(name) for name, _ in search.importance}
    axis, height = name_axis(titles, _SPACING)
    bars: Trace = {
        "type": "bar",
        "orientation": "h",
        "y": list(titles),
        "x": [100 * share for _, share in search.importance],
        "marker": {"color": _BLUE},
        "text": [f"{100 * share:.0f}%" for _, share in search.importance],
        "hovertemplate": "%{x:.1f}%<extra></extra>",
    }
    layout = bare_layout(60 + height) | {
        "xaxis": {"title": {"text": "Importance (%)"}, "showgrid": True, "zeroline": False, "rangemode": "tozero"},
        "yaxis": axis,
    }
    return _finish(search, [bars], layout, "Importance of each setting", "importance", describe_importance(search))


def draw_slice(search: Search, name: str) -> Drawn:
    """Draw the measure over the values of one setting."""
    axis = next(axis for axis in search.axes if axis.name == name)
    traces = _scatter(search, axis)
    layout = house_layout(_HEIGHT) | {
        "xaxis": {"title": {"text": axis.title}, "showgrid": False} | tick_layout(axis),
        "yaxis": _measure_axis(search),
    }
    alt = f"{name_measure(search.trials.record).capitalize()} over {axis.title.lower()}, a point for each trial"
    return _finish(search, traces, layout, alt, f"slice-{axis.name}")


def draw_curves(search: Search, number: int | None) -> Drawn:
    """Draw the measure of each trial by epoch; the one with that number stands out, or else the best one."""
    best = search.best
    chosen = next((trial for trial in search.trials.trials if trial.number == number), best)
    others = [trial for trial in search.trials.trials if trial.curve and trial != chosen]
    by = scale_measure(search.trials.record)
    groups = [
        ("Finished", [trial for trial in others if trial.state != "pruned"], {"color": _GREY, "width": 1}),
        ("Pruned", [t for t in others if t.state == "pruned"], {"color": _ORANGE, "width": 1, "dash": "dot"}),
    ]
    traces = [_joined(some, by, line, name) | {"opacity": 0.7} for name, some, line in groups if some]
    if chosen and chosen.curve:
        line = {"color": _RED if chosen == best else _BLUE, "width": 3}
        traces.append(_joined([chosen], by, line, f"Trial {chosen.number}") | {"hoverinfo": "x+y"})
    layout = house_layout(_HEIGHT) | {
        "xaxis": {"title": {"text": "Epoch"}, "showgrid": False, "zeroline": False},
        "yaxis": _measure_axis(search),
    }
    alt = f"{name_measure(search.trials.record).capitalize()} by epoch of {len(others) + bool(chosen)} trials"
    said = f"Highlighted: trial {chosen.number}, {describe_settings(chosen)}" if chosen else ""
    return _finish(search, traces, layout, alt, "curves", said)


def _scatter(search: Search, axis: Axis | None = None) -> list[Trace]:
    """Draw finished and pruned trials and the best one as points, over their numbers or on the axis of a setting."""
    trials = search.trials.trials
    pruned = [trial for trial in trials if trial.state == "pruned" and trial.value is not None]
    groups: list[tuple[str, Sequence[Trial], dict[str, Any]]] = [
        ("Finished", [trial for trial in trials if trial.counts], {"symbol": "circle", "color": _BLUE}),
        ("Pruned", pruned, {"symbol": "diamond-open", "color": _ORANGE}),
        ("Best trial", search.trials.ranked[:1], {"symbol": "star", "size": 15, "color": _RED}),
    ]
    return [_points(search, name, some, marker, axis) for name, some, marker in groups if some]


def _points(search: Search, name: str, some: Sequence[Trial], marker: dict[str, Any], axis: Axis | None) -> Trace:
    record = search.trials.record
    shown = [trial for trial in some if trial.value is not None and (axis is None or axis.name in trial.params)]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [axis.place(trial.params[axis.name]) if axis else trial.number for trial in shown],
        "y": [scale_measure(record) * (trial.value or 0.0) for trial in shown],
        "marker": {"size": 8} | marker,
        "customdata": [_describe(search, trial) for trial in shown],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _describe(search: Search, trial: Trial) -> str:
    value = "" if trial.value is None else write_measure(search.trials.record, trial.value)
    return f"Trial {trial.number}: {value}<br>{describe_settings(trial).replace(' · ', '<br>')}"


def _threads(
    search: Search, measure: Axis, some: Sequence[Trial], name: str, color: str, width: float, opacity: float
) -> Trace:
    """Draw trials as one broken line: a figure of few traces is quick."""
    x: list[float | None] = []
    y: list[float | None] = []
    told: list[str] = []
    for trial in some:
        params = trial.params
        at = [axis.place(params[axis.name]) if axis.name in params else None for axis in search.axes]
        x += [*range(len(at) + 1), None]
        y += [*at, measure.place(scale_measure(search.trials.record) * (trial.value or 0.0)), None]
        told += [_describe(search, trial)] * (len(at) + 2)
    line = {"color": color, "width": width}
    return _lines(x, y, line, name) | {
        "mode": "lines+markers",
        "marker": {"size": 5},
        "opacity": opacity,
        "customdata": told,
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _joined(some: Sequence[Trial], by: float, line: dict[str, Any], name: str) -> Trace:
    x: list[float | None] = []
    y: list[float | None] = []
    for trial in some:
        x += [*(epoch for epoch, _ in trial.curve), None]
        y += [*(by * value for _, value in trial.curve), None]
    return _lines(x, y, line, name) | {"hoverinfo": "skip", "mode": "lines+markers", "marker": {"size": 3}}


def _lines(x: Sequence[float | None], y: Sequence[float | None], line: dict[str, Any], name: str) -> Trace:
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "name": name, "connectgaps": False}


def _measure_axis(search: Search) -> dict[str, Any]:
    return {"title": {"text": axis_title(search.trials.record)}, "zeroline": False}


def _rail(place: int) -> dict[str, Any]:
    ends = {"x0": place, "x1": place, "y0": 0, "y1": 1}
    return {"type": "line", "layer": "below", "line": {"color": RULE, "width": 1}} | ends


def _mark_ticks(place: int, axis: Axis) -> list[dict[str, Any]]:
    style = {"showarrow": False, "xanchor": "left", "xshift": 6, "font": {"size": 12}}
    return [{"x": place, "y": at, "text": text} | style for at, text in axis.ticks]


def _finish(search: Search, traces: list[Trace], layout: dict[str, Any], alt: str, name: str, said: str = "") -> Drawn:
    import plotly.graph_objects as go

    figure = go.Figure(data=traces, layout=layout | {"uirevision": search.trials.key})
    return Drawn(figure, alt, file_stem(name, [search.trials.key]), said)
