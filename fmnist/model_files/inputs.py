"""How a model file takes its images: their layout, and the scale of their pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.errors import InputError
from fmnist.imports.records import Layout, Scale

_SHAPES: dict[Layout, tuple[int, ...]] = {
    "28x28x1": (28, 28, 1),
    "1x28x28": (1, 28, 28),
    "28x28": (28, 28),
    "784": (784,),
}
_SCALES: tuple[Scale, ...] = ("0 to 1", "0 to 255", "-1 to 1", "standardised")
# Mean and standard deviation of pixels from 0 to 1; torchvision's users take those of the training images
_STANDARDS: dict[Scale, tuple[float, float]] = {"-1 to 1": (0.5, 0.5), "standardised": (0.2860, 0.3530)}


@dataclass(frozen=True)
class Reading:
    """One way to feed images to a model."""

    layout: Layout
    scale: Scale

    def arrange(self, images: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Return images (n, 28, 28) or (n, 28, 28, 1), uint8 or float in [0, 1], as the model takes them, float32."""
        if images.shape[1:] not in {(28, 28), (28, 28, 1)}:
            raise ValueError(f"Images have the shape (n, 28, 28), not {images.shape}.")
        pixels = images.reshape(len(images), *_SHAPES[self.layout]).astype(np.float32)
        if images.dtype == np.uint8 and self.scale != "0 to 255":
            pixels /= np.float32(255)
        elif images.dtype != np.uint8 and self.scale == "0 to 255":
            pixels *= np.float32(255)
        if self.scale not in _STANDARDS:
            return pixels
        mean, deviation = _STANDARDS[self.scale]
        return (pixels - np.float32(mean)) / np.float32(deviation)


def list_readings(shape: Sequence[int | None], *, whole: bool) -> list[Reading]:
    """Return the ways to feed images to a model, the usual one first.

    Args:
        shape: the sides of one image as the model takes it, None where any will do.
        whole: whether it takes whole numbers, so that pixels are from 0 to 255.

    Raises:
        InputError: if images of 28×28 do not fit; the message goes on after the file's name.
    """
    layouts = [layout for layout, sides in _SHAPES.items() if _fits(shape, sides)]
    if not layouts:
        sides = "×".join("?" if side is None else str(side) for side in shape) or "single numbers"
        raise InputError(f"takes {sides}, and images here are 28×28, 28×28×1, 1×28×28 or 784 numbers.")
    scales: Sequence[Scale] = ("0 to 255",) if whole else _SCALES
    return [Reading(layout, scale) for layout in layouts for scale in scales]


def _fits(shape: Sequence[int | None], sides: tuple[int, ...]) -> bool:
    return len(shape) == len(sides) and all(one in (None, side) for one, side in zip(shape, sides, strict=True))
