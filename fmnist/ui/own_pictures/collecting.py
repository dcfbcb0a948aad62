"""Add pictures, take them elsewhere, bring them back, and delete all of them."""

from collections.abc import Iterator
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fmnist.dataset import CLASS_NAMES
from fmnist.errors import InputError
from fmnist.inference.picture import PictureError, load_picture
from fmnist.pictures.album import MOST_BYTES, MOST_PICTURES, Album
from fmnist.pictures.zipped import FOLDER, export_zip, import_entries, list_entries
from fmnist.ui.browser_key import album_to_fill
from fmnist.ui.internals import MOST_BYTES as MOST_UPLOADED
from fmnist.ui.internals import REFUSED
from fmnist.ui.markup import plain
from fmnist.ui.own_pictures.work import set_stopped, work_through
from fmnist.ui.problems import show_problems
from fmnist.ui.train.runs import attempt
from fmnist.wording import plural

_TURN, _TODO, _CLASS = "adding_turn", "adding_files", "adding_class"
_TYPES = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "zip"]
_LEFT_OUT = "adding_left_out"
_HELP = (
    f"At most {MOST_PICTURES} pictures and {MOST_BYTES // 2**20} MB are stored. "
    "A ZIP file has a folder for each class, such as 0_tshirt or 10_hat: the form of an export."
)


def show_tools(album: Album | None) -> None:
    """Show the buttons that add, export and delete."""
    with st.popover("Add pictures", icon=":material/add_photo_alternate:", key="adding"):
        _ask_files(album)
    if album is None:
        return
    st.download_button(
        "Export",
        lambda: export_zip(album),
        f"{FOLDER}.zip",
        "application/zip",
        icon=":material/download:",
        help="A ZIP file. `python -m fmnist score` reads the folder in it.",
    )
    with st.popover("Delete all", icon=":material/delete:"):
        count = plural(len(album.list_pictures()), "picture")
        st.markdown(f"Delete {count}, and all that was made of them? This cannot be undone.")
        st.button("Delete permanently", on_click=_delete_all, args=[album], type="primary")


def add_waiting() -> None:
    """Store the files that wait to be, with a bar; say which were left out."""
    waiting: list[tuple[str, bytes, str]] = st.session_state.get(_TODO, [])
    if waiting:
        left_out = st.session_state.setdefault(_LEFT_OUT, [])
        try:
            steps, count = _plan(waiting)
            if work_through(steps, count, "Storing pictures", "storing") is None:
                return
        except InputError as error:
            left_out.append(str(error))
        st.session_state[_TODO] = []
        st.rerun()
    problems = [problem for problem in st.session_state.pop(_LEFT_OUT, []) if problem]
    if len(problems) == 1:
        st.error(plain(problems[0]), icon=":material/error:")
    else:
        show_problems(f"{plural(len(problems), 'file')} left out", problems)


def _ask_files(album: Album | None) -> None:
    turn = st.session_state.get(_TURN, 0)
    names = list(album.class_names().values()) if album else list(CLASS_NAMES)
    files = st.file_uploader(
        "Pictures of one class, or a ZIP file",
        _TYPES,
        accept_multiple_files=True,
        key=f"adding_{turn}",
        help=_HELP,
        max_upload_size=min(MOST_UPLOADED // 2**20, st.get_option("server.maxUploadSize")),
    )
    st.selectbox(
        "They are of class",
        names,
        None,
        key=_CLASS,
        placeholder="Choose a class or enter a new one",
        accept_new_options=True,
    )
    st.button("Store", type="primary", on_click=_take_files, args=[files], disabled=not files)


def _take_files(files: list[UploadedFile]) -> None:
    """Let files wait to be stored, and begin the form anew."""
    name = st.session_state[_CLASS]
    loose = [file for file in files if not _is_zip(file)]
    if loose and not name:
        st.session_state.setdefault(_LEFT_OUT, []).append("Choose the class of the pictures, then store them.")
        return
    refused = [file.name for file in files if file.type == REFUSED]
    st.session_state[_LEFT_OUT] = [f"{one}: more than a visit holds. Upload it alone." for one in refused]
    st.session_state[_TODO] = [(f.name, f.getvalue(), name or "") for f in files if f.type != REFUSED]
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    set_stopped("storing", False)


def _is_zip(file: UploadedFile) -> bool:
    return file.name.lower().endswith(".zip")


def _plan(waiting: list[tuple[str, bytes, str]]) -> tuple[Iterator[Any], int]:
    """Return what stores all pictures of files one by one, and how many there are."""
    zips = [(data, list_entries(data)) for name, data, _ in waiting if name.lower().endswith(".zip")]
    loose = [one for one in waiting if not one[0].lower().endswith(".zip")]
    return _store_all(zips, loose), len(loose) + sum(len(entries) for _, entries in zips)


def _store_all(zips: list[tuple[bytes, Any]], loose: list[tuple[str, bytes, str]]) -> Iterator[None]:
    album, left_out = album_to_fill(), st.session_state[_LEFT_OUT]
    for data, entries in zips:
        for problem in import_entries(album, data, entries):
            left_out.append(problem)
            yield
    for name, data, class_name in loose:
        try:
            album.add(load_picture(data), class_name)
        except PictureError as error:
            left_out.append(f"{name}: {error}")
        yield


def _delete_all(album: Album) -> None:
    attempt(album.clear)
