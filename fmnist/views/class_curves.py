"""ROC and precision–recall curves by class: how well do probabilities separate a class from the others?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.contenders.contender import Contender
from fmnist.contenders.looks import Look, distinct_looks
from fmnist.contenders.titles import distinct_titles
from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.evaluation.ranking import Area, Ranking, rank_class
from fmnist.views.parts import Column, Drawn, Finding, Table, file_stem
from fmnist.views.style import RULE, house_layout, legend_height

_HEIGHT = 340
_TOOLBAR = 28  # pixels above the legend, which the toolbar would cover on a phone
_MOST_POINTS = 200  # of a line: more than a screen resolves
_COLUMNS = (
    Column("key", machine=True),
    Column("Model"),
    Column("Class"),
    Column("ROC area", "%.4f", "How often an image of the class has a higher probability than another image"),
    Column("ROC area, low", "%.4f", "Lower end of the 95% confidence interval"),
    Column("ROC area, high", "%.4f", "Upper end of the 95% confidence interval"),
    Column("Average precision", "%.4f", "The area below the precision–recall curve"),
    Column("Average precision, low", "%.4f", "Lower end of the 95% confidence interval"),
    Column("Average precision, high", "%.4f", "Upper end of the 95% confidence interval"),
)
METHOD = (
    "Each class is separated from the nine others by its probability. The 95% intervals reflect the images of one run: "
    "DeLong's variance for the ROC area, binomial for the average precision."
)


@dataclass(frozen=True, eq=False)
class Separation:
    """How well one contender separates each of the ten classes from the others."""

    key: str
    name: str
    look: Look
    classes: Sequence[Ranking]


def compute(contenders: Sequence[Contender]) -> list[Separation]:
    """Rank the test images of contenders with one row of probabilities each, class by class.

    Raises:
        ValueError: if a contender has no probabilities, or several rows.
        RunError: if predictions cannot be read.
    """
    looked = zip(contenders, distinct_titles(contenders), distinct_looks(contenders), strict=True)
    return [Separation(one.key, name, look, _rank(one)) for one, name, look in looked]


def finding(separations: Sequence[Separation]) -> Finding:
    """Say which class is the hardest to separate by its mean average precision, and what contenders reach."""
    areas = np.array([[ranking.average_precision.value for ranking in one.classes] for one in separations])
    means = areas.mean(axis=0)
    if np.isnan(means).all():
        return Finding("No class can be separated from others here.")
    label = int(np.nanargmin(means))
    ends = dict.fromkeys(f"{end:.3f}" for end in (areas[:, label].min(), areas[:, label].max()))
    return Finding(f"{CLASS_NAMES[label]} is the hardest class to separate: average precision {' to '.join(ends)}.")


def figures(separations: Sequence[Separation], label: int) -> dict[str, Drawn]:
    """Draw the curves of one class, a line for each contender: "roc" and "precision_recall"."""
    name, keys = CLASS_NAMES[label], [one.key for one in separations]
    roc = [
        _line(one, ranking.false_positive_rate, ranking.recall, ranking.roc)
        for one in separations
        for ranking in [one.classes[label]]
    ]
    precise = [
        _line(one, ranking.precision_recall, ranking.precision, ranking.average_precision)
        for one in separations
        for ranking in [one.classes[label]]
    ]
    chance = {"type": "line", "x0": 0, "y0": 0, "x1": 1, "y1": 1, "line": {"color": RULE, "width": 1, "dash": "dot"}}
    return {
        "roc": Drawn(
            _draw(roc, "False positive rate", "Recall", [chance]),
            f"ROC curves of {name}. {_describe(separations, label, 'roc')}",
            file_stem(f"roc-{_file_name(name)}", keys),
        ),
        "precision_recall": Drawn(
            _draw(precise, "Recall", "Precision", []),
            f"Precision–recall curves of {name}. {_describe(separations, label, 'average_precision')}",
            file_stem(f"precision-recall-{_file_name(name)}", keys),
        ),
    }


def table(separations: Sequence[Separation]) -> Table:
    """Return both areas with their intervals, one row for each contender and class; None where undefined."""
    rows = [
        [one.key, one.name, CLASS_NAMES[label], *_numbers(ranking.roc), *_numbers(ranking.average_precision)]
        for one in separations
        for label, ranking in enumerate(one.classes)
    ]
    return Table(_COLUMNS, rows)


def _rank(contender: Contender) -> list[Ranking]:
    labels, probs = contender.labels("test"), contender.probabilities("test")
    if labels is None or probs is None or len(probs) != 1:
        raise ValueError(f"{contender.title} needs exactly one row of test probabilities.")
    return [rank_class(labels, probs[0], label) for label in range(N_CLASSES)]


def _line(one: Separation, x: np.ndarray, y: np.ndarray, area: Area) -> dict[str, Any]:
    kept = np.unique(np.linspace(0, max(len(x) - 1, 0), min(len(x), _MOST_POINTS)).astype(int))
    return {
        "type": "scatter",
        "x": x[kept],
        "y": y[kept],
        "mode": "lines",
        "line": {"color": one.look.color, "dash": one.look.dash, "width": 2},
        "name": f"{one.name}: {area.value:.3f}",
        "hovertemplate": f"{one.name}<br>%{{yaxis.title.text}} %{{y:.3f}}<br>%{{xaxis.title.text}} %{{x:.3f}}"
        "<extra></extra>",
    }


def _draw(lines: Sequence[dict[str, Any]], x_title: str, y_title: str, shapes: Sequence[dict[str, Any]]) -> go.Figure:
    legend = legend_height(2 * len(lines)) + _TOOLBAR  # one name a row, as it carries its area
    layout = house_layout(_HEIGHT + legend)
    axis = {"range": [0, 1.005], "zeroline": False}
    layout |= {
        "xaxis": axis | {"title": {"text": x_title}},
        "yaxis": axis | {"title": {"text": y_title}},
        "legend": layout["legend"] | {"orientation": "v"},
        "margin": layout["margin"] | {"t": legend},
        "showlegend": True,
        "shapes": shapes,
    }
    return go.Figure(data=list(lines), layout=layout)


def _describe(separations: Sequence[Separation], label: int, area: str) -> str:
    areas = [getattr(one.classes[label], area) for one in separations]
    said = [f"{one.name} {area.value:.3f}" for one, area in zip(separations, areas, strict=True)]
    return f"Areas: {', '.join(said)}."


def _numbers(area: Area) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in (area.value, *area.interval)]


def _file_name(name: str) -> str:
    return name.lower().replace("/", "-").replace(" ", "-")
