"""Hostile bytes in, a clean upright RGB picture out."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
MAX_BYTES = 25 * 2**20
MAX_PIXELS = 50_000_000
MAX_SIDE = 1024  # far more than 28×28 needs, and it bounds the time and the memory of all that follows

_EIGHT_BITS = np.rint(np.arange(2**16) / 257).astype(np.uint8)  # of 16

ANIMATED = "The file is animated: its first frame was used."


class PictureError(ValueError):
    """A picture that cannot be read; the message says what the user can do about it."""


@dataclass(frozen=True, eq=False)
class Picture:
    """What people see: `pixels` is uint8 (height, width, 3), upright, laid on white, no side above `MAX_SIDE`."""

    pixels: NDArray[np.uint8]
    warnings: tuple[str, ...] = ()


def load_picture(data: bytes) -> Picture:
    """Decode the bytes of an image file; every failure is a `PictureError`, and nothing is printed."""
    if not data:
        raise PictureError("The file is empty: choose another one.")
    if len(data) > MAX_BYTES:
        raise PictureError(f"The file is too large: at most {MAX_BYTES // 2**20} MB are read.")
    with warnings.catch_warnings():  # Pillow warns about damage that we either mend or report
        warnings.simplefilter("ignore")
        image = _open(data)
        try:
            animated = image.format != "MPO" and getattr(image, "is_animated", False)
            return Picture(_decode(image), (ANIMATED,) if animated else ())
        except Exception as error:  # decoders of damaged files raise nearly anything
            raise PictureError("The image is damaged or incomplete: save it again or choose another one.") from error


def read_picture(path: Path) -> Picture:
    """Read and decode an image file; every failure is a `PictureError`. Of a file that is too large little is read."""
    try:
        with path.open("rb") as stream:
            return load_picture(stream.read(MAX_BYTES + 1))
    except OSError as error:
        raise PictureError(f"The file cannot be read ({error.strerror}).") from error


def picture_from_array(pixels: NDArray[np.uint8]) -> Picture:
    """Take pixels that are there already: uint8, (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA.

    Raises PictureError for anything else.
    """
    if pixels.dtype != np.uint8 or pixels.size == 0 or not (pixels.ndim == 2 or pixels.shape[2:] in {(3,), (4,)}):
        raise PictureError(f"A picture is uint8 (h, w[, 3 or 4]), not {pixels.dtype} {pixels.shape}.")
    return Picture(_flatten(Image.fromarray(pixels)))


def _open(data: bytes) -> Image.Image:
    """Read the header alone, so that a picture of absurd size is refused before a pixel of it is decoded."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise PictureError(
            f"The picture is too large: at most {MAX_PIXELS // 10**6} million pixels are read."
        ) from error
    except Exception as error:  # as above: a hostile header can raise nearly anything
        raise PictureError("This is not a readable PNG, JPEG, WebP, GIF or BMP image.") from error
    if image.width * image.height > MAX_PIXELS:
        raise PictureError(
            f"The picture has {image.width} × {image.height} pixels: at most {MAX_PIXELS // 10**6} million are read."
        )
    return image


def _decode(image: Image.Image) -> NDArray[np.uint8]:
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG is decoded at a fraction of its size, nothing else changes
    image.load()
    image.getexif()  # is kept, so that the tags need not be written anew, which fails on odd ones
    image.info.pop("exif", None)
    return _flatten(ImageOps.exif_transpose(image))


def _flatten(image: Image.Image) -> NDArray[np.uint8]:
    """Any mode to 8-bit RGB: 16 bits scaled, transparency laid on white, large pictures made smaller."""
    if image.mode.startswith("I"):
        image = _to_eight_bits(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB")
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX)
    return np.asarray(image)


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Scale 16 bits of grey to 8; a level that stands for transparency becomes transparent."""
    levels = np.asarray(image).clip(0, 2**16 - 1).astype(np.uint16)
    scaled = Image.fromarray(_EIGHT_BITS[levels])
    clear = image.info.get("transparency")
    if clear is not None:
        scaled.putalpha(Image.fromarray(levels != clear))
    return scaled
