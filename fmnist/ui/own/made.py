"""What was just imported or averaged: its accuracy, what was noticed, and how it compares with the best."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.ensemble import Ensemble
from fmnist.contenders.finding import list_compared, list_others
from fmnist.contenders.imported import Imported
from fmnist.model_files.words import describe_input
from fmnist.runs.marks import unhide
from fmnist.ui.address import Parameter, recall
from fmnist.ui.announcement import announce
from fmnist.ui.codecs import OneOrNone
from fmnist.ui.confusion.link import link_difference
from fmnist.ui.markup import plain
from fmnist.ui.overview.board import build_standings, build_verdict, judge_all, rank_all
from fmnist.ui.remember import remember
from fmnist.ui.show import show_claim, show_drawn, show_evidence, show_finding, show_section, show_table
from fmnist.ui.store import can_answer
from fmnist.views import leaderboard_words, members
from fmnist.views.parts import Card, Drawn, Finding, Table

_MADE = "made"


@dataclass(frozen=True, eq=False)
class MembersParts:
    """What each further member adds, and the members alone."""

    finding: Finding
    figure: Drawn
    sizes: Table
    alone: Table


def look_at(key: str) -> None:
    """Show the model with that key from the next run of the page on, though it was hidden before."""
    unhide(key)
    st.session_state[_MADE] = key


def find_made(kind: str) -> Contender | None:
    """Return the model of a kind that the address names as made here; None where it names none, or another kind."""
    others = {other.key: other for other in list_others().contenders}
    codec = OneOrNone({key: other.title for key, other in others.items()})
    made = recall(Parameter[str | None](_MADE, None, codec, "imported model or ensemble", lasts=False))
    found = others.get(made or "")
    return found if found is not None and found.kind == kind else None


def show_made(made: Contender) -> None:
    """Show what a model reaches, what was noticed when it was imported, and whether the best one is better."""
    with st.spinner("Comparing with the other models …"):
        models = list_compared()
        ranked = remember(rank_all, models)
        remember(build_standings, models)
    if made.key not in {model.key for model in models}:
        show_finding(f"The predictions of {made.title} cannot be read.")
        return
    found = leaderboard_words.standing(ranked, made.key)
    if isinstance(made, Ensemble):
        found = replace(found, cards=(*found.cards, remember(_measure_gain, [made])))
    show_finding(found)
    announce(found.headline)
    if isinstance(made, Imported) and made.item.record.warnings:
        st.warning("\n".join(f"- {plain(note)}" for note in made.item.record.warnings), icon=":material/warning:")
    if isinstance(made, Imported) and made.item.record.model:
        st.markdown(describe_input(made.item.record.model))
    _show_verdict(made, models)
    if isinstance(made, Ensemble):
        show_evidence("Accuracy by number of members", "by_members", lambda: _show_members(made))


def _show_verdict(made: Contender, models: Sequence[Contender]) -> None:
    """Compare a model with the best other one, in the words and numbers of the Overview, and lead on."""
    ranking = remember(build_standings, models).ranking
    best = next((key for key in ranking if key != made.key), None)
    if best is None:
        st.info("Train or import another model to compare it with.", icon=":material/compare_arrows:")
        _link_predict(made)
        return
    rival = next(model for model in models if model.key == best)
    show_claim(remember(build_verdict, [rival, made], remember(judge_all, models)))
    with st.container(horizontal=True):
        _link_overview(made, {"search": made.title[:100]}, "See it on the Overview", ":material/leaderboard:")
        label = "Compare with the best" if ranking[0] == best else "Compare with the second best"
        _link_overview(made, {"a": best, "b": made.key, "compare": "true"}, label, ":material/compare_arrows:")
        link_difference(rival, made)
        _link_predict(made)
    st.caption(f"Its key on the command line is `{made.key}`.")


def _link_overview(made: Contender, query: dict[str, str], label: str, icon: str) -> None:
    st.page_link("pages/overview.py", label=label, icon=icon, query_params=query, help=made.title)


def _link_predict(made: Contender) -> None:
    if can_answer(made):
        label, icon = "Try it on Predict", ":material/draw:"
        st.page_link("pages/predict.py", label=label, icon=icon, query_params={"runs": made.key})


def _show_members(ensemble: Ensemble) -> None:
    with st.spinner("Averaging some of the members …"):
        parts = remember(_build_members, [ensemble])
    show_claim(parts.finding)
    left, right = st.columns(2, gap="medium")
    with left:
        show_section("Test accuracy by number of members")
        show_drawn(parts.figure)
        st.caption(members.NOTE)
        show_table(parts.sizes, "sizes", "accuracy_by_members.csv")
    with right:
        show_section("Members alone")
        show_table(parts.alone, "alone", "members.csv")


def _measure_gain(ensembles: Sequence[Ensemble]) -> Card:
    return members.gain_card(ensembles[0], members.list_members(ensembles[0]))


def _build_members(ensembles: Sequence[Ensemble]) -> MembersParts:
    found = members.compute(ensembles[0])
    drawn = members.figures(found)["members"]
    return MembersParts(members.finding(found), drawn, members.table(found), members.members_table(found.alone))
