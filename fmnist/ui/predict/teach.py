"""Say what is on a picture: it becomes one of the user's own, to test models with and to teach one."""

import streamlit as st

from fmnist.dataset import CLASS_NAMES
from fmnist.paths import is_read_only
from fmnist.pictures.album import Album
from fmnist.pictures.names import LONGEST
from fmnist.ui.announcement import announce
from fmnist.ui.browser_key import album_to_fill, hold_key, own_album
from fmnist.ui.markup import plain
from fmnist.ui.predict.results import Result
from fmnist.ui.predict.sources import Subject
from fmnist.ui.train.runs import attempt, tell_refusals
from fmnist.views.own_pictures import PRIVACY
from fmnist.wording import plural

_BOX, _NEW = "teach", "teach_new"
_STORED = "teach_stored"  # of the session: the ids of stored pictures by the keys of what was shown


def offer_teaching(result: Result) -> None:
    """Let the user say what is on a picture of theirs; the choices are drawn when they are asked for."""
    subject, album = result.subject, own_album()
    if subject.label is not None or is_read_only():  # of the test set, or an example
        return
    stored = _find_stored(subject, album)
    with st.container(horizontal=True, vertical_alignment="center", key="teaching"):
        box = st.popover("It is a …", icon=":material/school:", key=_BOX, on_change="rerun")
        if album is not None:
            _tell_stored(album, stored)
    if box.open:
        with box:
            _ask_class(subject, album, stored)
    tell_refusals()
    hold_key()


def _ask_class(subject: Subject, album: Album | None, stored: int | None) -> None:
    names = album.class_names() if album else dict(enumerate(CLASS_NAMES))
    chosen = None if stored is None else names[stored]
    key = f"{_BOX}_{subject.key}_{chosen}"
    st.pills("It is a", list(names.values()), default=chosen, key=key, on_change=_take, args=[subject, key])
    with st.form(f"{_BOX}_form", border=False, clear_on_submit=True):
        st.text_input("Something else", key=_NEW, max_chars=LONGEST, placeholder="Hat")
        st.form_submit_button("Add the class", on_click=_take, args=[subject, _NEW])
    st.caption(PRIVACY)


def _tell_stored(album: Album, stored: int | None) -> None:
    count = plural(len(album.list_pictures()), "picture")
    words = f"{count} stored." if stored is None else f"Stored as {album.class_names()[stored]}. {count} in all."
    st.caption(plain(words), width="content")
    announce("" if stored is None else words, "teaching")
    st.page_link("pages/pictures.py", label="My pictures", icon=":material/photo_album:")


def _find_stored(subject: Subject, album: Album | None) -> int | None:
    """Return as which class a picture was stored in this session; None where it was not."""
    picture_id = st.session_state.get(_STORED, {}).get(subject.key)
    found = album.find(picture_id) if album is not None and picture_id else None
    return None if found is None else found.label


def _take(subject: Subject, key: str) -> None:
    """Store a picture as what was chosen or entered; a second click on its class takes it out again."""
    name, kept = st.session_state[key], st.session_state.setdefault(_STORED, {})

    def store() -> None:
        if name is not None:
            kept[subject.key] = album_to_fill().add(subject.picture, name).id
        elif album := own_album():
            album.remove(kept.pop(subject.key, ""))

    attempt(store)
