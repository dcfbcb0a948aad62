"""Decode large images in little memory: shrunk in tiles, and what it took is given back."""

import ctypes
import sys
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

MAX_SIDE = 1024  # far more than 28×28 needs; it bounds the time and memory of everything that follows

_BYTES_A_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}  # of a decoded image; others have 4
_WEBP_BYTES = 24  # a pixel: its decoder holds two canvases and the lossless planes, and what it returns is copied
_COEFFICIENT_BYTES = 2  # a sample: a JPEG that comes in several scans is held as coefficients, at its full size
_TILE = 1024
_ROOM = 2  # times the final size, to which whole blocks of pixels are averaged first
_EIGHT_BITS = np.rint(np.arange(2**16) / 257).astype(np.uint8)  # from 16-bit levels
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_M_MMAP_THRESHOLD = -3  # of malloc.h
_ORIENTATION = 0x0112  # the EXIF tag


def count_decoded_bytes(image: Image.Image) -> int:
    """Return about how many bytes decoding an opened image takes at most."""
    pixels = image.width * image.height
    if isinstance(image, JpegImageFile):
        return int(pixels * _samples_a_pixel(image) * _COEFFICIENT_BYTES)
    if image.format == "WEBP":
        return pixels * _WEBP_BYTES
    return pixels * _BYTES_A_PIXEL.get(image.mode, 4)


@cache
def return_large_blocks() -> None:
    """Let blocks of memory from 4 MB go back to the system as soon as they are free, in this process from now on.

    The C library keeps blocks of up to 32 MB for later, in an arena of its own for each thread that has asked for one:
    after a few large pictures that was some 80 MB.
    """
    tune = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if tune:
        tune(_M_MMAP_THRESHOLD, 4 * 2**20)


def decode(image: Image.Image) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """Decode an opened image: upright, with no side above `MAX_SIDE`.

    Returns:
        its pixels, uint8 (h, w, 3), on white, and its alpha channel, uint8 (h, w), or None if all is opaque.
    """
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # decodes a JPEG at a fraction of its size; changes nothing else
    image.load()
    return flatten(image, _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1)))


def flatten(
    image: Image.Image, turn: Image.Transpose | None = None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """Convert any mode to 8-bit RGB: 16 bits are scaled, transparency becomes white, large pictures shrink.

    The alpha channel comes with it, or None if all is opaque.
    """
    pixels, alpha = _average_blocks(image, max(1, int(max(image.size) / MAX_SIDE / _ROOM)))
    opaque = alpha is None or alpha.getextrema() == (255, 255)
    layers = [pixels] if alpha is None or opaque else [pixels, alpha]
    layers = [layer if turn is None else layer.transpose(turn) for layer in layers]
    pixels = layers[0]
    pixels.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX)
    if opaque:
        return np.asarray(pixels), None
    return np.asarray(pixels), np.asarray(layers[1].resize(pixels.size, Image.Resampling.BOX))


def _average_blocks(image: Image.Image, factor: int) -> tuple[Image.Image, Image.Image | None]:
    """Return RGB and alpha of an image whose blocks of `factor` × `factor` pixels are averaged, tile by tile.

    Converted as a whole, it would take two to four times its own memory.
    """
    if factor == 1:
        return _split(image)
    size = (-(-image.width // factor), -(-image.height // factor))
    pixels, alpha = Image.new("RGB", size), None
    side = factor * max(1, _TILE // factor)
    for top in range(0, image.height, side):
        for left in range(0, image.width, side):
            box = (left, top, min(left + side, image.width), min(top + side, image.height))
            place = (left // factor, top // factor)
            part, clear = _split(image.crop(box))
            pixels.paste(part.reduce(factor), place)
            if clear is not None:
                alpha = alpha or Image.new("L", size)
                alpha.paste(clear.reduce(factor), place)
    return pixels, alpha


def _split(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return an image as 8-bit RGB on white, and its alpha channel if it has one."""
    if image.mode.startswith("I"):
        image = _to_eight_bits(image)
    if not image.has_transparency_data:
        return image.convert("RGB"), None
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB"), image.getchannel("A")


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Scale 16-bit grey to 8 bits; the level that marks transparency becomes transparent."""
    levels = np.asarray(image).clip(0, 2**16 - 1).astype(np.uint16)
    scaled = Image.fromarray(_EIGHT_BITS[levels])
    clear = image.info.get("transparency")
    if clear is not None:
        scaled.putalpha(Image.fromarray(levels != clear))
    return scaled


def _samples_a_pixel(image: JpegImageFile) -> float:
    """Return how many samples a pixel of a JPEG has on average: 1.5 where colour has half the resolution each way."""
    factors = [(across, down) for _, across, down, _ in image.layer]
    most = max(across for across, _ in factors) * max(down for _, down in factors)
    return sum(across * down for across, down in factors) / most
