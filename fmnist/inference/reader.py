"""A network as pictures are shown to it: it names them, says how sure it is, and when it has seen nothing like them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import IMAGE_SHAPE
from fmnist.evaluation.calibration import apply_temperature, fit_temperature
from fmnist.inference.familiarity import find_nearest, measure_unlikeness
from fmnist.inference.prepare import Prepared
from fmnist.inference.serving import Classifier
from fmnist.runs.reading import load_predictions, load_reference
from fmnist.runs.records import Reference
from fmnist.runs.run import ReadableRun, RunError

UNFAMILIAR = "This is unlike the pictures that the model was trained on: do not trust its answer."


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network says of an image: ten probabilities as it gives them and `calibrated`, both float32 (10,).

    `unfamiliar` says that the image is unlike all that it was trained on.
    """

    probs: NDArray[np.float32]
    calibrated: NDArray[np.float32]
    unfamiliar: bool = False


@dataclass(frozen=True, eq=False)
class Reader:
    """A served network, the temperature that calibrates it, and what pictures are held against where it has that.

    `mirrored` says that it was trained on mirrored images, too, so that it can be shown a picture both ways.
    """

    classifier: Classifier
    temperature: float = 1.0
    reference: Reference | None = None
    mirrored: bool = False

    def read(self, prepared: Prepared) -> Reading:
        """Say what a prepared picture is.

        A network that was trained on mirrored images is shown it both ways and means the same by either; an image of
        the data set is read once, as in the evaluation.
        """
        image = prepared.image
        (probs,) = self._forward(prepared)(image[None])
        (calibrated,) = self._calibrate(probs[None])
        return Reading(probs, calibrated, self.is_unfamiliar(image))

    def probs_as_read(self, prepared: Prepared) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        """Return what gives calibrated probabilities (n, 10) of images uint8 (n, 28, 28) as that picture's are read."""
        forward = self._forward(prepared)
        return lambda images: self._calibrate(forward(images))

    def is_unfamiliar(self, image: NDArray[np.uint8]) -> bool:
        """Return whether an image, uint8 (28, 28), is unlike all training images; False where nothing can tell."""
        if self.reference is None:
            return False
        (unlikeness,) = measure_unlikeness(self.classifier, image[None], self.reference.features)
        return bool(unlikeness > self.reference.limit)

    def find_nearest(self, image: NDArray[np.uint8], count: int) -> list[int]:
        """Return the positions in the training file of the images most like an image; none where nothing can tell."""
        if self.reference is None:
            return []
        return [int(i) for i in find_nearest(self.classifier.features(image[None]), self.reference, count)]

    def _calibrate(self, probs: NDArray[np.float32]) -> NDArray[np.float32]:
        return apply_temperature(probs, self.temperature).astype(np.float32)

    def _forward(self, prepared: Prepared) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        both_ways = self.mirrored and not prepared.is_as_it_was
        return self.classifier.probs_both_ways if both_ways else self.classifier.probs


def load_reader(run: ReadableRun) -> Reader:
    """Load what a run's network needs to read pictures.

    Its confidences are calibrated on validation images: changed as in its training where that made pictures of them,
    else as they are.

    Raises:
        RunError: if its weights were not kept, or a file is damaged or of another training.
        ModelFileError: if the served model is damaged, or gives no features where pictures are to be held against some.
    """
    if run.served is None:
        raise RunError(f"{run.id}: its weights were not kept, so it cannot predict.")
    classifier, reference = Classifier(run.served), load_reference(run)
    if reference is None:
        stored = load_predictions(run)
        return Reader(classifier, fit_temperature(stored.val_labels, stored.val_probs), mirrored=run.config.mirror)
    blank = np.zeros((1, *IMAGE_SHAPE), np.uint8)  # asked here, so that no picture fails later
    if classifier.features(blank).shape[1] != reference.features.shape[1]:
        raise RunError(f"{run.id}: its served model and its reference are of two trainings; train the network again.")
    return Reader(classifier, reference.temperature, reference, run.config.mirror)
