"""One run on the Train page: what it does or did, its curves, and what can be done with it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.arrays import history_of
from fmnist.contenders.single_run import SingleRun
from fmnist.jobs import queue
from fmnist.jobs.locks import describe_lock_trouble, run_is_held
from fmnist.jobs.obstacles import describe_obstacles
from fmnist.jobs.progress import measure_progress
from fmnist.runs.layout import describe_unavailable, user_store
from fmnist.runs.life_cycle import stop_requested
from fmnist.runs.reading import load_log
from fmnist.runs.records import Epoch, Status
from fmnist.runs.run import BrokenRun, CompleteRun, ReadableRun, Run, RunError
from fmnist.ui.internals import send_in_full
from fmnist.ui.markup import plain
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_finding
from fmnist.ui.train.queue import cancel, list_waiting, show_queue
from fmnist.ui.train.runs import ACTIVE, BROKEN_OFF, asked_for, attempt, own_runs, tell_refusals, watch, watch_none
from fmnist.ui.train.words import describe_progress, describe_run, describe_settings, short_name
from fmnist.views import live
from fmnist.views.parts import Drawn

_LOOK_SECONDS, _IDLE_SECONDS = 2.0, 5.0  # a training says every two seconds where it is
_GONE = "The machine may have been restarted. Nothing but the epoch that was running is lost: resume it."
_RESULT_PAGES = {
    "curves": ("Curves", ":material/show_chart:"),
    "confusion": ("Confusion", ":material/grid_on:"),
    "mistakes": ("Mistakes", ":material/image_search:"),
    "predict": ("Predict", ":material/draw:"),
}


def follow(run: Run | None, runs: Sequence[Run]) -> None:
    """Show the queue and a run, and look again as time passes: whatever any browser starts or stops is seen here."""
    active = any(each.state in ACTIVE for each in runs)
    look = st.fragment(_look, run_every=_LOOK_SECONDS if active else _IDLE_SECONDS)
    look(run.id if run else None, [(each.id, each.state) for each in runs])


@send_in_full()
def _look(run_id: str | None, seen: Sequence[tuple[str, str]]) -> None:
    runs = own_runs()
    _ensure_worker(runs)
    if [(run.id, run.state) for run in runs] != seen or asked_for() not in (None, run_id):
        st.rerun()  # the list is another one, or a click in the queue asked for another run
    tell_refusals()
    if run_id is None:
        _show_nothing_yet()
        return
    run = next(run for run in runs if run.id == run_id)
    show_queue(runs, run)
    _show_run(run, [each.id for each in list_waiting(runs)])


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
        st.error(
            f"The worker failed and is tried again; what is queued waits. {plain(failure)}", icon=":material/error:"
        )


def _show_nothing_yet() -> None:
    show_finding("You have trained nothing yet.")
    st.markdown(
        "Choose networks, recipes and a number of seeds, and start. Each training is a process of its own: close the "
        "browser or stop the dashboard, and it goes on. What is shown here comes from the runs' own files, so that any "
        "browser shows the same."
    )


def _show_run(run: Run, waiting: Sequence[str]) -> None:
    history = _read_history(run)
    show_finding(describe_run(run, history, waiting.index(run.id) + 1 if run.id in waiting else 0))
    _show_state(run, history)
    if history and isinstance(run, ReadableRun):
        _show_curves(run, history)
    st.caption(describe_settings(run))
    _show_log(run)


def _read_history(run: Run) -> list[Epoch]:
    try:
        return history_of(run)
    except RunError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return []


def _show_state(run: Run, history: Sequence[Epoch]) -> None:
    if isinstance(run, ReadableRun) and run.state == "running":
        _show_progress(run, history)
    with st.container(horizontal=True, vertical_alignment="center"):
        _tell_trouble(run)
        if isinstance(run, CompleteRun) and run.state in ("finished", "stopped"):
            for page, (label, icon) in _RESULT_PAGES.items():
                st.page_link(f"pages/{page}.py", label=label, icon=icon, query_params={"runs": run.id})
        _offer_ways_on(run)


def _tell_trouble(run: Run) -> None:
    """Say what happened to a run that did not go on or end by itself; the way on stands beside it."""
    if isinstance(run, BrokenRun):
        st.error(plain(run.problem), icon=":material/error:")
    elif run.state == "lost":
        st.warning(_describe_loss(run), icon=":material/heart_broken:")
    elif run.state in ("failed", "diverged"):
        st.error(plain(run.reason or "It left no reason."), icon=":material/error:")
    elif run.state in ACTIVE and run.status.note:
        st.info(plain(run.status.note), icon=":material/history:")


def _describe_loss(run: ReadableRun) -> str:
    if trouble := describe_lock_trouble(run):
        return plain(trouble)
    return _describe_silence(run.status) if run_is_held(run) else _GONE


def _describe_silence(status: Status) -> str:
    words = "Its process is still there, so it is not resumed: on a very busy machine it may say nothing for a while."
    if status.worker is None:
        return words
    return f"{words} If it hangs, `kill -9 {status.worker}` on {plain(status.host)} ends it, and the run can go on."


def _show_progress(run: ReadableRun, history: Sequence[Epoch]) -> None:
    if stop_requested(run.directory):
        st.progress(1.0, "Stopping; what was reached is evaluated and kept")
    elif run.status.phase == "training":
        progress = measure_progress(run.config, run.status, history, _earlier(run, run.status))
        st.progress(progress.fraction, describe_progress(run.config, progress))
    else:
        words = {"evaluating": "Evaluating the kept weights on all 70,000 images"}
        st.progress(0.0 if not history else 1.0, words.get(run.status.phase, "Starting: TensorFlow takes a moment"))


def _earlier(run: ReadableRun, status: Status) -> Status:
    """Return the first status of a run's training that this session saw after its steps began."""
    if status.step == 0:
        return status
    run_id, earlier = st.session_state.setdefault("first_seen", (run.id, status))
    if run_id != run.id or earlier.epoch != status.epoch:
        st.session_state["first_seen"] = (run.id, status)
        return status
    return earlier


def _offer_ways_on(run: Run) -> None:
    state = run.state
    if state == "queued":
        st.button("Take out of the queue", icon=":material/playlist_remove:", on_click=cancel, args=(run,))
    elif state == "running":
        asked = stop_requested(run.directory)
        st.button("Stop", icon=":material/stop:", on_click=cancel, args=(run,), disabled=asked)
    elif state != "lost" or not (describe_lock_trouble(run) or run_is_held(run)):
        if state in ("stopped", *BROKEN_OFF):
            st.button("Resume", icon=":material/resume:", on_click=_resume, args=(run,))
        with st.popover("Delete", icon=":material/delete:", type="tertiary"):
            st.write(f"{short_name(run)}: its curves, weights and predictions go for good.")
            st.button("Delete this run", type="primary", on_click=_delete, args=(run,))


def _show_curves(run: ReadableRun, history: Sequence[Epoch]) -> None:
    drawn = remember(_draw_curves, [_Reached(SingleRun(run), history)])
    for column, figure in zip(st.columns(2), drawn.values(), strict=True):
        with column:
            show_drawn(figure)
    st.caption(live.explain(history))


@dataclass(frozen=True)
class _Reached:
    """A run with the epochs that it has reached: its curves are redrawn once an epoch, not with each heartbeat."""

    contender: SingleRun
    history: Sequence[Epoch]

    @property
    def key(self) -> str:
        return self.contender.key

    @property
    def title(self) -> str:
        return self.contender.title

    @property
    def version(self) -> Hashable:
        return self.contender.run.directory, len(self.history), self.history[-1]


def _draw_curves(reached: Sequence[_Reached]) -> dict[str, Drawn]:
    contender = reached[0].contender
    return live.figures(contender, contender.run.config.epochs)


def _show_log(run: Run) -> None:
    log = st.expander("End of the log", on_change="rerun", key="log")
    if log.open:
        try:
            text = load_log(run, last_lines=60)
        except RunError as error:
            log.warning(plain(str(error)), icon=":material/warning:")
        else:
            log.code(text or "Nothing was written yet.", language=None, height=240 if text else "content")


def _resume(run: Run) -> None:
    attempt(lambda: watch(queue.resume(run)))


def _delete(run: Run) -> None:
    def delete() -> None:
        queue.delete(run)
        watch_none()

    attempt(delete)
