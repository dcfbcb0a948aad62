"""The controls of a recipe's settings: each shows the recipe's value, and overrides it once it is changed."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.contenders.titles import run_title
from fmnist.recipes.config import RunConfig
from fmnist.recipes.fields import FIELDS, Choice, Numeric, OneRun, Runs, read_setting, write_setting
from fmnist.recipes.titles import SETTINGS
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import tell_apart
from fmnist.ui.codecs import AnyOf, NumberOrNone, OneOf, OneOrNone

FIRST = ("epochs", "batch_size", "learning_rate")  # under "Advanced"; the others stand by themselves
OTHERS = tuple(name for name in FIELDS if name not in FIRST)
_TITLES = {"epochs": "Epochs"}
_SEVERAL = "Empty: each architecture has the recipe's value for it."


def ask_setting(room: DeltaGenerator, name: str, defaults: Sequence[RunConfig], tip: str = "") -> None:
    """Show the control of a setting, with the value that the defaults have in common, or none."""
    value, field = _common(defaults, name), FIELDS[name]
    notes = [field.help if name in OTHERS else "", _SEVERAL if value is None else "", tip]
    words = " ".join(filter(None, notes)) or None
    if isinstance(field, Numeric):
        _ask_number(room, name, field, value, words)
    elif isinstance(field, Runs):
        _ask_runs(room, name, value or [], words)
    elif isinstance(field, OneRun):
        _ask_run(room, name, value or "", words)
    else:
        _ask_choice(room, name, field, value, words)


def ask_others(defaults: Sequence[RunConfig]) -> None:
    """Show the controls of all settings but the first ones, two a row; runs, whose titles are long, below."""
    (left, right), below = st.columns(2, wrap=False), st.container()
    short = [name for name in OTHERS if not isinstance(FIELDS[name], Runs | OneRun)]
    for number, name in enumerate(short):
        ask_setting((left, right)[number % 2], name, defaults)
    for name in OTHERS:
        if name not in short:
            ask_setting(below, name, defaults)


def changed_settings(state: Mapping[Any, Any], defaults: Sequence[RunConfig]) -> dict[str, Any]:
    """Return the settings that the user has changed; a control left as it was overrides nothing."""
    entered = {name: state.get(name) for name in FIELDS}
    changed = {name: value for name, value in entered.items() if value is not None and value != _common(defaults, name)}
    return {name: _as_configured(name, value) for name, value in changed.items()}


def title_of(name: str) -> str:
    """Return what a setting is called in the form."""
    return _TITLES.get(name) or SETTINGS[name].title


def _ask_number(room: DeltaGenerator, name: str, field: Numeric, value: float | None, tip: str | None) -> None:
    label, (low, high, step, _) = title_of(name), field
    what = f"{label.lower()} from {low:,.12g} to {high:,.12g}"
    parameter: Parameter[float | None] = Parameter(name, value, NumberOrNone(low, high), what)

    def show(key: str) -> float | None:
        return room.number_input(
            label,
            low,
            high,
            standing_value(key),
            step,
            format="%g" if isinstance(low, float) else None,
            key=key,
            placeholder="Recipe default",
            help=tip,
        )

    choose(parameter, show)


def _ask_choice(room: DeltaGenerator, name: str, field: Choice, value: str | None, tip: str | None) -> None:
    parameter: Parameter[str | None] = Parameter(
        name, value, OneOrNone(field.titles), f"{title_of(name).lower()} that exists here"
    )

    def show(key: str) -> str | None:
        options, standing = list(field.titles), standing_value(key)
        place = None if standing is None else options.index(standing)
        titled = field.titles.__getitem__
        return room.selectbox(
            title_of(name), options, place, format_func=titled, key=key, placeholder="Recipe default", help=tip
        )

    choose(parameter, show)


def _ask_runs(room: DeltaGenerator, name: str, value: list[str], tip: str | None) -> None:
    titles = _title_runs(value)
    parameter = Parameter(name, value, AnyOf(titles), "run with weights that exists here")

    def show(key: str) -> list[str]:
        standing, titled = standing_value(key), titles.__getitem__
        return room.multiselect(
            title_of(name), list(titles), standing, format_func=titled, key=key, placeholder="None", help=tip
        )

    choose(parameter, show)


def _ask_run(room: DeltaGenerator, name: str, value: str, tip: str | None) -> None:
    titles = {"": "Random weights"} | _title_runs([value] if value else [])
    parameter = Parameter(name, value, OneOf(titles), "run with weights that exists here")

    def show(key: str) -> str:
        standing, titled = standing_value(key), titles.__getitem__
        place = 0 if standing is None else list(titles).index(standing)
        return room.selectbox(title_of(name), list(titles), place, format_func=titled, key=key, help=tip)

    choose(parameter, show)


def _title_runs(chosen: Sequence[str]) -> dict[str, str]:
    """Return the titles of the runs with weights by key, and of those that a recipe names and that are gone."""
    known = {run.id: run_title(run) for run in list_runs() if isinstance(run, CompleteRun) and run.served}
    return tell_apart({key: f"{key} (not found)" for key in chosen} | known)


def _common(defaults: Sequence[RunConfig], name: str) -> Any:  # noqa: ANN401
    """Return the value that all have, as its control has it; None where they differ."""
    values = [_as_shown(name, getattr(config, name)) for config in defaults]
    return values[0] if all(value == values[0] for value in values) else None


def _as_shown(name: str, value: Any) -> Any:  # noqa: ANN401
    """Return a value as its control has it."""
    match FIELDS[name]:
        case Choice():
            return write_setting(value)
        case Runs():
            return list(value)
        case _:
            return 0 if value is None else value


def _as_configured(name: str, value: Any) -> Any:  # noqa: ANN401
    """Return what a control has as the configuration has it."""
    match FIELDS[name]:
        case Choice():
            return read_setting(name, value)
        case Runs():
            return tuple(value)
        case _:
            return value
