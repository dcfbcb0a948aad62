"""Cached reading for the pages: keyed by path and modification times, bounded, shared, and so never changed."""

from pathlib import Path

import numpy as np
import streamlit as st

from fmnist import dataset as images_on_disk
from fmnist.dataset import Dataset
from fmnist.evaluation.metrics import correct_predictions
from fmnist.inference.reader import Reader, load_reader
from fmnist.inference.serving import Classifier
from fmnist.runs import reading as runs_on_disk
from fmnist.runs.layout import list_all_directories, read_stamp, served_path
from fmnist.runs.reading import Run
from fmnist.runs.records import Epoch, Predictions

_Stamp = tuple[int, ...]


def runs() -> list[Run]:
    """Return all runs as they are now; only what changed since is read again."""
    return [_run(str(directory), read_stamp(directory)) for directory in list_all_directories()]


def history(run: Run) -> list[Epoch]:
    """Return a run's finished epochs; raises RunError."""
    return _history(str(run.directory), read_stamp(run.directory))


def predictions(run: Run) -> Predictions:
    """Return a run's stored probabilities; raises RunError."""
    return _predictions(str(run.directory), read_stamp(run.directory))


def correct(run: Run) -> np.ndarray:
    """Return which test images a run got right, bool (10000,); raises RunError."""
    return _correct(str(run.directory), read_stamp(run.directory))


def classifier(run: Run) -> Classifier:
    """Return the served model of a run whose weights were kept; raises ModelFileError."""
    return _classifier(str(run.directory), read_stamp(run.directory))


def reader(run: Run) -> Reader:
    """Return a run's network as pictures are shown to it; raises RunError and ModelFileError."""
    return _reader(str(run.directory), read_stamp(run.directory))


@st.cache_resource(show_spinner="Reading the images …")
def dataset() -> Dataset:
    """Return the images, one copy for all sessions; raises DataUnavailableError."""
    return images_on_disk.load_dataset()


@st.cache_resource(max_entries=2000, show_spinner=False)
def _run(directory: str, stamp: _Stamp) -> Run:  # noqa: ARG001
    return runs_on_disk.load_run(Path(directory))


@st.cache_resource(max_entries=1000, show_spinner=False)
def _history(directory: str, stamp: _Stamp) -> list[Epoch]:
    return runs_on_disk.load_history(_run(directory, stamp))


@st.cache_resource(max_entries=64, show_spinner=False)
def _predictions(directory: str, stamp: _Stamp) -> Predictions:
    return runs_on_disk.load_predictions(_run(directory, stamp))


@st.cache_resource(max_entries=2000, show_spinner=False)
def _correct(directory: str, stamp: _Stamp) -> np.ndarray:
    stored = runs_on_disk.load_predictions(_run(directory, stamp))
    return correct_predictions(stored.test_labels, stored.test_probs)


@st.cache_resource(max_entries=64, show_spinner=False)
def _classifier(directory: str, stamp: _Stamp) -> Classifier:
    return Classifier(served_path(_run(directory, stamp).directory))


@st.cache_resource(max_entries=64, show_spinner=False)
def _reader(directory: str, stamp: _Stamp) -> Reader:
    return load_reader(_run(directory, stamp))
