"""Choices that live in the URL; a value there that does not exist is reported instead of silently dropped."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from fmnist.contenders.for_pictures import is_robust
from fmnist.contenders.seed_group import group_seeds
from fmnist.contenders.titles import run_title
from fmnist.runs.run import CompleteRun, ReadableRun
from fmnist.ui.show import plain

_R = TypeVar("_R", bound=ReadableRun)
_MOST_AT_FIRST = 6  # more than that is for the reader to ask for


def default_runs(runs: Sequence[ReadableRun]) -> list[ReadableRun]:
    """Return one run a network, that with weights where there is one, of the first few networks compared.

    A robust run, trained for pictures of one's own, is for the reader to ask for.
    """
    networks = group_seeds([run for run in runs if not is_robust(run)] or runs)
    leading = [network for network in networks if network.architecture in ("ann", "basic_cnn", "deeper_cnn")]
    return [pick_run(network.runs) for network in leading[:_MOST_AT_FIRST] or networks[:3]]


def pick_run(runs: Sequence[_R]) -> _R:
    """Return the run that stands for a network: the first with weights, else the first."""
    return next((run for run in runs if run.weights), runs[0])


def choose_runs(
    runs: Sequence[CompleteRun],
    key: str = "runs",
    label: str = "Runs",
    default: Sequence[ReadableRun] | None = None,
    max_selections: int | None = None,
) -> list[CompleteRun]:
    """Let the user choose any runs; without one the page says so and stops."""
    by_id = {run.id: run for run in runs}
    titles = {run.id: run_title(run) for run in runs}
    report_unknown(key, titles.values(), "run")
    chosen = st.multiselect(
        label,
        list(by_id),
        [run.id for run in (default_runs(runs) if default is None else default)],
        format_func=titles.__getitem__,
        key=key,
        max_selections=max_selections,
        bind="query-params",
    )
    if not chosen:
        st.info("Choose at least one run above.", icon=":material/arrow_upward:")
        st.stop()
    return [by_id[run_id] for run_id in chosen]


def choose_run(runs: Sequence[CompleteRun], label: str, key: str, default: CompleteRun | None = None) -> CompleteRun:
    """Let the user choose one run."""
    by_id = {run.id: run for run in runs}
    titles = {run.id: run_title(run) for run in runs}
    report_unknown(key, titles.values(), "run")
    chosen = st.selectbox(
        label,
        list(by_id),
        list(by_id).index(default.id) if default else 0,
        format_func=titles.__getitem__,
        key=key,
        bind="query-params",
    )
    return by_id[chosen]


def choose_option(label: str, options: Mapping[str, str], key: str, default: str | None = None) -> str:
    """Let the user choose one of a few options, given as short name to title."""
    report_unknown(key, options.values(), label.lower())
    chosen = st.segmented_control(
        label,
        list(options),
        default=default or next(iter(options)),
        format_func=options.__getitem__,
        key=key,
        required=True,
        bind="query-params",
    )
    return str(chosen)


def choose_options(label: str, options: Mapping[str, str], key: str, default: Sequence[str]) -> list[str]:
    """Let the user choose several options, or none, given as short name to title."""
    report_unknown(key, options.values(), label.lower())
    return st.multiselect(
        label, list(options), list(default), format_func=options.__getitem__, key=key, bind="query-params"
    )


def report_unknown(key: str, titles: Iterable[str], what: str) -> None:
    """Tell of titles in the address that do not exist: Streamlit writes titles there, and drops others silently."""
    known = set(titles)
    unknown = [value for value in st.query_params.get_all(key) if value and value not in known]
    if unknown:
        st.warning(
            f"The address names no {what} that exists here: {plain(', '.join(unknown))}.", icon=":material/link_off:"
        )


def report_no_number(key: str, low: float, high: float, what: str) -> None:
    """Tell of a value in the address that is no number from low to high, a whole one unless `low` is a float.

    Streamlit drops or rounds it silently.
    """
    value = st.query_params.get(key)
    if value and not _is_number(value, low, high):
        st.warning(
            f"The address names no {what} from {low:,.12g} to {high:,.12g}: {plain(value)}.", icon=":material/link_off:"
        )


def _is_number(value: str, low: float, high: float) -> bool:
    try:
        return low <= float(value) <= high and (isinstance(low, float) or float(value).is_integer())
    except ValueError:
        return False
