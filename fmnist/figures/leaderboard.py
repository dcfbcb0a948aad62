"""How accurate each network is, and what its accuracy costs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fmnist.evaluation.leaderboard import Standing, find_frontier
from fmnist.figures.style import model_color, model_symbol, style_figure

_RULE = "rgba(127, 127, 127, 0.6)"
_MARGIN = 0.03  # decades beside the outer ticks, so that their labels fit
_LABELLED = 12  # more names than these would lie over each other


@dataclass(frozen=True)
class Entry:
    """One row of the leaderboard: a network by a recipe, and where it stands."""

    name: str
    model: str
    standing: Standing


@dataclass(frozen=True)
class Cost:
    """Something that accuracy costs: its name, its axis title, and how it is written; `of` reads it."""

    name: str
    title: str
    attribute: str
    spec: str

    def of(self, entry: Entry) -> float:
        """Return what a network costs."""
        return float(getattr(entry.standing, self.attribute))


COSTS = {
    "params": Cost("Parameters", "Parameters", "params", ",.0f"),
    "latency": Cost("Latency", "Latency of one image (ms)", "latency_ms", ".3g"),
    "time": Cost("Training time", "Training time (s)", "train_seconds", ",.0f"),
}


def accuracy_figure(entries: Sequence[Entry]) -> go.Figure:
    """Draw each network's test accuracy with its 95 % interval, the first on top; ticks are single runs."""
    figure = go.Figure()
    for entry in entries:
        accuracy, color = entry.standing.accuracy, model_color(entry.model)
        figure.add_scatter(
            x=[100 * share for share in entry.standing.accuracies],
            y=[entry.name] * accuracy.runs,
            mode="markers",
            marker={"symbol": "line-ns-open", "size": 12, "color": color, "opacity": 0.6},
            hovertemplate="one run: %{x:.2f} %<extra></extra>",
        )
        figure.add_scatter(
            x=[100 * accuracy.mean],
            y=[entry.name],
            error_x=_error_bar(entry) | {"color": color},
            mode="markers",
            marker={"symbol": model_symbol(entry.model), "size": 9, "color": color},
            hovertemplate=_describe(entry) + "<extra></extra>",
        )
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=8)
    figure.update_xaxes(title="Test accuracy (%)", showgrid=True, zeroline=False)
    return style_figure(figure, max(430, 76 + 28 * len(entries))).update_layout(showlegend=False, margin={"t": 8})


def cost_figure(entries: Sequence[Entry], cost: Cost) -> go.Figure:
    """Draw test accuracy with its interval against a cost on a log scale; the line joins those that nothing beats."""
    costs = [cost.of(entry) for entry in entries]
    accuracies = [100 * entry.standing.accuracy.mean for entry in entries]
    frontier = find_frontier(costs, accuracies)
    figure = go.Figure()
    figure.add_scatter(
        x=[costs[i] for i in frontier],
        y=[accuracies[i] for i in frontier],
        mode="lines",
        line={"color": _RULE, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    ticks = _log_ticks(min(costs), max(costs))
    middle = math.sqrt(ticks[0] * ticks[-1])
    for entry, value, accuracy in zip(entries, costs, accuracies, strict=True):
        color = model_color(entry.model)
        figure.add_scatter(
            x=[value],
            y=[accuracy],
            error_y=_error_bar(entry) | {"color": color},
            mode="markers+text" if len(entries) <= _LABELLED else "markers",
            marker={"symbol": model_symbol(entry.model), "size": 10, "color": color},
            text=f"  {entry.name}  ",
            textposition="middle right" if value < middle else "middle left",
            hovertemplate=f"{_describe(entry)}<br>{cost.title}: {value:{cost.spec}}<extra></extra>",
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
    frontier = find_frontier([cost.of(entry) for entry in entries], [entry.standing.accuracy.mean for entry in entries])
    worth = [entries[i].name for i in frontier]
    what = cost.name.lower()
    if len(worth) == 1:
        return f"Best, and cheapest in {what}: {worth[0]}"
    return f"Best for their {what}: {', '.join(worth)}"


def _error_bar(entry: Entry) -> dict[str, object]:
    accuracy = entry.standing.accuracy
    above, below = accuracy.interval.high - accuracy.mean, accuracy.mean - accuracy.interval.low
    return {
        "type": "data",
        "symmetric": False,
        "array": [100 * above],
        "arrayminus": [100 * below],
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
