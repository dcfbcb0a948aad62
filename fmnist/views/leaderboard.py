"""How accurate each network is, and what its accuracy costs."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.evaluation.leaderboard import Standing, find_frontier
from fmnist.views.style import RULE, list_names, model_color, model_symbol, style_figure

_APART = 0.004  # of accuracy: labels of points that are closer would lie over each other
_MARGIN = 0.03  # decades beside the outer ticks, so that their labels fit
_LISTED = 30  # more rows than these and the figure outgrows the page


@dataclass(frozen=True)
class Entry:
    """One row of the leaderboard: a network by a recipe, and where it stands."""

    key: str
    name: str
    model: str
    standing: Standing


@dataclass(frozen=True)
class Cost:
    """Something that accuracy costs: its name, its axis title, how it is written, and what to know; `of` reads it."""

    name: str
    title: str
    attribute: str
    spec: str
    note: str = ""

    def of(self, entry: Entry) -> float:
        """Return what a network costs."""
        return float(getattr(entry.standing, self.attribute))


TIMES_ARE_ROUGH = "As long as it took on its machine, beside whatever else ran there: no close comparison."
COSTS = {
    "params": Cost("Parameters", "Parameters", "params", ",.0f"),
    "latency": Cost("Latency", "Latency of one image (ms)", "latency_ms", ".3g"),
    "time": Cost("Training time", "Training time (s)", "train_seconds", ",.0f", TIMES_ARE_ROUGH),
}


def accuracy_figure(entries: Sequence[Entry]) -> go.Figure:
    """Draw the first networks' test accuracies with 95 % intervals, the first on top; ticks are single runs."""
    figure, listed = go.Figure(), entries[:_LISTED]
    for model, group in _by_model(listed).items():
        color, runs = model_color(model), [(entry, share) for entry in group for share in entry.standing.accuracies]
        figure.add_scatter(
            x=[100 * share for _, share in runs],
            y=[entry.name for entry, _ in runs],
            mode="markers",
            marker={"symbol": "line-ns-open", "size": 12, "color": color, "opacity": 0.6},
            hovertemplate="one run: %{x:.2f} %<extra></extra>",
        )
        figure.add_scatter(
            x=[100 * entry.standing.accuracy.mean for entry in group],
            y=[entry.name for entry in group],
            error_x=_error_bars(group) | {"color": color},
            mode="markers",
            marker={"symbol": model_symbol(model), "size": 9, "color": color},
            customdata=[_describe(entry) for entry in group],
            hovertemplate="%{customdata}<extra></extra>",
        )
    height = list_names(figure, [entry.name for entry in listed], spacing=24)
    figure.update_xaxes(title="Test accuracy (%)", showgrid=True, zeroline=False)
    return style_figure(figure, max(430, 76 + height)).update_layout(showlegend=False, margin={"t": 8})


def describe_accuracies(entries: Sequence[Entry]) -> str:
    """Say what the figure of accuracies shows."""
    which = f", the first {_LISTED} of {len(entries)} networks" if len(entries) > _LISTED else ""
    return f"Test accuracy with 95 % intervals{which}; each tick is one run"


def with_cost(entries: Sequence[Entry], cost: Cost) -> list[Entry]:
    """Return the entries that can stand on a log scale: a training stopped in its first epoch has taken no time."""
    return [entry for entry in entries if cost.of(entry) > 0]


def cost_figure(entries: Sequence[Entry], cost: Cost) -> go.Figure:
    """Draw test accuracy with its interval against a cost on a log scale; the line joins those that nothing beats."""
    costs = [cost.of(entry) for entry in entries]
    ticks = _log_ticks(min(costs), max(costs))
    labels = _point_labels(entries)
    places = _place_labels([entry for entry in entries if entry.name in labels], cost, (ticks[0], ticks[-1]))
    figure = go.Figure()
    _add_frontier(figure, entries, cost)
    for model, group in _by_model(entries).items():
        color = model_color(model)
        figure.add_scatter(
            x=[cost.of(entry) for entry in group],
            y=[100 * entry.standing.accuracy.mean for entry in group],
            error_y=_error_bars(group) | {"color": color},
            mode="markers+text",
            marker={"symbol": model_symbol(model), "size": 10, "color": color},
            text=[f"  {labels[entry.name]}  " if entry.name in labels else "" for entry in group],
            textposition=[places.get(entry.name, "middle right") for entry in group],
            customdata=[f"{_describe(entry)}<br>{cost.title}: {cost.of(entry):{cost.spec}}" for entry in group],
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_xaxes(
        title=f"{cost.title}, log scale",
        type="log",
        range=[math.log10(ticks[0]) - _MARGIN, math.log10(ticks[-1]) + _MARGIN],
        tickvals=ticks,
        ticktext=[f"{tick:,.12g}" for tick in ticks],
        showgrid=False,
    )
    figure.update_yaxes(title="Test accuracy (%)", zeroline=False)
    return style_figure(figure, 360).update_layout(showlegend=False, margin={"t": 8})


def describe_frontier(entries: Sequence[Entry], cost: Cost) -> str:
    """Say which networks are worth a cost: those that nothing as cheap beats."""
    labels = _short_names(entries)
    worth = [labels[entry.name] for entry in _frontier(entries, cost)]
    what = cost.name.lower()
    if len(worth) == 1:
        return f"Highest mean accuracy, and cheapest in {what}: {worth[0]}"
    return f"Highest mean accuracy for their {what}: {', '.join(worth)}"


def _short_names(entries: Sequence[Entry]) -> dict[str, str]:
    """Return by name a short one: the architecture's title where that tells it from the others."""
    trained = Counter(entry.model for entry in entries)
    return {
        entry.name: ARCHITECTURES[entry.model].title
        if trained[entry.model] == 1 and entry.model in ARCHITECTURES
        else entry.name
        for entry in entries
    }


def _point_labels(entries: Sequence[Entry]) -> dict[str, str]:
    """Return by name what is written beside a point: the architecture's title, at the best that it reached."""
    best = [max(group, key=lambda entry: entry.standing.accuracy.mean) for group in _by_model(entries).values()]
    return _short_names(best)


def _place_labels(entries: Sequence[Entry], cost: Cost, ends: tuple[float, float]) -> dict[str, str]:
    """Return by name on which side of its point a label is written.

    On the right, but on the axis' right half on the left, and where another's point is in the way on the left too, or
    above it where the axis begins too near.
    """
    width, middle = math.log(ends[1] / ends[0]), math.sqrt(ends[0] * ends[1])
    points = [(entry.name, cost.of(entry), entry.standing.accuracy.mean) for entry in entries]
    places = {}
    for name, x, y in points:
        crowded = any(
            x < other and math.log(other / x) < width / 5 and abs(y - high) < _APART for _, other, high in points
        )
        near_the_start = math.log(x / ends[0]) < width / 8
        aside = "top right" if near_the_start else "middle left"
        places[name] = aside if crowded or x >= middle else "middle right"
    return places


def _by_model(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.model, []).append(entry)
    return groups


def _frontier(entries: Sequence[Entry], cost: Cost) -> list[Entry]:
    accuracies = [entry.standing.accuracy.mean for entry in entries]
    return [entries[i] for i in find_frontier([cost.of(entry) for entry in entries], accuracies)]


def _add_frontier(figure: go.Figure, entries: Sequence[Entry], cost: Cost) -> None:
    frontier = _frontier(entries, cost)
    figure.add_scatter(
        x=[cost.of(entry) for entry in frontier],
        y=[100 * entry.standing.accuracy.mean for entry in frontier],
        mode="lines",
        line={"color": RULE, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )


def _error_bars(entries: Sequence[Entry]) -> dict[str, object]:
    accuracies = [entry.standing.accuracy for entry in entries]
    return {
        "type": "data",
        "symmetric": False,
        "array": [100 * (accuracy.interval.high - accuracy.mean) for accuracy in accuracies],
        "arrayminus": [100 * (accuracy.mean - accuracy.interval.low) for accuracy in accuracies],
        "thickness": 1.5,
        "width": 0,
    }


def _describe(entry: Entry) -> str:
    accuracy = entry.standing.accuracy
    runs = "1 run" if accuracy.runs == 1 else f"{accuracy.runs} runs"
    low, high = (100 * end for end in accuracy.interval)
    return f"{entry.name}<br>{100 * accuracy.mean:.2f} % [{low:.2f}, {high:.2f}], {runs}"


def _log_ticks(low: float, high: float) -> list[float]:
    """Return the numbers 1, 2 and 5 times a power of ten from just below `low` to just above `high`."""
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    steps = [float(f"{digit}e{decade}") for decade in decades for digit in (1, 2, 5)]
    first = max(i for i, step in enumerate(steps) if step < low)
    last = min(i for i, step in enumerate(steps) if step > high)
    return steps[first : last + 1]
