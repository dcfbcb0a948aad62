"""The form of the Train page: which networks to train and how, with the recipes' values to start from."""

from collections.abc import Sequence
from itertools import product

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.dataset import N_TRAIN
from fmnist.jobs import queue
from fmnist.jobs.forecast import forecast
from fmnist.jobs.libraries import describe_missing_libraries
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_options
from fmnist.ui.codecs import Number, NumberOrNone, OneOf
from fmnist.ui.train.paces import known_paces
from fmnist.ui.train.runs import attempt, own_runs, watch
from fmnist.ui.train.words import describe_pace, describe_start

FORM_WIDTH = 320
FIRST_RECIPE, FIRST_NETWORK = "quick", "deeper_cnn"
MOST_SEEDS = 20
_SHARES = {str(percent): N_TRAIN * percent // 100 for percent in (1, 2, 5, 10, 20, 50, 100)}
_ALL = "100"
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
    configs, paces, missing = _plan(), known_paces(), describe_missing_libraries()
    forecasts = [forecast(config, paces) for config in configs]
    if missing:
        st.warning(missing, icon=":material/extension_off:")
    st.button(
        describe_start(configs, forecasts),
        key="start",
        on_click=lambda: attempt(_start),
        type="primary",
        icon=":material/play_arrow:",
        disabled=not configs or bool(missing),
        width="stretch",
    )
    st.caption(describe_pace(configs, forecasts))


def _ask_settings(defaults: Sequence[RunConfig]) -> None:
    """Show a field for each setting: with the recipes' value where all chosen agree on it, or else empty."""
    left, right = st.columns(2, wrap=False)
    early = {config.patience for config in defaults if config.patience}
    ends = f"A training ends earlier after {min(early)} epochs without a lower validation loss." if early else None
    _ask_number(left, "Epochs", "epochs", defaults, (1, 1000, 1), tip=ends)
    _ask_number(right, "Batch size", "batch_size", defaults, (1, 4096, 1))
    _ask_number(left, "Learning rate", "learning_rate", defaults, (1e-6, 1.0, 1e-4))
    titles = {percent: f"{percent}% ({images:,})" for percent, images in _SHARES.items()}
    share = Parameter("share", _ALL, OneOf(titles), "share that exists here")

    def slide(key: str) -> str:
        shares, standing = list(titles), standing_value(key)
        return st.select_slider("Share of the images", shares, standing, format_func=titles.__getitem__, key=key)

    choose(share, slide)


def _ask_whole(room: DeltaGenerator, label: str, key: str, low: int, high: int) -> None:
    parameter = Parameter[float](key, low, Number(low, high), f"{label.lower()} from {low:,} to {high:,}")
    choose(parameter, lambda key: room.number_input(label, low, high, standing_value(key, "min"), key=key))


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
    several = "Empty: each training has the value of its recipe and network."
    what = f"{label.lower()} from {low:,.12g} to {high:,.12g}"
    parameter: Parameter[float | None] = Parameter(name, value, NumberOrNone(low, high), what)

    def show(key: str) -> float | None:
        return room.number_input(
            label,
            low,
            high,
            None,
            step,
            format="%g" if name == "learning_rate" else None,
            key=key,
            placeholder="the recipe's",
            help=" ".join(words for words in (several if value is None else "", tip) if words) or None,
        )

    choose(parameter, show)


def _plan() -> list[RunConfig]:
    """Return what the form asks for, the seeds one after the other; a field left as it was overrides nothing."""
    state = st.session_state
    defaults = _combine()
    fields = {name: state.get(name) for name in _SETTINGS}
    changed = {name: value for name, value in fields.items() if value != _common(defaults, name)}
    if state["share"] != _ALL:
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


def _start() -> None:
    known = {run.id for run in own_runs()}
    runs = queue.submit_all(_plan())
    watch(runs[0])
    if all(run.id in known for run in runs):
        st.toast("That is in the queue already.", icon=":material/playlist_add_check:")
