"""The drawing canvas, which the exported web app has, too, and this is all that the pages see of it."""

import base64
from collections.abc import Sequence

import streamlit as st

from fmnist.dataset import CLASS_NAMES
from fmnist.export.web_app import ASSETS
from fmnist.inference.picture import Picture, load_picture
from fmnist.ui.component import register_component
from fmnist.ui.predict.outlines import draw_outline

SIDE = 336  # twelve pixels for each of the 28, and it fits a phone of 360

_board = register_component(str(ASSETS / "canvas"))
_BOARD, _DRAWING, _GIVEN = "canvas", "canvas_drawing", "canvas_given"
_PREFIX = "data:image/png;base64,"
_EXAMPLE = CLASS_NAMES.index("T-shirt/top")
_MOST_CHARACTERS = 2**20  # many times what a sheet that is scribbled full takes


def draw_picture(outline: Sequence[str] = ()) -> Picture | None:
    """Show the canvas with its tools; return what is drawn, or None if it is empty.

    `outline` are SVG paths in a square of 100, which are shown beneath the drawing and are no part of it. Until the
    user draws, an example lies on the canvas.
    """
    drawing = st.session_state.get(_DRAWING)  # stays in the session while the canvas is not on the page
    shown = draw_outline(_EXAMPLE, SIDE) if drawing is None else drawing
    data = {
        "picture": shown,
        "example": drawing is None,
        "given": st.session_state.get(_GIVEN, 0),
        "outline": list(outline),
    }
    _board(key=_BOARD, data=data, on_picture_change=_keep)
    return read_drawing(shown)


def use_outline(label: int) -> None:
    """Replace the drawing by the outline of a class; the canvas can undo it."""
    st.session_state[_DRAWING] = draw_outline(label, SIDE)
    st.session_state[_GIVEN] = st.session_state.get(_GIVEN, 0) + 1


def read_drawing(sent: object) -> Picture | None:
    """Decode what the browser sent, which may be anything; what is no picture counts as nothing drawn."""
    if not isinstance(sent, str) or not sent.startswith(_PREFIX) or len(sent) > _MOST_CHARACTERS:
        return None
    try:
        return load_picture(base64.b64decode(sent.removeprefix(_PREFIX), validate=True))
    except ValueError:  # not base64, or a PictureError
        return None


def _keep() -> None:
    sent = st.session_state[_BOARD].get("picture")
    st.session_state[_DRAWING] = sent if read_drawing(sent) else ""
