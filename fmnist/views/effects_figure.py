"""The figures of effects: differences in accuracy with their intervals."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from fmnist.contenders.looks import Look
from fmnist.contenders.titles import architecture_title
from fmnist.evaluation.factors import Effect, Factor
from fmnist.views.effects import Effects
from fmnist.views.effects_words import findings
from fmnist.views.parts import Drawn
from fmnist.views.questions import pair_of
from fmnist.views.style import RULE, bare_layout, name_axis
from fmnist.views.verdict_words import describe_interval

_ZERO = {
    "type": "line",
    "line": {"color": RULE, "width": 1},
    "xref": "x",
    "x0": 0,
    "x1": 0,
    "yref": "y domain",
    "y0": 0,
    "y1": 1,
}
_NAMES: dict[Factor, tuple[str, str]] = {  # the alternative text, and the name of the file
    "architecture": ("Accuracy of each architecture minus that of the reference", "architecture_effects"),
    "recipe": ("Accuracy of each recipe minus that of the reference", "recipe_effects"),
}


def figures(effects: Effects) -> dict[Factor, Drawn]:
    """Return a figure for each factor with any effect; a row names the recipe where there are several."""
    return {
        factor: Drawn(_draw_rows(effects, factor), *_NAMES[factor], said.headline)
        for factor, said in findings(effects).items()
    }


def _draw_rows(effects: Effects, factor: Factor) -> go.Figure:
    """Draw effects in points, the first on top; open markers stand for single runs."""
    rows, titles = effects.of(factor), _row_titles(effects, factor)
    axis, height = name_axis(titles, spacing=26)
    layout = bare_layout(96 + height) | {
        "xaxis": {"title": {"text": "Difference in test accuracy (points)"}, "showgrid": True, "zeroline": False},
        "yaxis": axis,
        "shapes": [_ZERO],
    }
    traces = [_draw(effect, titles, effects.trained[effect.step.cell].look) for effect in rows]
    return go.Figure(data=traces, layout=layout)


def _row_titles(effects: Effects, factor: Factor) -> dict[str, str]:
    """Return the title of each row by key: the architecture's, with the recipe where there are several."""
    rows = effects.of(factor)
    if factor == "recipe" and len({effect.step.cell[1] for effect in rows}) == 1:
        return {pair_of(effect.step)[0]: architecture_title(effect.step.cell[0]) for effect in rows}
    return {pair_of(effect.step)[0]: effects.trained[effect.step.cell].title for effect in rows}


def _draw(effect: Effect, titles: Mapping[str, str], look: Look) -> dict[str, Any]:
    result, (key, _) = effect.result, pair_of(effect.step)
    opened = "-open" if result.scope == "runs" else ""
    difference, low, high = (100 * value for value in (result.difference, result.ci_low, result.ci_high))
    evidence = f"{describe_interval(result)}<br>Runs: {result.runs_a} and {result.runs_b}"
    return {
        "type": "scatter",
        "x": [difference],
        "y": [key],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - difference],
            "arrayminus": [difference - low],
            "thickness": 1.5,
            "width": 0,
            "color": look.color,
        },
        "mode": "markers",
        "marker": {
            "symbol": look.symbol + opened,
            "size": 9,
            "color": look.color,
            "line": {"width": 1.5, "color": look.color},
        },
        "hovertemplate": f"{titles[key]}<br>%{{x:+.2f}} points<br>{evidence}<extra></extra>",
    }
