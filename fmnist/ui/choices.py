"""The choices that pages share: options, classes, one of several contenders; each is in the address by its key."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.dataset import CLASS_NAMES
from fmnist.runs.run import ReadableRun
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.codecs import OneOf, SomeOf

_C = TypeVar("_C", bound=Contender)
_R = TypeVar("_R", bound=ReadableRun)
_CLASSES = {str(label): name for label, name in enumerate(CLASS_NAMES)}


def pick_run(runs: Sequence[_R]) -> _R:
    """Return the run that stands for a model: the first with weights, else the first."""
    return next((run for run in runs if run.weights), runs[0])


def choose_contender(
    contenders: Sequence[_C], label: str, key: str, default: _C | None = None, what: str = "run"
) -> _C:
    """Let the user choose one contender."""
    by_key = {contender.key: contender for contender in contenders}
    titles = {contender.key: contender.title for contender in contenders}
    return by_key[choose_name(label, titles, key, what, default=(default or contenders[0]).key)]


def choose_option(
    label: str, options: Mapping[str, str], key: str, default: str | None = None, *, what: str = "", bare: bool = False
) -> str:
    """Let the user choose one of a few options, given as key to title, side by side; `bare` hides the label."""
    named = what or f"{label.lower()} that exists here"
    parameter = Parameter(key, default or next(iter(options)), OneOf(options), named)

    def show(key: str) -> str | None:
        return st.segmented_control(
            label,
            list(options),
            default=standing_value(key),
            format_func=options.__getitem__,
            key=key,
            required=True,
            label_visibility="collapsed" if bare else "visible",
            wrap=True,
        )

    return choose(parameter, show)


def choose_options(
    label: str,
    options: Mapping[str, str],
    key: str,
    default: Sequence[str],
    *,
    what: str = "",
    kept_as: str = "",
    placeholder: str | None = None,
) -> list[str]:
    """Let the user choose several options, or none, given as key to title."""
    parameter = Parameter(key, list(default), SomeOf(options), what or f"{label.lower()} that exists here", kept_as)
    shown = tell_apart(options)

    def show(key: str) -> list[str]:
        standing, titled = standing_value(key), shown.__getitem__
        return st.multiselect(label, list(options), standing, format_func=titled, key=key, placeholder=placeholder)

    return choose(parameter, show)


def choose_name(
    label: str, options: Mapping[str, str], key: str, what: str, tip: str | None = None, default: str | None = None
) -> str:
    """Let the user choose one of many options, given as key to title; `what` says what they name, `tip` explains."""
    parameter = Parameter(key, default or next(iter(options)), OneOf(options), f"{what} that exists here")
    shown = tell_apart(options)

    def show(key: str) -> str:
        keys, standing = list(options), standing_value(key)
        index = 0 if standing is None else keys.index(standing)
        return str(st.selectbox(label, keys, index, format_func=shown.__getitem__, key=key, help=tip))

    return choose(parameter, show)


def choose_class(label: str, key: str, nothing: str = "Any class") -> int | None:
    """Let the user choose one of the ten classes, or none, which `nothing` names."""
    chosen = choose_name(label, {"": nothing} | _CLASSES, key, "class", default="")
    return int(chosen) if chosen else None


def set_class(key: str, label: int) -> None:
    """Choose a class for the control with that key, from the next run of the page on."""
    st.session_state[key] = str(label)


def tell_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Return titles by key, with the key added where two are alike: Streamlit finds a chosen option by its text."""
    counts = Counter(titles.values())
    return {key: title if counts[title] == 1 else f"{title} ({key})" for key, title in titles.items()}
