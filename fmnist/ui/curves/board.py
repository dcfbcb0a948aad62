"""The Curves page: which trainings are shown and how, and the finished parts of their view."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from fmnist.contenders.arrays import history_of
from fmnist.contenders.contender import Contender
from fmnist.runs.reading import list_runs
from fmnist.runs.run import ReadableRun, Run, RunError
from fmnist.ui.choices import choose_option
from fmnist.ui.guards import other_models, show_broken
from fmnist.ui.markup import plain
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn
from fmnist.views import curves as view
from fmnist.views import curves_words
from fmnist.views.curves import Measure, Options
from fmnist.views.curves_figure import figures, gap_figures
from fmnist.views.parts import Drawn, Finding, Table, file_stem


@dataclass(frozen=True, eq=False)
class Parts:
    """What the page shows of some models; `file_name` is the table's."""

    finding: Finding
    figures: dict[str, Drawn]
    table: Table
    file_name: str
    reading: str
    altered: str


def build_parts(contenders: Sequence[Contender], options: Options) -> Parts:
    """Return the finished parts of the view of some models."""
    curves = view.compute(contenders)
    return Parts(
        curves_words.finding(curves),
        figures(curves, options),
        view.table(curves),
        f"{file_stem('curves', [one.key for one in contenders])}.csv",
        curves_words.explain_lines(curves, options),
        curves_words.explain_altered(curves),
    )


def build_gaps(contenders: Sequence[Contender], options: Options) -> dict[str, Drawn]:
    """Return the figures of the gaps between training and validation."""
    return gap_figures(view.compute(contenders), options)


def with_history() -> tuple[list[ReadableRun], list[Contender]]:
    """Return the runs with at least one finished epoch, those in training too, and other models with a history.

    With none of both the page stops.
    """
    runs = list_runs()
    show_broken(runs)
    found = [run for run in runs if isinstance(run, ReadableRun) and _has_history(run)]
    known = {run.id for run in runs}  # while labels are hidden, runs are among the others
    others = [model for model in other_models() if model.key not in known and view.has_curve(model)]
    if not found and not others:
        st.info("No run has completed an epoch yet.", icon=":material/model_training:")
        st.page_link("pages/train.py", label="Train a model", icon=":material/arrow_forward:")
        st.stop()
    return found, others


def choose_measure() -> Measure:
    """Let the user choose what the large figure shows."""
    return cast(Measure, choose_option("Measure", {"accuracy": "Accuracy", "loss": "Loss"}, key="measure"))


def choose_drawing() -> Options:
    """Let the user choose what else is drawn and how; the less common choices are folded."""
    splits = choose_option("Images", {"validation": "Validation", "both": "Validation and training"}, key="images")
    with st.popover("Axes", icon=":material/tune:", key="axes"):
        axis = choose_option("X axis", {"epoch": "Epoch", "seconds": "Training time"}, key="axis")
        weight = choose_option("Smoothing", {"0": "Off", "0.6": "0.6", "0.9": "0.9"}, key="smoothing")
        scale = choose_option("Loss axis", {"linear": "Linear", "log": "Logarithmic"}, key="scale")
    return Options("seconds" if axis == "seconds" else "epoch", scale == "log", float(weight), splits == "both")


def show_gaps(contenders: Sequence[Contender], options: Options, altered: str) -> None:
    """Show how far training and validation are apart, computed once the reader asks for it."""
    if altered:
        st.caption(altered)
    drawn = remember(build_gaps, contenders, options)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Validation loss − training loss**")
        show_drawn(drawn["loss_gap"], key="loss_gap")
    with right:
        st.markdown("**Training accuracy − validation accuracy**")
        show_drawn(drawn["accuracy_gap"], key="accuracy_gap")


def _has_history(run: Run) -> bool:
    try:
        return bool(history_of(run))
    except RunError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return False
