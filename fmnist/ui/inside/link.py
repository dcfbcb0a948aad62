"""Links to the page Inside, whose address holds the image: the number of a test image, or a small picture as text."""

import base64
import zlib
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.architectures.layers import Layers
from fmnist.contenders.contender import Contender
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import IMAGE_SHAPE
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun

PAGE = "pages/inside.py"
_ICON = ":material/frame_inspect:"
_PIXELS = IMAGE_SHAPE[0] * IMAGE_SHAPE[1]
_LONGEST = 1_200  # characters, which an image of noise does not reach


class ImageCodec:
    """An image, 28×28, as its pixels in bytes; none is empty."""

    of_several: ClassVar[bool] = False

    def read(self, texts: Sequence[str]) -> tuple[bytes | None, list[str]]:
        """Return the image of the last text; a text that is none is unknown."""
        if not texts or not texts[-1]:
            return None, []
        pixels = read_image(texts[-1])
        return (pixels, []) if pixels else (None, [texts[-1]])

    def write(self, value: bytes) -> list[str]:
        """Return the text; nothing names that there is no image."""
        return [write_image(value)] if value else []


def write_image(pixels: bytes) -> str:
    """Return the pixels of an image, 784 bytes, as text for an address."""
    return base64.urlsafe_b64encode(zlib.compress(pixels, 9)).decode().rstrip("=")


def read_image(text: str) -> bytes:
    """Return the pixels that a text holds, which may come from anybody; b"" where it is no image."""
    if len(text) > _LONGEST:
        return b""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        pixels = unpacker.decompress(packed, _PIXELS + 1)
    except (ValueError, zlib.error):
        return b""
    return pixels if len(pixels) == _PIXELS and unpacker.eof else b""


def can_be_opened(contender: Contender) -> bool:
    """Return whether a contender can be looked into: a run with weights."""
    return isinstance(contender, SingleRun) and contender.run.served is not None


def link_test_image(index: int, model: str) -> None:
    """Offer to look inside a model, by the key of a run, at a test image."""
    _offer({"model": model, "image": str(index)})


def link_picture(image: NDArray[np.uint8], model: str) -> None:
    """Offer to look inside a model, by the key of a run, at a picture as it was prepared: uint8 (28, 28)."""
    _offer({"model": model, "from": "own", "picture": write_image(image.tobytes())})


def link_layers(layers: Layers) -> None:
    """Offer to look inside the newest run with weights that was trained from these layers, if there is one."""
    trained = [run for run in list_runs() if isinstance(run, CompleteRun) and run.served]
    runs = [run for run in trained if run.config.network == layers]
    if runs:
        _offer({"model": max(runs, key=lambda run: run.stamp).id})


def _offer(query: dict[str, str]) -> None:
    st.page_link(PAGE, label="Look inside", icon=_ICON, query_params=query, help="See every layer at work on an image")
