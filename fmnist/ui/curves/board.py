"""The Curves page: which trainings are shown and how, and the finished parts of their view."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.arrays import history_of
from fmnist.contenders.contender import Contender
from fmnist.runs.reading import list_runs
from fmnist.runs.run import ReadableRun, Run, RunError
from fmnist.ui.choices import choose_option
from fmnist.ui.guards import other_models, show_broken
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


def build_parts(contenders: Sequence[Contender], options: Options) -> Parts:
    """Return the finished parts of the view of some contenders."""
    curves = view.compute(contenders)
    notes = "\n\n".join([view.explain_lines(curves, options), view.explain_altered(curves)])
    return Parts(view.finding(curves), notes, figures(curves, options), view.table(curves))


def with_history() -> tuple[list[ReadableRun], list[Contender]]:
    """Return the runs with at least one finished epoch, those in training too, and other models with a history.

    With none of both the page stops.
    """
    runs = list_runs()
    show_broken(runs)
    found = [run for run in runs if isinstance(run, ReadableRun) and _has_history(run)]
    others = [model for model in other_models() if view.has_curve(model)]
    if not found and not others:
        st.info("No network has finished an epoch yet.", icon=":material/model_training:")
        st.page_link("pages/train.py", label="Train one", icon=":material/arrow_forward:")
        st.stop()
    return found, others


def choose_drawing() -> Options:
    """Let the user choose axes and smoothing."""
    axis = choose_option("Horizontal axis", {"epoch": "Epochs", "seconds": "Seconds"}, key="axis")
    scale = choose_option("Loss axis", {"linear": "Linear", "log": "Logarithmic"}, key="scale")
    weight = choose_option("Moving average", {"0": "Off", "0.6": "0.6", "0.9": "0.9"}, key="smoothing")
    return Options("seconds" if axis == "seconds" else "epoch", scale == "log", float(weight))


def _has_history(run: Run) -> bool:
    try:
        return bool(history_of(run))
    except RunError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return False
