"""What the pages read, cached by path and stamp, bounded, shared by all sessions, and so never changed."""

from pathlib import Path

import numpy as np
import streamlit as st

from fmnist import dataset as images_on_disk
from fmnist.contenders.arrays import answers_of, history_of
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import Dataset
from fmnist.inference.reader import Reader, load_reader
from fmnist.inference.serving import Classifier
from fmnist.runs.layout import served_path
from fmnist.runs.reading import list_runs
from fmnist.runs.records import Epoch
from fmnist.runs.run import ReadableRun, Run, Stamp
from fmnist.views.confidences import temperature_of


def runs() -> list[Run]:
    """Return all runs as they are now; only what changed since is read again."""
    return list_runs()


def history(run: Run) -> list[Epoch]:
    """Return a run's finished epochs; raises RunError."""
    return history_of(run)


def answers(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Return the predicted and the true classes of the test images, (10000,) each; raises RunError."""
    return answers_of(run)


def classifier(run: ReadableRun) -> Classifier:
    """Return the served model of a run whose weights were kept; raises ModelFileError."""
    return _classifier(str(run.directory), run.stamp)


def reader(contender: SingleRun) -> Reader:
    """Return a run's network with what it needs to read pictures; raises RunError and ModelFileError."""
    return _reader(str(contender.run.directory), contender.run.stamp, contender)


@st.cache_resource(show_spinner="Reading the images …")
def dataset() -> Dataset:
    """Return the images, one copy for all sessions; raises DataUnavailableError."""
    return images_on_disk.load_dataset()


@st.cache_resource(max_entries=64, show_spinner=False)
def _classifier(directory: str, stamp: Stamp) -> Classifier:  # noqa: ARG001
    return Classifier(served_path(Path(directory)))


@st.cache_resource(max_entries=64, show_spinner=False)
def _reader(directory: str, stamp: Stamp, _contender: SingleRun) -> Reader:  # noqa: ARG001
    return load_reader(_contender.run, lambda _: temperature_of(_contender))
