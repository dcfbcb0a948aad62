"""A model that was taught by one person's pictures: the automatic reader's answer, corrected by frozen features.

It begins as the reader that it corrects, and each picture moves it a little. Classes that the reader does not know
begin with a small probability.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import scipy  # submodules load on first use
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES
from fmnist.inference.backbone import N_FEATURES
from fmnist.inference.familiarity import normalise
from fmnist.inference.heads import LENGTH, measure_strangeness
from fmnist.inference.photo_reader import AutomaticReader
from fmnist.inference.prepare import Prepared
from fmnist.inference.reader import Reading
from fmnist.inference.serving import ModelFileError
from fmnist.runs.archive import ArchiveError, load_arrays, render_npz
from fmnist.runs.writing import write_file

SCHEMA = 1
NETWORK_SHARE = 0.1  # of the squared length of features: the rest is the backbone's
NEW = 0.03  # the probability with which a class begins that the reader does not know
LEAST = 1e-4  # of a class that it knows: no answer is beyond correction

_MOST_NAME = 60


@dataclass(frozen=True, eq=False)
class Taught:
    """A correction, float32 (1280 + d, k), of the log-probabilities of k classes.

    `centre`, float32 (1280 + d,), is what features are measured from. `labels` are those of the classes, the ten first,
    and `names` what people call them. `references`, float32 (n, 1280), are features of the pictures that it was taught
    with, of length 1. `temperature` calibrates it. `reader` names the reader that it corrects. `truth`, `before` and
    `after`, int64 (n,), are the labels of the pictures, what the reader says, and what the model said in
    cross-validation.
    """

    weights: NDArray[np.float32]
    centre: NDArray[np.float32]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    references: NDArray[np.float32]
    temperature: float
    reader: str
    truth: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]

    def __post_init__(self) -> None:
        d, k = self.weights.shape
        _require(k >= N_CLASSES and self.labels.tolist()[:N_CLASSES] == list(range(N_CLASSES)), "labels")
        _require(self.labels.shape == (k,) and bool((np.diff(self.labels) > 0).all()), "labels")
        _require(len(self.names) == k and all(0 < len(name) <= _MOST_NAME for name in self.names), "names")
        _require(self.centre.shape == (d,) and d > N_FEATURES, "centre")
        _require(self.references.ndim == 2 and self.references.shape[1] == N_FEATURES, "references")
        for name in ("weights", "centre", "references"):
            _require(bool(np.isfinite(getattr(self, name)).all()), name)
        _require(1 <= self.temperature <= 20, "temperature")
        _require(self.truth.shape == self.before.shape == self.after.shape == (len(self.references),), "truth")

    def probs(self, base: NDArray[np.float32], joined: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return calibrated probabilities, (n, k), from the reader's, (n, 10), and joined features, (n, 1280 + d)."""
        logits = log_odds(base, len(self.labels)) + (joined - self.centre) @ self.weights
        return np.asarray(scipy.special.softmax(logits / self.temperature, axis=1), np.float64)


@dataclass(frozen=True, eq=False)
class TaughtReader:
    """Reads pictures with a taught model; probabilities are those of its k classes."""

    reader: AutomaticReader
    taught: Taught

    @property
    def temperature(self) -> float:
        """By which confidences are calibrated."""
        return self.taught.temperature

    def read(self, prepared: Prepared) -> Reading:
        """Classify a prepared picture."""
        features = self.reader.photos.backbone.features(prepared.views)
        reading = self.reader.read_features(features, prepared)
        network, _ = self.reader.photos.network.classifier.describe_both_ways(prepared.image[None])
        probs = self.taught.probs(reading.calibrated[None], join_features(features[None], network))
        known = np.vstack([self.reader.photos.heads.references, self.taught.references])
        (strangeness,) = measure_strangeness(features[None], known, probs)
        unfamiliar = reading.unfamiliar and bool(strangeness > self.reader.photos.heads.limit)
        calibrated = probs[0].astype(np.float32)
        return Reading(calibrated, calibrated, unfamiliar, reading.turn, reading.by_photos)


def join_features(picture: NDArray[np.float32], network: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the backbone's features, (n, 1280), and the network's, (n, d), scaled and side by side, (n, 1280 + d)."""
    lengths = LENGTH * np.sqrt([1 - NETWORK_SHARE, NETWORK_SHARE])
    return np.hstack([normalise(picture) * lengths[0], normalise(network) * lengths[1]]).astype(np.float32)


def log_odds(base: NDArray[np.float32], k: int) -> NDArray[np.float64]:
    """Return log-probabilities of k classes, (n, k), that begin with the reader's of the ten, (n, 10)."""
    new = np.full((len(base), k - N_CLASSES), NEW)
    probs = np.hstack([np.maximum(base.astype(np.float64), LEAST), new])
    return np.asarray(np.log(probs / probs.sum(axis=1, keepdims=True)))


def save_taught(path: Path, taught: Taught) -> None:
    """Write a taught model, atomically."""
    arrays: dict[str, Any] = {field.name: np.asarray(getattr(taught, field.name)) for field in fields(taught)}
    arrays |= {"references": taught.references.astype(np.float16), "schema": np.array(SCHEMA)}
    write_file(path, render_npz(**arrays))


def load_taught(path: Path) -> Taught | None:
    """Read a taught model; None where there is none.

    Raises:
        ModelFileError: if the file is damaged, or of a later version.
    """
    if not path.exists():
        return None
    try:
        arrays = load_arrays(path)
        if int(arrays["schema"]) > SCHEMA:
            raise ModelFileError("Your model was written by a later version: update FMNIST Lab, or teach it again.")
        values: dict[str, Any] = {name: arrays[name].astype(np.float32) for name in ("weights", "centre", "references")}
        values |= {name: arrays[name].astype(np.int64) for name in ("labels", "truth", "before", "after")}
        values |= {"temperature": float(arrays["temperature"]), "reader": str(arrays["reader"])}
        return Taught(names=tuple(str(name) for name in arrays["names"]), **values)
    except ModelFileError:
        raise
    except (ArchiveError, ValueError, KeyError, TypeError, IndexError) as error:
        raise ModelFileError("Your model is damaged: teach it again on My pictures.") from error


def _require(condition: bool, name: str) -> None:
    if not condition:
        raise ValueError(f"{name} is out of range")
