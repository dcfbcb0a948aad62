"""Small pictures with captions in a strip, pixels shown as squares, as many side by side as fit."""

import base64
import io
from collections.abc import Sequence
from functools import lru_cache
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fmnist.inference.frame import Step, shrink

SMALL, LARGE = 84, 168  # three and six screen pixels for each of the 28
SHOWN_SIDE = 2 * LARGE  # pixels of a picture that is shown: more than that no screen needs
_SMALL_SIZE = 28 * 28

STYLE = """<style>
.steps { display: grid; grid-template-columns: repeat(auto-fill, minmax(max(var(--side), 96px), 1fr));
  gap: .75rem 1rem }
.steps figure { margin: 0; font-size: .8rem; line-height: 1.3 }
.steps img { display: block; height: var(--side); max-width: 100%; object-fit: contain; image-rendering: pixelated;
  outline: 1px solid color-mix(in srgb, currentColor 18%, transparent) }
.steps b { display: block; margin-top: .35rem; font-weight: 600 }
.steps span { opacity: .75 }
</style>"""


def steps_html(steps: Sequence[Step], side: int = SMALL) -> str:
    """Lay named pictures side by side, `side` screen pixels high."""
    return f'{STYLE}<section class="steps" style="--side: {side}px">{"".join(map(_figure, steps))}</section>'


def image_source(image: NDArray[np.uint8]) -> str:
    """Return an image, uint8 (h, w) or (h, w, 3), as a data address: shown at once, and never a file."""
    encode = _encode if image.size > _SMALL_SIZE else _encode_once
    return encode(image.tobytes(), image.shape)


def _encode(pixels: bytes, shape: tuple[int, ...]) -> str:
    stream = io.BytesIO()
    Image.fromarray(np.frombuffer(pixels, np.uint8).reshape(shape)).save(stream, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


_encode_once = lru_cache(maxsize=8_192)(_encode)  # for the data set's own images, the same for every visitor


def _figure(step: Step) -> str:
    source = image_source(shrink(step.image, SHOWN_SIDE))
    caption = f"<b>{escape(step.name)}</b><span>{escape(step.caption)}</span>"
    return f'<figure><img src="{source}" alt="{escape(step.name)}"><figcaption>{caption}</figcaption></figure>'
