"""The outlines of garments as drawings: what the canvas shows at first, and what the keyboard can draw."""

from functools import cache

import numpy as np
from PIL import Image

from fmnist.inference.garments import GARMENTS, trace
from fmnist.ui.pictures import image_source
from fmnist.ui.predict.examples import FINE, stroke

_WIDTH = 10  # pixels, as the brush has at first


@cache
def draw_outline(label: int, side: int) -> str:
    """Return the outline of a class, in black on transparent paper of `side` pixels, as the data address of a PNG."""
    sheet = Image.new("RGBA", (side * FINE,) * 2)
    lines = [line * side * FINE / 100 for path in GARMENTS[label].paths for line in trace(path)]
    stroke(sheet, lines, (0, 0, 0, 255), _WIDTH)
    return image_source(np.asarray(sheet.resize((side, side), Image.Resampling.BOX)))
