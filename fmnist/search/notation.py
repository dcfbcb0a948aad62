"""What a setting varies over, as a short text: "0.001, 0.01" for values, "0.0001 to 0.01 log" for a range."""

import re

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.errors import InputError
from fmnist.recipes.fields import FIELDS, Choice
from fmnist.search.layer_fields import SHARED, is_number
from fmnist.search.space import ARCHITECTURE, MOST_CHOICES, Dimension, Value

_MOST_CHARACTERS = 500
_RANGE = re.compile(r"\s*(\S+)\s*(?:to|\.\.)\s*(\S+?)(\s+log)?\s*")
_WORDS: dict[str, Value] = {"true": True, "on": True, "false": False, "off": False}


def list_settings() -> dict[str, str]:
    """Return what may vary by name, with a sentence on what it does; fields of single layers come beside these."""
    return {ARCHITECTURE: "The network: keys of the catalogue."} | {n: f.help for n, f in FIELDS.items()} | SHARED


def read_dimension(name: str, text: str) -> Dimension:
    """Return the dimension that a text describes.

    Raises:
        InputError: if the text is no list of values and no range; the message says what is expected.
    """
    if len(text) > _MOST_CHARACTERS:
        raise InputError(f"{name}: at most {_MOST_CHARACTERS} characters.")
    try:
        found = _RANGE.fullmatch(text)
        if found and _takes_range(name):
            return Dimension(name, low=float(found[1]), high=float(found[2]), log=bool(found[3]))
        values = tuple(_read_value(name, part.strip()) for part in text.split(",") if part.strip())
        if len(values) > MOST_CHOICES:
            raise InputError(f"{name}: at most {MOST_CHOICES} values.")
        return Dimension(name, values)
    except ValueError as error:
        example = "values such as “0.1, 0.3”, or a range such as “0.1 to 0.5”"
        raise InputError(f"{name}: {error}. Enter {example}.") from error


def write_dimension(dimension: Dimension) -> str:
    """Return the text of a dimension, which `read_dimension` reads."""
    if dimension.choices:
        return ", ".join(map(_write_value, dimension.choices))
    low, high = dimension.extremes
    return f"{_write_value(low)} to {_write_value(high)}{' log' if dimension.log else ''}"


def _takes_range(name: str) -> bool:
    return name != ARCHITECTURE and not isinstance(FIELDS.get(name), Choice) and is_number(name)


def _read_value(name: str, text: str) -> Value:
    if name == ARCHITECTURE:
        if text not in ARCHITECTURES:
            raise ValueError(f"{text!r} is no network of the catalogue")
        return text
    field = FIELDS.get(name)
    if isinstance(field, Choice):
        known = {title.lower(): key for key, title in field.titles.items()}
        key = known.get(text.lower(), text.lower())
        if key not in field.titles:
            raise ValueError(f"{text!r} is none of {', '.join(field.titles)}")
        return _WORDS.get(key, key)
    if not is_number(name):
        return _WORDS.get(text.lower(), text.lower())
    try:
        return int(text) if re.fullmatch(r"[+-]?\d{1,9}", text) and _is_whole(name) else float(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no number") from error


def _is_whole(name: str) -> bool:
    return Dimension(name, (0,)).whole


def _write_value(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
