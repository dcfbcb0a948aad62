"""The fields of the layer that is edited: its kind, and a control for each of its numbers and options."""

from collections.abc import Callable
from typing import Any

import msgspec
import streamlit as st
from msgspec.inspect import BoolType, Field, FloatType, IntType, LiteralType, StructType, type_info
from msgspec.structs import replace

from fmnist.architectures.layers import Layer
from fmnist.ui.design.state import current_layers, replace_layer
from fmnist.views.design_words import FIELDS, KINDS

_BY_TAG = {str(kind.__struct_config__.tag): kind for kind in KINDS}
_FIRST_VALUES = {"width": 32, "units": 64, "rate": 0.25}


def edit_layer(layer: Layer, place: int) -> None:
    """Show the controls of a layer; each changes it as soon as it is changed."""
    tag = str(layer.__struct_config__.tag)
    _ask_kind(tag, place)
    described = type_info(type(layer))
    if isinstance(described, StructType) and described.fields:
        left, right = st.columns(2, wrap=False)
        for number, field in enumerate(described.fields):
            with (left, right)[number % 2]:
                _ask(field, layer, f"layer_{place}_{tag}_{field.name}", place)


def _ask_kind(tag: str, place: int) -> None:
    key = f"layer_{place}_kind"
    _keep(key, tag)
    titles = {name: KINDS[kind][0] for name, kind in _BY_TAG.items()}
    st.selectbox(
        f"Kind of layer {place + 1}",
        list(titles),
        format_func=titles.__getitem__,
        key=key,
        on_change=lambda: _change_kind(key, place),
    )
    st.caption(KINDS[_BY_TAG[tag]][1])


def _ask(field: Field, layer: Layer, key: str, place: int) -> None:
    """Show the control that fits the type of a field."""
    value = getattr(layer, field.name)
    _keep(key, value)
    title, tip = FIELDS[field.name]
    change = _changing(type(layer), field.name, key, place)
    match field.type:
        case BoolType():
            st.toggle(title, key=key, on_change=change, help=tip)
        case LiteralType(values=values):
            st.selectbox(title, list(values), key=key, on_change=change, help=tip, format_func=_option)
        case IntType(ge=low, le=high):
            st.number_input(
                title, low, high, step=16 if field.name == "width" else 1, key=key, on_change=change, help=tip
            )
        case FloatType(ge=low, le=high):
            st.number_input(title, low, high, step=0.05, format="%.2f", key=key, on_change=change, help=tip)


def _option(value: str | int) -> str:
    if isinstance(value, int):
        return f"{value}×{value}" if value else "none"
    return {"relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "leaky_relu": "Leaky ReLU", "linear": "none"}.get(
        value, value
    )


def _keep(key: str, value: object) -> None:
    """Let a control show what the layer has; what the user has just entered is not set again."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _changing(kind: type[Layer], name: str, key: str, place: int) -> Callable[[], None]:
    """Return what changes a layer, unless a click that came along has put another one in its place."""

    def change() -> None:
        value, here = st.session_state[key], current_layers()[place : place + 1]
        if value is not None and here and type(here[0]) is kind:
            replace_layer(place, replace(here[0], **{name: value}))

    return change


def _change_kind(key: str, place: int) -> None:
    """Make a layer one of another kind, with whatever of the old one it may have, too."""
    kind, old = _BY_TAG[st.session_state[key]], msgspec.structs.asdict(current_layers()[place])
    described = msgspec.structs.fields(kind)
    kept = {field.name: old[field.name] for field in described if field.name in old and _may_be(old, field)}
    first = {field.name: _FIRST_VALUES[field.name] for field in described if field.required}
    replace_layer(place, kind(**first | kept))


def _may_be(old: dict[str, Any], field: msgspec.structs.FieldInfo) -> bool:
    """Return whether a value is within the range of a field: pooling takes larger steps than a convolution."""
    try:
        msgspec.convert(old[field.name], field.type)
    except msgspec.ValidationError:
        return False
    return True
