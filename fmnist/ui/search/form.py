"""The form of a new study: a space that is ready, what of it varies and over what, and how it is searched."""

from dataclasses import replace

import streamlit as st

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.dataset import N_TRAIN
from fmnist.designs.store import list_architectures
from fmnist.errors import InputError
from fmnist.naming import LONGEST_NAME
from fmnist.recipes.catalogue import RECIPES
from fmnist.search.control import start_search
from fmnist.search.notation import list_settings, read_dimension, write_dimension
from fmnist.search.ready import READY, Ready
from fmnist.search.records import MOST_MINUTES, MOST_TRIALS, SCHEMA, StudyRecord
from fmnist.search.space import Dimension, Space, check_space
from fmnist.search.store import create_study
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_name, choose_option, choose_options, tell_apart
from fmnist.ui.codecs import Number, NumberOrNone, OneOf, Text
from fmnist.ui.markup import plain
from fmnist.ui.search.studies import show_study
from fmnist.ui.train.runs import attempt
from fmnist.views.search_words import name_setting
from fmnist.wording import plural

_SHARES = {str(percent): N_TRAIN * percent // 100 for percent in (1, 2, 5, 10, 20, 50, 100)}
_SHARE_TITLES = {percent: f"{percent}% ({images:,})" for percent, images in _SHARES.items()}
_SAMPLERS = {"tpe": "TPE", "random": "Random", "grid": "Grid"}
_PRUNERS = {"median": "Median", "hyperband": "Hyperband", "none": "None"}
_MEASURES = {"loss": "Loss", "accuracy": "Accuracy"}
_NAME = "study_name"


def ask_study() -> None:
    """Let the user put a study together, and start it on request."""
    ready = READY[_ask_space()]
    share = _ask_share(ready)
    dimensions = _ask_dimensions(ready)
    with st.expander("Advanced", icon=":material/tune:"):
        record = _ask_method(ready, share)
    try:
        if record.space is None or not dimensions:
            raise InputError("Choose at least one setting that varies.")
        planned = replace(record, space=replace(record.space, dimensions=tuple(dimensions)))
        check_space(planned.space or record.space)
    except ValueError as error:
        name, space, rule = str(error).partition(" ")
        titled = name_setting(name) if name in list_settings() else name
        st.error(f"{plain(f'{titled}{space}{rule}').rstrip('.')}.", icon=":material/error:")
        return
    st.text_input("Name", key=_NAME, max_chars=LONGEST_NAME, placeholder=ready.title)
    label = f"Start · {plural(planned.planned, 'trial')}"
    st.button(label, type="primary", icon=":material/play_arrow:", width="stretch", on_click=_start, args=(planned,))


def _ask_space() -> str:
    titles = {name: ready.title for name, ready in READY.items()}
    parameter = Parameter("space", "small", OneOf(titles), "space that exists here")

    def show(key: str) -> str | None:
        names, standing = list(READY), standing_value(key)
        captions = [ready.description for ready in READY.values()]
        place = 0 if standing is None else names.index(standing)
        return st.radio("Space", names, place, format_func=titles.__getitem__, captions=captions, key=key)

    return choose(parameter, show)


def _ask_share(ready: Ready) -> int:
    usual = next(percent for percent, images in _SHARES.items() if images == ready.space.train_limit)
    parameter = Parameter("part", usual, OneOf(_SHARE_TITLES), "share that exists here")

    def show(key: str) -> str:
        shares, titled = list(_SHARES), _SHARE_TITLES.__getitem__
        return st.select_slider("Training images", shares, standing_value(key), format_func=titled, key=key)

    return _SHARES[choose(parameter, show)]


def _ask_dimensions(ready: Ready) -> list[Dimension]:
    """Let the user choose what varies, and over what; a text that says nothing is told beside it."""
    known = {dimension.name: write_dimension(dimension) for dimension in ready.space.dimensions}
    titles = {name: name_setting(name) for name in list_settings()}
    chosen = choose_options("Settings that vary", titles, "vary", list(known), what="setting that exists here")
    dimensions = []
    for name in chosen:
        parameter = Parameter(f"vary_{name}", known.get(name, ""), Text(500), "values")
        text = choose(parameter, lambda key, name=name: _ask_values(key, titles[name], list_settings()[name]))  # type: ignore[misc]
        try:
            dimensions.append(read_dimension(name, text))
        except InputError as error:
            st.error(plain(str(error).replace(name, titles[name], 1)), icon=":material/error:")
    return dimensions if len(dimensions) == len(chosen) else []


def _ask_values(key: str, title: str, tip: str) -> str:
    words = f"{tip} Values such as “0.1, 0.3”, or a range such as “0.001 to 0.1 log”."
    return st.text_input(title, standing_value(key, ""), key=key, max_chars=500, help=words)


def _ask_method(ready: Ready, share: int) -> StudyRecord:
    """Ask for network, recipe, sampler, pruner, measure and budget; the space has the dimensions that are ready."""
    networks = tell_apart({name: network.title for name, network in list_architectures().items()})
    network = choose_name("Architecture", networks, "network", "architecture", default=ready.space.architecture)
    recipes = {name: recipe.title for name, recipe in RECIPES.items()}
    recipe = choose_name("Recipe", recipes, "with_recipe", "recipe", default=ready.space.recipe)
    epochs = _ask_whole("Epochs", "trial_epochs", 1, 1000, int(ready.space.settings.get("epochs", 10)))
    sampler = choose_option("Sampler", _SAMPLERS, "sampler", ready.sampler)
    pruner = choose_option("Pruner", _PRUNERS, "pruner")
    measure = choose_option("Validation measure", _MEASURES, "chosen_by", what="measure that exists here")
    trials = _ask_whole("Number of trials", "trials", 1, MOST_TRIALS, ready.trials)
    minutes = _ask_minutes()
    base = list_architectures()[network]
    own = {} if network in ARCHITECTURES else {"title": base.title, "layers": base.layers}
    space = Space(network, recipe, ready.space.dimensions, {"epochs": epochs}, share, **own)  # type: ignore[arg-type]
    return StudyRecord(
        SCHEMA,
        ready.title,
        0.0,
        space,
        sampler,  # type: ignore[arg-type]
        pruner,  # type: ignore[arg-type]
        measure,  # type: ignore[arg-type]
        most_trials=trials,
        most_minutes=minutes,
    )


def _ask_whole(label: str, key: str, low: int, high: int, usual: int) -> int:
    parameter = Parameter[float](key, usual, Number(low, high), f"{label.lower()} from {low:,} to {high:,}")
    return int(choose(parameter, lambda key: st.number_input(label, low, high, standing_value(key, "min"), key=key)))


def _ask_minutes() -> float | None:
    low, high = 0.5, float(MOST_MINUTES)
    parameter: Parameter[float | None] = Parameter(
        "minutes", None, NumberOrNone(low, high), f"minutes from {low} to {high:,.0f}"
    )

    def show(key: str) -> float | None:
        tip = "Training time of all trials together, after which no further trial starts."
        standing = standing_value(key)
        return st.number_input("Minutes", low, high, standing, key=key, placeholder="No limit", help=tip)

    return choose(parameter, show)


def _start(planned: StudyRecord) -> None:
    def start() -> None:
        study = create_study(replace(planned, name=st.session_state.get(_NAME) or planned.name))
        show_study(study.key)
        start_search(study)

    attempt(start)
