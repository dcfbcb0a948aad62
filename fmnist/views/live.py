"""The curves of one training while it runs."""

from collections.abc import Sequence
from dataclasses import replace

import plotly.graph_objects as go

from fmnist.contenders.contender import Contender
from fmnist.runs.records import Epoch
from fmnist.views.curves import Line, Measure, Options, compute
from fmnist.views.curves_figure import Layout, draw_measure
from fmnist.views.curves_words import describe_best
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.style import RULE, TOOLS
from fmnist.wording import percent

_FIRST_EPOCHS, _FEW_EPOCHS = 5, 30
_HEIGHT = 340
_NAME = 18  # pixels of the best epoch's name


def figures(contender: Contender, most_epochs: int) -> dict[str, Drawn]:
    """Return the figures "train_loss" and "train_accuracy" of a training of at most so many epochs.

    As long as there are few, each epoch is a point, so that the first is seen too; that of the lowest validation loss
    bears its number. The axis has room for the first epochs from the start and then grows; a reader's zoom outlives a
    new epoch.
    """
    curves = compute([contender])
    (line,) = curves.lines
    name = contender.short_title
    line = replace(line, name=name, early_stop=False)
    measures: tuple[Measure, ...] = ("loss", "accuracy")
    return {
        f"train_{measure}": Drawn(
            _draw(line, measure, most_epochs),
            f"{measure.capitalize()} of {name} by epoch, on training and validation images",
            file_stem(f"train_{measure}", [contender.key]),
            describe_best(curves, measure),
        )
        for measure in measures
    }


def explain(history: Sequence[Epoch]) -> str:
    """Say what the lines are, which epoch is marked in them, and what it reached on the validation images."""
    best = min(history, key=lambda epoch: epoch.val_loss)
    return (
        f"Lowest validation loss: {best.val_loss:.3f} at epoch {best.epoch:,} "
        f"({percent(best.val_accuracy, 1)} accuracy). The thick line is validation, the thin line training."
    )


def _draw(line: Line, measure: Measure, most_epochs: int) -> go.Figure:
    reached = len(line.curve.epoch)
    traces, layout = draw_measure([line], measure, Options())
    if reached <= _FEW_EPOCHS:
        points = {"mode": "lines+markers", "marker": {"size": 4}}
        traces = [trace | points if trace["mode"] == "lines" else trace for trace in traces]
    end = max(reached, min(most_epochs, _FIRST_EPOCHS))
    layout |= {
        "height": _HEIGHT,
        "uirevision": line.key,
        "showlegend": False,
        "margin": layout["margin"] | {"t": TOOLS + _NAME},
    }
    if reached <= _FIRST_EPOCHS:
        layout["yaxis"] = layout["yaxis"] | {"range": None}  # each epoch counts, far off as the first may be
    layout["xaxis"] = layout["xaxis"] | {"range": [0.8, end + 0.2], "nticks": 8}
    layout |= _name_best(int(line.curve.epoch[line.curve.best]), end)
    return go.Figure(data=traces, layout=layout)


def _name_best(best: int, end: int) -> Layout:
    """Return a line through the best epoch, with its number above the figure."""
    side = "left" if best <= end / 2 else "right"  # of the line, where there is room
    line = {"type": "line", "xref": "x", "x0": best, "x1": best, "yref": "y domain", "y0": 0, "y1": 1}
    text = {"text": f"best: epoch {best}", "x": best, "y": 1, "xref": "x", "yref": "y domain", "showarrow": False}
    return {
        "shapes": [line | {"line": {"color": RULE, "width": 1, "dash": "dot"}}],
        "annotations": [text | {"yanchor": "bottom", "xanchor": side}],
    }
