"""The figures of answering only when sure: accuracy against coverage, and both by class."""

from typing import Any

import plotly.graph_objects as go

from fmnist.views.class_panels import class_panels_figure
from fmnist.views.coverage import Coverage, Line, describe_hardest, finding
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.style import house_layout, legend_height


def figures(coverage: Coverage) -> dict[str, Drawn]:
    """Return the figure "coverage", where a marker is the chosen threshold."""
    curves = "Accuracy of the most confident answers against how many are given"
    name = file_stem("coverage", [line.key for line in coverage.lines])
    return {"coverage": Drawn(_draw_curves(coverage), curves, name, finding(coverage))}


def class_figures(coverage: Coverage) -> dict[str, Drawn]:
    """Return the figure "sure_by_class": what is answered of each class, and how often correctly."""
    by_class = "Share answered, and share correct when answered, by class"
    name = file_stem("answered_by_class", [line.key for line in coverage.lines])
    return {"sure_by_class": Drawn(_draw_classes(coverage), by_class, name, describe_hardest(coverage))}


def _draw_curves(coverage: Coverage) -> go.Figure:
    label = coverage.options.label
    traces = [trace for line in coverage.lines for trace in (_curve(line), _chosen(line, label))]
    answered = {"title": {"text": "Images answered (%), most confident first"}, "range": [0, 101]}
    layout = house_layout(360 + legend_height(len(coverage.lines))) | {
        "xaxis": answered | {"zeroline": False, "showgrid": False},
        "yaxis": {"title": {"text": "Correct answers (%)"}, "zeroline": False},
    }
    return go.Figure(data=traces, layout=layout)


def _draw_classes(coverage: Coverage) -> go.Figure:
    shares = {
        "Answered": [line.answers.class_coverage for line in coverage.lines],
        "Correct when answered": [line.answers.class_accuracy for line in coverage.lines],
    }
    return class_panels_figure([line.name for line in coverage.lines], [line.look for line in coverage.lines], shares)


def _curve(line: Line) -> dict[str, Any]:
    return _stroke(line) | {
        "x": 100 * line.curve.coverage,
        "y": 100 * line.curve.accuracy,
        "mode": "lines",
        "showlegend": False,
        "customdata": 100 * line.curve.threshold,
        "hovertemplate": f"{line.name}<br>from %{{customdata:.1f}}% confidence: %{{x:.1f}}% answered, "
        "%{y:.2f}% of them correct<extra></extra>",
    }


def _chosen(line: Line, label: int | None) -> dict[str, Any]:
    return _stroke(line) | {
        "x": [100 * line.coverage(label)],
        "y": [100 * line.accuracy(label)],
        "mode": "lines+markers",  # with a line of no length, so that the legend shows the dash as well
        "marker": {"color": line.look.color, "symbol": line.look.symbol, "size": 11},
        "hovertemplate": f"{line.name}, at the threshold: %{{x:.1f}}% answered, "
        "%{y:.2f}% of them correct<extra></extra>",
    }


def _stroke(line: Line) -> dict[str, Any]:
    stroke = {"color": line.look.color, "width": 2, "dash": line.look.dash}
    return {"type": "scatter", "line": stroke, "name": line.name, "legendgroup": line.key}
