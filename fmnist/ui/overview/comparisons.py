"""The Overview's comparisons: any two models that the reader chooses, and architecture × recipe; drawn on request."""

from collections.abc import Mapping, Sequence

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.finding import split_replicates
from fmnist.contenders.of_runs import OfRuns
from fmnist.errors import InputError
from fmnist.evaluation.factors import Factor
from fmnist.recipes.command import train_command
from fmnist.ui.choices import choose_name
from fmnist.ui.confusion.link import link_difference
from fmnist.ui.overview.board import (
    build_effects,
    build_headlines,
    build_settings,
    build_verdict,
    judge_all,
)
from fmnist.ui.remember import remember
from fmnist.ui.show import show_claim, show_drawn, show_section, show_table
from fmnist.views import effects, verdicts
from fmnist.views.parts import file_stem
from fmnist.views.questions import Pair

_MISSING: dict[Factor, str] = {
    "architecture": "Train two architectures with the same recipe to see this comparison.",
    "recipe": "Train an architecture with two recipes to see this comparison.",
}
_TITLES: dict[Factor, str] = {"architecture": "Effect of the architecture", "recipe": "Effect of the recipe"}
_TIP = "Pick a model to use all its seeds, or a single run further down the list."
_OVERLAP = "Intervals may overlap though the difference is significant: both models are tested on the same images."


def list_contenders(models: Sequence[Contender]) -> list[Contender]:
    """Return what can be compared: the models, then the single runs of those with several."""
    parts = map(split_replicates, models)
    return [*models, *(run for runs in parts if len(runs) > 1 for run in runs)]


def show_pair(models: Sequence[Contender]) -> None:
    """Let the reader choose two models or runs, say whether they differ, in which settings, and how to train them."""
    by_key = {contender.key: contender for contender in list_contenders(models)}
    judged = remember(judge_all, models)
    a, b = (by_key[key] for key in _choose_pair(by_key, judged.questions.first))
    st.caption(verdicts.CHOOSER_NOTE)
    try:
        show_claim(remember(build_verdict, [a, b], judged))
    except InputError as error:
        st.info(str(error), icon=":material/compare_arrows:")
        return
    link_difference(a, b)
    if isinstance(a, OfRuns) and isinstance(b, OfRuns):
        show_section("Different settings")
        show_table(remember(build_settings, [a, b]), "settings", f"{file_stem('settings', [a.key, b.key])}.csv")
        _offer_commands([a, b])


def show_tests(models: Sequence[Contender], best_set: str) -> None:
    """Say how the models were tested, with the answers to what everybody asks."""
    by_key = {contender.key: contender for contender in models}
    if best_set:
        st.markdown(best_set)
    for (a, b), said in remember(build_headlines, models).items():
        show_claim(said)
        link_difference(by_key[a], by_key[b])
    st.markdown(_OVERLAP)


def show_effects(models: Sequence[Contender]) -> None:
    """Show in sentences, figures and a table what the architecture and the recipe change."""
    parts = remember(build_effects, models)
    for column, factor in zip(st.columns(2, gap="medium"), effects.FACTORS, strict=True):
        with column:
            show_section(_TITLES[factor])
            if factor in parts.findings:
                show_claim(parts.findings[factor])
                show_drawn(parts.figures[factor])
                st.caption(parts.corrections[factor])
            else:
                st.caption(_MISSING[factor])
    show_table(parts.table, key="factors", file_name="architecture_recipe.csv")
    st.caption(effects.NOTE)


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


def _offer_commands(pair: Sequence[OfRuns]) -> None:
    """Show the shell line that trains each of two models again, with a button that copies it."""
    show_section("Train again")
    for model in pair:
        command = train_command(model.runs[0].config)
        st.caption(f"{model.title}, seed {model.runs[0].config.seed}" if len(model.runs) > 1 else model.title)
        if command:
            st.code(command, language="bash")
        else:
            st.caption("Its settings differ from today's recipes in more than the command line can say.")
