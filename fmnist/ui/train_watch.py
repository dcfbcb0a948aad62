"""One run on the Train page: what it does or did, its curves, and what can be done with it."""

from collections.abc import Sequence

import streamlit as st

from fmnist.evaluation.curves import build_curve
from fmnist.figures.curves import NamedCurve
from fmnist.figures.live import live_figure
from fmnist.networks import network_name, run_name
from fmnist.records import Epoch, Status
from fmnist.runs import Run, RunError, delete_run, load_log, stop_requested
from fmnist.training import queue
from fmnist.training.progress import measure_progress
from fmnist.ui import store
from fmnist.ui.show import show_figure, show_finding
from fmnist.ui.train_runs import attempt, own_runs, queue_positions, watch, watch_none
from fmnist.ui.train_words import describe_progress, describe_run, describe_settings

_LOOK_SECONDS = 1.0
_RESULT_PAGES = {
    "curves": ("Curves", ":material/show_chart:"),
    "confusion": ("Confusion", ":material/grid_on:"),
    "mistakes": ("Mistakes", ":material/image_search:"),
    "predict": ("Predict", ":material/draw:"),
}


def follow(run: Run, runs: Sequence[Run]) -> None:
    """Show a run, and look again every second as long as anything is queued or running."""
    active = any(each.state in ("queued", "running") for each in runs)
    st.fragment(_look, run_every=_LOOK_SECONDS if active else None)(run.id, [(each.id, each.state) for each in runs])


def _look(run_id: str, seen: Sequence[tuple[str, str]]) -> None:
    queue.ensure_worker()  # one that was killed, or went with a restarted machine, is replaced
    runs = own_runs()
    if [(run.id, run.state) for run in runs] != seen:
        st.rerun()
    run = next(run for run in runs if run.id == run_id)
    history = _read_history(run)
    show_finding(describe_run(run, history, queue_positions().get(run.id, 0)))
    _show_state(run, history)
    if history and run.config:
        _show_curves(run, history)
    st.caption(describe_settings(run))
    _show_log(run)


def _read_history(run: Run) -> list[Epoch]:
    try:
        return store.history(run)
    except RunError as error:
        st.warning(str(error), icon=":material/warning:")
        return []


def _show_state(run: Run, history: Sequence[Epoch]) -> None:
    state = run.state
    if state == "running":
        _show_progress(run, history)
    elif state == "lost":
        st.warning(
            "The machine may have been restarted. Nothing but the epoch that was running is lost: resume it.",
            icon=":material/heart_broken:",
        )
    elif run.problem or (run.status and run.status.reason):
        st.error(run.problem or (run.status.reason if run.status else ""), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if state in ("finished", "stopped"):
            for page, (label, icon) in _RESULT_PAGES.items():
                st.page_link(f"pages/{page}.py", label=label, icon=icon, query_params={"runs": run_name(run)})
        _offer_ways_on(run)


def _show_progress(run: Run, history: Sequence[Epoch]) -> None:
    if run.config is None or run.status is None:
        return
    if stop_requested(run.directory):
        st.progress(1.0, "Stopping; what was reached is evaluated and kept")
    elif run.status.phase == "training":
        progress = measure_progress(run.config, run.status, history, _earlier(run, run.status))
        st.progress(progress.fraction, describe_progress(run.config, progress))
    else:
        words = {"evaluating": "Evaluating the kept weights on all 70,000 images"}
        st.progress(0.0 if not history else 1.0, words.get(run.status.phase, "Starting: TensorFlow takes a moment"))


def _earlier(run: Run, status: Status) -> Status:
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
        st.button("Take out of the queue", icon=":material/playlist_remove:", on_click=_stop, args=(run,))
    elif state == "running":
        asked = stop_requested(run.directory)
        st.button("Stop", icon=":material/stop:", on_click=_stop, args=(run,), disabled=asked)
    else:
        if state in ("stopped", "failed", "lost"):
            st.button("Resume", icon=":material/resume:", on_click=_resume, args=(run,))
        with st.popover("Delete", icon=":material/delete:", type="tertiary"):
            st.write("Its curves, weights and predictions go for good.")
            st.button("Delete this run", type="primary", on_click=_delete, args=(run,))


def _show_curves(run: Run, history: Sequence[Epoch]) -> None:
    if run.config is None:
        return
    config = run.config
    network = network_name(config.model, config.recipe)
    named = NamedCurve(network, network, config.model, config.recipe, build_curve(history))
    loss, accuracy = (live_figure(named, measure, config.epochs) for measure in ("loss", "accuracy"))
    left, right = st.columns(2)
    with left:
        show_figure(loss, "train_loss", f"Loss of {network} by epoch, on training and validation images")
    with right:
        show_figure(accuracy, "train_accuracy", f"Accuracy of {network} by epoch, on training and validation images")
    st.caption("Thin on training images, thick on validation images; the lowest validation loss is marked.")


def _show_log(run: Run) -> None:
    log = st.expander("End of the log", on_change="rerun", key="log")
    if log.open:
        text = load_log(run, last_lines=60)
        log.code(text or "Nothing was written yet.", language=None, height=240 if text else "content")


def _stop(run: Run) -> None:
    attempt(lambda: queue.stop(run))


def _resume(run: Run) -> None:
    attempt(lambda: watch(queue.resume(run)))


def _delete(run: Run) -> None:
    attempt(lambda: delete_run(run))
    watch_none()
