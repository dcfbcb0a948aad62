"""What covers or coarsens an image: spatter, stripes, dotted lines, JPEG and large pixels.

Images are (n, 28, 28) from 0 to 1.
"""

import io

import numpy as np
from PIL import Image

from fmnist.stress.blurring import gaussian_blur
from fmnist.stress.draws import Draws, Floats

_SIDE = 28
_MUD = 63 / 255
_DROP = 1.5  # pixels: the blur that makes drops of noise
_DOT = 2
_LINE_REACH = 2.3  # pixels from the middle of a line at which it is dark again


def spatter(images: Floats, draws: Draws, share: float) -> Floats:
    """Cover a share of each image with drops of dark grey mud."""
    field = gaussian_blur(draws.normal(_SIDE, _SIDE), draws, _DROP)
    edge = np.quantile(field, 1 - share, axis=(1, 2), keepdims=True)
    return np.where(field > edge, _MUD, images)


def stripe(images: Floats, draws: Draws, columns: float) -> Floats:  # noqa: ARG001
    """Invert so many columns on the left and on the right."""
    width = int(columns)
    inverted = images.copy()
    inverted[:, :, :width] = 1 - images[:, :, :width]
    inverted[:, :, -width:] = 1 - images[:, :, -width:]
    return inverted


def dotted_lines(images: Floats, draws: Draws, lines: float) -> Floats:
    """Draw bright dotted lines from the left edge to the right, each between two random heights."""
    ends = draws.integers(0, _SIDE, 2, int(lines)).astype(float)  # (n, 2, lines)
    along = np.arange(_SIDE) / (_SIDE - 1)
    heights = ends[:, 0, :, None] * (1 - along) + ends[:, 1, :, None] * along  # (n, lines, columns)
    distances = np.abs(np.arange(_SIDE)[:, None] - heights[:, :, None, :])  # (n, lines, rows, columns)
    light = np.clip(np.log(1 - np.minimum(distances, _LINE_REACH - 1e-6) / _LINE_REACH) + 1, 0, 1)
    dots = np.arange(_SIDE) // _DOT % 2 == 1
    return images + (light * dots).max(axis=1)


def jpeg(images: Floats, draws: Draws, quality: float) -> Floats:  # noqa: ARG001
    """Compress each image as JPEG of a quality and read it again."""
    return np.stack([_through_jpeg(image, int(quality)) for image in _as_bytes(images)]) / 255


def pixelate(images: Floats, draws: Draws, side: float) -> Floats:  # noqa: ARG001
    """Shrink each image to so many pixels a side, by the mean, and enlarge it again."""
    small = int(side), int(side)
    box = Image.Resampling.BOX
    coarse = [Image.fromarray(image).resize(small, box).resize((_SIDE, _SIDE), box) for image in _as_bytes(images)]
    return np.stack([np.asarray(image) for image in coarse]) / 255


def _through_jpeg(image: np.ndarray, quality: int) -> np.ndarray:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream))


def _as_bytes(images: Floats) -> np.ndarray:
    return np.rint(255 * images).astype(np.uint8)
