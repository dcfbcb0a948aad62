"""The Overview's comparisons: is the lead significant, any two that the reader chooses, and architecture × recipe."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.contenders.contender import Contender
from fmnist.contenders.finding import split_replicates
from fmnist.errors import InputError
from fmnist.evaluation.factors import Factor
from fmnist.ui.choices import choose_name
from fmnist.ui.confusion.link import link_difference
from fmnist.ui.overview.board import Comparisons, build_comparisons, build_verdict
from fmnist.ui.remember import remember
from fmnist.ui.show import show_claim, show_drawn, show_table
from fmnist.views import effects, verdicts
from fmnist.views.questions import Pair

_MISSING: dict[Factor, str] = {
    "architecture": "Train two architectures with the same recipe to see this comparison.",
    "recipe": "Train an architecture with two recipes to see this comparison.",
}
_TITLES: dict[Factor, str] = {"architecture": "Effect of the architecture", "recipe": "Effect of the recipe"}
_TIP = "Pick a model to use all its seeds, or a single run further down the list."


def list_contenders(models: Sequence[Contender]) -> list[Contender]:
    """Return what can be compared: the models, then the single runs of those with several."""
    parts = map(split_replicates, models)
    return [*models, *(run for runs in parts if len(runs) > 1 for run in runs)]


def show_comparisons(models: Sequence[Contender], headline: DeltaGenerator) -> None:
    """Write the verdicts that everybody wants to know into `headline`, and here what the reader asks for.

    The effects of architecture and recipe follow. `models` are by rank.
    """
    by_key = {contender.key: contender for contender in list_contenders(models)}
    if len(by_key) < 2:
        return
    parts = remember(build_comparisons, models)
    with headline:
        for (a, b), said in parts.headline.items():
            show_claim(said)
            link_difference(by_key[a], by_key[b])
    st.markdown("**Compare any two models**")
    _show_chosen(by_key, parts)
    if parts.effects:
        _show_effects(parts)


def _show_chosen(by_key: Mapping[str, Contender], parts: Comparisons) -> None:
    """Let the reader choose two, say whether they differ, and lead to the images that make the difference."""
    a, b = (by_key[key] for key in _choose_pair(by_key, parts.verdicts.questions.first))
    st.caption(verdicts.CHOOSER_NOTE)
    try:
        show_claim(remember(build_verdict, [a, b], parts.verdicts))
    except InputError as error:
        st.info(str(error), icon=":material/compare_arrows:")
    else:
        link_difference(a, b)


def _choose_pair(by_key: Mapping[str, Contender], first: Pair | None) -> Pair:
    """Let the reader choose two to compare; without a pair to begin with, the first two runs of the only model."""
    left, right = st.columns(2, gap="medium")
    titles = {key: contender.title for key, contender in by_key.items()}
    at_first = first or tuple(list(titles)[1:3])
    with left:
        a = choose_name("Model A", titles, "a", "model or run", _TIP, default=at_first[0])
    with right:
        b = choose_name("Model B", titles, "b", "model or run", _TIP, default=at_first[1])
    return a, b


def _show_effects(parts: Comparisons) -> None:
    """Show in sentences, figures and a table what the architecture and the recipe change."""
    for column, factor in zip(st.columns(2, gap="medium"), effects.FACTORS, strict=True):
        with column:
            st.markdown(f"**{_TITLES[factor]}**")
            if factor in parts.effects:
                show_claim(parts.effects[factor])
                show_drawn(parts.figures[factor])
                st.caption(parts.corrections[factor])
            else:
                st.caption(_MISSING[factor])
    show_table(parts.table, key="factors", file_name="architecture_recipe.csv")
    st.caption(effects.NOTE)
