"""An image with a map over it: a click, or an arrow key, takes a position; its receptive field is framed."""

from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.dataset import IMAGE_SHAPE
from fmnist.ui.component import register_component
from fmnist.ui.pictures import image_source
from fmnist.views.inside_pictures import SIDE

_zoom = register_component(__file__)


def show_zoom(
    picture: NDArray[np.uint8],
    field: tuple[int, int, int, int],
    key: str,
    label: str,
    on_pick: Callable[[int, int], None],
    on_move: Callable[[int, int], None],
) -> None:
    """Show a picture, uint8 (28, 28, 3), with a frame around some pixels, given as top, left, bottom and right.

    `on_pick` is called with row and column of the pixel that is clicked, `on_move` with the steps down and to the right
    that an arrow key takes. `label` says what is seen.
    """

    def pick() -> None:
        _pass_on(st.session_state[key].get("picked"), on_pick, 0, IMAGE_SHAPE[0] - 1)

    def move() -> None:
        _pass_on(st.session_state[key].get("moved"), on_move, -1, 1)

    top, left, bottom, right = (edge / SIDE for edge in field)
    data = {
        "source": image_source(picture),
        "label": label,
        "frame": {"top": top, "left": left, "height": bottom - top, "width": right - left},
    }
    _zoom(key=key, data=data, on_picked_change=pick, on_moved_change=move)


def _pass_on(sent: object, take: Callable[[int, int], None], low: int, high: int) -> None:
    """Pass two whole numbers on; the browser may send anything."""
    if isinstance(sent, list) and len(sent) == 2 and all(type(one) is int and low <= one <= high for one in sent):
        take(sent[0], sent[1])
