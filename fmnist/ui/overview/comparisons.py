"""The Overview's comparisons: is the lead real, any two that the reader chooses, and architecture × recipe."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.single_run import SingleRun
from fmnist.evaluation.factors import Factor
from fmnist.ui.choices import choose_name
from fmnist.ui.confusion.link import link_difference
from fmnist.ui.overview.board import Comparisons, build_comparisons
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_table
from fmnist.views import effects, verdicts
from fmnist.views.verdicts import Pair

_MISSING: dict[Factor, str] = {
    "architecture": "It shows here once two networks have been trained by the same recipe.",
    "recipe": "It shows here once a network has been trained by two recipes.",
}
_TITLES: dict[Factor, str] = {"architecture": "What the network buys", "recipe": "What the recipe buys"}


def list_contenders(models: Sequence[OfRuns]) -> list[OfRuns]:
    """Return what can be compared: the models, then the single runs of those with several."""
    several = (run for model in models if len(model.runs) > 1 for run in model.runs)
    return [*models, *map(SingleRun, several)]


def show_comparisons(models: Sequence[OfRuns], headline: DeltaGenerator) -> None:
    """Write the verdicts that everybody wants to know into `headline`, and here what the reader asks for.

    The effects of architecture and recipe follow. `models` are by rank.
    """
    by_key = {contender.key: contender for contender in list_contenders(models)}
    if len(by_key) < 2:
        return
    st.markdown("**Is a lead real? Any two networks or runs, on the same test images**")
    chosen = _choose_pair(by_key)
    figures = remember(effects.compute, models).pairs
    questions = verdicts.ask(list(by_key.values()), figures, chosen)
    asked = {key for pair in questions.family for key in pair}.union(model.key for model in models)
    parts = remember(build_comparisons, [one for key, one in by_key.items() if key in asked], questions)
    with headline:
        for pair in questions.headline:
            _show_verdict(pair, by_key, parts.verdicts)
    _show_verdict(questions.chosen, by_key, parts.verdicts)
    if parts.effects:
        _show_effects(parts)


def _choose_pair(by_key: Mapping[str, OfRuns]) -> Pair:
    """Let the reader choose two to compare."""
    left, right = st.columns(2, gap="medium")
    tip = (
        "A network stands for all its runs. The single runs of networks with several follow below. A pair that was "
        "picked because it stands out looks significant more often than 5% of the time by chance alone."
    )
    titles = {key: contender.title for key, contender in by_key.items()}
    first, second = verdicts.default_pair(list(by_key.values()))
    with left:
        a = choose_name("Compare", titles, "a", "network or run", tip, default=first)
    with right:
        b = choose_name("with", titles, "b", "network or run", tip, default=second)
    return a, b


def _show_verdict(pair: Pair, by_key: Mapping[str, OfRuns], said: Mapping[Pair, str]) -> None:
    """Say whether a lead is real, and lead to the images that make it."""
    a, b = (by_key[key] for key in pair)
    if a.key == b.key:
        st.markdown(f"{a.title} and {b.title} are the same.")
        return
    st.markdown(said[pair])
    link_difference(a.runs, b.runs)


def _show_effects(parts: Comparisons) -> None:
    """Show in sentences, figures and a table what the architecture and the recipe change."""
    for column, factor in zip(st.columns(2, gap="medium"), effects.FACTORS, strict=True):
        with column:
            st.markdown(f"**{_TITLES[factor]}**")
            if factor in parts.effects:
                st.markdown(parts.effects[factor])
                show_drawn(parts.figures[factor])
                st.caption(parts.corrections[factor])
            else:
                st.caption(_MISSING[factor])
    show_table(parts.table, key="factors", file_name="architecture_recipe.csv")
    st.caption(effects.NOTE)
