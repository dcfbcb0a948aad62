"""The images and the networks that pages use: loaded once for all sessions, bounded, and so never changed."""

from pathlib import Path

import streamlit as st

from fmnist import dataset as images_on_disk
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.temperatures import temperature_of
from fmnist.dataset import Dataset
from fmnist.inference.reader import Reader, load_reader
from fmnist.inference.serving import Classifier
from fmnist.runs.layout import served_path
from fmnist.runs.run import ReadableRun, Stamp


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
    return load_reader(_contender.run, lambda _: temperature_of(_contender) or 1.0)
