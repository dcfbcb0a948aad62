"""Choices in the address: keys and numbers, never titles, so that a link shows the same in any browser.

A value in the address that does not exist is reported instead of silently dropped. A choice is kept for the session: it
is there again when its page is.

The server writes the address and the browser sends it back with each interaction, which may have begun before the
browser knew of the last address. So the address counts only where it is news: on another page, on a click on Back or
Forward, or where it is one that this page never had.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from fmnist.ui.codecs import Codec
from fmnist.ui.internals import came_by_history, was_set
from fmnist.ui.markup import plain

_V = TypeVar("_V")
_PAGE, _NEWS, _ENTERED = "address.page", "address.news", "address.entered"
_HANDLED, _SEEN, _KEPT, _RECORDED, _DEFAULTS, _HAD = (
    f"address.{name}" for name in ("handled", "seen", "kept", "recorded", "defaults", "had")
)
_LONGEST = 100  # characters of a text that names nothing, as it is told
_MOST_HAD = 50  # addresses to know again: the browser is a few behind at most


@dataclass(frozen=True)
class Parameter(Generic[_V]):
    """One choice in the address: its name there, its default, how it is written, and what an unknown value is called.

    `kept_as` says under which name the choice is kept for the session; pages that name the same share it. One that does
    not last is forgotten when the user leaves the page.
    """

    key: str
    default: _V
    codec: Codec[_V]
    what: str
    kept_as: str = ""
    lasts: bool = True

    @property
    def kept(self) -> str:
        """The name under which the choice is kept."""
        return self.kept_as or self.key


def enter_page(title: str) -> None:
    """Begin a run of a page, and find out whether its address is news."""
    state, recorded = st.session_state, _memory(_RECORDED)
    switched = state.get(_PAGE) != title
    if switched:
        state[_PAGE] = title
        for name in (_RECORDED, _SEEN, _HAD):
            _memory(name).clear()
    # A run that was started by a choice may bring the address from before the last ones
    acted = any(state.get(key, value) != value for key, value in recorded.items())
    if switched or came_by_history() or not (acted or _had_before()):
        state[_NEWS] = state.get(_NEWS, 0) + 1
    if switched:
        state[_ENTERED] = state[_NEWS]
    _note_address()


def choose(parameter: Parameter[_V], widget: Callable[[str], Any]) -> _V:
    """Show a widget whose value is in the address, and return that value.

    `widget` is called with the key under which the session holds its value; its default must be `standing_value`.
    """
    _take_over(parameter)
    value: _V = widget(parameter.key)
    _write_down(parameter, value)
    return value


def standing_value(key: str, otherwise: Any = None) -> Any:  # noqa: ANN401
    """Return what to give a widget as its default: the value that it has, or `otherwise` where this run has set that.

    The browser loads the code of some widgets late, and by then knows the last run's message alone. That no longer says
    what an earlier run has set: without this default the widget would show nothing, and send it. Streamlit allows a
    default or a value that was set, not both.
    """
    return otherwise if was_set(key) else st.session_state[key]


def recall(parameter: Parameter[_V]) -> _V:
    """Return a value that is in the address without a widget; callbacks change it in the session's state."""
    return choose(parameter, lambda key: st.session_state[key])


def read_value(name: str, codec: Codec[_V], what: str) -> _V | None:
    """Return the value that the address names, where no widget stands for it."""
    return _read(name, codec, what, st.query_params.get_all(name))


def _take_over(parameter: Parameter[_V]) -> None:
    """Give the widget the value of the address where that is news, even if the run that it came with was cut short."""
    state, key = st.session_state, parameter.key
    handled = _memory(_HANDLED).get(key, 0)
    _memory(_HANDLED)[key] = state.get(_NEWS, 0)
    asked = st.query_params.get_all(key)
    known = handled == state.get(_NEWS, 0) or asked == _memory(_SEEN).get(key)
    if key in state and (known or _was_touched(key)):
        _keep_up(parameter)
        return
    value = _read(key, parameter.codec, parameter.what, asked)
    if value is None and not asked and (handled < state.get(_ENTERED, 0) or key not in state):
        value = _kept_choice(parameter)
    state[key] = parameter.default if value is None else value


def _was_touched(key: str) -> bool:
    """Return whether the user has changed a widget since it was last recorded."""
    recorded = _memory(_RECORDED)
    return key in recorded and bool(st.session_state.get(key, recorded[key]) != recorded[key])


def _keep_up(parameter: Parameter[Any]) -> None:
    """Let an untouched value follow its default, and take out what the widget no longer offers.

    Other choices may decide about both. A value that stays is not set again: what is set reaches the browser late and
    would undo what the user has entered there since.
    """
    state, key = st.session_state, parameter.key
    value = parameter.default if state[key] == _memory(_DEFAULTS).get(key, parameter.default) else state[key]
    offered, unknown = parameter.codec.read(parameter.codec.write(value))
    if unknown:
        value = parameter.default if offered is None else offered
    if value != state[key]:
        state[key] = value


def _kept_choice(parameter: Parameter[_V]) -> _V | None:
    """Return what was chosen earlier in this session, as far as it still exists."""
    texts = _memory(_KEPT).get(parameter.kept)
    return parameter.codec.read(texts)[0] if texts else None


def _write_down(parameter: Parameter[_V], value: _V) -> None:
    key, texts = parameter.key, parameter.codec.write(value)
    _memory(_RECORDED)[key], _memory(_DEFAULTS)[key] = value, parameter.default
    if value == parameter.default:
        texts = []
    if texts and parameter.lasts:
        _memory(_KEPT)[parameter.kept] = texts
    else:
        _memory(_KEPT).pop(parameter.kept, None)
    if texts != st.query_params.get_all(key):
        if texts:
            st.query_params[key] = texts
        else:
            st.query_params.pop(key, None)
        _note_address()
    _memory(_SEEN)[key] = texts


def _had_before() -> bool:
    """Return whether this page has had the address, in what belongs to it, at any time."""
    now = _read_address()
    owned = _memory(_RECORDED)
    return any(all(had.get(key) == now.get(key) for key in owned) for had in _memory(_HAD).values())


def _note_address() -> None:
    had = _memory(_HAD)
    address = _read_address()
    had[str(sorted(address.items()))] = address
    while len(had) > _MOST_HAD:
        had.pop(next(iter(had)))


def _read_address() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def _read(name: str, codec: Codec[_V], what: str, asked: Sequence[str]) -> _V | None:
    """Return the value that texts of the address name, and tell of those that name nothing or do not count."""
    value, unknown = codec.read(asked)
    if unknown:
        _report(_describe_unknown(what, plain(", ".join(map(_shorten, unknown)))))
    elif len(set(asked)) > 1 and not codec.of_several:
        _report(f"The link has several values for “{name}”: the last one, {plain(asked[-1])}, is used.")
    return value


def _describe_unknown(what: str, named: str) -> str:
    """Say which values of the address are not there, or out of range."""
    noun, exists, _ = what.partition(" that exists here")
    return (
        f"The link has an unknown {noun}: {named}."
        if exists
        else f"The link has an invalid value: {named}. Allowed: {what}."
    )


def _report(words: str) -> None:
    st.warning(words, icon=":material/link_off:")


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _memory(name: str) -> dict[str, Any]:
    memory: dict[str, Any] = st.session_state.setdefault(name, {})
    return memory
