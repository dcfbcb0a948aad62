"""Examples to try, drawn when they are asked for: sketches, catalogue pictures, and one on a busy floor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from fmnist.dataset import CLASS_NAMES
from fmnist.inference.garments import GARMENTS, trace

SIDE = 280
FINE = 2  # drawn so many times as large, and averaged: soft edges
_MARGIN = 0.09
_INK = (38, 38, 42)

_Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Example:
    """A garment of a class, how its picture is made, its colour and that of what is behind it."""

    label: int
    manner: Literal["sketch", "catalogue", "photo"]
    cloth: _Colour = (250, 250, 248)
    ground: _Colour = (250, 250, 248)
    mirrored: bool = False

    @property
    def key(self) -> str:
        """Its name in the address, as in "9-sketch"."""
        return f"{self.label}-{self.manner}"

    @property
    def name(self) -> str:
        """What it shows and how, as in "Ankle boot, sketch"."""
        return f"{CLASS_NAMES[self.label]}, {self.manner}"


EXAMPLES = (
    Example(9, "sketch", mirrored=True),
    Example(0, "sketch"),
    Example(1, "sketch"),
    Example(5, "sketch"),
    Example(8, "catalogue", (122, 74, 46), (236, 229, 214)),
    Example(3, "catalogue", (184, 40, 62), (214, 226, 232)),
    Example(7, "catalogue", (44, 94, 150), (232, 190, 74), mirrored=True),
    Example(2, "catalogue", (226, 214, 190), (52, 66, 84)),
    Example(4, "catalogue", (48, 78, 62), (255, 255, 255)),
    Example(6, "photo", (92, 128, 170)),
)


def draw_example(example: Example) -> NDArray[np.uint8]:
    """Draw an example, uint8 (SIDE, SIDE, 3); the same one is always drawn alike."""
    rng = np.random.default_rng(example.label)
    sheet = _floor(rng) if example.manner == "photo" else Image.new("RGB", (SIDE * FINE,) * 2, example.ground)
    parts, seams = (
        [_place(line, example, rng.uniform(0, 6)) for path in paths for line in trace(path)]
        for paths in (GARMENTS[example.label].parts, GARMENTS[example.label].seams)
    )
    if example.manner == "sketch":
        stroke(sheet, parts + seams, _INK, 5)
    else:
        _sew(sheet, parts, seams, example.cloth)
    small = sheet.resize((SIDE, SIDE), Image.Resampling.BOX)
    return _expose(small, rng) if example.manner == "photo" else np.asarray(small)


def _place(line: NDArray[np.float64], example: Example, phase: float) -> NDArray[np.float64]:
    """From the square of 100 to the sheet; what is drawn by hand is a little off, and a shirt lies askew."""
    x, y = line.T
    if example.manner == "sketch":
        x, y = x + 0.7 * np.sin(y / 8 + phase), y + 0.7 * np.sin(x / 9 + 2 * phase)
    if example.manner == "photo":
        x, y = x - 0.12 * (y - 50), y + 0.12 * (x - 50)
    x = 100 - x if example.mirrored else x
    return (_MARGIN + (1 - 2 * _MARGIN) * np.column_stack([x, y]) / 100) * SIDE * FINE


def stroke(sheet: Image.Image, lines: Sequence[NDArray[np.float64]], colour: tuple[int, ...], width: float) -> None:
    """Draw lines, each float64 (n, 2), with round ends on a sheet that is `FINE` times as large as it is shown."""
    draw = ImageDraw.Draw(sheet)
    for line in lines:
        points = [(float(x), float(y)) for x, y in line]
        draw.line(points, colour, round(width * FINE), joint="curve")
        reach = width * FINE / 2
        for x, y in (points[0], points[-1]):  # round ends
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), colour)


def _sew(
    sheet: Image.Image, parts: list[NDArray[np.float64]], seams: list[NDArray[np.float64]], cloth: _Colour
) -> None:
    """Lay the garment on the sheet: cloth that is darker towards the sides and the hem, and darker seams."""
    mask = Image.new("L", sheet.size)
    for part in parts:
        ImageDraw.Draw(mask).polygon([(float(x), float(y)) for x, y in part], 255)
    row, column = np.mgrid[-1 : 1 : sheet.height * 1j, -1 : 1 : sheet.width * 1j]
    light = (1.08 - 0.22 * column**2 - 0.1 * row)[..., None]
    shaded = Image.fromarray((np.array(cloth) * light).clip(0, 255).astype(np.uint8))
    shaded_seams = shaded.copy()
    stroke(shaded_seams, parts + seams, _darker(cloth), 2.5)
    sheet.paste(shaded_seams, mask=mask)


def _darker(colour: _Colour) -> _Colour:
    red, green, blue = (round(0.62 * channel) for channel in colour)
    return red, green, blue


def _floor(rng: np.random.Generator) -> Image.Image:
    """Wooden boards: each of its own tone, with a grain along it and a dark joint below it."""
    side, board = SIDE * FINE, 40 * FINE
    row = np.arange(side)
    tone = rng.uniform(0.75, 1.1, side // board + 1)[row // board]
    grain = np.cumsum(rng.normal(0, 0.02, (side, side // 8)), axis=1).repeat(8, axis=1)
    joint = np.where(row % board < 2 * FINE, 0.5, 1)
    light = (tone[:, None] + grain - grain.mean(axis=1, keepdims=True)) * joint[:, None]
    return Image.fromarray((light[..., None] * (196, 150, 104)).clip(0, 255).astype(np.uint8))


def _expose(picture: Image.Image, rng: np.random.Generator) -> NDArray[np.uint8]:
    """As a camera would have it: a little soft, brighter to one side, with noise."""
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.8)), np.float64)
    light = np.linspace(1.06, 0.86, SIDE)[None, :, None]
    return (soft * light + rng.normal(0, 4, soft.shape)).clip(0, 255).astype(np.uint8)
