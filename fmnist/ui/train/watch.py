"""The part of the Train page that looks again as time passes: the queue, and the run that is looked at."""

from collections.abc import Sequence

import streamlit as st

from fmnist.jobs import queue
from fmnist.jobs.obstacles import describe_obstacles
from fmnist.runs.layout import describe_unavailable, user_store
from fmnist.runs.run import Run, RunError
from fmnist.ui.internals import send_in_full
from fmnist.ui.markup import plain
from fmnist.ui.show import show_finding
from fmnist.ui.train.card import show_run
from fmnist.ui.train.log import opened_log
from fmnist.ui.train.queue import list_waiting, show_queue
from fmnist.ui.train.runs import ACTIVE, asked_for, own_runs, tell_refusals

_LOOK_SECONDS, _IDLE_SECONDS = 2.0, 5.0  # a training says every two seconds where it is


def follow(run: Run | None, runs: Sequence[Run]) -> None:
    """Show the queue and a run, and look again as time passes: whatever any browser starts or stops is seen here."""
    active = any(each.state in ACTIVE for each in runs)
    look = st.fragment(_look, run_every=_LOOK_SECONDS if active else _IDLE_SECONDS)
    look(run.id if run else None, [(each.id, each.state) for each in runs], opened_log())


@send_in_full()
def _look(run_id: str | None, seen: Sequence[tuple[str, str]], log: str | None) -> None:
    runs = own_runs()
    _ensure_worker(runs)
    if [(run.id, run.state) for run in runs] != seen or asked_for() not in (None, run_id) or opened_log() != log:
        st.rerun()  # the list is another one, or a click asked for another run or for a log
    tell_refusals()
    if run_id is None:
        _show_nothing_yet()
        return
    run = next(run for run in runs if run.id == run_id)
    show_queue(runs, run)
    show_run(run, [each.id for each in list_waiting(runs)])


def _ensure_worker(runs: Sequence[Run]) -> None:
    """Replace a worker that was killed, or went with a restarted machine, and say so where nothing can be trained."""
    if unavailable := describe_unavailable(user_store()):
        st.error(plain(unavailable), icon=":material/folder_off:")
        return
    for obstacle in describe_obstacles(user_store(), runs):
        st.warning(plain(obstacle), icon=":material/block:")
    try:
        queue.ensure_worker()
    except RunError as error:
        st.error(plain(str(error)), icon=":material/error:")
    if failure := queue.describe_worker_failure():
        st.error(f"The worker failed and is tried again. Queued runs wait. {plain(failure)}", icon=":material/error:")


def _show_nothing_yet() -> None:
    show_finding("No runs yet")
    st.markdown(
        "Choose an architecture and a recipe, then start. A small share of the images gives a first result soon."
    )
    st.caption("Training runs in the background, so you can close this page.")
