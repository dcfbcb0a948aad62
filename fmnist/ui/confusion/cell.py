"""A cell of a confusion matrix: clicked in a figure or chosen by its two classes, and kept in the URL."""

from pathlib import Path

import streamlit as st

from fmnist.ui.choices import choose_class, set_class
from fmnist.ui.confusion.images import open_images
from fmnist.ui.frame import sized
from fmnist.ui.hidden import labels_are_hidden
from fmnist.ui.show import show_drawn
from fmnist.views.confusion import Cell
from fmnist.views.parts import Drawn

_touch = st.components.v2.component(
    "fmnist_touch", js=(Path(__file__).parent / "touch.js").read_text(encoding="utf-8"), isolate_styles=False
)


def choose_cell() -> Cell | None:
    """Let the user choose a cell by its classes and open its images; None unless both are chosen.

    While labels are hidden, there is no cell to choose, as its images would tell them.
    """
    if labels_are_hidden():
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        true = choose_class("True class", "true", "Choose a class")
        predicted = choose_class("Predicted class", "predicted", "Choose a class")
    cell = None if true is None or predicted is None else Cell(true, predicted)
    st.button("Show images", icon=":material/photo_library:", disabled=cell is None, on_click=open_images)
    return cell


def allow_touch() -> None:
    """Let a tap choose a cell as a click does; takes room for an empty line, so call it last."""
    if not labels_are_hidden():
        _touch(key="touch")


def show_clickable(drawn: Drawn) -> None:
    """Show a matrix; a click on a cell chooses that cell and opens its images, unless labels are hidden."""
    if labels_are_hidden():
        show_drawn(drawn)
        return
    key = sized(drawn.file_name)

    def pick() -> None:
        points = st.session_state[key].selection.points
        if points:
            true, predicted = points[0]["customdata"]
            set_class("true", true)
            set_class("predicted", predicted)
        open_images()  # a second click on a cell takes the selection back, and means the same

    picture = {"format": "png", "scale": 2, "filename": drawn.file_name}
    with st.container(key="matrix"):
        st.plotly_chart(
            drawn.figure,
            key=key,
            on_select=pick,
            selection_mode="points",
            alt=f"{drawn.description} “True class” and “Predicted class” open a cell without a mouse.",
            config={"displaylogo": False, "toImageButtonOptions": picture},
        )
