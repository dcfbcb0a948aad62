"""Read whole colour photos by transfer learning: what a network learned from ImageNet, and heads fitted on photos."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import IMAGE_SHAPE
from fmnist.evaluation.calibration import apply_temperature
from fmnist.inference.backbone import SHIPPED, Backbone
from fmnist.inference.heads import Heads, add_absent_classes, digest_network, load_heads
from fmnist.inference.prepare import Prepared
from fmnist.inference.reader import Reader, Reading, load_reader
from fmnist.inference.serving import ModelFileError
from fmnist.runs.layout import user_store
from fmnist.runs.reading import find_run

ALWAYS = "photo"  # the kind of picture that it reads better than the network for drawings
WHERE_FAMILIAR = "catalogue"  # and the kind where it does so as far as they look like photos to it

_FILE = "heads.npz"


@dataclass(frozen=True, eq=False)
class PhotoReader:
    """Backbone and heads, beside the reader of the network whose features the second head takes."""

    backbone: Backbone
    heads: Heads
    network: Reader

    @property
    def temperature(self) -> float:
        """By which confidences are calibrated."""
        return self.heads.temperature

    def read(self, prepared: Prepared) -> Reading:
        """Classify a prepared picture, by its colours and by what was prepared from it."""
        return self.read_features(self.backbone.features(prepared.views), prepared.image)

    def read_features(self, picture: NDArray[np.float32], image: NDArray[np.uint8]) -> Reading:
        """Classify a picture by the backbone's features, (1280,), and by what was prepared from it, uint8 (28, 28)."""
        features = picture[None]
        network_features, network_probs = self.network.classifier.describe_both_ways(image[None])
        known = self.heads.known_probs(features, network_features)
        probs = add_absent_classes(known, self.heads.classes, network_probs)
        (calibrated,) = apply_temperature(probs, self.temperature).astype(np.float32)
        (strangeness,) = self.heads.strangeness(features, known)
        unfamiliar = bool(strangeness > self.heads.limit)
        return Reading(probs[0].astype(np.float32), calibrated, unfamiliar, by_photos=True)


def own_heads() -> Path:
    """Return where the heads lie that the user has fitted."""
    return user_store() / "photo_reader" / _FILE


def shipped_heads() -> Path:
    """Return where the heads lie that ship with the project."""
    return SHIPPED / _FILE


def heads_path() -> Path:
    """Return the heads to use: the user's own, where there are any."""
    own = own_heads()
    return own if own.exists() else shipped_heads()


def load_photo_reader(path: Path | None = None) -> PhotoReader:
    """Load the photo reader, and the network that it was fitted beside.

    Args:
        path: the heads; by default the user's own, else the shipped ones.

    Raises:
        RunError: if the network's run is not there, is damaged, or has no weights.
        ModelFileError: if a file of the photo reader is damaged, or its heads belong to another network.
    """
    heads = load_heads(path or heads_path())
    run = find_run(heads.run)
    network = load_reader(run)
    if heads.digest != digest_network(run):
        raise ModelFileError(
            f"{run.id} is another network than the photo reader was fitted beside: fit it again with "
            "`python -m fmnist train-photos FOLDER`."
        )
    width = network.classifier.features(np.zeros((1, *IMAGE_SHAPE), np.uint8)).shape[1]
    if len(heads.network) != width + 1:  # found here, and not at the first picture
        raise ModelFileError("The photo reader's heads take other features than its network has: fit them again.")
    return PhotoReader(Backbone(), heads, network)


def reads_best(kind: str, unfamiliar: bool) -> bool:
    """Return whether the photo reader reads a picture best: of that kind, and unfamiliar to it or not."""
    return kind == ALWAYS or (kind == WHERE_FAMILIAR and not unfamiliar)


@dataclass(frozen=True, eq=False)
class AutomaticReader:
    """Reads each picture with the one of two readers that reads such pictures better."""

    photos: PhotoReader
    network: Reader

    def read(self, prepared: Prepared) -> Reading:
        """Classify a prepared picture; `by_photos` of the reading tells which reader it was."""
        return self._choose(prepared, self.photos.read)

    def read_features(self, picture: NDArray[np.float32], prepared: Prepared) -> Reading:
        """Classify a prepared picture, without its views, whose features by the backbone, (1280,), are known."""
        return self._choose(prepared, lambda prepared: self.photos.read_features(picture, prepared.image))

    def _choose(self, prepared: Prepared, read_photo: Callable[[Prepared], Reading]) -> Reading:
        if prepared.kind in (ALWAYS, WHERE_FAMILIAR):
            reading = read_photo(prepared)
            if reads_best(prepared.kind, reading.unfamiliar):
                return reading
        return self.network.read(prepared)
