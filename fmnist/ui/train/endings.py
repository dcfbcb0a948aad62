"""What the Train page does when a training ends: a toast, a mark in the tab's title, a sentence for screen readers."""

import time
from collections.abc import Sequence

import streamlit as st

from fmnist.runs.run import Run
from fmnist.ui.announcement import announce
from fmnist.ui.markup import plain
from fmnist.ui.train.results import describe_ending
from fmnist.ui.train.runs import ACTIVE, MARKED

_STATES = "train_states"
_MARK_SECONDS = 600.0  # or until the reader does something on the page
_ICONS = {"finished": ":material/check_circle:", "stopped": ":material/stop_circle:"}


def tell_endings(runs: Sequence[Run]) -> None:
    """Tell which runs have ended since the last look of this session; call it in every run of the page."""
    state = st.session_state
    before, state[_STATES] = state.get(_STATES, {}), {run.id: run.state for run in runs}
    ended = [run for run in runs if before.get(run.id) == "running" and run.state not in ACTIVE]
    for run in ended:
        st.toast(plain(describe_ending(run)), icon=_ICONS.get(run.state, ":material/error:"), duration="long")
    if ended:
        state[MARKED] = time.time()
    if time.time() - state.get(MARKED, 0.0) < _MARK_SECONDS:
        st.set_page_config("✓ Train · FMNIST Lab")
    announce(" ".join(map(describe_ending, ended)), key="ended_training")
