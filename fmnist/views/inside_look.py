"""What each place of a network's last maps adds to the score of a class, over the image and in words."""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.inside.contributions import Contributions
from fmnist.views.inside import number
from fmnist.views.inside_pictures import spread
from fmnist.views.overlay import occlusion_overlay

NO_CONTRIBUTIONS = (
    "What each place adds to the score is exact only where ReLU, linear or average layers alone follow the last maps."
)
CAVEAT = (
    "These maps do not show why. Covering misses parts that can stand in for each other. What adds to the score is "
    "exact for the last maps, but after convolutions each of their values sees more of the image than its square."
)


def contributions_overlay(image: NDArray[np.uint8], found: Contributions) -> NDArray[np.uint8]:
    """Colour an image, uint8 (28, 28), by what each place adds to the score: uint8 (28, 28, 3)."""
    values = found.values if found.stage is None else spread(found.values, found.stage)
    return occlusion_overlay(image, values, float(np.abs(values).max()))


def describe_contributions(found: Contributions) -> str:
    """Say what adds up to the score before softmax."""
    gain, loss = found.values[found.values > 0].sum(), found.values[found.values < 0].sum()
    parts = f"red +{number(float(gain))}, blue {number(float(loss))}, biases {number(found.biases)}"
    return f"Score {number(found.score)}: {parts}"
