"""Fit an item that was cut out of its picture into the dataset's frame: trimmed, scaled, sharpened and centred.

The robust recipe makes its training pictures with these functions too: a change here means training those networks
again. Source: Xiao, Rasul and Vollgraf (2017), Fashion-MNIST, section 2.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDE = 28
SHARPNESS = 0.5


@dataclass(frozen=True, eq=False)
class Step:
    """One stage of the preparation, for display: `image` is uint8, (h, w) grey or (h, w, 3) RGB."""

    name: str
    caption: str
    image: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Cutout:
    """An item without its background: `tone` is uint8 (h, w), 0 outside as in Fashion-MNIST; `mask` is bool (h, w)."""

    tone: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    steps: tuple[Step, ...]
    warnings: tuple[str, ...] = ()
    sharpness: float = SHARPNESS


def frame(cutout: Cutout) -> tuple[Step, ...]:
    """Fit an item into the frame of the dataset; the image of the last step is the result, uint8 (28, 28)."""
    trimmed = trim(cutout.tone, cutout.mask)
    scaled = scale(trimmed)
    steps = [
        Step("Trimmed", "The empty margin is cut away.", trimmed),
        Step("Scaled", f"The longest edge becomes {SIDE} pixels.", scaled),
    ]
    if cutout.sharpness:
        scaled = sharpen(scaled, cutout.sharpness)
        steps.append(Step("Sharpened", "Detail that scaling blurs is brought back.", scaled))
    return (*steps, Step("Centred", "In the middle of 28 × 28: what the models see.", centre(scaled)))


def trim(tone: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Crop `tone` to the bounding box of `mask`, which must not be empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return tone[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def scale(tone: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Resize the longest edge to 28 pixels; shrinking averages, which keeps thin lines visible."""
    factor = SIDE / max(tone.shape)
    return resize(tone, *(max(1, round(edge * factor)) for edge in tone.shape))


def resize(image: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Resize a grey or RGB image: by the mean over each area when it shrinks, linearly when it grows."""
    import cv2

    shrinks = height < image.shape[0] or width < image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(np.ascontiguousarray(image), (width, height), interpolation=method), np.uint8)


def shrink(image: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    """Shrink an image until its longest edge has `longest` pixels; a smaller image is returned unchanged."""
    factor = longest / max(image.shape[:2])
    if factor >= 1:
        return image
    return resize(image, *(max(1, round(edge * factor)) for edge in image.shape[:2]))


def subsample(tone: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Sample the centres of a 28×28 grid, which reverses an enlargement exactly where averaging would blur it."""
    import cv2

    return np.asarray(cv2.resize(tone, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.uint8)


def sharpen(tone: NDArray[np.uint8], amount: float) -> NDArray[np.uint8]:
    """Sharpen by an unsharp mask with a Gaussian of sigma 1; the background stays 0."""
    import cv2

    blurred = cv2.GaussianBlur(tone, (0, 0), 1.0, borderType=cv2.BORDER_CONSTANT).astype(np.float32)
    sharp = tone + amount * (tone - blurred)
    return np.where(tone > 0, sharp.clip(0, 255).round(), 0).astype(np.uint8)


def centre(tone: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Centre at most 28×28 pixels on a black 28×28; an odd margin goes to the left or top, as in the dataset."""
    height, width = tone.shape
    top, left = (SIDE - height + 1) // 2, (SIDE - width + 1) // 2
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    canvas[top : top + height, left : left + width] = tone
    return canvas


def on_white(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return the pixels inside a mask, with white outside."""
    return np.where(mask[..., None], pixels, 255).astype(np.uint8)
