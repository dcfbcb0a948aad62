"""The examples as a grid of small pictures: a click, or Enter, takes one; the chosen one is in the URL."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.ui.address import read_value
from fmnist.ui.codecs import OneOf
from fmnist.ui.component import register_component
from fmnist.ui.pictures import image_source
from fmnist.ui.predict.examples import EXAMPLES, draw_example

_grid = register_component(__file__)
_KEY, _CHOSEN, _ADDRESS = "example_grid", "example_chosen", "example"
_TITLES = {example.key: example.name for example in EXAMPLES}
_KEYS = tuple(_TITLES)


def pick_example() -> int | None:
    """Show the examples; give the position of the one that is chosen, or None while none is."""
    asked = read_value(_ADDRESS, OneOf(_TITLES), "example that exists here")
    chosen = st.session_state.setdefault(_CHOSEN, None if asked is None else _KEYS.index(asked))
    data = {"label": "Examples", "pictures": _pictures(), "chosen": chosen}
    _grid(key=_KEY, data=data, on_chosen_change=_take)
    if chosen is not None:
        st.query_params[_ADDRESS] = _KEYS[chosen]
    return chosen


def forget_example() -> None:
    """Take the example out of the URL; it is found again when the examples are shown again."""
    st.query_params.pop(_ADDRESS, None)


@st.cache_resource(show_spinner=False)
def example_pixels(position: int) -> NDArray[np.uint8]:
    """Return the picture of the example at that position, uint8 (h, w, 3)."""
    return draw_example(EXAMPLES[position])


def _take() -> None:
    chosen = st.session_state[_KEY].get("chosen")
    if isinstance(chosen, int) and 0 <= chosen < len(EXAMPLES):  # the browser may send anything
        st.session_state[_CHOSEN] = chosen


@st.cache_resource(show_spinner="Drawing examples …")
def _pictures() -> list[dict[str, str]]:
    return [
        {"name": example.name, "source": image_source(example_pixels(position))}
        for position, example in enumerate(EXAMPLES)
    ]
