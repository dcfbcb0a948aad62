"""Pictures of the inside of a network: maps, weights, and where on the image they lie."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fmnist.architectures.network import Maps
from fmnist.dataset import IMAGE_SHAPE
from fmnist.inference.inside.stages import Stage
from fmnist.views.overlay import LEANS_ON, SPEAKS_AGAINST

SIDE = IMAGE_SHAPE[0]
_WHITE = np.full(3, 250.0)


def paint(values: NDArray[np.float32], limit: float, signed: bool) -> NDArray[np.uint8]:
    """Colour values of any shape: uint8 with three colours at the end.

    From black at zero to white at `limit`; where `signed`, from blue below zero through white to red above it.
    """
    strength = np.clip(np.abs(values) / limit if limit else np.zeros_like(values), 0, 1)[..., None]
    if not signed:
        return np.asarray((255 * strength.repeat(3, axis=-1)).round(), np.uint8)
    ends = np.where(values[..., None] > 0, LEANS_ON, SPEAKS_AGAINST)
    return np.asarray((_WHITE * (1 - strength) + ends * strength).round(), np.uint8)


def lay_sheet(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Lay pictures of one size, (h, w, 3), on a sheet that has about as many columns as rows."""
    columns = count_columns(len(pictures))
    missing = -len(pictures) % columns
    filled = np.stack([*pictures, *[np.zeros_like(pictures[0])] * missing])
    _, height, width, colors = filled.shape
    grid = filled.reshape(-1, columns, height, width, colors).swapaxes(1, 2)
    return grid.reshape(-1, columns * width, colors)


def count_columns(pictures: int) -> int:
    """Return how many columns a sheet of so many pictures has."""
    return math.ceil(math.sqrt(pictures))


def enlarge(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Bring a picture, (h, w, 3), to the size of an image by repeating its pixels: (28, 28, 3)."""
    rows, columns = ((np.arange(SIDE) * side) // SIDE for side in picture.shape[:2])
    return picture[rows][:, columns]


def positions_of_pixels(stage: Stage) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each row and each column of the image the position of a stage's maps whose field is centred next."""
    height, width, _ = stage.maps.shape
    return locate(stage, height), locate(stage, width)


def locate(stage: Stage, count: int) -> NDArray[np.int64]:
    """Return for each pixel along one side of the image the nearest of `count` positions."""
    maps = stage.maps
    centres = stage.start + (maps.field - 1) / 2
    return np.clip(np.rint((np.arange(SIDE) - centres) / maps.jump), 0, count - 1).astype(np.int64)


def spread(values: NDArray[np.float32], stage: Stage) -> NDArray[np.float32]:
    """Spread a map, (h, w), over the pixels of the image, (28, 28)."""
    rows, columns = positions_of_pixels(stage)
    return values[rows][:, columns]


def field_on_image(stage: Stage, row: int, column: int) -> tuple[int, int, int, int]:
    """Return the receptive field of a position as top, left, bottom and right pixel; the last two are beyond it."""
    maps: Maps = stage.maps
    top, left = (stage.start + place * maps.jump for place in (row, column))
    edges = (top, left, top + maps.field, left + maps.field)
    clipped = [min(max(edge, 0), SIDE) for edge in edges]
    return clipped[0], clipped[1], clipped[2], clipped[3]
