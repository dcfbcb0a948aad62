"""The filters and the order of the Mistakes page, all of them in the URL."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, cast

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.evaluation.mistakes import Selection, SortKey
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_class, choose_contender, choose_name, choose_options
from fmnist.ui.codecs import Span
from fmnist.views.mistakes import AGREEMENTS, LABELS

# what the model looked at is, and what the model that it is compared with is
_OUTCOMES = {"wrong": "Wrong", "right": "Right", "any": "Either"}
_OUTCOMES_OF_SEVERAL = {
    "all_wrong": "All models wrong",
    "lost": "Wrong here, right in model B",
    "won": "Right here, wrong in model B",
}
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
_CLASS_WIDTH = 150  # pixels: names of models and orders are longer, and two classes fit on a phone
_CONFIDENCE = Parameter("confidence", (0, 100), Span(0, 100), "range of confidence from 0 to 100")
_LABEL_TIP = (
    "Possibly mislabelled: the models' mean probability is confident of another class "
    "(confident learning, Northcutt et al. 2021)."
)
_ORDER_TIP = (
    "Loss: the cross-entropy of the true class. "
    "Margin: the probability of the true class minus that of the best other one. It is negative for mistakes. "
    "Disagreement: how far the models' probabilities lie from their mean. "
    "Label: the mean probability of the true class."
)


def choose_selection(runs: Sequence[Contender]) -> tuple[Selection, SortKey, bool]:
    """Let the user say which images to show, by what they are ordered, and whether descending.

    What is asked most stands in the row, the rest behind a button, so that the row stays as it is.
    """
    model = runs.index(choose_contender(runs, "Model", "model"))
    with st.container(width=_CLASS_WIDTH):
        true_class = choose_class("True class", "true")
    with st.container(width=_CLASS_WIDTH):
        predicted_class = choose_class("Predicted class", "predicted")
    sort, descending = _choose_order()
    with st.popover("More", icon=":material/tune:", key="more"):
        selection = _choose_more(runs, model)
    return replace(selection, true_class=true_class, predicted_class=predicted_class), sort, descending


def _choose_more(runs: Sequence[Contender], model: int) -> Selection:
    outcomes = _OUTCOMES | (_OUTCOMES_OF_SEVERAL if len(runs) > 1 else {})
    right, wrong = _choose_verdicts(runs, model, choose_name("Answer", outcomes, "answer", "answer"))
    label = choose_name("Label", LABELS, "label", "kind of label", _LABEL_TIP)
    low, high = choose(_CONFIDENCE, lambda key: st.slider("Confidence (%)", 0, 100, standing_value(key), key=key))
    agreement = "any"
    if len(runs) > 1:
        agreement = choose_name("Agreement", AGREEMENTS, "agreement", "agreement")
        right |= _choose_models(runs, model, "Also right", "right")
        wrong |= _choose_models(runs, model, "Also wrong", "wrong")
    return Selection(
        model=model,
        right=tuple(sorted(right)),
        wrong=tuple(sorted(wrong)),
        confidence=(low / 100, high / 100),
        agreement=cast(Literal["any", "same", "different"], agreement),
        label=cast(Literal["any", "disputed", "undisputed"], label),
    )


def _choose_order() -> tuple[SortKey, bool]:
    titles = {key: title for key, (title, _, _) in _ORDERS.items()}
    _, key, descending = _ORDERS[choose_name("Order", titles, "order", "order", _ORDER_TIP)]
    return key, descending


def _choose_verdicts(runs: Sequence[Contender], model: int, outcome: str) -> tuple[set[int], set[int]]:
    """Return which models must be right and which wrong; the other model is asked for where the outcome needs one."""
    if outcome == "all_wrong":
        return set(), set(range(len(runs)))
    if outcome in _OUTCOMES_OF_SEVERAL:
        others = [run for run in runs if run is not runs[model]]
        other = runs.index(choose_contender(others, "Model B", "other"))
        return ({model}, {other}) if outcome == "won" else ({other}, {model})
    return {model} if outcome == "right" else set(), {model} if outcome == "wrong" else set()


def _choose_models(runs: Sequence[Contender], model: int, label: str, key: str) -> set[int]:
    """Let the user choose further models, by position; the one looked at has its own control."""
    titles = {run.key: run.title for run in runs if run is not runs[model]}
    what = "other model that exists here"
    chosen = choose_options(label, titles, key, [], what=what, placeholder="No other model")
    return {position for position, run in enumerate(runs) if run.key in chosen}
