"""Teach a model with the user's pictures, show what that changed, and go back."""

from collections.abc import Sequence

import streamlit as st

from fmnist.errors import InputError
from fmnist.inference.serving import ModelFileError
from fmnist.pictures.album import Album
from fmnist.pictures.features import Described
from fmnist.pictures.taught import Taught, save_taught
from fmnist.pictures.teaching import Lesson, describe_need
from fmnist.runs.run import RunError
from fmnist.ui import store
from fmnist.ui.markup import plain
from fmnist.ui.own_pictures.work import set_stopped, work_through
from fmnist.ui.show import show_cards, show_claim, show_section, show_table
from fmnist.ui.train.runs import attempt
from fmnist.views import own_pictures as view

_WANTED, _WORK = "teaching_wanted", "teaching"


def show_lesson(album: Album, described: Sequence[Described], taught: Taught | None) -> None:
    """Offer to teach a model, or show the one that was taught with a way back."""
    show_section("Teach a model")
    if st.session_state.get(_WANTED):
        _teach(album, described)
    if taught is not None:
        _show_taught(album, taught)
        return
    need = describe_need([one.stored.label for one in described], album.class_names())
    st.caption(need or view.WHAT_TEACHING_DOES)
    st.button("Teach my model", type="primary", icon=":material/school:", on_click=_want, disabled=bool(need))


def load_own(album: Album) -> Taught | None:
    """Return the model that the pictures taught; None where there is none, or it cannot be used, which is said."""
    contender = store.find_taught(album)
    if contender is None:
        return None
    try:
        return store.taught_reader(contender).taught
    except (RunError, ModelFileError) as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return None


def _teach(album: Album, described: Sequence[Described]) -> None:
    try:
        lesson = Lesson(described, album.class_names(), store.automatic_reader())
    except (InputError, RunError, ModelFileError) as error:  # the pictures or the reader have changed meanwhile
        st.session_state[_WANTED] = False
        st.warning(plain(str(error)), icon=":material/warning:")
        return
    if work_through(lesson.steps(), lesson.count, "Teaching", _WORK) is None:
        return
    st.session_state[_WANTED] = False
    if {one.stored.id for one in described} <= {picture.id for picture in album.list_pictures()}:
        attempt(lambda: save_taught(album.taught, lesson.conclude()))  # else one was deleted, in another tab
    st.rerun()


def _show_taught(album: Album, taught: Taught) -> None:
    found = view.taught_finding(taught)
    show_claim(found)
    show_cards(found.cards)
    show_table(view.taught_table(taught), "taught_classes", "taught_classes.csv")
    st.button("Remove my model", icon=":material/undo:", on_click=_remove, args=[album])
    st.caption("My model answers first on Predict until you remove it or change your pictures.")


def _want() -> None:
    st.session_state[_WANTED] = True
    set_stopped(_WORK, False)


def _remove(album: Album) -> None:
    attempt(album.forget_taught)
