"""The overview's verdicts: deeper against basic under each recipe, and any two that the reader chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from fmnist.evaluation.sentences import verdict_sentence
from fmnist.evaluation.significance import compare_many
from fmnist.figures.leaderboard import Entry
from fmnist.runs import Run
from fmnist.training.recipes import RECIPES
from fmnist.ui.choices import run_name
from fmnist.ui.networks import Network
from fmnist.ui.overview_board import stack_correct


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a network with all its runs, or a single run; its key is that in the URL."""

    key: str
    name: str
    runs: tuple[Run, ...] = field(compare=False)


Pair = tuple[Side, Side]


def list_sides(networks: Sequence[Network], ranking: Sequence[Entry]) -> dict[str, Side]:
    """Return what can be compared, by its key in the URL: networks by rank, then the runs of those with several."""
    rank = {entry.name: place for place, entry in enumerate(ranking)}
    ordered = sorted(networks, key=lambda network: rank[network.name])
    sides = {network.key: Side(network.key, network.name, network.runs) for network in ordered}
    several = (run for network in ordered if len(network.runs) > 1 for run in network.runs)
    return sides | {run.id: Side(run.id, run_name(run), (run,)) for run in several}


def list_questions(sides: Mapping[str, Side]) -> list[Pair]:
    """Return the project's own question, whether the deeper CNN beats the basic one, for each recipe that has both."""
    keys = [(f"deeper_cnn:{recipe}", f"basic_cnn:{recipe}") for recipe in RECIPES]
    return [(sides[a], sides[b]) for a, b in keys if a in sides and b in sides]


def choose_pair(sides: Mapping[str, Side]) -> Pair:
    """Let the reader choose two to compare; at first the leader and the one behind it."""
    left, right = st.columns(2)
    keys = list(sides)
    with left:
        a = _choose_side("Is the lead real? Compare", sides, "a", keys[0])
    with right:
        b = _choose_side("with", sides, "b", keys[1])
    return sides[a], sides[b]


def judge_pairs(pairs: Sequence[Pair]) -> list[str]:
    """Return the verdict on each pair in words, corrected for their number; of a pair with itself there is none."""
    distinct = list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))
    results = compare_many([(stack_correct(a.runs), stack_correct(b.runs)) for a, b in distinct])
    verdicts = {
        pair: verdict_sentence(pair[0].name, pair[1].name, result)
        for pair, result in zip(distinct, results, strict=True)
    }
    return [verdicts.get(pair, f"{pair[0].name} and {pair[1].name} are the same.") for pair in pairs]


def _choose_side(label: str, sides: Mapping[str, Side], key: str, default: str) -> str:
    unknown = st.query_params.get(key)
    if unknown and unknown not in sides:
        st.warning(f"The address names no network or run that exists here: {unknown}.", icon=":material/link_off:")
    keys = list(sides)
    return st.selectbox(
        label,
        keys,
        keys.index(default),
        format_func=lambda side: sides[side].name,
        key=key,
        bind="query-params",
    )
