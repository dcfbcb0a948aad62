"""The user's own runs on the Train page, and which of them is looked at: that one is in the URL."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from fmnist.layout import user_store
from fmnist.runs import Run, RunError
from fmnist.training.queue import list_queue
from fmnist.ui import store
from fmnist.ui.train_words import describe_outcome, short_name

_PARAMETER, _WATCHED = "run", "watched"
_LONG_LIST, _LIST_HEIGHT = 8, 400  # runs, and pixels within which more of them scroll


def own_runs() -> list[Run]:
    """Return the runs of the user's own store, the newest first."""
    own = [run for run in store.runs() if run.directory.parent == user_store()]
    return sorted(own, key=lambda run: run.status.queued if run.status else 0, reverse=True)


def queue_positions() -> dict[str, int]:
    """Return the place of each queued run by id, counted from 1."""
    return {run.id: place for place, run in enumerate(list_queue(user_store()), start=1)}


def watch(run: Run) -> None:
    """Look at that run from now on."""
    st.query_params[_PARAMETER] = run.id


def watch_none() -> None:
    """Look at whatever is of most interest."""
    st.query_params.pop(_PARAMETER, None)
    st.session_state.pop(_WATCHED, None)


def attempt(action: Callable[[], object]) -> None:
    """Do what a button asks for; a value out of its range or a store that refuses is told."""
    try:
        action()
    except (ValueError, RunError) as error:
        st.toast(str(error), icon=":material/error:", duration="long")


def choose_watched(runs: Sequence[Run]) -> Run:
    """Let the user choose the run to look at; without a choice it is the running one, or else the newest."""
    by_id, positions = {run.id: run for run in runs}, queue_positions()
    wished = st.query_params.get(_PARAMETER)
    if wished and wished not in by_id:
        st.warning(f"The address names no run of yours: {wished}.", icon=":material/link_off:")
    running = next((run.id for run in runs if run.state == "running"), runs[0].id)
    known = (name for name in (wished, st.session_state.get(_WATCHED)) if name in by_id)
    st.session_state[_WATCHED] = next(known, running)
    room = st.container(height=_LIST_HEIGHT if len(runs) > _LONG_LIST else "content")
    chosen = room.radio(
        "Your runs",
        list(by_id),
        format_func=lambda run_id: short_name(by_id[run_id]),
        captions=[f"{describe_outcome(run, positions.get(run.id, 0))}{_started(run)}" for run in runs],
        key=_WATCHED,
        on_change=lambda: watch(by_id[st.session_state[_WATCHED]]),
    )
    return by_id[chosen]


def _started(run: Run) -> str:
    if run.status is None:
        return ""
    zone = ZoneInfo(st.context.timezone) if st.context.timezone else UTC
    moment = datetime.fromtimestamp(run.status.queued, zone)
    return f" · {moment.day} {moment:%b, %H:%M}"
