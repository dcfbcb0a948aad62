"""The Curves page: which trainings are shown and how, and the finished parts of their view."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.arrays import history_of
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.seed_group import group_seeds
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.titles import run_title
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun, ReadableRun, Run, RunError
from fmnist.ui.choices import choose_option, choose_options, default_runs, stop_without
from fmnist.ui.guards import show_broken
from fmnist.ui.markup import plain
from fmnist.views import curves as view
from fmnist.views.curves import Options
from fmnist.views.curves_figure import figures
from fmnist.views.parts import Drawn, Table


@dataclass(frozen=True, eq=False)
class Parts:
    """What the page shows of some contenders."""

    finding: str
    notes: str
    figures: dict[str, Drawn]
    table: Table


def build_parts(contenders: Sequence[OfRuns], options: Options) -> Parts:
    """Return the finished parts of the view of some contenders."""
    curves = view.compute(contenders)
    notes = "\n\n".join([view.explain_lines(curves, options), view.explain_altered(curves)])
    return Parts(view.finding(curves), notes, figures(curves, options), view.table(curves))


def runs_with_history() -> list[ReadableRun]:
    """Return the runs with at least one finished epoch, those in training too; with none the page stops."""
    runs = list_runs()
    show_broken(runs)
    found = [run for run in runs if isinstance(run, ReadableRun) and _has_history(run)]
    if not found:
        st.info("No network has finished an epoch yet.", icon=":material/model_training:")
        st.page_link("pages/train.py", label="Train one", icon=":material/arrow_forward:")
        st.stop()
    return found


def choose_trainings(runs: Sequence[ReadableRun]) -> list[ReadableRun]:
    """Let the user choose any runs, and networks for all their seeds; without one the page says so and stops."""
    several = [group for group in group_seeds(runs) if len(group.runs) > 1]
    members: dict[str, tuple[ReadableRun, ...]] = {group.key: group.runs for group in several}
    members |= {run.id: (run,) for run in runs}
    titles = {group.key: f"{group.title}, all seeds" for group in several}
    titles |= {run.id: run_title(run) for run in runs}
    first = [run.id for run in default_runs(runs)]
    chosen = choose_options("Runs and networks", titles, "runs", first, what="run that exists here")
    stop_without(chosen)
    return list({run.id: run for key in chosen for run in members[key]}.values())


def choose_lines(chosen: Sequence[ReadableRun], runs: Sequence[ReadableRun]) -> Sequence[OfRuns]:
    """Let the user choose between a curve for each run and one for all seeds of its network."""
    lines = choose_option("Lines", {"runs": "Each run", "mean": "Mean of all seeds"}, key="lines")
    return _group(chosen, runs) if lines == "mean" else [SingleRun(run) for run in chosen]


def choose_drawing() -> Options:
    """Let the user choose axes and smoothing."""
    axis = choose_option("Horizontal axis", {"epoch": "Epochs", "seconds": "Seconds"}, key="axis")
    scale = choose_option("Loss axis", {"linear": "Linear", "log": "Logarithmic"}, key="scale")
    weight = choose_option("Moving average", {"0": "Off", "0.6": "0.6", "0.9": "0.9"}, key="smoothing")
    return Options("seconds" if axis == "seconds" else "epoch", scale == "log", float(weight))


def _group(chosen: Sequence[ReadableRun], runs: Sequence[ReadableRun]) -> list[OfRuns]:
    """Return the seed groups of the chosen runs, each with all its seeds.

    Trainings under way are left out unless they were chosen: they would cut the mean short.
    """
    ids = {run.id for run in chosen}
    groups = group_seeds(run for run in [*chosen, *runs] if isinstance(run, CompleteRun) or run.id in ids)
    return [group for group in groups if ids.intersection(group.members)]


def _has_history(run: Run) -> bool:
    try:
        return bool(history_of(run))
    except RunError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return False
