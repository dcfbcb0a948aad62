"""Decode untrusted image files into clean, upright RGB pictures."""

import io
import threading
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fmnist.inference.decode import count_decoded_bytes, decode, flatten, return_large_blocks
from fmnist.inference.other_files import FIRST_OF_SEVERAL, ArrayError, advise, read_numbers

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
MAX_BYTES = 25 * 2**20
MAX_PIXELS = 50_000_000
MAX_DECODED = 150_000_000  # bytes of memory

_KINDS = {"WEBP": "A WebP image", "JPEG": "A JPEG image of this kind", "PNG": "A PNG image in colour"}
_one_at_a_time = threading.Lock()  # what one large picture takes, six at once would take six times

ANIMATED = "The file is animated: its first frame was used."


class PictureError(ValueError):
    """A picture that cannot be read; the message says what the user can do about it."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture: `pixels` is uint8 (height, width, 3), upright, on white, with no side above `decode.MAX_SIDE`.

    `alpha`, uint8 (height, width), is 0 where the picture was transparent; None without transparency.
    """

    pixels: NDArray[np.uint8]
    warnings: tuple[str, ...] = ()
    alpha: NDArray[np.uint8] | None = None


def load_picture(data: bytes) -> Picture:
    """Decode the bytes of an image file, without printing anything.

    Raises:
        PictureError: on any failure.
    """
    if not data:
        raise PictureError("The file is empty: choose another one.")
    if len(data) > MAX_BYTES:
        raise PictureError(f"The file is too large: at most {MAX_BYTES // 2**20} MB are read.")
    if (numbers := _read_numbers(data)) is not None:
        return numbers
    return_large_blocks()
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns about damage that is either repaired or reported here
        image = _open(data)
        try:
            animated = image.format != "MPO" and getattr(image, "is_animated", False)
            pixels, alpha = decode(image)
            return Picture(pixels, (ANIMATED,) if animated else (), alpha)
        except Exception as error:  # decoders raise almost anything on damaged files
            raise PictureError("The image is damaged or incomplete: save it again or choose another one.") from error


def read_picture(path: Path) -> Picture:
    """Read and decode an image file; a file that is too large is not read to its end.

    Raises:
        PictureError: on any failure.
    """
    try:
        with path.open("rb") as stream:
            return load_picture(stream.read(MAX_BYTES + 1))
    except OSError as error:
        raise PictureError(f"The file cannot be read ({error.strerror}).") from error


def picture_from_array(pixels: NDArray[np.uint8]) -> Picture:
    """Make a picture from pixels, uint8: (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA.

    Raises:
        PictureError: for any other array.
    """
    if pixels.dtype != np.uint8 or pixels.size == 0 or not (pixels.ndim == 2 or pixels.shape[2:] in {(3,), (4,)}):
        raise PictureError(f"A picture is uint8 (h, w[, 3 or 4]), not {pixels.dtype} {pixels.shape}.")
    flat, alpha = flatten(Image.fromarray(pixels))
    return Picture(flat, alpha=alpha)


def _read_numbers(data: bytes) -> Picture | None:
    """Read an image that is stored as an array or a table; None if the file is neither."""
    try:
        found = read_numbers(data)
    except ArrayError as error:
        raise PictureError(str(error)) from error
    if found is None:
        return None
    image, count = found
    return replace(picture_from_array(image), warnings=(FIRST_OF_SEVERAL.format(count=count),) if count > 1 else ())


def _open(data: bytes) -> Image.Image:
    """Read only the header, to refuse a picture of absurd size before decoding it."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise PictureError(
            f"The picture is too large: at most {MAX_PIXELS // 10**6} million pixels are read."
        ) from error
    except Exception as error:  # as above: a hostile header can raise almost anything
        raise PictureError(advise(data)) from error
    if image.width * image.height > MAX_PIXELS:
        raise PictureError(
            f"The picture has {image.width} × {image.height} pixels: at most {MAX_PIXELS // 10**6} million are read."
        )
    _expect_little_memory(image)
    return image


def _expect_little_memory(image: Image.Image) -> None:
    """Refuse a picture that is small as a file and takes much memory to decode."""
    needed = count_decoded_bytes(image)
    if needed > MAX_DECODED:
        most = MAX_DECODED * image.width * image.height // needed // 10**6
        raise PictureError(
            f"The picture has {image.width} × {image.height} pixels. {_KINDS.get(image.format or '', 'Such an image')} "
            f"may have at most {most} million. Make it smaller, or save it as JPEG."
        )
