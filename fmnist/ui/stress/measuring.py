"""Runs that have not been measured under stress: what can be done about each, and the measurement on its way."""

from collections.abc import Sequence

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.single_run import SingleRun
from fmnist.errors import InputError
from fmnist.runs.run import RunError
from fmnist.stress.jobs import Job, latest_job, start_measuring
from fmnist.stress.limits import IMAGES
from fmnist.ui.guards import dataset_or_offer
from fmnist.ui.internals import send_in_full
from fmnist.ui.markup import plain
from fmnist.views.stress import describe_measuring, estimate_seconds, measured_results
from fmnist.wording import duration, shorten

_LOOK_SECONDS = 1.0
_PROBLEM = "stress_refused"  # why a measurement could not be started, to be said once


def with_results(models: Sequence[Contender]) -> list[Contender]:
    """Return the models that have been measured, and offer to measure the others; with none the page stops."""
    measured = [model for model in models if measured_results(model) is not None]
    missing = [model for model in models if model not in measured]
    able = [model for model in missing if isinstance(model, SingleRun) and model.run.served is not None]
    unable = [model.title for model in missing if model not in able]
    if unable:
        st.caption(plain(f"Left out: {shorten(unable)}. Only runs whose weights were kept can be measured."))
    _follow_or_offer(able)
    if not measured:
        if not missing or not able:
            st.info("Select a run with weights to continue.", icon=":material/checklist:")
        st.stop()
    return measured


def _follow_or_offer(missing: Sequence[SingleRun]) -> None:
    job = latest_job()
    if job is not None and job.state == "running":
        st.fragment(_follow, run_every=_LOOK_SECONDS)(job)
        return
    if problem := st.session_state.pop(_PROBLEM, ""):
        st.warning(plain(problem), icon=":material/warning:")
    if not missing:
        return
    if job is not None and job.state == "failed" and set(job.runs) & {model.key for model in missing}:
        st.error(plain(f"The measurement failed. {job.problem}"), icon=":material/error:")
    _offer(missing)


def _offer(missing: Sequence[SingleRun]) -> None:
    if dataset_or_offer() is None:
        return
    names = shorten([model.title for model in missing])
    with st.container(border=True, key="measure"):
        seconds = duration(estimate_seconds([model.run for model in missing]))
        st.markdown(plain(f"Not measured yet: {names}. {IMAGES:,} test images are corrupted, which takes {seconds}."))
        keys = [model.key for model in missing]
        st.button("Measure", icon=":material/speed:", type="primary", on_click=_start, args=(keys,))


def _start(keys: Sequence[str]) -> None:
    try:
        start_measuring(keys)
    except (InputError, RunError, OSError) as error:
        st.session_state[_PROBLEM] = str(error)


@send_in_full()
def _follow(job: Job) -> None:
    if job.state != "running":
        st.rerun()
    progress = job.progress
    with st.container(border=True, key="measuring"):
        done = progress.done / progress.total if progress.total else 0.0
        st.progress(done, plain(describe_measuring(job.runs, progress)))
        st.button("Stop", icon=":material/close:", on_click=job.stop, disabled=job.stopped)
