"""Runs that have not been measured under stress: what can be done about each, and the measurement on its way."""

from collections.abc import Sequence

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.single_run import SingleRun
from fmnist.stress.jobs import DESK, start_measuring
from fmnist.stress.limits import IMAGES
from fmnist.ui.aside import follow_work, offer_work
from fmnist.ui.guards import dataset_or_offer
from fmnist.ui.markup import plain
from fmnist.views.stress import describe_measuring, estimate_seconds, measured_results
from fmnist.wording import duration, shorten


def with_results(models: Sequence[Contender]) -> list[Contender]:
    """Return the models that have been measured, and offer to measure the others; with none the page stops."""
    measured = [model for model in models if measured_results(model) is not None]
    missing = [model for model in models if model not in measured]
    able = [model for model in missing if isinstance(model, SingleRun) and model.run.served is not None]
    unable = [model.title for model in missing if model not in able]
    if unable:
        st.caption(plain(f"Left out: {shorten(unable)}. Only runs whose weights were kept can be measured."))
    if not follow_work(DESK, describe_measuring, [model.key for model in able], "The measurement") and able:
        _offer(able)
    if not measured:
        if not missing or not able:
            st.info("Select a run with weights to continue.", icon=":material/checklist:")
        st.stop()
    return measured


def _offer(missing: Sequence[SingleRun]) -> None:
    if dataset_or_offer() is None:
        return
    names = shorten([model.title for model in missing])
    with st.container(border=True, key="measure"):
        seconds = duration(estimate_seconds([model.run for model in missing]))
        st.markdown(plain(f"Not measured yet: {names}. {IMAGES:,} test images are corrupted, which takes {seconds}."))
        keys = [model.key for model in missing]
        offer_work("Measure", ":material/speed:", lambda: start_measuring(keys))
