"""Layers as a short text for addresses, as in "conv16_conv48-p2_res48_res96-s2_drop0.3_flat".

What a layer has by default is left out. A text may come from anybody: it is bounded, and read by rules alone.
"""

import re
from typing import Any, get_args

import msgspec
from msgspec.structs import asdict, fields

from fmnist.architectures.layers import Activation, Average, Layer, Layers, Padding
from fmnist.architectures.limits import MOST_LAYERS
from fmnist.errors import InputError

_MOST_CHARACTERS = 2000
_NAMES = {
    "convolution": "conv",
    "separable": "sep",
    "pooling": "pool",
    "residual": "res",
    "inverted_residual": "inv",
    "dropout": "drop",
    "flatten": "flat",
    "global_average": "gap",
    "dense": "dense",
}
_TAGS = {name: tag for tag, name in _NAMES.items()}
_KINDS = {kind.__struct_config__.tag: kind for kind in get_args(Layer)}
_SIZES = {
    **dict.fromkeys(("width", "units", "rate"), ""),
    "kernel": "k",
    "stride": "s",
    "pool": "p",
    "size": "z",
    "expansion": "x",
}
_WORDS: dict[str, tuple[str, Any]] = {
    **{word: ("padding", word) for word in get_args(Padding)},
    **{word: ("kind", word) for word in get_args(Average)},
    **{word.removesuffix("_relu"): ("activation", word) for word in get_args(Activation)},
    "norm": ("normalised", True),
    "plain": ("normalised", False),
    "squeeze": ("squeeze", True),
}
_SAID = {(field, value): word for word, (field, value) in _WORDS.items()}
_DECIMALS = 12
_FIRST = re.compile(rf"([a-z]+)([0-9]{{1,4}}(?:\.[0-9]{{1,{_DECIMALS}}})?)?")
_SIZE = re.compile(r"([a-z])([0-9]{1,4})")


def write_layers(layers: Layers) -> str:
    """Return layers as text."""
    return "_".join(map(_write, layers))


def read_layers(text: str) -> Layers:
    """Return the layers of a text; whether they fit each other is not looked at.

    Raises:
        InputError: if it is too long, or a part of it is no layer or out of range; the message names the part.
    """
    if len(text) > _MOST_CHARACTERS:
        raise InputError(f"A design has at most {_MOST_CHARACTERS:,} characters.")
    parts = text.split("_") if text else []
    if len(parts) > MOST_LAYERS:
        raise InputError(f"A design has at most {MOST_LAYERS} layers, not {len(parts)}.")
    return tuple(map(_read, parts))


def _write(layer: Layer) -> str:
    kind, values = type(layer), asdict(layer)
    departing = {field.name: values[field.name] for field in fields(kind) if values[field.name] != field.default}
    words = []
    for name, value in departing.items():
        is_word = isinstance(value, bool | str)
        words.append(_SAID[name, value] if is_word else _SIZES[name] + _write_number(value))
    required = any(field.required for field in fields(kind))
    first, others = (words[0], words[1:]) if required else ("", words)
    return "-".join([_NAMES[str(kind.__struct_config__.tag)] + first, *others])


def _write_number(value: float) -> str:
    """Return a number without an exponent, which would not be read."""
    return f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _read(part: str) -> Layer:
    first, *others = part.split("-")
    match = _FIRST.fullmatch(first)
    tag = _TAGS.get(match.group(1)) if match else None
    if match is None or tag is None:
        raise InputError(f"There is no layer {part[:40]!r}.")
    values: dict[str, Any] = {"layer": tag}
    if match.group(2):
        amount, required = match.group(2), [field.name for field in fields(_KINDS[tag]) if field.required]
        values["".join(required)] = float(amount) if "." in amount else int(amount)
    for word in others:
        name, value = _read_word(word, part)
        values[name] = value
    known = {field.name for field in fields(_KINDS[tag])} | {"layer"}
    try:
        if not set(values) <= known:
            raise InputError(f"The layer {part[:40]!r} has something that it cannot have.")
        layer: Layer = msgspec.convert(values, Layer)
    except msgspec.ValidationError as error:
        raise InputError(f"The layer {part[:40]!r} is not possible: {error}.") from error
    return layer


def _read_word(word: str, part: str) -> tuple[str, Any]:
    if word in _WORDS:
        return _WORDS[word]
    size = _SIZE.fullmatch(word)
    names = {letter: name for name, letter in _SIZES.items() if letter}
    if size is None or size.group(1) not in names:
        raise InputError(f"The layer {part[:40]!r} has an unknown part: {word[:20]!r}.")
    return names[size.group(1)], int(size.group(2))
