"""The filters and the order of the Mistakes page, all of them in the URL."""

from dataclasses import replace
from typing import Literal, cast

import streamlit as st

from fmnist.contenders.titles import run_title
from fmnist.evaluation.mistakes import Selection, SortKey
from fmnist.ui.choices import choose_option, choose_run, report_unknown
from fmnist.ui.judged import Judged
from fmnist.ui.named_choice import choose_class, choose_name

# what the model looked at is, and what the model that it is compared with is
_OUTCOMES = {"wrong": "Wrong", "right": "Right", "any": "Either"}
_OUTCOMES_OF_SEVERAL = {"all_wrong": "All wrong", "lost": "Wrong, other right", "won": "Right, other wrong"}
_AGREEMENTS = {"any": "Any", "same": "All predict the same", "different": "Predictions differ"}
_LABELS: dict[str, Literal["any", "disputed", "undisputed"]] = {
    "Any": "any",
    "Likely mislabelled": "disputed",
    "Undisputed": "undisputed",
}
_ORDERS: dict[str, tuple[SortKey, bool]] = {
    "Most confident first": ("confidence", True),
    "Least confident first": ("confidence", False),
    "Highest loss first": ("loss", True),
    "Lowest loss first": ("loss", False),
    "Highest margin first": ("margin", True),
    "Lowest margin first": ("margin", False),
    "Highest disagreement first": ("disagreement", True),
    "Lowest disagreement first": ("disagreement", False),
    "Least likely label first": ("support", False),
}
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


def choose_selection(judged: Judged) -> Selection:
    """Let the user say which images to show."""
    with st.container(horizontal=True):
        model = judged.position(choose_run(judged.runs, "Model", "model"))
        several = _OUTCOMES_OF_SEVERAL if len(judged.runs) > 1 else {}
        outcome = choose_option("Answer", _OUTCOMES | several, "answer")
        right, wrong = _choose_verdicts(judged, model, outcome)
    with st.expander("More filters", expanded=any(key in st.query_params for key in _MORE_KEYS)):
        with st.container(horizontal=True):
            right |= _choose_models(judged, model, "Also right", "right")
            wrong |= _choose_models(judged, model, "Also wrong", "wrong")
        with st.container(horizontal=True):
            report_unknown("confidence", map(str, range(101)), "confidence")
            low, high = st.slider("Confidence (%)", 0, 100, (0, 100), key="confidence", bind="query-params")
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
    label = _LABELS[choose_name("Label", _LABELS, "label", "kind of label", _LABEL_TIP)]
    return replace(selection, true_class=true_class, predicted_class=predicted_class, label=label)


def choose_order() -> tuple[SortKey, bool]:
    """Let the user say in which order: by what, and whether descending."""
    return _ORDERS[choose_name("Order", _ORDERS, "order", "order", _ORDER_TIP)]


def _choose_verdicts(judged: Judged, model: int, outcome: str) -> tuple[set[int], set[int]]:
    """Return which models must be right and which wrong; the other model is asked for where the outcome needs one."""
    if outcome == "all_wrong":
        return set(), set(range(len(judged.runs)))
    if outcome in _OUTCOMES_OF_SEVERAL:
        others = [run for run in judged.runs if judged.position(run) != model]
        other = judged.position(choose_run(others, "Other model", "other"))
        return ({model}, {other}) if outcome == "won" else ({other}, {model})
    return {model} if outcome == "right" else set(), {model} if outcome == "wrong" else set()


def _choose_models(judged: Judged, model: int, label: str, key: str) -> set[int]:
    """Let the user choose further models, by position; the one looked at has its own control."""
    titles = {run.id: run_title(run) for run in judged.runs if judged.position(run) != model}
    report_unknown(key, titles.values(), "other model")
    chosen = st.multiselect(
        label, list(titles), format_func=titles.__getitem__, key=key, placeholder="No other model", bind="query-params"
    )
    return {judged.position(run) for run in judged.runs if run.id in chosen}
