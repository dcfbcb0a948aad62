"""The learning curve on the Curves page: accuracy by number of training images."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from fmnist.contenders.seed_group import SeedGroup, list_groups
from fmnist.runs.layout import LEARNING_CURVES, stores
from fmnist.runs.learning_curves import load_learning_curves
from fmnist.runs.reading import list_runs
from fmnist.runs.run import RunError
from fmnist.ui.hidden import labels_are_hidden
from fmnist.ui.markup import plain
from fmnist.ui.remember import remember
from fmnist.ui.show import show_claim, show_drawn, show_evidence, show_table
from fmnist.views import learning_curve as view
from fmnist.views.learning_curve_figure import figures
from fmnist.views.parts import Drawn, Finding, Table

COMMAND = "python -m fmnist learning-curve cnn_three --shares 0.1,1,10"


@dataclass(frozen=True, eq=False)
class Parts:
    """What is shown of a learning curve."""

    finding: Finding
    figure: Drawn
    table: Table


def show_learning_curve() -> None:
    """Show the learning curve once the reader asks for it; not while the official test labels are not the test."""
    if not labels_are_hidden():
        show_evidence("Accuracy by number of training images", "learning", _show)


def _show() -> None:
    groups, files = list_groups(list_runs()), tuple(map(_stamp, stores()))
    try:
        parts = remember(_build, groups, files)
    except RunError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return
    if parts is None:
        st.info("No model was trained on a share of the images yet.", icon=":material/model_training:")
    else:
        show_claim(parts.finding)
        show_drawn(parts.figure, key="learning_curve")
        show_table(parts.table, "learning_table", f"{parts.figure.file_name}.csv")
    st.caption("Add an architecture from the shell:")
    st.code(COMMAND, language="bash")


def _stamp(store: Path) -> tuple[Path, int]:
    """Return a store, and when its table was written."""
    try:
        return store, (store / LEARNING_CURVES).stat().st_mtime_ns
    except OSError:
        return store, 0


def _build(groups: Sequence[SeedGroup], files: tuple[tuple[Path, int], ...]) -> Parts | None:
    results = [one for store, written in files if written for one in load_learning_curves(store)]
    curve = view.compute(results, groups)
    if not curve.lines:
        return None
    return Parts(view.finding(curve), figures(curve)["learning_curve"], view.table(curve))
