"""How values are written in the address: as keys and numbers, never as titles.

An old link, which names a title, is understood where the title is unambiguous.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar

_V = TypeVar("_V")
_NONE = "none"

_OLD_TITLES = {  # what links of version 0.1.0 call options that have another title today
    "Side by side": "matrices",
    "Difference of two": "difference",
    "Scores by class": "scores",
    "Detect": "auto",
    "All wrong": "all_wrong",
    "Wrong, other right": "lost",
    "Right, other wrong": "won",
    "Likely mislabelled": "disputed",
}


class Codec(Protocol[_V]):
    """How a value is written in the address and read from it; `of_several` texts, or of one."""

    @property
    def of_several(self) -> bool:
        """Whether a value has several texts: elsewhere the last one counts."""

    def read(self, texts: Sequence[str]) -> tuple[_V | None, list[str]]:
        """Return the value that the texts name, None where they name none, and the texts that name nothing."""

    def write(self, value: _V) -> list[str]:
        """Return the texts that name a value."""


@dataclass(frozen=True)
class OneOf:
    """One of some keys, given with their titles."""

    titles: Mapping[str, str]
    of_several: ClassVar[bool] = False

    def read(self, texts: Sequence[str]) -> tuple[str | None, list[str]]:
        """Return the key that the last text names, as a key or as the title of an old link."""
        found, unknown = _find_keys(self.titles, texts)
        return (found[-1] if found else None), unknown

    def write(self, value: str) -> list[str]:
        """Return the key."""
        return [value]


@dataclass(frozen=True)
class SomeOf:
    """Several of some keys, given with their titles."""

    titles: Mapping[str, str]
    of_several: ClassVar[bool] = True

    def read(self, texts: Sequence[str]) -> tuple[list[str] | None, list[str]]:
        """Return the keys that the texts name."""
        found, unknown = _find_keys(self.titles, texts)
        return (list(dict.fromkeys(found)) or None), unknown

    def write(self, value: Sequence[str]) -> list[str]:
        """Return the keys."""
        return list(value)


@dataclass(frozen=True)
class AnyOf:
    """Any number of some keys, given with their titles; "none" names that there are none."""

    titles: Mapping[str, str]
    of_several: ClassVar[bool] = True

    def read(self, texts: Sequence[str]) -> tuple[list[str] | None, list[str]]:
        """Return the keys that the texts name."""
        return ([], []) if list(texts) == [_NONE] else SomeOf(self.titles).read(texts)

    def write(self, value: Sequence[str]) -> list[str]:
        """Return the keys."""
        return list(value) or [_NONE]


@dataclass(frozen=True)
class OneOrNone:
    """One of some keys, given with their titles, or none of them."""

    titles: Mapping[str, str]
    of_several: ClassVar[bool] = False

    def read(self, texts: Sequence[str]) -> tuple[str | None, list[str]]:
        """Return the key that the last text names."""
        return OneOf(self.titles).read(texts)

    def write(self, value: str | None) -> list[str]:
        """Return the key; nothing names that none is chosen."""
        return [] if value is None else [value]


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`, a whole one unless `low` is a float."""

    low: float
    high: float
    of_several: ClassVar[bool] = False

    def read(self, texts: Sequence[str]) -> tuple[float | None, list[str]]:
        """Return the number that the last text names."""
        value = _as_number(texts[-1], self.low, self.high) if texts else None
        return value, [text for text in texts if text and _as_number(text, self.low, self.high) is None]

    def write(self, value: float) -> list[str]:
        """Return the number as text."""
        return [f"{value:.12g}"]


@dataclass(frozen=True)
class NumberOrNone:
    """A number as `Number` has it, or none."""

    low: float
    high: float
    of_several: ClassVar[bool] = False

    def read(self, texts: Sequence[str]) -> tuple[float | None, list[str]]:
        """Return the number that the last text names."""
        return Number(self.low, self.high).read(texts)

    def write(self, value: float | None) -> list[str]:
        """Return the number as text; nothing names that there is none."""
        return [] if value is None else Number(self.low, self.high).write(value)


@dataclass(frozen=True)
class Span:
    """Two whole numbers from `low` to `high`, the lower one first."""

    low: int
    high: int
    of_several: ClassVar[bool] = True

    def read(self, texts: Sequence[str]) -> tuple[tuple[int, int] | None, list[str]]:
        """Return the two numbers in order; of any other number of texts nothing is understood."""
        numbers = [_as_number(text, self.low, self.high) for text in texts]
        known = sorted(int(number) for number in numbers if number is not None)
        unknown = [text for text, number in zip(texts, numbers, strict=True) if number is None]
        if len(known) != 2:
            return None, [text for text in unknown or texts if text]
        return (known[0], known[1]), unknown

    def write(self, value: tuple[int, int]) -> list[str]:
        """Return both numbers."""
        return [str(number) for number in value]


@dataclass(frozen=True)
class Text:
    """Any text, of at most `most` characters."""

    of_several: ClassVar[bool] = False
    most: int = 100

    def read(self, texts: Sequence[str]) -> tuple[str | None, list[str]]:
        """Return the last text."""
        return (texts[-1][: self.most] if texts else None), []

    def write(self, value: str) -> list[str]:
        """Return the text; nothing names that there is none."""
        return [value] if value else []


@dataclass(frozen=True)
class Flag:
    """On or off."""

    of_several: ClassVar[bool] = False

    def read(self, texts: Sequence[str]) -> tuple[bool | None, list[str]]:
        """Return what the last text says."""
        known = {"true": True, "1": True, "false": False, "0": False}
        found = [known[text.lower()] for text in texts if text.lower() in known]
        return (found[-1] if found else None), [text for text in texts if text and text.lower() not in known]

    def write(self, value: bool) -> list[str]:
        """Return "true" or "false"."""
        return [str(value).lower()]


def _find_keys(titles: Mapping[str, str], texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the keys that texts name, as keys or as unambiguous titles, and the texts that name nothing."""
    counts = Counter(titles.values())
    by_title = {title: key for key, title in titles.items() if counts[title] == 1}
    by_title |= {key.capitalize(): key for key in titles}  # titles of old links that have been shortened since
    by_title |= {title: key for title, key in _OLD_TITLES.items() if key in titles}
    found = {text: text if text in titles else by_title.get(text) for text in texts}
    return [key for key in found.values() if key is not None], [text for text in texts if text and found[text] is None]


def _as_number(text: str, low: float, high: float) -> float | None:
    """Return a text as a number within the limits; a whole number as int."""
    try:
        value = float(text)
    except ValueError:
        return None
    whole = not isinstance(low, float)
    if not low <= value <= high or (whole and not value.is_integer()):
        return None
    return int(value) if whole else value
