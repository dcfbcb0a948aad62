"""Classify prepared pictures with several networks at once: the average of what they say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fmnist.evaluation.averaging import average_probabilities
from fmnist.evaluation.calibration import apply_temperature
from fmnist.inference.prepare import Prepared
from fmnist.inference.reader import Reader, Reading


@dataclass(frozen=True, eq=False)
class AveragedReader:
    """Readers whose probabilities, each scaled by its own temperature, are averaged; `temperature` is the average's."""

    members: Sequence[Reader]
    weights: Sequence[float]
    temperature: float = 1.0
    reference: ClassVar[None] = None

    def read(self, prepared: Prepared) -> Reading:
        """Classify a prepared picture; it is unfamiliar where it is so to a member that can tell."""
        readings = [member.read(prepared) for member in self.members]
        probs = average_probabilities([one.calibrated[None] for one in readings], self.weights)
        (calibrated,) = self._calibrate(probs)
        turn = next((one.turn for one in readings if one.turn), 0)
        return Reading(probs[0], calibrated, any(one.unfamiliar for one in readings), turn)

    def probs_as_read(self, prepared: Prepared) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        """Return a function from images, uint8 (n, 28, 28), to calibrated probabilities (n, 10), as `read` does it."""
        asked = [member.probs_as_read(prepared) for member in self.members]
        return lambda images: self._calibrate(average_probabilities([ask(images) for ask in asked], self.weights))

    def probs(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the averaged probabilities of images, uint8 (n, 28, 28), as in the evaluation, (n, 10)."""
        said = [apply_temperature(member.classifier.probs(images), member.temperature) for member in self.members]
        return average_probabilities(said, self.weights)

    def find_nearest(self, image: NDArray[np.uint8], count: int) -> list[int]:  # noqa: ARG002
        """Return nothing: the members' features differ."""
        return []

    def _calibrate(self, probs: NDArray[np.float32]) -> NDArray[np.float32]:
        return apply_temperature(probs, self.temperature).astype(np.float32)
