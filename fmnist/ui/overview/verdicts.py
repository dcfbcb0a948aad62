"""The overview's verdicts: is the lead real, is deeper better than basic, and any two that the reader chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.contenders.keys import Condition
from fmnist.contenders.seed_group import SeedGroup
from fmnist.contenders.titles import run_title
from fmnist.evaluation.factors import Effect, Step
from fmnist.evaluation.significance import Comparison, compare_many
from fmnist.recipes.catalogue import RECIPES
from fmnist.runs.run import ReadableRun
from fmnist.ui.choices import choose_name
from fmnist.ui.confusion.link import link_difference
from fmnist.ui.overview.board import Results, stack_results
from fmnist.views.leaderboard import Entry
from fmnist.views.sentences import verdict_sentence


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a network with all its runs, or a single run."""

    key: str
    name: str = field(compare=False)
    runs: tuple[ReadableRun, ...] = field(compare=False)


Pair = tuple[Side, Side]


def list_sides(networks: Sequence[SeedGroup], ranking: Sequence[Entry]) -> dict[str, Side]:
    """Return what can be compared, by key: networks by rank, then the single runs of those with several."""
    by_key = {network.key: network for network in networks}
    ordered = [by_key[entry.key] for entry in ranking]
    several = (run for network in ordered if len(network.runs) > 1 for run in network.runs)
    sides = [Side(network.key, network.title, network.runs) for network in ordered]
    sides += [Side(run.id, run_title(run), (run,)) for run in several]
    return {side.key: side for side in sides}


def show_comparisons(
    sides: Mapping[str, Side], steps: Mapping[Step, Pair], results: Results, headline: DeltaGenerator
) -> list[Effect]:
    """Write the verdicts that everybody wants to know into `headline`, and here the one that the reader asks for.

    Return what the steps buy. Holm's correction is made among all that is said in words, and for each figure among its
    rows; of a step that is in both the words count, so that the page never says two things about one pair.
    """
    figures = [[pair for step, pair in steps.items() if step.factor == factor] for factor in ("network", "recipe")]
    questions = [_as_listed(pair, list(steps.values())) for pair in _list_questions(sides)]
    lonely = [pair for rows in figures if len(rows) == 1 for pair in rows]
    st.markdown("**Is a lead real? Any two networks or runs, on the same test images**")
    chosen = _as_listed(_choose_pair(sides), [*questions, *steps.values()])
    said = list(dict.fromkeys(pair for pair in [*questions, *lonely, chosen] if pair[0] != pair[1]))
    judged = _judge(figures[0], results) | _judge(figures[1], results) | _judge(said, results)
    with headline:
        for pair in questions:
            _show(pair, judged)
    _show(chosen, judged)
    return [Effect(step, judged[pair], pair in said) for step, pair in steps.items()]


def _judge(pairs: Sequence[Pair], results: Results) -> dict[Pair, Comparison]:
    arrays = [(stack_results(a.runs, results), stack_results(b.runs, results)) for a, b in pairs]
    return dict(zip(pairs, compare_many(arrays), strict=True))


def _show(pair: Pair, judged: Mapping[Pair, Comparison]) -> None:
    """Say whether the lead is real, and lead to the images that make it."""
    a, b = pair
    if a == b:
        st.markdown(f"{a.name} and {b.name} are the same.")
        return
    st.markdown(verdict_sentence(a.name, b.name, judged[pair]))
    link_difference(a.runs, b.runs)


def _as_listed(pair: Pair, listed: Sequence[Pair]) -> Pair:
    """Return the pair as it stands among others, where it may be the other way round: one question is asked once."""
    return pair[::-1] if pair[::-1] in listed else pair


def _list_questions(sides: Mapping[str, Side]) -> list[Pair]:
    """Ask whether the lead is real, and whether the deeper CNN beats the basic one under each recipe."""
    keys = [(Condition("deeper_cnn", recipe).key, Condition("basic_cnn", recipe).key) for recipe in RECIPES]
    known = [(sides[a], sides[b]) for a, b in keys if a in sides and b in sides]
    leader, second, *_ = sides.values()
    return list(dict.fromkeys([_as_listed((leader, second), known), *known]))


def _choose_pair(sides: Mapping[str, Side]) -> Pair:
    """Let the reader choose two to compare; at first the leader and the third, as the second is in the headline."""
    left, right = st.columns(2, gap="medium")
    leader, second, *others = sides
    known = {run.id for key in (leader, second) for run in sides[key].runs}
    third = next((key for key in others if known.isdisjoint(run.id for run in sides[key].runs)), second)
    tip = "A network stands for all its runs. The single runs of networks with several follow below."
    titles = {key: side.name for key, side in sides.items()}
    with left:
        a = choose_name("Compare", titles, "a", "network or run", tip)
    with right:
        b = choose_name("with", titles, "b", "network or run", tip, default=third)
    return sides[a], sides[b]
