"""What the pages need of Streamlit that it has no public name for; nothing else here knows of its inside."""

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
