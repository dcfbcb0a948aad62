"""What each part of the last maps adds to the score of a class, where only dense layers follow them.

Such a network is piecewise linear behind its last maps: a class's score before softmax is the sum of each value times
its gradient, and of what the biases add. This is HiResCAM (Draelos and Carin 2020, Use HiResCAM instead of Grad-CAM for
faithful explanations of convolutional neural networks); for global average pooling followed by the output alone it is
class activation mapping (Zhou et al. 2016).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.architectures.operations import AverageAll, Connect
from fmnist.inference.inside.network import Activations, OpenNetwork, Values
from fmnist.inference.inside.pixel import read_normalisation
from fmnist.inference.inside.stages import Stage

_PIECEWISE_LINEAR = ("relu", "linear", "softmax")  # the scores before softmax are what is explained


@dataclass(frozen=True, eq=False)
class Contributions:
    """What each position of the last maps, (h, w), adds to the score of a class, and what the biases add to it.

    `before` is the layer whose maps these are, or None where they are the image itself.
    """

    values: Values
    biases: float
    stage: Stage | None

    @property
    def score(self) -> float:
        """The score of the class before softmax."""
        return float(self.values.sum(dtype=np.float64)) + self.biases


def can_attribute(opened: OpenNetwork) -> bool:
    """Return whether only averages and dense layers that are piecewise linear follow the last maps."""
    _, head = _split(opened)
    return all(
        isinstance(stage.operation, AverageAll | Connect) and stage.activation in _PIECEWISE_LINEAR for stage in head
    )


def attribute(opened: OpenNetwork, activations: Activations, label: int) -> Contributions:
    """Return what each position of the last maps adds to the score of a class; `can_attribute` says where."""
    last, head = _split(opened)
    gradient, biases = np.eye(head[-1].maps.shape[-1], dtype=np.float64)[label], 0.0
    for stage in reversed(head):
        gradient, biases = _step_back(opened, activations, stage, gradient, biases)
    maps = activations.of(last) if last else activations.tensors[opened.image]
    values = (gradient.reshape(maps.shape) * maps).sum(axis=-1)
    return Contributions(np.asarray(values, np.float32), float(biases), last)


def _split(opened: OpenNetwork) -> tuple[Stage | None, Sequence[Stage]]:
    """Return the last stage whose output is maps, if there is one, and those behind it."""
    stages = [stage for row in opened.stages for stage in row]
    count = sum(len(stage.maps.shape) == 3 for stage in stages)
    return (stages[count - 1] if count else None), stages[count:]


def _step_back(
    opened: OpenNetwork, activations: Activations, stage: Stage, gradient: np.ndarray, biases: float
) -> tuple[np.ndarray, float]:
    """Return the gradient of the input of a stage from that of its output, and what its biases add to the score."""
    if stage.activation == "relu":
        gradient = gradient * (activations.of(stage) > 0)
    scale, shift = read_normalisation(opened, stage)
    biases += float(gradient @ shift)
    gradient = gradient * scale
    if isinstance(stage.operation, AverageAll):
        height, width, _ = stage.before.shape
        return np.broadcast_to(gradient / (height * width), stage.before.shape), biases
    weights = opened.weights(stage)
    if weights is None:
        raise TypeError(stage.operation)
    kernel, bias = weights
    return gradient @ kernel, biases + float(gradient @ bias)
