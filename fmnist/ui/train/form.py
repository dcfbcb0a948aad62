"""The form of the Train page: architecture, recipe and share of the images; all else is under "Advanced"."""

from itertools import product

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.architectures.catalogue import Architecture
from fmnist.dataset import N_TRAIN
from fmnist.designs.store import list_architectures
from fmnist.errors import InputError
from fmnist.jobs import queue
from fmnist.jobs.forecast import Paces, forecast
from fmnist.jobs.libraries import describe_no_trainer
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig
from fmnist.recipes.fields import FIELDS, KEEP_EPOCHS
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_options, tell_apart
from fmnist.ui.codecs import Flag, Number, OneOf
from fmnist.ui.markup import plain
from fmnist.ui.train.paces import known_paces
from fmnist.ui.train.runs import attempt, own_runs, watch
from fmnist.ui.train.settings import FIRST, OTHERS, ask_others, ask_setting, changed_settings, title_of
from fmnist.ui.train.words import describe_pace, describe_recipe, describe_start

_MOST_SEEDS = 20
_SHARES = {str(percent): N_TRAIN * percent // 100 for percent in (1, 2, 5, 10, 20, 50, 100)}
_ALL = "100"
_UNFOLDED = {"advanced_open": ("also", "seeds", "first_seed", "keep_epochs", *FIRST), "settings_open": OTHERS}
_RECIPE_TITLES = {name: known.title for name, known in RECIPES.items()}
_RECIPE = Parameter("recipes", "quick", OneOf(_RECIPE_TITLES), "recipe that exists here")
_SHARE_TITLES = {percent: f"{percent}% ({images:,})" for percent, images in _SHARES.items()}
_KEEP = Parameter("keep_epochs", False, Flag(), "choice of what is kept")
_SHARE = Parameter("share", "10", OneOf(_SHARE_TITLES), "share that exists here")  # a first result in seconds


def ask_trainings() -> None:
    """Let the user choose what to train, and queue a run for each architecture and seed on request."""
    architecture, recipe, share = st.container(), st.container(), st.container()
    with architecture:
        titles = _titles()
        parameter = Parameter("networks", "basic_cnn", OneOf(titles), "architecture that exists here")
        choose(parameter, lambda key: _ask_architecture(key, titles))
        st.caption(f"{plain(list_architectures()[st.session_state['networks']].description)}.")
    with share:
        choose(_SHARE, _ask_share)
    paces, missing = known_paces(), describe_no_trainer()
    with recipe:
        choose(_RECIPE, lambda key: _ask_recipe(key, paces))
    start = st.container()
    with st.expander("Advanced", icon=":material/tune:", expanded=_is_unfolded("advanced_open")):
        _ask_advanced(titles)
    with st.expander("Recipe settings", icon=":material/settings:", expanded=_is_unfolded("settings_open")):
        ask_others(_combine())
    with start:
        _offer_start(paces, missing)


def _ask_architecture(key: str, titles: dict[str, str]) -> str | None:
    standing, titled = standing_value(key), titles.__getitem__
    return st.pills("Architecture", list(titles), default=standing, format_func=titled, key=key, required=True)


def _ask_share(key: str) -> str:
    shares, standing, titled = list(_SHARES), standing_value(key), _SHARE_TITLES.__getitem__
    return st.select_slider("Training images", shares, standing, format_func=titled, key=key)


def _ask_recipe(key: str, paces: Paces) -> str | None:
    """Let the user choose a recipe; each says how long it takes on this share of the images."""
    network, share = list_architectures()[st.session_state["networks"]], st.session_state["share"]
    configs = [known.configure_for(network, 0, train_limit=_SHARES[share]) for known in RECIPES.values()]
    captions = [describe_recipe(RECIPES[config.recipe].description, forecast(config, paces)) for config in configs]
    names, standing, titled = list(RECIPES), standing_value(key), _RECIPE_TITLES.__getitem__
    place = 0 if standing is None else names.index(standing)
    return st.radio("Recipe", names, place, format_func=titled, captions=captions, key=key)


def _offer_start(paces: Paces, missing: str | None) -> None:
    try:
        configs = _plan()
    except InputError as error:  # settings that exclude each other, each in its own range
        name, _, rule = str(error).partition(" ")
        st.error(f"{title_of(name) if name in FIELDS else name} {rule}.", icon=":material/error:")
        return
    forecasts = [forecast(config, paces) for config in configs]
    if missing:
        st.warning(missing, icon=":material/extension_off:")
    st.button(
        describe_start(configs, forecasts),
        key="start",
        on_click=lambda: attempt(_start),
        type="primary",
        icon=":material/play_arrow:",
        disabled=bool(missing),
        width="stretch",
    )
    st.caption(describe_pace(configs, forecasts))


def _is_unfolded(key: str) -> bool:
    """Return whether some settings are open: as soon as one was chosen, and then for the session."""
    state = st.session_state
    state[key] = state.get(key, False) or any(name in st.query_params for name in _UNFOLDED[key])
    return bool(state[key])


def _ask_advanced(titles: dict[str, str]) -> None:
    others = {name: title for name, title in titles.items() if name != st.session_state["networks"]}
    choose_options("More architectures", others, "also", [], what="other architecture", placeholder="None")
    left, right = st.columns(2, wrap=False)
    _ask_whole(left, "Number of seeds", "seeds", 1, _MOST_SEEDS)
    _ask_whole(right, "First seed", "first_seed", 0, 2**31 - _MOST_SEEDS)
    defaults = _combine()
    early = {config.patience for config in defaults if config.patience}
    ends = f"Training ends earlier after {min(early)} epochs without a lower validation loss." if early else ""
    ask_setting(left, "epochs", defaults, ends)
    ask_setting(right, "batch_size", defaults)
    ask_setting(left, "learning_rate", defaults)
    choose(_KEEP, lambda key: st.checkbox("Keep each epoch", standing_value(key, False), key=key, help=KEEP_EPOCHS))


def _ask_whole(room: DeltaGenerator, label: str, key: str, low: int, high: int) -> None:
    parameter = Parameter[float](key, low, Number(low, high), f"{label.lower()} from {low:,} to {high:,}")
    choose(parameter, lambda key: room.number_input(label, low, high, standing_value(key, "min"), key=key))


def _plan() -> list[RunConfig]:
    """Return what the form asks for, the seeds one after the other; a field left as it was overrides nothing."""
    state = st.session_state
    changed = changed_settings(state, _combine())
    if state["share"] != _ALL:
        changed["train_limit"] = _SHARES[state["share"]]
    changed["keep_epochs"] = state["keep_epochs"]
    seeds = range(state["first_seed"], state["first_seed"] + state["seeds"])
    recipe = RECIPES[state["recipes"]]
    return [recipe.configure_for(network, seed, **changed) for seed, network in product(seeds, _architectures())]


def _architectures() -> list[Architecture]:
    known = list_architectures()
    return [known[name] for name in (st.session_state["networks"], *st.session_state["also"])]


def _titles() -> dict[str, str]:
    """Return the titles of all networks by key; designs that are called alike carry their key."""
    return tell_apart({name: network.title for name, network in list_architectures().items()})


def _combine() -> list[RunConfig]:
    """Return what the recipe says for the chosen architectures."""
    recipe = RECIPES[st.session_state["recipes"]]
    return [recipe.configure_for(network, seed=0) for network in _architectures()]


def _start() -> None:
    known = {run.id for run in own_runs()}
    runs = queue.submit_all(_plan())
    watch(runs[0])
    if all(run.id in known for run in runs):
        st.toast("Already queued.", icon=":material/playlist_add_check:")
