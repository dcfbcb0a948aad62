"""The list of layers: choose one to edit it; add, duplicate, move and remove."""

import streamlit as st

from fmnist.architectures.layers import Convolution, Dense, Layer
from fmnist.architectures.limits import MOST_LAYERS
from fmnist.ui.design.state import (
    CHOSEN,
    can_undo,
    current_layers,
    insert_layer,
    move_layer,
    remove_layer,
    undo,
)
from fmnist.views.design import Design, describe_layers
from fmnist.views.design_words import layer_title

_LONG_LIST, _LIST_HEIGHT = 8, 430  # layers, and pixels within which more of them scroll


def show_layers(design: Design) -> int | None:
    """List the layers and let the user choose the one to edit; return its place, None where there is no layer."""
    layers = design.layers
    chosen: int | None = None
    if layers:
        _keep_chosen(len(layers) - 1)
        titles = [f"{place}. {layer_title(layer)}" for place, layer in enumerate(layers, start=1)]
        room = st.container(height=_LIST_HEIGHT if len(layers) > _LONG_LIST else "content", border=False)
        chosen = room.radio(
            "Layers",
            range(len(layers)),
            format_func=titles.__getitem__,
            captions=describe_layers(design),
            key=CHOSEN,
        )
    _offer_changes(design, chosen)
    return chosen


def _keep_chosen(last: int) -> None:
    """Keep the choice within the layers; one that stays is not set again, or it would undo a click since."""
    state = st.session_state
    place = max(0, min(state.get(CHOSEN, 0), last))
    if state.get(CHOSEN) != place:
        state[CHOSEN] = place


def _offer_changes(design: Design, chosen: int | None) -> None:
    place, last, full = chosen or 0, len(design.layers) - 1, len(design.layers) >= MOST_LAYERS
    none = chosen is None
    with st.container(horizontal=True, gap="small", key="design_changes"):
        st.button("Add", icon=":material/add:", on_click=_add, disabled=full, help="Adds a layer after this one")
        st.button("Duplicate", icon=":material/content_copy:", on_click=_duplicate, disabled=none or full)
        st.button("Move up", icon=":material/arrow_upward:", on_click=_move, args=(-1,), disabled=none or place == 0)
        st.button(
            "Move down", icon=":material/arrow_downward:", on_click=_move, args=(1,), disabled=none or place == last
        )
        st.button("Remove", icon=":material/delete:", on_click=_remove, disabled=none)
        st.button("Undo", icon=":material/undo:", on_click=undo, disabled=not can_undo())


def _place() -> int:
    return int(st.session_state.get(CHOSEN, 0))


def _add() -> None:
    """Add what most often follows: a dense layer behind values in a row, else a convolution as wide as the last."""
    layers, place = current_layers(), _place()
    flat = any(layer.__struct_config__.tag in ("flatten", "global_average") for layer in layers[: place + 1])
    widths = [layer.width for layer in layers[: place + 1] if isinstance(layer, Convolution)]
    new: Layer = Dense(64) if flat else Convolution(widths[-1] if widths else 32)
    insert_layer(place + 1 if layers else 0, new)


def _duplicate() -> None:
    insert_layer(_place() + 1, current_layers()[_place()])


def _move(by: int) -> None:
    move_layer(_place(), _place() + by)


def _remove() -> None:
    remove_layer(_place())
