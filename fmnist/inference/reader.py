"""Classify prepared pictures with one run: probabilities, calibrated confidences and out-of-distribution detection."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import IMAGE_SHAPE
from fmnist.evaluation.calibration import apply_temperature, fit_temperature
from fmnist.inference.familiarity import find_nearest, measure_unlikeness
from fmnist.inference.prepare import Prepared
from fmnist.inference.serving import Classifier
from fmnist.inference.turned import KINDS, suggest_turn
from fmnist.runs.reading import load_predictions, load_reference
from fmnist.runs.records import Reference
from fmnist.runs.run import ReadableRun, RunError

UNFAMILIAR = "This is unlike the pictures that the model was trained on: do not trust its answer."


@dataclass(frozen=True, eq=False)
class Reading:
    """The prediction for one image: probabilities before and after calibration, both float32 (10,).

    `unfamiliar` marks an image that is out of distribution, unlike all training images. `turn` is the number of quarter
    turns to the left after which it would be clearly more familiar, 0 if it is best as it is. `by_photos` tells that
    the photo reader made it.
    """

    probs: NDArray[np.float32]
    calibrated: NDArray[np.float32]
    unfamiliar: bool = False
    turn: int = 0
    by_photos: bool = False


@dataclass(frozen=True, eq=False)
class Reader:
    """A served network with its calibration temperature and, if it has one, its out-of-distribution reference.

    `mirrored` tells that it was trained on mirrored images, too, and can average over a picture and its mirror image.
    """

    classifier: Classifier
    temperature: float = 1.0
    reference: Reference | None = None
    mirrored: bool = False

    def read(self, prepared: Prepared) -> Reading:
        """Classify a prepared picture.

        A network that was trained on mirrored images averages over the picture and its mirror image. An image of the
        dataset is classified once, as in the evaluation.
        """
        image = prepared.image
        (probs,) = self._forward(prepared)(image[None])
        (calibrated,) = self._calibrate(probs[None])
        if self.reference is None:
            return Reading(probs, calibrated)
        unlikeness = self._measure_unlikeness(image, self.reference)
        may_turn = prepared.kind in KINDS
        turn = suggest_turn(self.classifier, self.reference, image, unlikeness) if may_turn else 0
        return Reading(probs, calibrated, unlikeness > self.reference.limit, turn)

    def probs_as_read(self, prepared: Prepared) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        """Return a function from images, uint8 (n, 28, 28), to calibrated probabilities (n, 10), as `read` does it."""
        forward = self._forward(prepared)
        return lambda images: self._calibrate(forward(images))

    def _measure_unlikeness(self, image: NDArray[np.uint8], reference: Reference) -> float:
        (unlikeness,) = measure_unlikeness(self.classifier, image[None], reference.features)
        return float(unlikeness)

    def find_nearest(self, image: NDArray[np.uint8], count: int) -> list[int]:
        """Return the positions in the training file of the most similar images; an empty list without a reference."""
        if self.reference is None:
            return []
        return [int(i) for i in find_nearest(self.classifier.features(image[None]), self.reference, count)]

    def _calibrate(self, probs: NDArray[np.float32]) -> NDArray[np.float32]:
        return apply_temperature(probs, self.temperature).astype(np.float32)

    def _forward(self, prepared: Prepared) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        both_ways = self.mirrored and not prepared.is_as_it_was
        return self.classifier.probs_both_ways if both_ways else self.classifier.probs


def load_reader(run: ReadableRun, find_temperature: Callable[[ReadableRun], float] | None = None) -> Reader:
    """Load a run's network and everything that it needs to classify pictures.

    Confidences are calibrated on the validation images. Where training turned images into drawings and photos, the
    validation images are changed in the same way.

    Args:
        run: the run, whose weights were kept.
        find_temperature: returns the temperature of a run without a reference, where it may be known already; by
            default it is fitted.

    Raises:
        RunError: if the weights were not kept, or a file is damaged or belongs to another training.
        ModelFileError: if the served model is damaged, or lacks the features that the reference needs.
    """
    if run.served is None:
        raise RunError(f"{run.id}: its weights were not kept, so it cannot predict.")
    classifier, reference = Classifier(run.served), load_reference(run)
    if reference is None:
        return Reader(classifier, (find_temperature or _fit_temperature)(run), mirrored=run.config.mirror)
    blank = np.zeros((1, *IMAGE_SHAPE), np.uint8)  # checked here, before the first picture
    if classifier.features(blank).shape[1] != reference.features.shape[1]:
        raise RunError(f"{run.id}: its model and its reference belong to different runs; train the network again.")
    return Reader(classifier, reference.temperature, reference, run.config.mirror)


def _fit_temperature(run: ReadableRun) -> float:
    stored = load_predictions(run)
    return fit_temperature(stored.val_labels, stored.val_probs)
