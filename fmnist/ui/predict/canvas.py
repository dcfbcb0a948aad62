"""The drawing canvas: its markup, style and script lie beside it, and this is all that the pages see of it."""

import base64
from collections.abc import Sequence

import streamlit as st

from fmnist.inference.picture import Picture, load_picture
from fmnist.ui.component import register_component

SIDE = 336  # twelve pixels for each of the 28, and it fits a phone of 360

_board = register_component(__file__)
_BOARD, _DRAWING = "canvas", "canvas_drawing"
_PREFIX = "data:image/png;base64,"
_MOST_CHARACTERS = 2**20  # many times what a sheet that is scribbled full takes


def draw_picture(outline: Sequence[str] = ()) -> Picture | None:
    """Show the canvas with its tools; give what is drawn, or None while nothing is.

    `outline` are SVG paths in a square of 100, which are shown beneath the drawing and are no part of it.
    """
    drawing = st.session_state.get(_DRAWING, "")  # stays in the session while the canvas is not on the page
    _board(key=_BOARD, data={"picture": drawing, "outline": list(outline)}, on_picture_change=_keep)
    return read_drawing(drawing)


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
