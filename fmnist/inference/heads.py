"""What was learned from photos: two logistic heads on frozen features, and what they need to know when to doubt."""

import hashlib
import io
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import scipy  # submodules load on first use
from numpy.typing import NDArray

from fmnist.dataset import N_CLASSES
from fmnist.inference.backbone import N_FEATURES
from fmnist.inference.familiarity import measure_distance, normalise
from fmnist.inference.serving import ModelFileError
from fmnist.runs.archive import ArchiveError, parse_npz
from fmnist.runs.run import ReadableRun
from fmnist.runs.writing import write_file

SCHEMA = 1
LENGTH = 10.0  # of a row of features: it sets how strongly one C regularises both heads
NETWORK_SHARE = 0.3  # of the mean of both heads; chosen by cross-validation on the training photos
DOUBT = 0.375  # what a confidence of 1 takes off the distance: both then vary alike, from photo to photo
ABSENT_ODDS = 0.1  # of the network's answer for a class without photos: higher ones lose photos of all other classes

_MOST_BYTES = 2**23


@dataclass(frozen=True, eq=False)
class Heads:
    """Two logistic heads and their references.

    `picture`, float32 (1281, k), classifies the backbone's features and `network`, float32 (d + 1, k), those of the
    network that also reads drawings; intercepts are in the last row. `classes`, int64 (k,), are those that had photos.
    `references`, float32 (m, 1280), are features of some of the photos. A photo whose strangeness exceeds `limit` is
    unfamiliar. `run` is the run of the network, and `digest` names its file.
    """

    picture: NDArray[np.float32]
    network: NDArray[np.float32]
    classes: NDArray[np.int64]
    references: NDArray[np.float32]
    limit: float
    temperature: float
    run: str
    digest: str

    def __post_init__(self) -> None:
        k = self.classes.size
        known = np.isin(np.arange(N_CLASSES), self.classes)
        _require(k >= 2 and np.array_equal(np.flatnonzero(known), self.classes), "classes")
        _require(self.picture.shape == (N_FEATURES + 1, k), "picture")
        _require(self.network.ndim == 2 and self.network.shape[0] > 1 and self.network.shape[1] == k, "network")
        _require(self.references.ndim == 2 and self.references.shape[1] == N_FEATURES, "references")
        _require(len(self.references) > 0, "references")
        for name in ("picture", "network", "references", "limit"):
            _require(bool(np.isfinite(getattr(self, name)).all()), name)
        _require(0.05 <= self.temperature <= 20, "temperature")

    def known_probs(self, features: NDArray[np.float32], network_features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the mean probabilities of both heads for the classes that had photos, (n, k).

        Args:
            features: the backbone's, (n, 1280).
            network_features: those of the network, (n, d).
        """
        one, other = apply_head(self.picture, features), apply_head(self.network, network_features)
        return (1 - NETWORK_SHARE) * one + NETWORK_SHARE * other

    def strangeness(self, features: NDArray[np.float32], probs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how unlike the photos each picture is, (n,): far from all of them, and not clearly of any class.

        Args:
            features: the backbone's, (n, 1280).
            probs: of the classes that had photos, (n, k).
        """
        return measure_strangeness(features, self.references, probs)


def apply_head(head: NDArray[np.float32], features: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the probabilities, (n, k), of a logistic head, (d + 1, k), for features (n, d)."""
    return np.asarray(scipy.special.softmax(scale_features(features) @ head[:-1] + head[-1], axis=1), np.float64)


def scale_features(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale each row of features, (n, d), to the length that the heads expect."""
    return np.asarray(normalise(features) * np.float32(LENGTH), np.float32)


def measure_strangeness(
    features: NDArray[np.float32], references: NDArray[np.float32], probs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the distance to the references, of length 1, less what a high confidence takes off, (n,)."""
    return np.asarray(measure_distance(features, references) - DOUBT * probs.max(axis=1), np.float64)


def add_absent_classes(
    known: NDArray[np.float64], classes: NDArray[np.int64], network_probs: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Extend probabilities (n, k) of the classes that had photos to all ten, (n, 10).

    A class without photos gets the probability that the network, which knows all classes, gives it, at lower odds; the
    others share the rest.
    """
    absent = np.setdiff1d(np.arange(N_CLASSES), classes)
    odds = ABSENT_ODDS * network_probs[:, absent].astype(np.float64)
    present = network_probs[:, classes].sum(axis=1, keepdims=True)
    total = present + odds.sum(axis=1, keepdims=True)
    probs = np.zeros((len(known), N_CLASSES))
    probs[:, absent] = odds / total
    probs[:, classes] = known * (present / total)
    return probs


def digest_network(run: ReadableRun) -> str:
    """Return what names a run's network by its LiteRT file; empty where its weights were not kept."""
    return hashlib.sha256(run.served.read_bytes()).hexdigest() if run.served else ""


def save_heads(path: Path, heads: Heads) -> None:
    """Write heads, atomically; the references in half precision, which changes distances by less than 0.001."""
    arrays: dict[str, Any] = {field.name: getattr(heads, field.name) for field in fields(heads)}
    arrays |= {"references": heads.references.astype(np.float16), "schema": SCHEMA}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, buffer.getvalue())


def load_heads(path: Path) -> Heads:
    """Read heads.

    Raises:
        ModelFileError: if the file cannot be read, is damaged, or is of a later version.
    """
    try:
        with path.open("rb") as stream:
            arrays = parse_npz(stream.read(_MOST_BYTES))
        if int(arrays["schema"]) > SCHEMA:
            raise ModelFileError(f"{path} was written by a later version: update FMNIST Lab, or delete the file.")
        return Heads(
            arrays["picture"].astype(np.float32),
            arrays["network"].astype(np.float32),
            arrays["classes"].astype(np.int64),
            arrays["references"].astype(np.float32),
            float(arrays["limit"]),
            float(arrays["temperature"]),
            str(arrays["run"]),
            str(arrays["digest"]),
        )
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror}).") from error
    except ModelFileError:
        raise
    except (ArchiveError, ValueError, KeyError, TypeError, IndexError) as error:
        raise ModelFileError(
            f"{path} is damaged: delete it, or fit it again with `python -m fmnist train-photos FOLDER`."
        ) from error


def _require(condition: bool, name: str) -> None:
    if not condition:
        raise ValueError(f"{name} is out of range")
