"""Lessons to begin with, as links."""

import streamlit as st

from fmnist.ui.learn.lesson import load_lessons

_FIRST = ("depth", "overfitting", "confidence")


def show_lessons() -> None:
    """Link to a few lessons of the page Learn."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Start with a question:")
        for key in _FIRST:
            title, query = load_lessons()[key].title, {"lesson": key}
            st.page_link("pages/learn.py", label=title, icon=":material/school:", query_params=query)
