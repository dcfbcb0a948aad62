"""The queue on the Train page: what runs and what waits, in its order, and how long it will all take."""

import math
from collections.abc import Sequence

import streamlit as st

from fmnist.jobs import queue
from fmnist.jobs.forecast import Paces, forecast, line_up
from fmnist.jobs.locks import describe_lock_trouble
from fmnist.jobs.progress import measure_progress
from fmnist.runs.life_cycle import stop_requested
from fmnist.runs.run import BrokenRun, Run
from fmnist.ui.train.paces import known_paces
from fmnist.ui.train.runs import attempt, read_history, watch
from fmnist.ui.train.words import describe_queue, describe_turn, describe_waiting, short_name

_LONG_QUEUE, _QUEUE_HEIGHT = 4, 240  # rows, and pixels within which more of them scroll


def list_waiting(runs: Sequence[Run]) -> list[Run]:
    """Return the queued ones of runs that come with the newest first, in the order in which they will be trained."""
    return [run for run in reversed(runs) if run.state == "queued"]


def show_queue(runs: Sequence[Run], watched: Run) -> None:
    """Show what runs and what waits, each with its time, a way to look at it and a way out of the queue.

    A run that is alone in it, looked at and not skipped needs no line of its own.
    """
    running, queued = [run for run in runs if run.state == "running"], list_waiting(runs)
    skipped = [run for run in queued if describe_lock_trouble(run)]
    if not skipped and {run.id for run in (*running, *queued)} <= {watched.id}:
        return
    waiting = [run for run in queued if run not in skipped]
    paces = known_paces()
    left, takes = ([_seconds_left(run, paces) for run in some] for some in (running, waiting))
    ends = line_up(left, takes)
    turns = [describe_turn(seconds, stop_requested(run.directory)) for run, seconds in zip(running, left, strict=True)]
    turns += [describe_waiting(place, *times) for place, times in enumerate(zip(takes, ends, strict=True), start=1)]
    turns += ["Skipped" for _ in skipped]
    with st.container(border=True, key="queue"):
        _show_head(queued, describe_queue(left, takes, len(skipped)))
        with st.container(height=_QUEUE_HEIGHT if len(turns) > _LONG_QUEUE else "content", border=False):
            for run, turn in zip([*running, *waiting, *skipped], turns, strict=True):
                _show_row(run, turn, looked_at=run.id == watched.id)


def cancel(run: Run) -> None:
    """Take a run out of the queue, or stop it where it has begun by now."""
    attempt(lambda: queue.stop(run))


def _show_head(waiting: Sequence[Run], words: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{words}**", width="content")
        if len(waiting) > 1:
            with st.popover("Clear queue", icon=":material/playlist_remove:", type="tertiary"):
                st.write(f"Remove {len(waiting):,} queued runs? The current run continues.")
                st.button("Remove all", type="primary", on_click=_clear, args=(waiting,))


def _clear(waiting: Sequence[Run]) -> None:
    for run in reversed(waiting):  # the last first: the worker takes the next one from the other end
        cancel(run)


def _show_row(run: Run, turn: str, looked_at: bool) -> None:
    name = short_name(run)
    row = st.container(horizontal=True, wrap=False, vertical_alignment="center")
    with row.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button(
            f"**{name}**" if looked_at else name,
            key=f"look_{run.id}",
            type="tertiary",
            icon=":material/play_circle:" if run.state == "running" else ":material/schedule:",
            on_click=watch,
            args=(run,),
        )
        st.caption(turn, width="content")
    if run.state == "queued":
        tip = f"Remove {name} from the queue"
        row.button("Remove", key=f"cancel_{run.id}", type="tertiary", help=tip, on_click=cancel, args=(run,))


def _seconds_left(run: Run, paces: Paces) -> float:
    """Return how long a running or queued training still takes, infinite where nobody knows."""
    if isinstance(run, BrokenRun):
        return math.inf
    if run.state == "running" and (run.status.phase == "evaluating" or stop_requested(run.directory)):
        return 0.0
    history = read_history(run)
    if run.state == "running" and history:
        return measure_progress(run.config, run.status, history).seconds_left or 0.0
    known = forecast(run.config, paces, len(history))
    return known.seconds if known else math.inf
