"""What the pages need of Streamlit that it has no public name for; nothing else here knows of its inside."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

MOST_FILES = 32  # that a session holds; each is classified again when a choice changes
MOST_BYTES = 50 * 2**20  # of these files together
REFUSED = "refused"  # the type of a file that was one too many

_MOST_NAMES = 1000  # of files that were refused
_BOUNDED = "fmnist_bounded"


def leave_old_navigation() -> None:
    """Begin again with app.py where a page was opened by its address before any other page of this server.

    A folder named `pages` starts Streamlit's old navigation, which runs a page without app.py, until `st.navigation`
    has been called once; there is no public switch for it.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def came_by_history() -> bool:
    """Return whether this run was started by the browser's Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def was_set(key: str) -> bool:
    """Return whether this run, or the callback before it, has set the value of the widget with this key."""
    context = get_script_run_ctx()
    return context is not None and context.session_state.is_new_state_value(key)


@contextmanager
def send_in_full() -> Iterator[None]:
    """Send what a fragment shows in full, even where the browser still has the same message; also a decorator.

    Streamlit sends the hash of a large message that the browser has. Where a fragment runs twice before the browser
    gets anything, the first run's messages are dropped except for these hashes (`ForwardMsgQueue.clear`, version 1.67).
    Their containers may be among what was dropped: the browser then stops with "Bad delta path index".
    """
    context = get_script_run_ctx()
    if context is None:
        yield
        return
    known, context.cached_message_hashes = context.cached_message_hashes, frozenset()
    try:
        yield
    finally:
        context.cached_message_hashes = known


def bound_uploads() -> None:
    """See to it that no session holds more files than `MOST_FILES` and `MOST_BYTES`, whoever sends them.

    Streamlit bounds the size of each file alone.
    """
    context = get_script_run_ctx()
    manager = None if context is None else context.uploaded_file_mgr
    if isinstance(manager, MemoryUploadedFileManager) and not hasattr(manager, _BOUNDED):
        bound_manager(manager)


def bound_manager(manager: MemoryUploadedFileManager) -> None:
    """Let what exceeds the bounds be dropped as it arrives: its name stays, with the type `REFUSED`."""
    add = manager.add_file

    def add_within_bounds(session_id: str, file: UploadedFileRec) -> None:
        held = [other for other in list(manager.file_storage[session_id].values()) if other.file_id != file.file_id]
        taken = [len(other.data) for other in held if other.type != REFUSED]
        if len(taken) >= MOST_FILES or sum(taken) + len(file.data) > MOST_BYTES:
            file = file._replace(data=b"", type=REFUSED)
        if len(held) < _MOST_NAMES:
            add(session_id, file)

    manager.add_file = add_within_bounds  # type: ignore[method-assign]
    setattr(manager, _BOUNDED, True)
