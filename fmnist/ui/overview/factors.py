"""The overview's table of architecture × recipe: what the network buys, and what the recipe buys."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.contenders.keys import Condition
from fmnist.contenders.titles import TITLES, model_title
from fmnist.evaluation.factors import Cell, Effect, Step, list_steps
from fmnist.recipes.catalogue import RECIPES
from fmnist.ui.overview.verdicts import Pair, Side
from fmnist.ui.show import show_figure, show_table
from fmnist.views.effects import REFERENCE, effects_figure
from fmnist.views.leaderboard import Entry
from fmnist.views.sentences import correction_sentence, effect_words, network_sentence, recipe_sentence

if TYPE_CHECKING:
    import pandas as pd

_NOTE = (
    "Accuracy on the test images in percent, and differences in points with the intervals of the figures. Open marker: "
    "a single run on one side at least, so that it speaks of these runs only."
)


def list_pairs(sides: Mapping[str, Side]) -> dict[Step, Pair]:
    """Return the steps from network to network and from recipe to recipe, each with the two sides to be compared."""
    grid = (Condition(model, recipe) for model in ARCHITECTURES for recipe in RECIPES)
    cells = {Cell(*condition): sides[condition.key] for condition in grid if condition.key in sides}
    return {step: (cells[step.cell], cells[step.base]) for step in list_steps(list(cells), REFERENCE)}


def show_factors(effects: Sequence[Effect], entries: Sequence[Entry]) -> None:
    """Show in sentences, figures and a table what the network buys and what the recipe buys."""
    by_network, by_recipe = ([e for e in effects if e.step.factor == factor] for factor in ("network", "recipe"))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**What the network buys**")
        if by_network:
            st.markdown(network_sentence(by_network, TITLES))
            rows = {model_title(*effect.step.cell): effect for effect in by_network}
            show_figure(effects_figure(rows), "network_effects", "Accuracy of each network less that of the reference")
            st.caption(correction_sentence(by_network))
        else:
            st.caption("It shows here once two networks have been trained by the same recipe.")
    with right:
        st.markdown("**What the recipe buys**")
        if by_recipe:
            st.markdown(recipe_sentence(by_recipe, TITLES))
            rows = {_recipe_row(effect, by_recipe): effect for effect in by_recipe}
            show_figure(effects_figure(rows), "recipe_effects", "Accuracy by each recipe less that by the first one")
            st.caption(correction_sentence(by_recipe))
        else:
            st.caption("It shows here once a network has been trained by two recipes.")
    frame = _as_frame(effects, entries)
    shares = {name: st.column_config.NumberColumn(format="%.2f") for name in frame.columns if name.endswith("(%)")}
    show_table(frame, key="factors", file_name="architecture_recipe.csv", column_config=shares)
    st.caption(_NOTE)


def _recipe_row(effect: Effect, effects: Sequence[Effect]) -> str:
    """Return the network's title, with the recipe where there are several to tell apart."""
    model, recipe = effect.step.cell
    return TITLES[model] if len({each.step.cell.recipe for each in effects}) == 1 else model_title(model, recipe)


def _as_frame(effects: Sequence[Effect], entries: Sequence[Entry]) -> "pd.DataFrame":
    import pandas as pd  # a quarter of a second, which the figures need not wait for

    accuracies = {entry.name: 100 * entry.standing.accuracy.mean for entry in entries}
    models = [model for model in ARCHITECTURES if any(model_title(model, recipe) in accuracies for recipe in RECIPES)]
    recipes = [recipe for recipe in RECIPES if any(model_title(model, recipe) in accuracies for model in models)]
    rows: dict[str, dict[str, object]] = {model: {"Network": TITLES[model]} for model in models}
    for model, row in rows.items():
        row.update({f"{TITLES[recipe]} (%)": accuracies.get(model_title(model, recipe)) for recipe in recipes})
    for effect in effects:
        rows[effect.step.cell.model][_heading(effect.step)] = effect_words(effect)
    shares = [f"{TITLES[recipe]} (%)" for recipe in recipes]
    columns = ["Network", *shares, *dict.fromkeys(_heading(effect.step) for effect in effects)]
    return pd.DataFrame(list(rows.values()), columns=columns)


def _heading(step: Step) -> str:
    recipe = TITLES[step.cell.recipe]
    if step.factor == "network":
        return f"{recipe}, over {TITLES[step.base.model]}"
    return f"{recipe} over {TITLES[step.base.recipe].lower()}"
