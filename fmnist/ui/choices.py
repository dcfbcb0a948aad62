"""Choices that live in the URL; a value there that does not exist is reported instead of silently dropped."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from fmnist.models.registry import ARCHITECTURES
from fmnist.runs import Run, group_runs
from fmnist.training.recipes import RECIPES


def network_name(model: str, recipe: str) -> str:
    """Return the name of a network by a recipe, as in "Deeper CNN (textbook)"."""
    title = ARCHITECTURES[model].title if model in ARCHITECTURES else model
    return f"{title} ({RECIPES[recipe].title.lower() if recipe in RECIPES else recipe})"


def run_name(run: Run) -> str:
    """Return a run's name, as in "Deeper CNN (textbook), seed 0"; the user's own runs also carry their start."""
    if run.config is None:
        return run.id
    shipped = f"{run.config.model}-{run.config.recipe}-s{run.config.seed}"
    started = "" if run.id == shipped else f", {run.id.removeprefix(shipped + '-')[:15].replace('T', ' ')}"
    return f"{network_name(run.config.model, run.config.recipe)}, seed {run.config.seed}{started}"


def default_runs(runs: Sequence[Run]) -> list[Run]:
    """Return one run a network and recipe, that with weights where there is one, of the networks compared first."""
    groups = group_runs(runs)
    chosen = {key: next((run for run in group if run.weights), group[0]) for key, group in groups.items()}
    leading = [run for (model, _), run in chosen.items() if model in ("ann", "basic_cnn", "deeper_cnn")]
    return leading or list(chosen.values())[:3]


def choose_runs(
    runs: Sequence[Run],
    key: str = "runs",
    label: str = "Runs",
    default: Sequence[Run] | None = None,
    max_selections: int | None = None,
) -> list[Run]:
    """Let the user choose any runs; without one the page says so and stops."""
    by_id = {run.id: run for run in runs}
    titles = {run.id: run_name(run) for run in runs}
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


def choose_run(runs: Sequence[Run], label: str, key: str, default: Run | None = None) -> Run:
    """Let the user choose one run."""
    by_id = {run.id: run for run in runs}
    titles = {run.id: run_name(run) for run in runs}
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


def report_unknown(key: str, titles: Iterable[str], what: str) -> None:
    """Tell of titles in the address that do not exist: Streamlit writes titles there, and drops others silently."""
    known = set(titles)
    unknown = [value for value in st.query_params.get_all(key) if value and value not in known]
    if unknown:
        st.warning(f"The address names no {what} that exists here: {', '.join(unknown)}.", icon=":material/link_off:")
