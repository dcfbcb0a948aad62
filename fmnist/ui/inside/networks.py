"""Networks that can be looked into, opened once for all sessions, and what they make of an image."""

from collections.abc import Hashable, Sequence

import numpy as np
import streamlit as st

from fmnist.architectures.shapes import trace_complete
from fmnist.contenders.seed_group import group_seeds
from fmnist.contenders.selection import rank_groups
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import IMAGE_SHAPE
from fmnist.inference.inside.network import Activations, OpenNetwork
from fmnist.inference.inside.survey import Survey
from fmnist.inference.serving import ModelFileError
from fmnist.runs.run import CompleteRun
from fmnist.ui import store
from fmnist.ui.choices import choose_name

_FIRST = "basic_cnn:textbook"  # a network that shows large maps and few layers


def list_or_stop(runs: Sequence[CompleteRun]) -> list[SingleRun]:
    """Return the runs with weights, the most accurate models first; with none the page stops."""
    ranked = [SingleRun(run) for group in rank_groups(group_seeds(runs)) for run in group.runs if run.served]
    if not ranked:
        st.info("No model here has its weights. Train one to look inside.", icon=":material/model_training:")
        st.page_link("pages/train.py", label="Train a model", icon=":material/arrow_forward:")
        st.stop()
    return ranked


def choose_networks(runs: Sequence[SingleRun]) -> list[SingleRun]:
    """Let the user choose a run to look into, and a second one to see beside it."""
    titles = {run.key: run.title for run in runs}
    first = next((run for run in runs if run.group == _FIRST), runs[0])
    by_key = {run.key: run for run in runs}
    model = choose_name("Model", titles, "model", "run", default=first.key)
    beside = choose_name("Beside it", {"": "Nothing"} | titles, "beside", "run", default="")
    return [by_key[key] for key in (model, beside) if key]


def open_network(run: SingleRun) -> OpenNetwork:
    """Return the opened network of a run; raises ModelFileError."""
    return _open(run.key, run.version, run)


def look_at(run: SingleRun, pixels: bytes) -> Activations:
    """Return what a network makes of an image of 784 bytes; raises ModelFileError."""
    return _look_at(run.key, run.version, pixels, run)


def survey_of(run: SingleRun) -> Survey:
    """Return the look at the test images, as far as it has come; raises ModelFileError and DataUnavailableError."""
    return _survey(run.key, run.version, run)


@st.cache_resource(max_entries=8, show_spinner=False)
def _open(key: str, version: Hashable, _run: SingleRun) -> OpenNetwork:  # noqa: ARG001
    path = _run.run.served
    if path is None:
        raise ModelFileError("Its weights were not kept.")
    return OpenNetwork(path, trace_complete(_run.run.config.network))


@st.cache_resource(max_entries=24, show_spinner=False)
def _look_at(key: str, version: Hashable, pixels: bytes, _run: SingleRun) -> Activations:  # noqa: ARG001
    return open_network(_run).activations(np.frombuffer(pixels, np.uint8).reshape(IMAGE_SHAPE))


@st.cache_resource(max_entries=16, show_spinner=False)
def _survey(key: str, version: Hashable, _run: SingleRun) -> Survey:  # noqa: ARG001
    return Survey(open_network(_run), store.dataset().test_images)
