"""Work that takes a while: done step by step with a bar, and a button that stops it until the user goes on."""

from collections.abc import Iterable
from typing import TypeVar

import streamlit as st

_T = TypeVar("_T")


def work_through(steps: Iterable[_T], count: int, title: str, key: str) -> list[_T] | None:
    """Take all steps and return what they gave; None where the user has stopped, which keeps the steps taken so far."""
    place = st.empty()
    if st.session_state.get(_name(key)):
        with place.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{title}: stopped.", width="content")
            st.button("Go on", key=f"{key}_on", icon=":material/play_arrow:", on_click=set_stopped, args=[key, False])
        return None
    with place.container():
        bar = st.progress(0.0, title)
        st.button("Stop", key=f"{key}_stop", icon=":material/stop:", on_click=set_stopped, args=[key, True])
    done = []
    for step in steps:
        done.append(step)
        bar.progress(min(1.0, len(done) / count), f"{title}: {len(done)} of {count}")  # a click on Stop ends it here
    place.empty()
    return done


def set_stopped(key: str, stopped: bool) -> None:
    """Note that the user has stopped some work, or goes on with it."""
    st.session_state[_name(key)] = stopped


def _name(key: str) -> str:
    return f"{key}_stopped"
