"""The figures of attacks: accuracy by how far a pixel may change, and what carries over from model to model."""

from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.stress.attacks import ATTACKS, LEVELS
from fmnist.views.adversarial import Attacks
from fmnist.views.confusion_figure import BLUES
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.stress_figure import draw_curve, lay_out_lines
from fmnist.views.style import house_layout, name_axis

_ROW, _STRONG, _NAME_WIDTH = 44, 0.87, 12
_MOST_LEVEL, _LETTER, _LINE = 3, 7, 16  # columns with level names; pixels of a letter and of a line


def draw_levels(attacks: Attacks, attack: str) -> Drawn:
    """Draw accuracy by how far a pixel may change, with 95% intervals; each run meets the attack on itself."""
    steps = (0, *LEVELS)
    traces = [
        draw_curve(line.name, line.look, steps, [line.accuracy(attack, level) for level in steps], "%{x} of 255")
        for line in attacks.lines
    ]
    layout = lay_out_lines(len(traces), "Largest change of a pixel (of 255 grey levels)", "Accuracy (%)")
    layout["xaxis"] |= {"tickvals": steps}
    name = file_stem(f"attack-{attack}", [line.key for line in attacks.lines])
    return Drawn(go.Figure(data=traces, layout=layout), f"Accuracy by strength of attack: {ATTACKS[attack]}", name)


def draw_transfer(attacks: Attacks, level: int, ink: str) -> Drawn:
    """Draw the accuracy of each run (column) on what PGD made against each (row); `ink` is the page's text colour."""
    values = attacks.transfer(level)
    keys = [line.key for line in attacks.lines]
    shades = 1 - values
    heat = {"type": "heatmap", "x": keys, "y": keys, "z": shades, "zmin": 0, "zmax": 1, "colorscale": BLUES}
    traces: list[dict[str, Any]] = [heat | {"showscale": False, "hoverinfo": "skip", "xgap": 1, "ygap": 1}]
    strong = np.nan_to_num(shades) >= _STRONG
    traces += [_numbers(attacks, values, chosen, color) for chosen, color in ((~strong, ink), (strong, "white"))]
    figure = go.Figure(data=traces, layout=_lay_out(attacks))
    alt = f"Accuracy of each model on images made against each other, at {level} of 255 grey levels"
    own, others = np.diag(values), values[~np.eye(len(values), dtype=bool)]
    shown = f"Each on its own attack: {100 * own.mean():.0f}% on average"
    if others.size and not np.isnan(others).all():
        shown += f", on those against others {100 * np.nanmean(others):.0f}%"
    return Drawn(figure, alt, file_stem("transfer", keys), f"{shown}.")


def _numbers(attacks: Attacks, values: np.ndarray, chosen: np.ndarray, color: str) -> dict[str, Any]:
    cells = [(int(row), int(column)) for row, column in np.argwhere(chosen)]
    lines = attacks.lines
    return {
        "type": "scatter",
        "x": [lines[column].key for _, column in cells],
        "y": [lines[row].key for row, _ in cells],
        "mode": "text",
        "text": ["–" if np.isnan(values[cell]) else f"{100 * values[cell]:.0f}" for cell in cells],
        "textfont": {"color": color},
        "hovertext": [f"Made against {lines[row].name},<br>shown to {lines[column].name}" for row, column in cells],
        "hoverinfo": "text",
        "showlegend": False,
    }


def _lay_out(attacks: Attacks) -> dict[str, Any]:
    names = {line.key: line.name for line in attacks.lines}
    axis, height = name_axis(names, _ROW)
    upright = len(names) > _MOST_LEVEL  # side by side the names would lie over each other on a phone
    titles = list(names.values()) if upright else ["<br>".join(wrap(name, _NAME_WIDTH)) for name in names.values()]
    pixels = [_LETTER * len(title) if upright else _LINE * (title.count("<br>") + 1) for title in titles]
    top = 32 + max(pixels)
    layout = house_layout(height + top)
    across = {"type": "category", "tickvals": list(names), "ticktext": titles, "side": "top", "showgrid": False}
    return layout | {
        "xaxis": across | {"tickangle": -90 if upright else 0, "fixedrange": True, "title": {"text": "Shown to"}},
        "yaxis": axis | {"fixedrange": True, "title": {"text": "Made against"}},
        "margin": layout["margin"] | {"t": top},
        "dragmode": False,
    }
