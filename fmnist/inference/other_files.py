"""What to do with files that are no pictures: read an image that is stored as numbers, and advise on the others."""

import io
import math
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.frame import SIDE

FIRST_OF_SEVERAL = "The file holds {count:,} images: its first was used."

_N = SIDE * SIDE
_NPY = b"\x93NUMPY"
_LONGEST_LINE = 2**16  # characters; 785 numbers of 20 digits take a quarter of that
_ADVICE = (  # beginnings of files, and what they are
    (b"%PDF", "This is a PDF document. Save its picture, or a screenshot, as PNG and use that."),
    (b"II*\0", "This is a TIFF image. Save it as PNG or JPEG and use that."),
    (b"MM\0*", "This is a TIFF image. Save it as PNG or JPEG and use that."),
    (b"PK\3\4", "This is an archive or a document. Extract its pictures and use one of them."),
)
_BOXES = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF"}
_SVG = "This is an SVG drawing. Export it as PNG, at least 300 pixels wide, and use that."
_TEXT = "This is a text file. An image as CSV has 28 lines of 28 numbers, or one line of 784."
_UNKNOWN = "This is not a readable PNG, JPEG, WebP, GIF or BMP image."
_SHAPES = "An array that is read as an image is 28 × 28, or n × 28 × 28; this one is {shape}."
_LEVELS = "The numbers of an image are from 0 to 1, or from 0 to 255."
_DAMAGED = "The array is damaged, or it holds something else than numbers: save it again with numpy.save."


class ArrayError(ValueError):
    """Numbers that are no image; the message says what an image is."""


def advise(data: bytes) -> str:
    """Say what a file that is no picture is, and what to do with it."""
    for beginning, advice in _ADVICE:
        if data.startswith(beginning):
            return advice
    if data[4:8] == b"ftyp" and data[8:12] in _BOXES:
        return f"This is a {_BOXES[data[8:12]]} photo. Export it as JPEG and use that."
    if b"<svg" in data[:2048]:
        return _SVG
    return _TEXT if data[:2048].isascii() and b"\0" not in data[:2048] else _UNKNOWN


def read_numbers(data: bytes) -> tuple[NDArray[np.uint8], int] | None:
    """Read an image stored as a NumPy array or as CSV; nothing is unpickled.

    Returns:
        the first image, uint8 (h, w), and how many there are; None if the file holds anything else.

    Raises:
        ArrayError: if an array is no image.
    """
    if data.startswith(_NPY):
        return _to_image(_read_npy(data))
    table = _read_csv(data)
    return None if table is None else _to_image(table)


def _read_npy(data: bytes) -> NDArray[np.generic]:
    """Read an array whose header promises as many bytes as there are, so no memory is asked for in vain."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(stream)
        if dtype.kind not in "buif" or math.prod(shape) * dtype.itemsize != len(data) - stream.tell():
            raise ArrayError(_DAMAGED)
        stream.seek(0)
        return np.lib.format.read_array(stream, allow_pickle=False)
    except ArrayError:
        raise
    except Exception as error:  # a hostile header can raise almost anything
        raise ArrayError(_DAMAGED) from error


def _read_csv(data: bytes) -> NDArray[np.float64] | None:
    """Read the first image of a table of numbers, with or without a line of names; None if it is no such table."""
    stream = io.BytesIO(data)
    lines = list(islice(iter(lambda: stream.readline(_LONGEST_LINE), b""), SIDE + 2))
    rows = [_read_row(line) for line in lines if line.strip()]
    named = bool(rows) and rows[0] is None
    whole = [row for row in rows[named:] if row is not None]
    if not whole or len(whole) != len(rows) - named:
        return None
    if whole[0].size == SIDE:
        return np.array(whole) if len(whole) == SIDE and all(row.size == SIDE for row in whole) else None
    count = data.count(b"\n") + (not data.endswith(b"\n")) - named
    return np.broadcast_to(whole[0][-_N:], (count, _N))


def _read_row(line: bytes) -> NDArray[np.float64] | None:
    cells = line.replace(b";", b",").replace(b"\t", b",").strip().strip(b",").split(b",")
    if len(cells) not in (SIDE, _N, _N + 1):
        return None
    try:
        return np.array([float(cell) for cell in cells])
    except ValueError:
        return None


def _to_image(array: NDArray[np.generic]) -> tuple[NDArray[np.uint8], int]:
    """Take the first image of an array."""
    if array.ndim in (3, 4) and array.shape[-1] == 1:
        array = array[..., 0]
    if array.shape[-1:] == (_N,):
        array = array.reshape(*array.shape[:-1], SIDE, SIDE)
    count = len(array) if array.ndim == 3 else 1
    if array.shape[-2:] != (SIDE, SIDE) or array.ndim > 3 or not count:
        raise ArrayError(_SHAPES.format(shape=" × ".join(map(str, array.shape)) or "one number"))
    return _to_levels(np.asarray(array[0] if array.ndim == 3 else array, np.float64)), count


def _to_levels(image: NDArray[np.float64]) -> NDArray[np.uint8]:
    if not np.isfinite(image).all() or image.min() < 0 or image.max() > 255:
        raise ArrayError(_LEVELS)
    return np.asarray((image * (255 if image.max() <= 1 else 1)).round(), np.uint8)
