"""What to export: a run with weights, formats, and the margin within which a file counts as equivalent."""

from collections.abc import Sequence

import streamlit as st

from fmnist.contenders.single_run import SingleRun
from fmnist.evaluation.significance import TIE_MARGIN
from fmnist.export.formats import FORMATS, Format
from fmnist.export.jobs import Job, start_export
from fmnist.runs.run import CompleteRun
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_contender, choose_options
from fmnist.ui.codecs import Number
from fmnist.ui.guards import complete_runs
from fmnist.ui.markup import plain
from fmnist.ui.train.runs import attempt, tell_refusals

_LEAST, _MOST = 0.05, 5.0  # points
_MARGIN = Parameter("margin", 100 * TIE_MARGIN, Number(_LEAST, _MOST), f"margin from {_LEAST} to {_MOST:g} points")
_MARGIN_HELP = "Accuracy that a file may differ from the run and still count as equivalent, in points."


def choose_run() -> CompleteRun:
    """Let the user choose a run with weights; without any the page says what to do, and stops."""
    runs = [run for run in complete_runs() if run.weights is not None and run.served is not None]
    if not runs:
        st.info("No run has kept its weights, and a file needs them.", icon=":material/deployed_code:")
        st.page_link("pages/train.py", label="Train a model", icon=":material/arrow_forward:")
        st.stop()
    by_key = {run.id: run for run in runs}
    best = max(runs, key=lambda run: run.evaluation.val_accuracy)
    return by_key[choose_contender([SingleRun(run) for run in runs], "Run", "shipped", SingleRun(best)).key]


def choose_margin() -> float:
    """Let the user choose the margin; return it as a fraction."""

    def show(key: str) -> float:
        standing = standing_value(key, "min")
        return st.number_input("Margin (points)", _LEAST, _MOST, standing, 0.05, "%.2f", key, _MARGIN_HELP, width=160)

    return choose(_MARGIN, show) / 100


def ask_export(run: CompleteRun, margin: float, job: Job | None) -> None:
    """Let the user choose formats and begin; what is not installed is offered with the command that installs it."""
    here = {key: one.title for key, one in FORMATS.items() if not one.missing}
    chosen = choose_options("Formats", here, "formats", list(here), placeholder="Choose formats")
    running = job is not None and job.is_running
    wanted = [FORMATS[key] for key in here if key in chosen]
    icon, disabled = ":material/rocket_launch:", running or not wanted
    asked = [run, wanted, margin]
    st.button("Export", type="primary", icon=icon, on_click=_begin, args=asked, disabled=disabled)
    missing = [one.missing for one in FORMATS.values() if one.missing]
    if missing:
        st.info("\n".join(f"- {words}" for words in missing), icon=":material/extension:")
    tell_refusals()


def _begin(run: CompleteRun, formats: Sequence[Format], margin: float) -> None:
    attempt(lambda: start_export(run, formats, margin))


def tell_failure(job: Job | None) -> None:
    """Say why the last export of a run has no result."""
    if job is not None and job.state.state == "failed":
        st.error(plain(job.state.problem), icon=":material/error:")
    elif job is not None and job.state.state == "stopped":
        st.info("The export was stopped. Nothing was changed.", icon=":material/stop_circle:")
