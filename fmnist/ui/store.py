"""The images and the networks that pages use: loaded once for all sessions, bounded, and so never changed."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist import dataset as images_on_disk
from fmnist.contenders.contender import Contender
from fmnist.contenders.ensemble import Ensemble
from fmnist.contenders.imported import Imported
from fmnist.contenders.photo_reader import PhotoReader
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.taught import Taught as TaughtModel
from fmnist.contenders.temperatures import temperature_of
from fmnist.dataset import Dataset
from fmnist.ensembles.records import Average
from fmnist.inference import photo_reader as photos
from fmnist.inference.averaged import AveragedReader
from fmnist.inference.reader import Reader, load_reader
from fmnist.inference.serving import Classifier, ModelFileError
from fmnist.model_files.serving import load_imported_reader
from fmnist.pictures.album import Album
from fmnist.pictures.taught import Taught, TaughtReader, load_taught
from fmnist.pictures.teaching import name_reader
from fmnist.runs.run import RunError

_LOOK_AGAIN_SECONDS = 30  # for a network that was missing


def can_answer(contender: Contender) -> bool:
    """Return whether a contender can be asked about pictures: a run with weights, or an imported model with a file.

    Or an ensemble all of whose runs have weights.
    """
    if isinstance(contender, SingleRun):
        return contender.run.served is not None
    if isinstance(contender, Ensemble):
        return all(run.served for run in contender.runs)
    return isinstance(contender, Imported) and contender.served is not None


def forward(contender: Contender) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
    """Return what makes probabilities of images, uint8 (n, 28, 28); raises RunError and ModelFileError."""
    if isinstance(contender, SingleRun) and contender.run.served:
        return _classifier(contender.key, contender.version, contender.run.served).probs
    able = reader(contender)
    return able.probs if isinstance(able, AveragedReader) else able.classifier.probs


def reader(contender: Contender) -> Reader | AveragedReader:
    """Return a contender's network with what it needs to read pictures; raises RunError and ModelFileError."""
    return _reader(contender.key, contender.version, contender)


def find_photo_reader() -> PhotoReader | None:
    """Return the photo reader as a contender; None where the network is missing that it was fitted beside."""
    contender = PhotoReader(_stamp_heads())
    return contender if _has_network(contender.version) else None


def photo_reader(contender: PhotoReader) -> photos.PhotoReader:
    """Return what reads whole photos; raises RunError and ModelFileError."""
    return _photo_reader(contender.version)


def automatic_reader() -> photos.AutomaticReader:
    """Return what reads a picture with the better of two readers; raises RunError and ModelFileError."""
    reader = photo_reader(PhotoReader(_stamp_heads()))
    return photos.AutomaticReader(reader, reader.network)


def find_taught(album: Album | None) -> TaughtModel | None:
    """Return the model that was taught by an album's pictures; None where there is none."""
    try:
        return None if album is None else TaughtModel(album.taught, album.taught.stat().st_mtime_ns)
    except OSError:
        return None


def taught_reader(contender: TaughtModel) -> TaughtReader:
    """Return what a person taught, ready to read; raises RunError and ModelFileError."""
    reader, taught = automatic_reader(), _taught(contender.version, contender.path)
    if taught is None or taught.reader != name_reader(reader):
        raise ModelFileError("The photo reader has changed since you taught your model: teach it again on My pictures.")
    return TaughtReader(reader, taught)


@st.cache_resource(show_spinner="Reading the images …")
def dataset() -> Dataset:
    """Return the images, one copy for all sessions; raises DataUnavailableError."""
    return images_on_disk.load_dataset()


def _stamp_heads() -> tuple[str, int]:
    path = photos.heads_path()
    try:
        return str(path), path.stat().st_mtime_ns
    except OSError:
        return str(path), 0


@st.cache_resource(max_entries=2, show_spinner=False)
def _photo_reader(version: Hashable) -> photos.PhotoReader:  # noqa: ARG001
    return photos.load_photo_reader()


@st.cache_resource(max_entries=2, ttl=_LOOK_AGAIN_SECONDS, show_spinner=False)
def _has_network(version: Hashable) -> bool:
    """Return whether the network is there that the heads were fitted beside; to find that out, they are read."""
    try:
        _photo_reader(version)
    except RunError:
        return False
    except ModelFileError:
        return True  # the photo reader says itself why it cannot answer
    return True


@st.cache_resource(max_entries=16, show_spinner=False)
def _taught(version: Hashable, _path: Path) -> Taught | None:  # noqa: ARG001
    return load_taught(_path)


@st.cache_resource(max_entries=64, show_spinner=False)
def _classifier(key: str, version: Hashable, _path: Path) -> Classifier:  # noqa: ARG001
    return Classifier(_path)


@st.cache_resource(max_entries=64, show_spinner=False)
def _reader(key: str, version: Hashable, _contender: Contender) -> Reader | AveragedReader:  # noqa: ARG001
    if isinstance(_contender, Imported):
        return load_imported_reader(_contender)
    if isinstance(_contender, SingleRun):
        return load_reader(_contender.run, lambda _: temperature_of(_contender) or 1.0)
    if isinstance(_contender, Ensemble):
        members = [_read_as_evaluated(SingleRun(run), _contender.item.record.average) for run in _contender.runs]
        return AveragedReader(members, _contender.item.record.weights, temperature_of(_contender) or 1.0)
    raise ModelFileError(f"{_contender.title} has no model file, so it cannot answer.")


def _read_as_evaluated(run: SingleRun, average: Average) -> Reader:
    """Return the reader of an ensemble's member, with the temperature at which it was averaged for the evaluation."""
    temperature = temperature_of(run) if average == "calibrated" else None
    return replace(load_reader(run.run, lambda _: 1.0), temperature=temperature or 1.0)
