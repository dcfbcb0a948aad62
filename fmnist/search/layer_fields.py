"""The fields of layers that a search may vary: of all layers that have them, or of one, named by its place."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import asdict, fields

from fmnist.architectures.layers import Dropout, Layer, Layers
from fmnist.errors import InputError

SHARED: dict[str, str] = {
    "dropout": "Dropout rate of all dropout layers.",
    "width": "Factor for the channels and units of all layers, in multiples of 8.",
    "kernel": "Kernel size of all convolutions.",
    "activation": "Activation of all layers.",
    "normalised": "Batch normalisation of convolutions and dense layers.",
}
"""What varies in all layers that have it, with a sentence on what it does."""

_PLACED = re.compile(r"([1-9][0-9]?)\.([a-z]+)")
_MULTIPLE = 8
_WORDS = frozenset({"activation", "normalised", "padding", "kind", "squeeze"})  # fields that hold no number


def is_whole(name: str) -> bool:
    """Return whether the numbers of a field are whole ones; a factor for the width is not."""
    placed = _PLACED.fullmatch(name)
    return name == "kernel" or (placed is not None and placed[2] not in {"rate", *_WORDS})


def is_number(name: str) -> bool:
    """Return whether a setting, if it is one of layers, has numbers."""
    return name.rpartition(".")[2] not in _WORDS


def has_field(layers: Layers, name: str) -> bool:
    """Return whether any layer has a field that a search varies by this name."""
    return any(_field_of(place, layer, name) for place, layer in enumerate(layers, start=1))


def vary_layers(layers: Layers, params: Mapping[str, Any]) -> Layers:
    """Return layers with other values.

    Raises:
        InputError: if a value is out of its range.
    """
    return tuple(_vary_layer(place, layer, params) for place, layer in enumerate(layers, start=1))


def describe_change(name: str, value: object) -> str:
    """Return a change in words for the title of a network."""
    placed = _PLACED.fullmatch(name)
    what = f"layer {placed[1]} {placed[2]}" if placed else name
    return f"{what} {value}"


def _vary_layer(place: int, layer: Layer, params: Mapping[str, Any]) -> Layer:
    values = asdict(layer)
    for name, value in params.items():
        if known := _field_of(place, layer, name):
            values[known] = _scale(values[known], value) if name == "width" else value
    try:
        return msgspec.convert({"layer": layer.__struct_config__.tag} | values, Layer)
    except msgspec.ValidationError as error:
        raise InputError(f"Layer {place} is not possible: {error}.") from error


def _field_of(place: int, layer: Layer, name: str) -> str:
    """Return the field of a layer that a name stands for; "" where it has none."""
    known = {each.name for each in fields(type(layer))}
    if placed := _PLACED.fullmatch(name):
        return placed[2] if int(placed[1]) == place and placed[2] in known else ""
    if name == "dropout":
        return "rate" if isinstance(layer, Dropout) else ""
    if name == "width":
        return next(iter(known & {"width", "units"}), "")
    return name if name in SHARED and name in known else ""


def _scale(size: int, factor: float) -> int:
    return max(_MULTIPLE, _MULTIPLE * round(size * factor / _MULTIPLE)) if factor != 1 else size
