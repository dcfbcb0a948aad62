"""The end of a run's log, in a dialog over the Train page."""

from collections.abc import Sequence

import streamlit as st

from fmnist.runs.reading import load_log
from fmnist.runs.run import Run, RunError
from fmnist.ui.markup import plain
from fmnist.ui.train.words import short_name

_OPENED = "log_of"
_LAST_LINES = 60


def offer_log(run: Run) -> None:
    """Show the button that opens a run's log: by the next run of the whole page, which keeps it while others go on."""
    st.button("Log", icon=":material/article:", type="tertiary", on_click=_open, args=(run.id,))


def opened_log() -> str | None:
    """Return the id of the run whose log is open."""
    opened: str | None = st.session_state.get(_OPENED)
    return opened


def show_opened_log(runs: Sequence[Run]) -> None:
    """Show the log that is open, if any."""
    run = next((run for run in runs if run.id == opened_log()), None)
    if run is not None:
        title = f"Log of {plain(short_name(run))}"
        st.dialog(title, width="large", on_dismiss=lambda: _open(None))(_show_log)(run)


def _open(run_id: str | None) -> None:
    st.session_state[_OPENED] = run_id


def _show_log(run: Run) -> None:
    try:
        text = load_log(run, last_lines=_LAST_LINES)
    except RunError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return
    st.code(text or "No output yet.", language=None, height=400 if text else "content", wrap_lines=True)
    st.button("Refresh", icon=":material/refresh:", type="tertiary")
