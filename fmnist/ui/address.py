"""Choices in the address: keys and numbers, never titles, so that a link shows the same in any browser.

A value in the address that does not exist is reported instead of silently dropped. An old link, which names a title, is
understood where the title is unambiguous. A choice is kept for the session: it is there again when its page is.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from fmnist.ui.markup import plain

_V = TypeVar("_V")
_RUN, _PAGE, _SWITCHED, _ACTED = "address.run", "address.page", "address.switched", "address.acted"
_SEEN, _DONE, _KEPT, _RECORDED, _DEFAULTS = (
    f"address.{name}" for name in ("seen", "done", "kept", "recorded", "defaults")
)


class Codec(Protocol[_V]):
    """How a value is written in the address and read from it."""

    def read(self, texts: Sequence[str]) -> tuple[_V | None, list[str]]:
        """Return the value that the texts name, None where they name none, and the texts that name nothing."""

    def write(self, value: _V) -> list[str]:
        """Return the texts that name a value."""


@dataclass(frozen=True)
class OneOf:
    """One of some keys, given with their titles."""

    titles: Mapping[str, str]

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

    def read(self, texts: Sequence[str]) -> tuple[list[str] | None, list[str]]:
        """Return the keys that the texts name."""
        found, unknown = _find_keys(self.titles, texts)
        return (list(dict.fromkeys(found)) or None), unknown

    def write(self, value: Sequence[str]) -> list[str]:
        """Return the keys."""
        return list(value)


@dataclass(frozen=True)
class OneOrNone:
    """One of some keys, given with their titles, or none of them."""

    titles: Mapping[str, str]

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

    def read(self, texts: Sequence[str]) -> tuple[float | None, list[str]]:
        """Return the number that the last text names."""
        value = _as_number(texts[-1], self.low, self.high) if texts else None
        return value, [text for text in texts if _as_number(text, self.low, self.high) is None]

    def write(self, value: float) -> list[str]:
        """Return the number as text."""
        return [f"{value:.12g}"]


@dataclass(frozen=True)
class NumberOrNone:
    """A number as `Number` has it, or none."""

    low: float
    high: float

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

    def read(self, texts: Sequence[str]) -> tuple[tuple[int, int] | None, list[str]]:
        """Return the two numbers in order; of any other number of texts nothing is understood."""
        numbers = [_as_number(text, self.low, self.high) for text in texts]
        known = sorted(int(number) for number in numbers if number is not None)
        unknown = [text for text, number in zip(texts, numbers, strict=True) if number is None]
        if len(known) != 2:
            return None, unknown or list(texts)
        return (known[0], known[1]), unknown

    def write(self, value: tuple[int, int]) -> list[str]:
        """Return both numbers."""
        return [str(number) for number in value]


@dataclass(frozen=True)
class Flag:
    """On or off."""

    def read(self, texts: Sequence[str]) -> tuple[bool | None, list[str]]:
        """Return what the last text says."""
        known = {"true": True, "1": True, "false": False, "0": False}
        found = [known[text.lower()] for text in texts if text.lower() in known]
        return (found[-1] if found else None), [text for text in texts if text.lower() not in known]

    def write(self, value: bool) -> list[str]:
        """Return "true" or "false"."""
        return [str(value).lower()]


@dataclass(frozen=True)
class Parameter(Generic[_V]):
    """One choice in the address: its name there, its default, how it is written, and what an unknown value is called.

    `kept_as` says under which name the choice is kept for the session; pages that name the same share it.
    """

    key: str
    default: _V
    codec: Codec[_V]
    what: str
    kept_as: str = ""

    @property
    def kept(self) -> str:
        """The name under which the choice is kept."""
        return self.kept_as or self.key


def enter_page(title: str) -> None:
    """Begin a run of a page: has the user come from another one, and was anything chosen since the last run?"""
    state = st.session_state
    state[_SWITCHED] = state.get(_PAGE) != title
    state[_PAGE] = title
    state[_RUN] = state.get(_RUN, 0) + 1
    recorded = _memory(_RECORDED)
    # A run that a choice has started may still bring the address from before that choice
    state[_ACTED] = not state[_SWITCHED] and any(state.get(key, value) != value for key, value in recorded.items())
    if state[_SWITCHED]:
        recorded.clear()
        _memory(_SEEN).clear()


def choose(parameter: Parameter[_V], widget: Callable[[str], Any]) -> _V:
    """Show a widget whose value is in the address, and return that value.

    `widget` is called with the key under which the session holds its value; it must not be given a default.
    """
    _take_over(parameter)
    value: _V = widget(parameter.key)
    _write_down(parameter, value)
    return value


def read_key(name: str, titles: Mapping[str, str], what: str) -> str | None:
    """Return the key that a parameter of the address names, by key or title, where no widget stands for it."""
    value, unknown = OneOf(titles).read(st.query_params.get_all(name))
    if unknown:
        _report(Parameter(name, "", OneOf(titles), what), unknown)
    return value


def _take_over(parameter: Parameter[_V]) -> None:
    """Give the widget the value of the address where that is news; a rerun of a fragment never brings any."""
    state, key = st.session_state, parameter.key
    first = _memory(_DONE).get(key) != state.get(_RUN)
    _memory(_DONE)[key] = state.get(_RUN)
    asked = st.query_params.get_all(key)
    if key in state and (not first or state.get(_ACTED) or asked == _memory(_SEEN).get(key)):
        _keep_up(parameter)
        return
    value, unknown = parameter.codec.read(asked)
    if unknown:
        _report(parameter, unknown)
    if value is None and not asked and (state.get(_SWITCHED) or key not in state):
        value = _kept_choice(parameter)
    state[key] = parameter.default if value is None else value


def _keep_up(parameter: Parameter[Any]) -> None:
    """Let an untouched value follow its default, and take out what the widget no longer offers.

    Other choices may decide about both.
    """
    if st.session_state[parameter.key] == _memory(_DEFAULTS).get(parameter.key, parameter.default):
        st.session_state[parameter.key] = parameter.default
    value, unknown = parameter.codec.read(parameter.codec.write(st.session_state[parameter.key]))
    if unknown:
        st.session_state[parameter.key] = parameter.default if value is None else value


def _kept_choice(parameter: Parameter[_V]) -> _V | None:
    """Return what was chosen earlier in this session, as far as it still exists."""
    texts = _memory(_KEPT).get(parameter.kept)
    return parameter.codec.read(texts)[0] if texts else None


def _write_down(parameter: Parameter[_V], value: _V) -> None:
    key, texts = parameter.key, parameter.codec.write(value)
    _memory(_RECORDED)[key], _memory(_DEFAULTS)[key] = value, parameter.default
    if value == parameter.default:
        texts = []
        _memory(_KEPT).pop(parameter.kept, None)
    else:
        _memory(_KEPT)[parameter.kept] = texts
    if texts != st.query_params.get_all(key):
        if texts:
            st.query_params[key] = texts
        else:
            st.query_params.pop(key, None)
    _memory(_SEEN)[key] = texts


def _report(parameter: Parameter[Any], unknown: Sequence[str]) -> None:
    st.warning(
        f"The address names no {parameter.what}: {plain(', '.join(unknown))}.",
        icon=":material/link_off:",
    )


def _memory(name: str) -> dict[str, Any]:
    memory: dict[str, Any] = st.session_state.setdefault(name, {})
    return memory


def _find_keys(titles: Mapping[str, str], texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the keys that texts name, as keys or as unambiguous titles, and the texts that name nothing."""
    counts = Counter(titles.values())
    by_title = {title: key for key, title in titles.items() if counts[title] == 1}
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
