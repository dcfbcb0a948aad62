"""The user's own pictures as a wall; each opens, to change its class or to delete it."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from fmnist.inference.frame import Step, shrink
from fmnist.inference.picture import PictureError, read_picture
from fmnist.pictures.album import Album, Stored
from fmnist.ui.address import Parameter, recall
from fmnist.ui.codecs import OneOrNone
from fmnist.ui.gallery import choose_page, show_tiles
from fmnist.ui.pictures import LARGE, image_source, steps_html
from fmnist.ui.train.runs import attempt
from fmnist.views.own_pictures import NOTHING_FOUND

_OPENED, _SOURCES = "opened", "wall_sources"
_THUMB = 112  # pixels: twice what a tile shows


def show_wall(album: Album, pictures: Sequence[Stored], said: Mapping[str, int], reader: str) -> None:
    """Show the pictures with their classes; `said` are the labels that one model gives them, by id."""
    names = album.class_names()
    page = pictures[choose_page(np.arange(len(pictures)), "wall")]
    sources = _load_sources(page)
    tiles = [
        _as_tile(position, picture, names, said.get(picture.id), sources[picture.id])
        for position, picture in enumerate(page)
        if picture.id in sources
    ]

    def open_tile(position: int) -> None:
        st.session_state[_OPENED] = page[position].id if 0 <= position < len(page) else None

    show_tiles(tiles, "wall_tiles", f"Your pictures with the predictions of {reader}", open_tile)


def show_opened(album: Album, pictures: Sequence[Stored], answers: Mapping[str, Mapping[str, int]]) -> None:
    """Show the picture that the address names, if any, over the page; `answers` are the models' by the picture's id."""
    codec = OneOrNone({picture.id: picture.id for picture in pictures})
    opened = recall(Parameter[str | None](_OPENED, None, codec, "picture that exists here", lasts=False))
    found = next((picture for picture in pictures if picture.id == opened), None)
    if found is not None:
        st.dialog("Your picture", on_dismiss=_close)(_show_picture)(album, found.id, answers.get(found.id, {}))


def _show_picture(album: Album, picture_id: str, answers: Mapping[str, int]) -> None:
    picture, names = album.find(picture_id), album.class_names()  # a choice in the dialog reruns it alone
    if picture is None:
        st.rerun()
    try:
        image = shrink(read_picture(picture.path).pixels, 2 * LARGE)
    except PictureError as error:
        st.error(str(error))
    else:
        st.html(steps_html([Step(names.get(picture.label, ""), "", image)], LARGE))
    key = f"class_{picture.id}_{picture.label}"
    options = list(names.values())
    place = options.index(names[picture.label])
    st.selectbox("It is a", options, place, key=key, on_change=_relabel, args=[album, picture.id, key])
    if answers:
        rows = [{"Model": model, "Answer": _name(label, names)} for model, label in answers.items()]
        st.dataframe(rows, hide_index=True, key="opened_answers")
    icon = ":material/delete:"
    if st.button("Delete this picture", key="delete_one", icon=icon, on_click=_delete, args=[album, picture.id]):
        st.rerun()


def _relabel(album: Album, picture_id: str, key: str) -> None:
    attempt(lambda: album.relabel(picture_id, st.session_state[key]))


def _delete(album: Album, picture_id: str) -> None:
    attempt(lambda: album.remove(picture_id))
    _close()


def _close() -> None:
    st.session_state[_OPENED] = None


def _as_tile(
    position: int, picture: Stored, names: Mapping[int, str], said: int | None, source: str
) -> dict[str, object]:
    true = names[picture.label]
    answer = "" if said is None else _name(said, names)
    verdict = "right" if said == picture.label else "wrong"
    told = answer or "not read yet"
    return {
        "index": position,
        "source": source,
        "alt": f"{true}, read as {told}",
        "name": f"Open your picture, {verdict}:" if answer else "Open your picture:",
        "true": true,
        "predicted": told,
        "verdict": verdict if answer else "note",
        "note": "",
    }


def _name(label: int, names: Mapping[int, str]) -> str:
    return "No item found" if label == NOTHING_FOUND else names[label]


def _load_sources(pictures: Sequence[Stored]) -> dict[str, str]:
    """Return small copies of pictures as data addresses by id; the session keeps those of the page that it shows."""
    kept: dict[str, str] = st.session_state.get(_SOURCES, {})
    sources = {}
    for picture in pictures:
        source = kept.get(picture.id) or _load_source(picture)
        if source:
            sources[picture.id] = source
    st.session_state[_SOURCES] = sources
    return sources


def _load_source(picture: Stored) -> str:
    try:
        return image_source(shrink(read_picture(picture.path).pixels, _THUMB))
    except PictureError:
        return ""
