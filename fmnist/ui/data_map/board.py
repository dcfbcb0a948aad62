"""The Map page's parts: maps whose points can be clicked, circled and named by number, and the images behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import N_TEST
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_option, choose_options
from fmnist.ui.codecs import NumberOrNone
from fmnist.ui.data_map.making import offer_maps
from fmnist.ui.frame import sized
from fmnist.ui.guards import complete_runs
from fmnist.ui.remember import remember
from fmnist.views import data_map as view
from fmnist.views.data_map import COLOURS, LAYOUTS, DataMap, Options
from fmnist.views.data_map_figure import figures
from fmnist.views.parts import Drawn, Finding, Table, file_stem

_MARKED = Parameter("marked", None, NumberOrNone(0, N_TEST - 1), f"test image from 0 to {N_TEST - 1:,}", lasts=False)
_CIRCLED = "map_circled"
_SIDE_BY_SIDE = 2
_MOST = 500  # images of a selection that are shown


@dataclass(frozen=True, eq=False)
class Parts:
    """What is said and shown of some runs' maps."""

    finding: Finding
    figures: dict[str, Drawn]
    table: Table
    file_name: str


def build_map(runs: Sequence[SingleRun]) -> DataMap:
    """Read the maps of runs; raises RunError."""
    return view.compute(runs)


def build_parts(runs: Sequence[SingleRun], options: Options) -> Parts:
    """Return what is shown of runs' maps; raises RunError."""
    data_map = remember(build_map, runs)
    name = f"{file_stem('neighbours', [run.key for run in runs])}.csv"
    return Parts(view.finding(data_map), figures(data_map, options), view.table(data_map), name)


def choose_runs() -> list[SingleRun]:
    """Let the user choose one run or two with a map; without any the page offers to compute one, and stops."""
    ranked = [SingleRun(run) for run in sorted(complete_runs(), key=lambda run: -(run.evaluation.test_accuracy or 0))]
    runs = {run.key: run for run in ranked if view.has_map(run)}
    if not runs:
        st.info("No run has a map yet.", icon=":material/scatter_plot:")
        offer_maps(ranked)
        st.stop()
    titles = {key: run.title for key, run in runs.items()}
    first = list(dict.fromkeys([next(iter(runs)), list(runs)[-1]]))
    chosen = choose_options("Models", titles, "maps", first, what="run with a map that exists here")
    if not chosen:
        st.info("Select a model to continue.", icon=":material/checklist:")
        st.stop()
    if len(chosen) > _SIDE_BY_SIDE:
        st.caption("The first two are shown.")
    return [runs[key] for key in chosen[:_SIDE_BY_SIDE]]


def choose_options_of_map() -> Options:
    """Let the user choose layout and colour, and mark one image by its number."""
    layout = choose_option("Layout", LAYOUTS, key="layout")
    colour = choose_option("Colour", COLOURS, key="colour")
    marked = choose(_MARKED, _ask_number)
    return Options(layout, colour, None if marked is None else int(marked))


def show_map(drawn: Drawn, title: str) -> None:
    """Show a map: a click marks an image, a lasso collects some; the number of an image does so without a mouse."""
    st.subheader(title, anchor=False)
    key = sized(drawn.file_name)

    def take() -> None:
        found = [int(np.ravel(point["customdata"])[0]) for point in st.session_state[key].selection.points]
        if len(found) == 1:
            st.session_state[_MARKED.key] = found[0]
        st.session_state[_CIRCLED] = found[:_MOST] if len(found) > 1 else []

    picture = {"format": "png", "scale": 2, "filename": drawn.file_name}
    st.plotly_chart(
        drawn.figure,
        key=key,
        on_select=take,
        selection_mode=("points", "lasso", "box"),
        alt=f"{drawn.description} “Test image” marks an image without a mouse.",
        config={"displaylogo": False, "toImageButtonOptions": picture, "scrollZoom": True},
    )


def circled() -> np.ndarray:
    """Return the images that the last lasso collected."""
    return np.array(st.session_state.get(_CIRCLED, []), dtype=np.int64)


def _ask_number(key: str) -> float | None:
    return st.number_input(
        "Test image",
        0,
        N_TEST - 1,
        standing_value(key),
        key=key,
        width=160,
        placeholder="Number",
        icon=":material/search:",
    )
