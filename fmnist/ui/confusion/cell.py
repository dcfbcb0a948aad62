"""A cell of a confusion matrix: clicked in a figure or chosen by its two classes, kept in the URL, its images shown."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.ui.browse import browse_images
from fmnist.ui.choices import choose_class, set_class
from fmnist.ui.frame import sized
from fmnist.ui.guards import dataset_or_offer
from fmnist.ui.image_detail import show_opened_image
from fmnist.ui.show import show_section
from fmnist.views import judged
from fmnist.views.confusion import Cell
from fmnist.views.mistakes import Images
from fmnist.views.parts import Drawn

RUN_KEY = "of"

_touch = st.components.v2.component(
    "fmnist_touch", js=(Path(__file__).parent / "touch.js").read_text(encoding="utf-8"), isolate_styles=False
)


def choose_cell() -> Cell | None:
    """Let the user choose a cell by its classes; None unless both are chosen."""
    true, predicted = choose_class("True class", "true"), choose_class("Predicted class", "predicted")
    return None if true is None or predicted is None else Cell(true, predicted)


def allow_touch() -> None:
    """Let a tap choose a cell as a click does; takes room for an empty line, so call it last."""
    _touch(key="touch")


def show_clickable(drawn: Drawn, run_key: str | None = None) -> None:
    """Show a matrix; a click on a cell chooses that cell, and the run where the matrix is one run's."""
    key = sized(drawn.file_name)

    def pick() -> None:
        points = st.session_state[key].selection.points
        if points:
            true, predicted = points[0]["customdata"]
            set_class("true", true)
            set_class("predicted", predicted)
            if run_key:
                st.session_state[RUN_KEY] = run_key

    picture = {"format": "png", "scale": 2, "filename": drawn.file_name}
    st.plotly_chart(
        drawn.figure,
        key=key,
        on_select=pick,
        selection_mode="points",
        alt=f"{drawn.alt} The two lists of classes below open a cell without a mouse.",
        config={"displaylogo": False, "toImageButtonOptions": picture},
    )


def show_cell_images(contenders: Sequence[Contender], parts: Sequence[Images]) -> None:
    """Show the images of a cell in parts, each under its title."""
    dataset = dataset_or_offer()
    if dataset is None:
        return
    for number, images in enumerate(parts, start=1):
        show_section(images.title)
        browse_images(judged.compute(contenders), dataset, images, "page" if number == 1 else f"page{number}")
    show_opened_image(contenders, dataset, np.concatenate([images.positions for images in parts]))
