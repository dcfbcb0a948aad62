"""The form of the Train page: which networks to train and how, with the recipes' values to start from."""

from collections.abc import Sequence
from itertools import product

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.dataset import N_TRAIN
from fmnist.jobs import queue
from fmnist.jobs.forecast import forecast
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig
from fmnist.ui.choices import choose_options, report_no_number, report_unknown
from fmnist.ui.train.runs import attempt, known_paces, own_runs, watch
from fmnist.ui.train.words import describe_pace, describe_start

FORM_WIDTH = 320
FIRST_RECIPE, FIRST_NETWORK = "quick", "deeper_cnn"
MOST_SEEDS = 20
_SHARES = {percent: N_TRAIN * percent // 100 for percent in (1, 2, 5, 10, 20, 50, 100)}
_SETTINGS = ("epochs", "batch_size", "learning_rate")


def ask_trainings() -> None:
    """Let the user choose networks, recipes, seeds and settings, and queue every combination of them on request."""
    choose_options(
        "Networks", {name: known.title for name, known in ARCHITECTURES.items()}, "networks", [FIRST_NETWORK]
    )
    choose_options("Recipes", {name: known.title for name, known in RECIPES.items()}, "recipes", [FIRST_RECIPE])
    for name in st.session_state["recipes"]:
        st.caption(f"**{RECIPES[name].title}**: {RECIPES[name].description}.")
    left, right = st.columns(2, wrap=False)
    _ask_whole(left, "Number of seeds", "seeds", 1, MOST_SEEDS)
    _ask_whole(right, "First seed", "first_seed", 0, 2**31 - MOST_SEEDS)
    _ask_settings(_combine())
    configs, paces = _plan(), known_paces()
    forecasts = [forecast(config, paces) for config in configs]
    st.button(
        describe_start(configs, forecasts),
        key="start",
        on_click=lambda: attempt(_start),
        type="primary",
        icon=":material/play_arrow:",
        disabled=not configs,
        width="stretch",
    )
    st.caption(describe_pace(configs, forecasts))


def _ask_settings(defaults: Sequence[RunConfig]) -> None:
    """Show a field for each setting: with the recipes' value where all chosen agree on it, or else empty."""
    left, right = st.columns(2, wrap=False)
    early = {config.patience for config in defaults if config.patience}
    ends = f"A training ends earlier after {min(early)} epochs without a lower validation loss." if early else None
    shortest = 1 + max((config.warmup_epochs for config in defaults), default=0)
    _ask_number(left, "Epochs", "epochs", defaults, (shortest, 1000, 1), tip=ends)
    _ask_number(right, "Batch size", "batch_size", defaults, (1, 4096, 1))
    _ask_number(left, "Learning rate", "learning_rate", defaults, (1e-6, 1.0, 1e-4))
    titles = {percent: f"{percent} % ({images:,})" for percent, images in _SHARES.items()}
    report_unknown("share", titles.values(), "share")
    st.select_slider(
        "Share of the images",
        list(titles),
        100,
        format_func=titles.__getitem__,
        key="share",
        bind="query-params",
    )


def _ask_whole(room: DeltaGenerator, label: str, key: str, low: int, high: int) -> None:
    report_no_number(key, low, high, label.lower())
    room.number_input(label, low, high, low, key=key, bind="query-params")


def _ask_number(
    room: DeltaGenerator,
    label: str,
    name: str,
    defaults: Sequence[RunConfig],
    limits: tuple[float, float, float],
    tip: str | None = None,
) -> None:
    value = _common(defaults, name)
    low, high, step = limits
    report_no_number(_key(defaults, name), low, high, label.lower())
    several = "Empty: each training has the value of its recipe and network."
    room.number_input(
        label,
        low,
        high,
        value,
        step,
        format="%g" if name == "learning_rate" else None,
        key=_key(defaults, name),
        bind="query-params",
        placeholder="the recipe's",
        help=" ".join(words for words in (several if value is None else "", tip) if words) or None,
    )


def _plan() -> list[RunConfig]:
    """Return what the form asks for, the seeds one after the other; a field left as it was overrides nothing."""
    state = st.session_state
    defaults = _combine()
    fields = {name: state.get(_key(defaults, name)) for name in _SETTINGS}
    changed = {name: value for name, value in fields.items() if value != _common(defaults, name)}
    if state["share"] != 100:
        changed["train_limit"] = _SHARES[state["share"]]
    seeds = range(state["first_seed"], state["first_seed"] + state["seeds"])
    return [
        RECIPES[recipe].configure(network, seed, **changed)
        for seed, recipe, network in product(seeds, state["recipes"], state["networks"])
    ]


def _combine() -> list[RunConfig]:
    """Return what the chosen recipes say for the chosen networks."""
    chosen = product(st.session_state["recipes"], st.session_state["networks"])
    return [RECIPES[recipe].configure(network, seed=0) for recipe, network in chosen]


def _common(defaults: Sequence[RunConfig], name: str) -> float | None:
    values = {getattr(config, name) for config in defaults}
    return values.pop() if len(values) == 1 else None


def _key(defaults: Sequence[RunConfig], name: str) -> str:
    return f"{name}_{_common(defaults, name)}"  # another value to start from is another field


def _start() -> None:
    known = {run.id for run in own_runs()}
    runs = queue.submit_all(_plan())
    watch(runs[0])
    if all(run.id in known for run in runs):
        st.toast("That is in the queue already.", icon=":material/playlist_add_check:")
