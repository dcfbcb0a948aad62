"""Where a model looked in an image, laid over that image and in words."""

import numpy as np
from numpy.typing import NDArray

# the ends of the diverging scale: red is what the class leans on, blue what speaks against it
LEANS_ON = (214, 60, 50)
SPEAKS_AGAINST = (60, 140, 220)
HOW = (
    "Each part of the picture is covered in turn. The map shows how many points the probability of the prediction "
    "loses: red where it falls, blue where it rises."
)
_STRONGEST = 0.85  # of the colour at the limit, so that the image still shows through


def occlusion_overlay(image: NDArray[np.uint8], drops: NDArray[np.float32], limit: float) -> NDArray[np.uint8]:
    """Colour an image, uint8 (28, 28), by the drop in probability where it is covered: uint8 (28, 28, 3).

    `drops` (28, 28) are fractions, positive where the class leans on what is there; `limit` is the drop of the full
    colour, the same for all images that are to be compared.
    """
    strength = _STRONGEST * (np.abs(drops) / limit if limit else np.zeros_like(drops)).clip(0, 1)[..., None]
    color = np.where(drops[..., None] > 0, LEANS_ON, SPEAKS_AGAINST)
    return np.asarray((image[..., None] * (1 - strength) + color * strength).round(), np.uint8)


def describe_fall(drops: NDArray[np.float32]) -> str:
    """Say how far a class falls at most, from drops in probability (28, 28)."""
    return f"falls by up to {100 * max(float(drops.max()), 0):.0f} points"


def explain_colors(limit: float) -> str:
    """Say what the colours mean, the strongest of which stands for a drop of `limit`, a fraction."""
    return f"Red areas support the prediction, blue areas oppose it (strongest: {100 * limit:.0f} points)."
