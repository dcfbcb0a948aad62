"""The figures of stress: a heat map, accuracy by severity, sweeps, and confidence against accuracy."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.contenders.looks import Look
from fmnist.evaluation.robustness import Accuracy, corruption_errors
from fmnist.stress.catalogue import CORRUPTIONS, SEVERITIES, SWEEPS
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.stress import Line, Options, Stress, kind_title
from fmnist.views.style import RULE, house_layout, legend_height, name_axis

_ROW, _STRONG = 26, 0.87  # from that shade on, white contrasts more than ink in the light theme
_BLUES = ((0.0, "rgba(33, 113, 181, 0)"), (1.0, "rgba(33, 113, 181, 1)"))
_MOST_RELATIVE = 2.0  # of the baseline's errors: from there on cells are equally dark
_NAME_WIDTH = 12
_STEPS = (0, *SEVERITIES)


def draw_heat(stress: Stress, options: Options, ink: str) -> Drawn:
    """Draw runs by corruption; a cell is a marker whose `customdata` is [corruption, key of the run].

    Numbers have the page's text colour, `ink`, on light cells.
    """
    values = np.stack([_column(stress, line, options) for line in stress.lines], axis=1)
    relative = options.unit == "error"
    shades = np.clip(values / _MOST_RELATIVE, 0, 1) if relative else 1 - values
    texts = [f"{value:.2f}" if relative else f"{100 * value:.0f}" for value in values.ravel()]
    titles = {key: one.title for key, one in CORRUPTIONS.items()}
    axis, height = name_axis(titles, _ROW)
    figure = go.Figure(data=_cells(stress, shades, texts, relative, ink), layout=_lay_out_heat(stress, axis, height))
    what = "Errors relative to the baseline" if relative else "Accuracy (%)"
    name = file_stem("stress", [line.key for line in stress.lines])
    return Drawn(figure, f"{what} by corruption and model, {options.when}", name)


def draw_severities(stress: Stress, kind: str) -> Drawn:
    """Draw accuracy by severity with 95% intervals; severity 0 is the unchanged images."""
    traces = [
        draw_curve(
            line.name, line.look, _STEPS, [line.accuracy(kind, severity) for severity in _STEPS], "severity %{x}"
        )
        for line in stress.lines
    ]
    layout = lay_out_lines(len(stress.lines), "Severity (0: unchanged)", "Accuracy (%)")
    layout["xaxis"]["dtick"] = 1
    name = file_stem(f"severity-{kind}", [line.key for line in stress.lines])
    return Drawn(go.Figure(data=traces, layout=layout), f"Accuracy by severity: {kind_title(kind)}", name)


def draw_sweep(stress: Stress, key: str) -> Drawn:
    """Draw accuracy by the value of a sweep with 95% intervals."""
    sweep = SWEEPS[key]
    values: Sequence[Any] = sweep.names or sweep.values
    traces = [draw_curve(line.name, line.look, values, line.swept(sweep), "%{x}") for line in stress.lines]
    if sweep.names:
        traces = [trace | {"mode": "markers"} for trace in traces]
    layout = lay_out_lines(len(stress.lines), sweep.axis, "Accuracy (%)")
    if key == "rotation":
        layout["xaxis"]["dtick"] = 45
    name = file_stem(f"sweep-{key}", [line.key for line in stress.lines])
    return Drawn(go.Figure(data=traces, layout=layout), f"Accuracy by {sweep.title.lower()}", name)


def draw_confidence(stress: Stress, kind: str) -> Drawn:
    """Draw accuracy against mean confidence, a marker for each severity; below the diagonal a run is overconfident."""
    ends = {"type": "scatter", "x": [0, 100], "y": [0, 100], "mode": "lines", "hoverinfo": "skip", "showlegend": False}
    traces: list[dict[str, Any]] = [ends | {"line": {"color": RULE, "width": 1, "dash": "dot"}}]
    for line in stress.lines:
        confidence = [100 * line.confidence(kind, severity) for severity in _STEPS]
        accuracy = [100 * line.accuracy(kind, severity).mean for severity in _STEPS]
        traces.append(_stroke(line.name, line.look) | {"x": confidence, "y": accuracy, "customdata": _STEPS})
        traces[-1]["hovertemplate"] = (
            f"{line.name}<br>severity %{{customdata}}: %{{x:.1f}}% confident, %{{y:.1f}}% correct<extra></extra>"
        )
    layout = lay_out_lines(len(stress.lines), "Mean confidence (%)", "Accuracy (%)")
    layout["xaxis"]["range"] = layout["yaxis"]["range"] = [0, 101]
    name = file_stem(f"confidence-{kind}", [line.key for line in stress.lines])
    title = f"Accuracy against mean confidence at each severity: {kind_title(kind)}"
    return Drawn(go.Figure(data=traces, layout=layout), title, name)


def _column(stress: Stress, line: Line, options: Options) -> np.ndarray:
    """Return a run's numbers by corruption, (kinds,)."""
    chosen = slice(None) if options.severity is None else slice(options.severity - 1, options.severity)
    accuracy = line.accuracies[:, chosen]
    if options.unit == "error" and stress.baseline is not None:
        return corruption_errors(accuracy, stress.baseline.accuracies[:, chosen])
    return np.asarray(accuracy.mean(axis=1))


def _cells(stress: Stress, shades: np.ndarray, texts: Sequence[str], relative: bool, ink: str) -> list[dict[str, Any]]:
    columns = [line.key for line in stress.lines]
    heat = {
        "type": "heatmap",
        "z": shades,
        "x": columns,
        "y": list(CORRUPTIONS),
        "zmin": 0,
        "zmax": 1,
        "colorscale": _BLUES,
        "showscale": False,
        "hoverinfo": "skip",
        "xgap": 1,
        "ygap": 1,
    }
    strong = shades.ravel() >= _STRONG
    inks = ((np.flatnonzero(~strong), ink), (np.flatnonzero(strong), "white"))
    return [heat, *(_numbers(stress, places, texts, color, relative) for places, color in inks)]


def _numbers(stress: Stress, places: np.ndarray, texts: Sequence[str], color: str, relative: bool) -> dict[str, Any]:
    """Lay numbers of one colour and clickable markers over the cells at these places."""
    kinds, lines = list(CORRUPTIONS), stress.lines
    cells = [(kinds[place // len(lines)], lines[place % len(lines)]) for place in places]
    unit = " times the baseline's errors" if relative else "% correct"
    hover = [
        f"{CORRUPTIONS[kind].title}, {line.name}: {texts[place]}{unit}"
        for place, (kind, line) in zip(places, cells, strict=True)
    ]
    font = {"color": color}
    return {
        "type": "scatter",
        "x": [line.key for _, line in cells],
        "y": [kind for kind, _ in cells],
        "mode": "markers+text",
        "marker": {"symbol": "square", "size": 22, "color": "rgba(0, 0, 0, 0)"},
        "text": [texts[place] for place in places],
        "textfont": font,
        "unselected": {"marker": {"opacity": 1}, "textfont": font},
        "hovertext": hover,
        "hoverinfo": "text",
        "customdata": [[kind, line.key] for kind, line in cells],
        "showlegend": False,
    }


def _lay_out_heat(stress: Stress, axis: dict[str, Any], height: int) -> dict[str, Any]:
    names = {line.key: "<br>".join(wrap(line.name, _NAME_WIDTH)) for line in stress.lines}
    rows = max(text.count("<br>") + 1 for text in names.values())
    top = 16 * rows + 4
    layout = house_layout(height + top)
    across = {"type": "category", "tickvals": list(names), "ticktext": list(names.values()), "side": "top"}
    return layout | {
        "xaxis": across | {"showgrid": False, "tickangle": 0, "fixedrange": True},
        "yaxis": axis | {"fixedrange": True},
        "margin": layout["margin"] | {"t": top},
        "clickmode": "event+select",
        "dragmode": False,
        "hovermode": "closest",
    }


def lay_out_lines(count: int, across: str, up: str) -> dict[str, Any]:
    """Return the layout of a figure of so many lines, with the titles of its axes."""
    return house_layout(380 + legend_height(count)) | {
        "xaxis": {"title": {"text": across}, "zeroline": False, "showgrid": False},
        "yaxis": {"title": {"text": up}, "rangemode": "tozero", "zeroline": False},
    }


def draw_curve(name: str, look: Look, x: Sequence[Any], found: Sequence[Accuracy], where: str) -> dict[str, Any]:
    """Return a line of accuracies with their intervals; `where` says in plotly's terms what x is."""
    mean = np.array([one.mean for one in found])
    low, high = np.array([one.interval for one in found]).T
    return _stroke(name, look) | {
        "x": list(x),
        "y": (100 * mean).tolist(),
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": 100 * (high - mean),
            "arrayminus": 100 * (mean - low),
            "thickness": 1,
            "width": 0,
        },
        "customdata": 100 * np.column_stack([low, high]),
        "hovertemplate": f"{name}<br>{where}: %{{y:.1f}}% correct "
        "(95% CI %{customdata[0]:.1f} to %{customdata[1]:.1f})<extra></extra>",
    }


def _stroke(name: str, look: Look) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "line": {"color": look.color, "width": 2, "dash": look.dash},
        "marker": {"color": look.color, "symbol": look.symbol, "size": 8},
    }
