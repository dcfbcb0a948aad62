"""The frame of every page: its style, its title with the question, and what stands at the right of them."""

from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.codecs import Flag
from fmnist.ui.terms import show_glossary
from fmnist.ui.tools import show_copy_link

_LARGER = Parameter("larger", False, Flag(), "text size")
_LARGER_STYLE = """
html { font-size: 19px !important } /* the smallest text, of ticks and captions, is 0.75 of it */
@media (max-width: 767px) { /* the numbers of 100 cells would lie over each other */
  .st-key-matrix { aspect-ratio: auto; height: 37rem; overflow: auto hidden }
  .st-key-matrix > * { min-width: 34rem }
}"""


def draw_frame(title: str, question: str) -> None:
    """Draw the style, the title with its question, a link to copy and the glossary.

    The style comes with the question: alone it would lie among the events, and push out a toast of a callback.
    """
    larger = _choose_size()
    with st.container(horizontal=True, vertical_alignment="center", key="page_header"):
        st.title(title, anchor=False, width="content")
        st.html(f'{_style(larger)}<p class="fmnist-question">{escape(question)}</p>')
        with st.container(horizontal=True, vertical_alignment="center", width="content", key="page_tools"):
            show_copy_link()
            show_glossary()


def sized(key: str) -> str:
    """Return the key of a figure at the chosen text size: a new key draws it anew, which its text needs."""
    return f"{key}_larger" if st.session_state.get(_LARGER.key) else key


def _choose_size() -> bool:
    with st.sidebar:
        return choose(
            _LARGER, lambda key: st.toggle("Larger text", standing_value(key, False), key=key, help="For a projector")
        )


@cache
def _style(larger: bool) -> str:
    style = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
    return f"<style>{style}{_LARGER_STYLE if larger else ''}</style>"
