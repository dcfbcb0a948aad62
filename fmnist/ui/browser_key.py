"""The key by which a browser finds its own pictures again: a cookie that this server alone gets, set when they begin.

Without pictures there is no cookie. Two tabs that began at the same time may each have made a key: the second one then
takes that of the first, and its pictures go along.
"""

import streamlit as st

from fmnist.errors import InputError
from fmnist.pictures.album import Album
from fmnist.pictures.owners import folder_of, is_key, make_key, store_name
from fmnist.runs.layout import is_directory
from fmnist.ui.component import register_component

_holder = register_component(__file__, isolate_styles=False)
_HOLDER, _KEY, _REFUSED, _USED = "browser_key", "pictures.key", "pictures.no_cookies", "pictures.used"

NO_COOKIES = "This browser keeps no cookies: when you close or reload this tab, your pictures are out of reach."


def own_album() -> Album | None:
    """Return this browser's pictures; None where it has none."""
    key = _own_key()
    album = Album(folder_of(key)) if key else None
    if album is None or not is_directory(album.folder):
        return None
    if not st.session_state.get(_USED):
        st.session_state[_USED] = True
        album.mark_used()
    return album


def album_to_fill() -> Album:
    """Return this browser's pictures, which may begin now."""
    key = _own_key() or make_key()
    st.session_state[_KEY] = key
    return Album(folder_of(key))


def hold_key() -> None:
    """Let the browser keep the key as long as there are pictures; where it refuses, that is said."""
    key = _own_key()
    if not key:
        return
    data = {
        "name": _cookie(),
        "key": key,
        "keep": own_album() is not None,
        "told": st.session_state.get(_REFUSED, False),
    }
    _holder(key=_HOLDER, data=data, on_other_change=take_other, on_refused_change=_note_refusal)
    if st.session_state.get(_REFUSED) and data["keep"]:
        st.warning(NO_COOKIES, icon=":material/cookie_off:")


def _own_key() -> str:
    """Return the key of this session, or of the cookie that came with it; "" without one."""
    held = st.session_state.get(_KEY) or st.context.cookies.get(_cookie())
    return held if isinstance(held, str) and is_key(held) else ""


def _cookie() -> str:
    return f"fmnist_pictures_{store_name()}"


def take_other() -> None:
    """Take the key that another tab of this browser has made, and move the pictures of this one there."""
    other, own = st.session_state[_HOLDER].get("other"), _own_key()
    if not is_key(other) or not own or other == own:  # the browser may send anything
        return
    album = own_album()
    st.session_state[_KEY] = other
    if album is not None:
        try:
            Album(folder_of(other)).take_over(album)
        except InputError:
            st.session_state[_KEY] = own


def _note_refusal() -> None:
    st.session_state[_REFUSED] = True
