"""The figures of single epochs: what changed from epoch to epoch, calibration, and one image over the epochs."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.calibration import Reliability
from fmnist.views.confusion_figure import Style, draw_matrix
from fmnist.views.epochs import CHANGES, Epochs, ImageEpochs
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.style import RULE, house_layout, legend_height

_HEIGHT = 260
_LOOKS = {"learned": ("#009E73", "circle"), "forgotten": ("#D55E00", "x"), "never": ("#7F7F7F", "square")}
_FEWEST = 10  # images in a bin; of fewer the accuracy is mostly chance
_FOLLOWED = 3  # classes beside the true one


def draw_epoch_matrix(epochs: Epochs, epoch: int, style: Style) -> Drawn:
    """Draw the confusion matrix after an epoch; all epochs share one colour range."""
    limit = float(np.bincount(epochs.labels).max())
    return draw_matrix(epochs.matrix(epoch), "counts", limit, style)


def draw_changes(epochs: Epochs, epoch: int) -> Drawn:
    """Draw how many images were learned, forgotten and never learned by epoch; each point can be clicked.

    A point's `customdata` is its epoch and its kind of change.
    """
    numbers = np.arange(1, len(epochs.classes) + 1)
    traces = [_count_line(epochs, numbers, change) for change in CHANGES]
    layout = _by_epoch("Images", epoch, len(numbers), legend_height(len(traces)))
    layout |= {"clickmode": "event+select", "dragmode": False}
    alt = f"Validation images learned, forgotten and never learned by epoch, of {epochs.name}"
    counts = {change: int(epochs.counts(change)[epoch - 1]) for change in CHANGES}
    shown = ", ".join(f"{title.lower()} {counts[change]:,}" for change, title in CHANGES.items())
    figure = go.Figure(data=traces, layout=layout)
    return Drawn(figure, alt, file_stem("changes", [epochs.key]), f"Epoch {epoch}: {shown}.")


def draw_calibration_errors(epochs: Epochs, epoch: int) -> Drawn:
    """Draw the expected calibration error by epoch."""
    numbers, errors = np.arange(1, len(epochs.classes) + 1), 100 * epochs.calibration_error
    trace = _line(numbers, np.round(errors, 3), "Calibration error", epochs.look.color, "circle")
    trace |= {"hovertemplate": "Epoch %{x}: %{y:.2f} points<extra></extra>", "showlegend": False}
    alt = f"Expected calibration error by epoch, of {epochs.name}"
    shown = f"After epoch {epoch}: {errors[epoch - 1]:.1f} points."
    figure = go.Figure(data=[trace], layout=_by_epoch("Calibration error (points)", epoch, len(numbers)))
    return Drawn(figure, alt, file_stem("calibration-by-epoch", [epochs.key]), shown)


def draw_reliability(epochs: Epochs, epoch: int) -> Drawn:
    """Draw accuracy by confidence after an epoch, over that of the last one; bins of few images are left out."""
    last, ends = len(epochs.classes), {"x": [0, 100], "y": [0, 100]}
    diagonal = {"type": "scatter", "mode": "lines", "line": {"color": RULE, "dash": "dot", "width": 1}}
    traces = [diagonal | ends | {"hoverinfo": "skip", "showlegend": False}]
    if epoch != last:
        traces.append(_bins(epochs.reliability[-1], f"Epoch {last}", "#7F7F7F", "circle-open"))
    traces.append(_bins(epochs.reliability[epoch - 1], f"Epoch {epoch}", epochs.look.color, epochs.look.symbol))
    layout = house_layout(_HEIGHT + legend_height(2)) | {
        "xaxis": {"title": {"text": "Confidence (%)"}, "range": [0, 102], "zeroline": False},
        "yaxis": {"title": {"text": "Accuracy (%)"}, "range": [-2, 102], "zeroline": False},
        "showlegend": True,
    }
    alt = f"Accuracy by confidence of {epochs.name} after epoch {epoch} and after epoch {last}"
    shown = "Below the diagonal: overconfident."
    return Drawn(go.Figure(data=traces, layout=layout), alt, file_stem("reliability-of-epoch", [epochs.key]), shown)


def draw_image(image: ImageEpochs, number: int) -> Drawn:
    """Draw the probabilities of one image's class, and of those that were mistaken for it, by epoch."""
    highest = image.probs.max(axis=0).astype(float)
    highest[image.label] = np.inf
    shown = np.argsort(-highest)[: 1 + _FOLLOWED]
    colors = ("#0072B2", "#D55E00", "#E69F00", "#7F7F7F")
    numbers = np.arange(1, len(image.probs) + 1)
    traces = [
        _line(numbers, np.round(100 * image.probs[:, label].astype(float), 2), CLASS_NAMES[label], color, symbol)
        | {"hovertemplate": f"{CLASS_NAMES[label]}, epoch %{{x}}: %{{y:.1f}}%<extra></extra>"}
        for label, color, symbol in zip(shown, colors, ("circle", "x", "square", "diamond"), strict=False)
    ]
    layout = _by_epoch("Probability (%)", None, len(numbers), legend_height(len(traces)))
    layout["yaxis"] |= {"range": [-2, 102]}
    alt = f"Probabilities of validation image {number:,} by epoch"
    return Drawn(go.Figure(data=traces, layout=layout), alt, f"validation-image-{number}", image.told)


def _count_line(epochs: Epochs, numbers: np.ndarray, change: str) -> dict[str, Any]:
    first = 0 if change == "never" else 1  # nothing comes before the first epoch
    color, symbol = _LOOKS[change]
    return _line(numbers[first:], epochs.counts(change)[first:], CHANGES[change], color, symbol) | {
        "customdata": [[int(number), change] for number in numbers[first:]],
        "hovertemplate": f"{CHANGES[change]}, epoch %{{x}}: %{{y:,}} images<extra></extra>",
        "unselected": {"marker": {"opacity": 1}},
    }


def _line(x: np.ndarray, y: np.ndarray, name: str, color: str, symbol: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "lines+markers",
        "name": name,
        "line": {"color": color, "width": 2},
        "marker": {"color": color, "symbol": symbol, "size": 7},
    }


def _by_epoch(title: str, epoch: int | None, last: int, extra: int = 0) -> dict[str, Any]:
    rule = [] if epoch is None else [_rule(epoch)]
    ends = [0.5, last + 0.5]
    return house_layout(_HEIGHT + extra) | {
        "xaxis": {"title": {"text": "Epoch"}, "range": ends, "zeroline": False, "tickformat": "d"}
        | ({"dtick": 1} if last <= 10 else {}),
        "yaxis": {"title": {"text": title}, "rangemode": "tozero", "zeroline": False},
        "shapes": rule,
    }


def _rule(epoch: int) -> dict[str, Any]:
    line = {"color": RULE, "width": 2, "dash": "dot"}
    return {"type": "line", "x0": epoch, "x1": epoch, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _bins(reliability: Reliability, name: str, color: str, symbol: str) -> dict[str, Any]:
    filled = reliability.count >= _FEWEST
    trace = _line(100 * reliability.confidence[filled], 100 * reliability.accuracy[filled], name, color, symbol)
    return trace | {
        "customdata": reliability.count[filled],
        "hovertemplate": f"{name}<br>%{{customdata:,}} images: %{{x:.1f}}% confident, %{{y:.1f}}% correct"
        "<extra></extra>",
    }
