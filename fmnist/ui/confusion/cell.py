"""A cell of a confusion matrix: clicked in a figure or chosen by its two classes, kept in the URL, its images shown."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from fmnist.evaluation.mistakes import order
from fmnist.ui.browse import browse_images
from fmnist.ui.choices import choose_class, set_class
from fmnist.ui.guards import dataset_or_offer
from fmnist.ui.image_detail import show_opened_image
from fmnist.ui.judged import Judged
from fmnist.views.confusion import Cell

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


def show_clickable(figure: go.Figure, key: str, description: str, run_id: str | None = None) -> None:
    """Show a matrix; a click on a cell chooses that cell, and the run where the matrix is one run's."""

    def pick() -> None:
        points = st.session_state[key].selection.points
        if points:
            true, predicted = points[0]["customdata"]
            set_class("true", true)
            set_class("predicted", predicted)
            if run_id:
                st.session_state[RUN_KEY] = run_id

    picture = {"format": "png", "scale": 2, "filename": key}
    st.plotly_chart(
        figure,
        key=key,
        on_select=pick,
        selection_mode="points",
        alt=f"{description}. The two lists of classes below open a cell without a mouse.",
        config={"displaylogo": False, "toImageButtonOptions": picture},
    )


def show_cell_images(judged: Judged, parts: Sequence[tuple[str, np.ndarray, int]]) -> None:
    """Show the images of a cell, most confident first, in parts of a title, a mask (n,) and the model that is asked."""
    dataset = dataset_or_offer()
    if dataset is None:
        return
    shown = [(title, order(judged.judgement, mask, "confidence", model), model) for title, mask, model in parts]
    for number, (title, positions, model) in enumerate(shown):
        st.markdown(f"##### {title}: {len(positions):,} {'image' if len(positions) == 1 else 'images'}")
        browse_images(judged, dataset, positions, model, "page" if number == 0 else f"page{number + 1}")
    show_opened_image(judged, dataset, np.concatenate([positions for _, positions, _ in shown]))
