"""The filters and the order of the Mistakes page, all of them in the URL."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, cast

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.evaluation.mistakes import Selection, SortKey
from fmnist.ui.address import Parameter, choose
from fmnist.ui.choices import choose_class, choose_contender, choose_name, choose_option, choose_options
from fmnist.ui.codecs import Span

# what the model looked at is, and what the model that it is compared with is
_OUTCOMES = {"wrong": "Wrong", "right": "Right", "any": "Either"}
_OUTCOMES_OF_SEVERAL = {"all_wrong": "All wrong", "lost": "Wrong, other right", "won": "Right, other wrong"}
_AGREEMENTS = {"any": "Any", "same": "All predict the same", "different": "Predictions differ"}
_LABELS = {"any": "Any", "disputed": "Likely mislabelled", "undisputed": "Undisputed"}
_ORDERS: dict[str, tuple[str, SortKey, bool]] = {
    "confident": ("Most confident first", "confidence", True),
    "unsure": ("Least confident first", "confidence", False),
    "high-loss": ("Highest loss first", "loss", True),
    "low-loss": ("Lowest loss first", "loss", False),
    "high-margin": ("Highest margin first", "margin", True),
    "low-margin": ("Lowest margin first", "margin", False),
    "high-disagreement": ("Highest disagreement first", "disagreement", True),
    "low-disagreement": ("Lowest disagreement first", "disagreement", False),
    "unlikely-label": ("Least likely label first", "support", False),
}
_CONFIDENCE = Parameter("confidence", (0, 100), Span(0, 100), "range of confidence from 0 to 100")
_LABEL_TIP = (
    "Likely mislabelled: the mean of the runs' probabilities contradicts the true class, by confident learning "
    "(Northcutt et al. 2021)."
)
_MORE_KEYS = ("right", "wrong", "confidence", "agreement")
_ORDER_TIP = (
    "Loss: the cross-entropy of the true class. Margin: the probability of the true class less that of the best other "
    "one, below zero where the model is wrong. Disagreement: how far the models' probabilities lie from their mean. "
    "Label: the true class by its probability, the mean over the models."
)


def choose_selection(runs: Sequence[Contender]) -> Selection:
    """Let the user say which images to show."""
    with st.container(horizontal=True):
        model = runs.index(choose_contender(runs, "Model", "model"))
        several = _OUTCOMES_OF_SEVERAL if len(runs) > 1 else {}
        outcome = choose_option("Answer", _OUTCOMES | several, "answer")
        right, wrong = _choose_verdicts(runs, model, outcome)
    with st.expander("More filters", expanded=any(key in st.query_params for key in _MORE_KEYS)):
        with st.container(horizontal=True):
            right |= _choose_models(runs, model, "Also right", "right")
            wrong |= _choose_models(runs, model, "Also wrong", "wrong")
        with st.container(horizontal=True):
            low, high = choose(_CONFIDENCE, lambda key: st.slider("Confidence (%)", 0, 100, key=key))
            agreement = choose_option("Agreement of the runs", _AGREEMENTS, "agreement")
    return Selection(
        model=model,
        right=tuple(sorted(right)),
        wrong=tuple(sorted(wrong)),
        confidence=(low / 100, high / 100),
        agreement=cast(Literal["any", "same", "different"], agreement),
    )


def choose_classes(selection: Selection) -> Selection:
    """Let the user narrow the selection to a true and a predicted class, and to labels that are disputed or not."""
    true_class, predicted_class = choose_class("True class", "true"), choose_class("Predicted class", "predicted")
    label = cast(
        Literal["any", "disputed", "undisputed"], choose_name("Label", _LABELS, "label", "kind of label", _LABEL_TIP)
    )
    return replace(selection, true_class=true_class, predicted_class=predicted_class, label=label)


def choose_order() -> tuple[SortKey, bool]:
    """Let the user say in which order: by what, and whether descending."""
    titles = {key: title for key, (title, _, _) in _ORDERS.items()}
    _, key, descending = _ORDERS[choose_name("Order", titles, "order", "order", _ORDER_TIP)]
    return key, descending


def _choose_verdicts(runs: Sequence[Contender], model: int, outcome: str) -> tuple[set[int], set[int]]:
    """Return which models must be right and which wrong; the other model is asked for where the outcome needs one."""
    if outcome == "all_wrong":
        return set(), set(range(len(runs)))
    if outcome in _OUTCOMES_OF_SEVERAL:
        others = [run for run in runs if run is not runs[model]]
        other = runs.index(choose_contender(others, "Other model", "other"))
        return ({model}, {other}) if outcome == "won" else ({other}, {model})
    return {model} if outcome == "right" else set(), {model} if outcome == "wrong" else set()


def _choose_models(runs: Sequence[Contender], model: int, label: str, key: str) -> set[int]:
    """Let the user choose further models, by position; the one looked at has its own control."""
    titles = {run.key: run.title for run in runs if run is not runs[model]}
    what = "other model that exists here"
    chosen = choose_options(label, titles, key, [], what=what, placeholder="No other model")
    return {position for position, run in enumerate(runs) if run.key in chosen}
