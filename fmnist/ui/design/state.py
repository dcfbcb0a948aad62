"""The layers that are being edited: they are in the address, and every change can be undone in this session."""

from collections.abc import Sequence
from typing import ClassVar

import streamlit as st

from fmnist.architectures.layers import Layer, Layers
from fmnist.architectures.limits import MOST_LAYERS
from fmnist.architectures.notation import read_layers, write_layers
from fmnist.designs.store import list_architectures
from fmnist.errors import InputError
from fmnist.ui.address import Parameter, choose, recall, standing_value
from fmnist.ui.choices import tell_apart
from fmnist.ui.codecs import OneOf

CHOSEN = "design_at"  # the place of the layer that is edited
_LAYERS, _START, _PAST = "layers", "start", "design_past"
_MOST_UNDONE = 50
_NO_LAYERS = "none"


class LayersCodec:
    """Layers in the short notation of `fmnist.architectures.notation`."""

    of_several: ClassVar[bool] = False

    def read(self, texts: Sequence[str]) -> tuple[Layers | None, list[str]]:
        """Return the layers of the last text; a text that is none is unknown."""
        if not texts:
            return None, []
        try:
            return (() if texts[-1] == _NO_LAYERS else read_layers(texts[-1])), []
        except InputError:
            return None, [texts[-1]]

    def write(self, value: Layers) -> list[str]:
        """Return the text."""
        return [write_layers(value) or _NO_LAYERS]


def choose_start() -> Layers:
    """Let the user choose a network to start from, and return the layers as they are edited by now."""
    known = list_architectures()
    titles = tell_apart({name: network.title for name, network in known.items()})

    def show(key: str) -> str:
        keys, standing = list(titles), standing_value(key)
        place = 0 if standing is None else keys.index(standing)
        tip = "Replaces the layers below. Undo brings them back."
        return st.selectbox(
            "Start from", keys, place, format_func=titles.__getitem__, key=key, on_change=_begin_anew, help=tip
        )

    start = choose(Parameter(_START, "basic_cnn", OneOf(titles), "network that exists here"), show)
    layers = Parameter(_LAYERS, known[start].layers, LayersCodec(), "layers as this page writes them")
    return recall(layers)


def current_layers() -> Layers:
    """Return the layers as they are edited by now."""
    layers: Layers = st.session_state[_LAYERS]
    return layers


def change_layers(layers: Layers, chosen: int) -> None:
    """Replace the layers, and edit the one at that place from now on; callbacks call it."""
    state = st.session_state
    past: list[Layers] = state.setdefault(_PAST, [])
    past.append(state[_LAYERS])
    del past[:-_MOST_UNDONE]
    state[_LAYERS] = layers
    state[CHOSEN] = max(0, min(chosen, len(layers) - 1))


def undo() -> None:
    """Bring back the layers from before the last change."""
    state = st.session_state
    if state.get(_PAST):
        state[_LAYERS] = state[_PAST].pop()
        state[CHOSEN] = max(0, min(state.get(CHOSEN, 0), len(state[_LAYERS]) - 1))


def can_undo() -> bool:
    """Return whether there is a change to undo."""
    return bool(st.session_state.get(_PAST))


def replace_layer(place: int, layer: Layer) -> None:
    """Put a layer in the place of another one."""
    layers = current_layers()
    change_layers((*layers[:place], layer, *layers[place + 1 :]), place)


def insert_layer(place: int, layer: Layer) -> None:
    """Put a layer in at a place, as far as there may be another one."""
    layers = current_layers()
    if len(layers) < MOST_LAYERS:
        change_layers((*layers[:place], layer, *layers[place:]), place)


def remove_layer(place: int) -> None:
    """Take a layer out."""
    layers = current_layers()
    change_layers((*layers[:place], *layers[place + 1 :]), place)


def move_layer(place: int, to: int) -> None:
    """Move a layer to another place, if that is one: a second click may come before the button is disabled."""
    layers = list(current_layers())
    if 0 <= to < len(layers):
        layers.insert(to, layers.pop(place))
        change_layers(tuple(layers), to)


def _begin_anew() -> None:
    chosen = list_architectures().get(st.session_state[_START])
    if chosen is not None:  # somebody else may have deleted it since
        change_layers(chosen.layers, 0)
