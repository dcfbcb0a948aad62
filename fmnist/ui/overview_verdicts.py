"""The overview's verdicts: deeper against basic under each recipe, and any two that the reader chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.evaluation.sentences import verdict_sentence
from fmnist.evaluation.significance import compare_many
from fmnist.figures.leaderboard import Entry
from fmnist.networks import Network, network_name, run_name
from fmnist.runs import Run
from fmnist.training.recipes import RECIPES
from fmnist.ui.named_choice import choose_name
from fmnist.ui.overview_board import stack_correct


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a network with all its runs, or a single run."""

    name: str
    runs: tuple[Run, ...] = field(compare=False)


Pair = tuple[Side, Side]


def list_sides(networks: Sequence[Network], ranking: Sequence[Entry]) -> dict[str, Side]:
    """Return what can be compared, by name: networks by rank, then the single runs of those with several."""
    by_name = {network.name: network for network in networks}
    ordered = [by_name[entry.name] for entry in ranking]
    several = (run for network in ordered if len(network.runs) > 1 for run in network.runs)
    sides = [Side(network.name, network.runs) for network in ordered] + [Side(run_name(run), (run,)) for run in several]
    return {side.name: side for side in sides}


def show_verdicts(sides: Mapping[str, Side], headline: DeltaGenerator) -> None:
    """Write the verdicts that everybody wants to know into `headline`, and here those that the reader asks for."""
    questions = _list_questions(sides)
    st.markdown("**Is a lead real? Any two networks or runs, on the same test images**")
    chosen = _choose_pair(sides)
    verdicts = judge_pairs([*questions, chosen[::-1] if chosen[::-1] in questions else chosen])
    headline.markdown("\n\n".join(verdicts[:-1]))
    st.markdown(verdicts[-1])


def judge_pairs(pairs: Sequence[Pair]) -> list[str]:
    """Return the verdict on each pair in words, corrected for their number; of a pair with itself there is none."""
    distinct = list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))
    results = compare_many([(stack_correct(a.runs), stack_correct(b.runs)) for a, b in distinct])
    verdicts = {
        pair: verdict_sentence(pair[0].name, pair[1].name, result)
        for pair, result in zip(distinct, results, strict=True)
    }
    return [verdicts.get(pair, f"{pair[0].name} and {pair[1].name} are the same.") for pair in pairs]


def _list_questions(sides: Mapping[str, Side]) -> list[Pair]:
    """Ask whether the deeper CNN beats the basic one under each recipe; without these two, whether the lead is real."""
    names = [(network_name("deeper_cnn", recipe), network_name("basic_cnn", recipe)) for recipe in RECIPES]
    own = [(sides[a], sides[b]) for a, b in names if a in sides and b in sides]
    leader, second, *_ = sides.values()
    return own or [(leader, second)]


def _choose_pair(sides: Mapping[str, Side]) -> Pair:
    """Let the reader choose two to compare; at first the leader and the one behind it."""
    left, right = st.columns(2, gap="medium")
    leader, second, *others = sides
    tip = "A network stands for all its runs. The single runs of networks with several follow below."
    with left:
        a = choose_name("Compare", sides, "a", "network or run", tip)
    with right:
        b = choose_name("with", [second, leader, *others], "b", "network or run", tip)
    return sides[a], sides[b]
