"""What the network buys and what the recipe buys: differences in accuracy with their intervals."""

from collections.abc import Mapping

import plotly.graph_objects as go

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.contenders.titles import model_title
from fmnist.evaluation.factors import Cell, Effect
from fmnist.recipes.catalogue import RECIPES
from fmnist.views.style import RULE, list_names, model_color, model_symbol, style_figure

REFERENCE = Cell("basic_cnn", "textbook")


def list_cells() -> dict[str, Cell]:
    """Return the cells of the table architecture × recipe by the titles of their models."""
    return {model_title(model, recipe): Cell(model, recipe) for model in ARCHITECTURES for recipe in RECIPES}


def effects_figure(effects: Mapping[str, Effect]) -> go.Figure:
    """Draw what each step buys, in points and by name, the first on top; open markers stand for single runs."""
    figure = go.Figure(data=[_draw(name, effect) for name, effect in effects.items()])
    figure.add_vline(x=0, line={"color": RULE, "width": 1})
    height = list_names(figure, list(effects), spacing=26)
    figure.update_xaxes(title="Difference in test accuracy (points)", showgrid=True, zeroline=False)
    return style_figure(figure, 96 + height).update_layout(showlegend=False, margin={"t": 8})


def _draw(name: str, effect: Effect) -> go.Scatter:
    result, model = effect.result, effect.step.cell.model
    color, opened = model_color(model), "-open" if result.scope == "runs" else ""
    difference, low, high = (100 * value for value in (result.difference, result.ci_low, result.ci_high))
    level = f"{100 * result.confidence:.1f} %"
    evidence = f"Runs: {result.runs_a} and {result.runs_b}. Comparisons: {result.comparisons}. Interval at {level}"
    return go.Scatter(
        x=[difference],
        y=[name],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - difference],
            "arrayminus": [difference - low],
            "thickness": 1.5,
            "width": 0,
            "color": color,
        },
        mode="markers",
        marker={
            "symbol": model_symbol(model) + opened,
            "size": 9,
            "color": color,
            "line": {"width": 1.5, "color": color},
        },
        hovertemplate=f"{name}<br>%{{x:+.2f}} points [{low:.2f}, {high:.2f}]<br>{evidence}<extra></extra>",
    )
