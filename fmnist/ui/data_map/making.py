"""Maps that are not there yet: which run to map, and the computation on its way."""

from collections.abc import Hashable, Sequence

import streamlit as st

from fmnist.contenders.single_run import SingleRun
from fmnist.inference.serving import Classifier, ModelFileError
from fmnist.maps.jobs import DESK, start_mapping
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun
from fmnist.ui.aside import follow_work, offer_work
from fmnist.ui.choices import choose_name
from fmnist.ui.guards import dataset_or_offer
from fmnist.views.data_map import can_be_mapped, describe_mapping

_NOTE = "The 10,000 test images are laid out by the features of the last layer, which takes a few minutes."


def follow_map() -> bool:
    """Show the computation of a map while it runs, or that it failed; return whether it runs."""
    job = DESK.latest
    return follow_work(DESK, describe_mapping, job.runs if job else (), "The map")


def offer_maps(runs: Sequence[SingleRun]) -> None:
    """Let the user choose a run without a map, and compute that of it."""
    able = [run for run in runs if can_be_mapped(run) and _gives_features(run.key, run.version, run)]
    if not able:
        st.caption("No other run can be mapped: that takes weights that were kept with features.")
    elif dataset_or_offer() is not None:
        titles = {run.key: run.title for run in able}
        key = choose_name("Run without a map", titles, "to_map", "run without a map")
        job = DESK.latest
        busy = "Another map is being computed." if job is not None and job.state == "running" else ""
        offer_work("Compute the map", ":material/scatter_plot:", lambda: start_mapping(key), busy)
        st.caption(_NOTE)


def offer_other_maps() -> None:
    """Offer to map one of the runs that have no map."""
    offer_maps([SingleRun(run) for run in list_runs() if isinstance(run, CompleteRun)])


@st.cache_data(max_entries=1000, show_spinner=False)
def _gives_features(key: str, version: Hashable, _run: SingleRun) -> bool:  # noqa: ARG001
    """Return whether a run's served file gives features; a damaged one is offered, as its job says what is wrong."""
    try:
        return _run.run.served is not None and Classifier(_run.run.served).gives_features
    except ModelFileError:
        return True
