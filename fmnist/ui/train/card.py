"""The card of one run on the Train page: what it does or did, its curve, and what can be done with it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.arrays import history_of
from fmnist.contenders.seed_group import SeedGroup, list_groups
from fmnist.contenders.selection import default_groups
from fmnist.contenders.single_run import SingleRun
from fmnist.jobs import queue
from fmnist.jobs.locks import describe_lock_trouble, run_is_held
from fmnist.jobs.progress import measure_progress
from fmnist.runs.life_cycle import stop_requested
from fmnist.runs.reading import list_runs
from fmnist.runs.records import Epoch, Status
from fmnist.runs.run import BrokenRun, CompleteRun, ReadableRun, Run, RunError
from fmnist.ui.choices import choose_option
from fmnist.ui.confusion.link import address_difference
from fmnist.ui.markup import plain
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_finding
from fmnist.ui.train.log import offer_log
from fmnist.ui.train.queue import cancel
from fmnist.ui.train.results import explain_chance, find_result
from fmnist.ui.train.runs import ACTIVE, BROKEN_OFF, attempt, watch, watch_none
from fmnist.ui.train.words import describe_progress, describe_settings, short_name
from fmnist.views import live
from fmnist.views.parts import Drawn
from fmnist.wording import percent

_GONE = "The machine may have restarted. Resume to continue from the last finished epoch."
_METRIC_WIDTH = 260  # pixels
_RESULT_PAGES = {
    "curves": ("Curves", ":material/show_chart:"),
    "confusion": ("Confusion", ":material/grid_on:"),
    "mistakes": ("Mistakes", ":material/image_search:"),
    "predict": ("Predict", ":material/draw:"),
}


def show_run(run: Run, waiting: Sequence[str]) -> None:
    """Show a run; `waiting` are the ids of those in the queue, in its order."""
    history = _read_history(run)
    with st.container(border=True, key="run_card"):
        show_finding(find_result(run, history, waiting.index(run.id) + 1 if run.id in waiting else 0))
        _show_state(run, history)
        if history and isinstance(run, ReadableRun):
            _show_curves(run, history)
        st.caption(describe_settings(run))


def _read_history(run: Run) -> list[Epoch]:
    try:
        return history_of(run)
    except RunError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return []


def _show_state(run: Run, history: Sequence[Epoch]) -> None:
    if isinstance(run, ReadableRun) and run.state == "running":
        _show_progress(run, history)
        _show_accuracy(history)
    _tell_trouble(run)
    if isinstance(run, CompleteRun) and run.state in ("finished", "stopped"):
        if cause := explain_chance(run.config, run.evaluation, history):
            st.warning(cause, icon=":material/casino:")
        _lead_on(run)
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer_ways_on(run)


def _tell_trouble(run: Run) -> None:
    """Say what happened to a run that did not go on or end by itself; the way on stands below it."""
    if isinstance(run, BrokenRun):
        st.error(plain(run.problem), icon=":material/error:")
    elif run.state == "lost":
        st.warning(_describe_loss(run), icon=":material/heart_broken:")
    elif run.state in ("failed", "diverged"):
        st.error(plain(run.reason or "No reason was recorded. Open the log."), icon=":material/error:")
    elif run.state in ACTIVE and run.status.note:
        st.info(plain(run.status.note), icon=":material/history:")


def _describe_loss(run: ReadableRun) -> str:
    if trouble := describe_lock_trouble(run):
        return plain(trouble)
    return _describe_silence(run.status) if run_is_held(run) else _GONE


def _describe_silence(status: Status) -> str:
    words = "Its process is still there, so it cannot be resumed. A very busy machine may be silent for a while."
    if status.worker is None:
        return words
    return f"{words} If it hangs, end it with `kill -9 {status.worker}` on {plain(status.host)}, then resume."


def _show_progress(run: ReadableRun, history: Sequence[Epoch]) -> None:
    if stop_requested(run.directory):
        st.progress(1.0, "Stopping: saving and evaluating the current weights …")
    elif run.status.phase == "asking":
        asked, images = run.status.step, run.status.steps
        st.progress(asked / images if images else 0.0, "Asking the teachers about each view of the images …")
    elif run.status.phase == "training":
        progress = measure_progress(run.config, run.status, history, _earlier(run, run.status))
        st.progress(progress.fraction, describe_progress(run.config, progress))
    else:
        words = {"evaluating": "Evaluating the kept weights on all 70,000 images …"}
        st.progress(0.0 if not history else 1.0, words.get(run.status.phase, "Starting: loading TensorFlow …"))


def _earlier(run: ReadableRun, status: Status) -> Status:
    """Return the first status of a run's training that this session saw after its steps began."""
    if status.step == 0:
        return status
    run_id, earlier = st.session_state.setdefault("first_seen", (run.id, status))
    if run_id != run.id or earlier.epoch != status.epoch:
        st.session_state["first_seen"] = (run.id, status)
        return status
    return earlier


def _show_accuracy(history: Sequence[Epoch]) -> None:
    """Show the newest accuracy on the validation images, its change, and the way there."""
    if not history:
        return
    accuracies = [epoch.val_accuracy for epoch in history]
    # the hyphen decides that the arrow points down
    gain = f"{100 * (accuracies[-1] - accuracies[-2]):+.2f} points" if len(accuracies) > 1 else None
    st.metric(
        "Validation accuracy",
        percent(accuracies[-1]),
        gain,
        chart_data=[100 * accuracy for accuracy in accuracies] if gain else None,
        border=True,
        width=_METRIC_WIDTH,
        delta_description="since the last epoch" if gain else None,
    )


def _lead_on(run: CompleteRun) -> None:
    """Lead to the pages on which a result is looked at, first of all beside the best model."""
    best = _find_best(run)
    with st.container(horizontal=True, vertical_alignment="center"):
        if best is not None:
            st.page_link(
                "pages/confusion.py",
                label="Compare with the best",
                icon=":material/compare_arrows:",
                help=f"Where it differs from {plain(best.title)}",
                query_params=address_difference(SingleRun(run), best),
            )
        for page, (label, icon) in _RESULT_PAGES.items():
            st.page_link(f"pages/{page}.py", label=label, icon=icon, query_params={"runs": run.id})


def _find_best(run: CompleteRun) -> SeedGroup | None:
    """Return the leader, or the next best model where this run is the leader's."""
    groups = default_groups(list_groups(list_runs()))
    return next((group for group in groups if all(member.id != run.id for member in group.runs)), None)


def _offer_ways_on(run: Run) -> None:
    state = run.state
    if state == "queued":
        st.button("Remove from queue", icon=":material/playlist_remove:", on_click=cancel, args=(run,))
    elif state == "running":
        asked = stop_requested(run.directory)
        st.button("Stop", icon=":material/stop:", on_click=cancel, args=(run,), disabled=asked)
    elif state != "lost" or not (describe_lock_trouble(run) or run_is_held(run)):
        if state in ("stopped", *BROKEN_OFF):
            st.button("Resume", icon=":material/resume:", on_click=_resume, args=(run,))
        with st.popover("Delete", icon=":material/delete:", type="tertiary"):
            st.write(f"Delete {plain(short_name(run))}? Its curves, weights and predictions are removed permanently.")
            st.button("Delete this run", type="primary", on_click=_delete, args=(run,))
    offer_log(run)


def _show_curves(run: ReadableRun, history: Sequence[Epoch]) -> None:
    drawn = remember(_draw_curves, [_Reached(SingleRun(run), history)])
    measure = choose_option("Curve", {"accuracy": "Accuracy", "loss": "Loss"}, "curve")
    show_drawn(drawn[f"train_{measure}"], key=f"train_{measure}")
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


def _resume(run: Run) -> None:
    attempt(lambda: watch(queue.resume(run)))


def _delete(run: Run) -> None:
    def delete() -> None:
        queue.delete(run)
        watch_none()

    attempt(delete)
