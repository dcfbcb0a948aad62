"""Garments drawn in code and varied in one way each; `count_variations.py` counts how many are read rightly.

Each of the ten outlines of the Predict page is drawn in several shapes: stretched, tilted, mirrored and by another
hand. A variation then changes one thing, as people's pictures do: its paper, its background, its frame.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from fmnist.inference.garments import GARMENTS, trace

SIDE = 300
SHAPES = 4  # of each garment
_FINE = 2  # drawn so many times as large, then averaged
_INK = (30, 30, 36)
_CLOTHS = ((44, 94, 150), (160, 40, 60), (58, 60, 66), (60, 120, 80), (120, 76, 50), (98, 92, 150))
_GROUNDS = ((255, 255, 255), (236, 229, 214), (214, 226, 232), (224, 224, 224))

Colour = tuple[int, int, int]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Shape:
    """One garment as lines (n, 2) in a square of 1: its `parts` are closed; `rng` decides everything else about it."""

    label: int
    parts: list[NDArray[np.float64]]
    seams: list[NDArray[np.float64]]
    rng: np.random.Generator


def make_shape(label: int, seed: int) -> Shape:
    """Draw a garment of a class; the same seed draws the same one."""
    rng = np.random.default_rng([label, seed])
    stretch, tilt = np.exp(rng.uniform(-0.13, 0.13, 2)), np.deg2rad(rng.uniform(-4, 4))
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    flip, phases = rng.choice([-1.0, 1.0]), rng.uniform(0, 6, 2)

    def place(line: NDArray[np.float64]) -> NDArray[np.float64]:
        bent = line + 0.8 * np.sin(line[:, ::-1] / (8, 9) + phases)
        return 0.5 + 0.78 * ((bent / 100 - 0.5) * stretch * (flip, 1)) @ turn.T

    garment = GARMENTS[label]
    parts, seams = ([place(line) for path in paths for line in trace(path)] for paths in (garment.parts, garment.seams))
    return Shape(label, parts, seams, rng)


def points(line: NDArray[np.float64], size: int) -> list[tuple[float, float]]:
    """Scale a line to the pixels of a square."""
    return [(float(x), float(y)) for x, y in line * size]


def stroke(image: Image.Image, lines: list[NDArray[np.float64]], colour: Colour | int, width: float) -> None:
    """Draw lines with round joints."""
    pen = ImageDraw.Draw(image)
    for line in lines:
        pen.line(points(line, image.width), colour, max(1, round(width)), "curve")


def mask_of(shape: Shape, size: int = SIDE) -> Image.Image:
    """Return the area that a garment covers, as grey with soft edges."""
    mask = Image.new("L", (size * _FINE, size * _FINE))
    for part in shape.parts:
        ImageDraw.Draw(mask).polygon(points(part, mask.width), 255)
    return mask.resize((size, size), Image.Resampling.BOX)


def drawing(shape: Shape, ink: Colour = _INK, paper: Colour = (255, 255, 255), width: float = 5) -> Image.Image:
    """Draw its lines with a pen."""
    sheet = Image.new("RGB", (SIDE * _FINE, SIDE * _FINE), paper)
    stroke(sheet, shape.parts + shape.seams, ink, width * _FINE)
    return sheet.resize((SIDE, SIDE), Image.Resampling.BOX)


def cloth(shape: Shape, colour: Colour | None = None) -> Image.Image:
    """Return a square of cloth with its seams: shaded, a little darker towards the sides."""
    tone = np.array(colour or _CLOTHS[shape.rng.integers(len(_CLOTHS))])
    row, column = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    shaded = (tone * (1.06 - 0.2 * column**2 - 0.08 * row)[..., None]).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(shaded)
    dark = tuple(int(0.62 * channel) for channel in tone)
    stroke(image, shape.parts + shape.seams, (dark[0], dark[1], dark[2]), 2.5)
    return image


def item(shape: Shape, ground: Colour | None = None, colour: Colour | None = None) -> Image.Image:
    """Lay the garment on a plain ground."""
    sheet = Image.new("RGB", (SIDE, SIDE), ground or _GROUNDS[shape.rng.integers(len(_GROUNDS))])
    sheet.paste(cloth(shape, colour), mask=mask_of(shape))
    return sheet


def transparent(shape: Shape, colour: Colour) -> Image.Image:
    """Cut the garment out, as programs that remove backgrounds do."""
    image = cloth(shape, colour)
    image.putalpha(mask_of(shape))
    return image


def light_strokes_on_nothing(shape: Shape) -> Image.Image:
    """Draw white strokes on a transparent ground."""
    strokes = drawing(shape, (255, 255, 255), (0, 0, 0)).convert("L")
    image = Image.new("RGBA", (SIDE, SIDE), "white")
    image.putalpha(strokes)
    return image


def surrounded(picture: Image.Image, margins: tuple[int, int, int, int], colour: Colour) -> Image.Image:
    """Put a picture on a larger ground: left, top, right and bottom margins."""
    left, top, right, bottom = margins
    sheet = Image.new("RGB", (picture.width + left + right, picture.height + top + bottom), colour)
    sheet.paste(picture, (left, top))
    return sheet


def letterboxed(shape: Shape, colour: Colour = (0, 0, 0)) -> Image.Image:
    """Put bars above and below, or left and right."""
    bar = int(shape.rng.integers(40, 110))
    return surrounded(item(shape), (bar, 0, bar, 0) if shape.rng.random() < 0.5 else (0, bar, 0, bar), colour)


def polaroid(shape: Shape) -> Image.Image:
    """Put a white frame around it, wider below, with a caption, on a table."""
    framed = surrounded(item(shape, (214, 226, 232)), (18, 18, 18, 70), (250, 250, 248))
    ImageDraw.Draw(framed).text((60, 330), "summer 2019", (60, 60, 70), ImageFont.load_default(24))
    return surrounded(framed, (30, 24, 36, 28), (120, 92, 70))


def figure_of(picture: Image.Image, title: str = "sample 7") -> Image.Image:
    """Put axes with ticks and numbers around a picture, as plotting libraries do."""
    figure = surrounded(picture, (70, 50, 40, 50), (255, 255, 255))
    pen, font = ImageDraw.Draw(figure), ImageFont.load_default(14)
    left, top, right, bottom = 70, 50, 70 + picture.width, 50 + picture.height
    pen.rectangle((left - 1, top - 1, right, bottom), outline="black")
    for tick in range(0, 28, 5):
        x, y = left + tick * picture.width // 28, top + tick * picture.height // 28
        pen.line((x, bottom, x, bottom + 5), "black")
        pen.line((left - 6, y, left, y), "black")
        pen.text((x - 6, bottom + 8), str(tick), "black", font)
        pen.text((left - 26, y - 8), str(tick), "black", font)
    pen.text((left + picture.width // 2 - 30, 20), title, "black", ImageFont.load_default(18))
    return figure


def shown_by_a_colour_map(shape: Shape) -> Image.Image:
    """Show the garment, light on black and 28×28, in the dark blue to yellow of a plotting library, with axes."""
    grey = np.asarray(item(shape, (255, 255, 255)).convert("L").resize((28, 28), Image.Resampling.BOX))
    level = (1 - grey / 255)[..., None]
    anchors = np.array([[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]])
    at = level * 4
    low = np.minimum(at.astype(int), 3)[..., 0]
    mapped = anchors[low] + (at - low[..., None]) * (anchors[low + 1] - anchors[low])
    return figure_of(Image.fromarray(mapped.astype(np.uint8)).resize((308, 308), Image.Resampling.NEAREST))


def lined(shape: Shape, *, squared: bool = False, tilt: float = 0.0) -> Image.Image:
    """Draw on lined or squared paper."""
    sheet = Image.new("RGB", (2 * SIDE, 2 * SIDE), (250, 250, 246))
    pen, gap = ImageDraw.Draw(sheet), int(shape.rng.integers(20, 34))
    tone: Colour = ((150, 180, 220), (170, 170, 176), (190, 150, 160))[shape.rng.integers(3)]
    for at in range(gap // 2, 2 * SIDE, gap):
        pen.line((0, at, 2 * SIDE, at), tone, 2)
        if squared:
            pen.line((at, 0, at, 2 * SIDE), tone, 2)
    sheet = sheet.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=(250, 250, 246))
    sheet = sheet.crop((SIDE // 2, SIDE // 2, SIDE // 2 + SIDE, SIDE // 2 + SIDE))
    stroke(sheet, shape.parts + shape.seams, (40, 44, 60), 4)
    return sheet


def photographed(sheet: Image.Image, shape: Shape) -> Image.Image:
    """Photograph a sheet by a telephone: light from one side, the hand's shadow, a little soft, and noise."""
    row, column = np.mgrid[-1 : 1 : sheet.height * 1j, -1 : 1 : sheet.width * 1j]
    angle = shape.rng.uniform(0, 2 * np.pi)
    light = 0.78 + 0.22 * (np.cos(angle) * column + np.sin(angle) * row)
    light -= 0.22 / (1 + np.exp(-9 * (column * np.sin(angle) - row * np.cos(angle) - 0.5)))
    soft = np.asarray(sheet.filter(ImageFilter.GaussianBlur(0.8)), np.float64) * (0.97, 0.95, 0.88)
    return Image.fromarray((soft * light[..., None] + shape.rng.normal(0, 3, soft.shape)).clip(0, 255).astype(np.uint8))


def pencil(shape: Shape) -> Image.Image:
    """Photograph a drawing in pencil, which is grey and thin."""
    return photographed(drawing(shape, (110, 110, 116), (252, 252, 250), 3), shape)


def coloured_without_outline(shape: Shape) -> Image.Image:
    """Paint the garment in one colour, with its seams in white."""
    image = Image.new("RGB", (SIDE, SIDE), "white")
    image.paste(_CLOTHS[shape.rng.integers(len(_CLOTHS))], mask=mask_of(shape))
    stroke(image, shape.seams, (250, 250, 250), 3)
    return image


def scribbled(shape: Shape) -> Image.Image:
    """Fill the outline by scribbling to and fro with a coloured pencil."""
    sheet, colour = Image.new("RGB", (SIDE, SIDE), "white"), _CLOTHS[shape.rng.integers(len(_CLOTHS))]
    at = np.arange(-SIDE, SIDE, 3.5)
    ends = np.column_stack([at + shape.rng.uniform(-4, 4, len(at)), at + SIDE + shape.rng.uniform(-4, 4, len(at))])
    zigzag = [(float(end), float(y)) for start, stop in ends for end, y in ((start, 0), (stop, SIDE))]
    scribble = sheet.copy()
    ImageDraw.Draw(scribble).line(zigzag, colour, 2)
    sheet.paste(scribble, mask=mask_of(shape))
    stroke(sheet, shape.parts + shape.seams, colour, 3)
    return sheet


def encode(image: Image.Image) -> bytes:
    """Return the bytes of a PNG file."""
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


GARMENT_VARIATIONS: dict[str, Callable[[Shape], Image.Image]] = {
    "item on a plain ground": item,
    "drawing": drawing,
    "white item, transparent ground": lambda shape: transparent(shape, (246, 246, 244)),
    "dark item, transparent ground": lambda shape: transparent(shape, (52, 54, 60)),
    "white strokes, transparent ground": light_strokes_on_nothing,
    "letterbox, black": letterboxed,
    "letterbox, grey": lambda shape: letterboxed(shape, (90, 90, 96)),
    "polaroid": polaroid,
    "axes around a picture": lambda shape: figure_of(item(shape)),
    "axes, colour map": shown_by_a_colour_map,
    "item turned by 90°": lambda shape: item(shape, (255, 255, 255)).rotate(90),
    "item turned by 180°": lambda shape: item(shape, (255, 255, 255)).rotate(180),
    "drawing turned by 90°": lambda shape: drawing(shape).rotate(270),
    "drawing turned by 180°": lambda shape: drawing(shape).rotate(180),
    "lined paper": lined,
    "lined paper, askew": lambda shape: lined(shape, tilt=shape.rng.uniform(-4, 4)),
    "squared paper": lambda shape: lined(shape, squared=True),
    "pencil, uneven light": pencil,
    "lined paper, uneven light": lambda shape: photographed(lined(shape), shape),
    "white on black": lambda shape: drawing(shape, (245, 245, 245), (12, 12, 14)),
    "colour without an outline": coloured_without_outline,
    "filled by scribbling": scribbled,
    "lines of one pixel": lambda shape: drawing(shape, width=1),
}
