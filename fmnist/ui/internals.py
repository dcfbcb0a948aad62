"""What the pages need of Streamlit that it has no public name for; nothing else here knows of its inside."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx


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
