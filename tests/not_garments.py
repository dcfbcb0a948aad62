"""Pictures without an item of clothing, drawn in code: text, charts, terminals, letters, many items at once."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from variations import Colour, item, make_shape

_LETTERS = np.array(list("etaoinshrdlucmfwyp"))


def _words(rng: np.random.Generator, count: int) -> str:
    return " ".join("".join(rng.choice(_LETTERS, rng.integers(2, 10))) for _ in range(count))


def page_of_text(rng: np.random.Generator, ink: Colour = (20, 20, 20), paper: Colour = (255, 255, 255)) -> Image.Image:
    """Write a page of lines of different lengths."""
    sheet, size = Image.new("RGB", (420, 560), paper), int(rng.integers(11, 20))
    for y in range(40, 520, int(1.5 * size)):
        text = _words(rng, int(rng.integers(2, 7)))
        ImageDraw.Draw(sheet).text((36, y), text[: int(600 / size)], ink, ImageFont.load_default(size))
    return sheet


def terminal(rng: np.random.Generator) -> Image.Image:
    """Show light text on black, as a terminal does."""
    return page_of_text(rng, (200, 230, 200), (16, 18, 22)).crop((0, 0, 420, 300))


def _axes(rng: np.random.Generator) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    sheet = Image.new("RGB", (460, 340), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    pen.rectangle((60, 40, 430, 290), outline="black")
    for tick in range(6):
        pen.text((62 + tick * 70, 296), str(int(tick * rng.integers(2, 9))), "black", font)
        pen.text((30, 280 - tick * 46), f"0.{tick}", "black", font)
    pen.text((180, 14), _words(rng, 3), "black", ImageFont.load_default(16))
    return sheet, pen


def bar_chart(rng: np.random.Generator) -> Image.Image:
    """Draw bars within axes."""
    sheet, pen = _axes(rng)
    width = 330 // (count := int(rng.integers(4, 10)))
    for bar in range(count):
        x = 80 + bar * width
        pen.rectangle((x, int(rng.uniform(60, 260)), x + int(0.7 * width), 289), fill=(60, 110, 170))
    return sheet


def line_chart(rng: np.random.Generator) -> Image.Image:
    """Draw curves within axes."""
    sheet, pen = _axes(rng)
    for colour in ((200, 80, 40), (40, 110, 180), (30, 140, 90))[: rng.integers(1, 4)]:
        y = 165 + np.cumsum(rng.normal(0, 6, 90)).clip(-110, 110)
        pen.line([(65 + 4 * i, float(at)) for i, at in enumerate(y)], colour, 2)
    return sheet


def letter(rng: np.random.Generator) -> Image.Image:
    """Write one large letter or digit."""
    sheet = Image.new("RGB", (280, 280), "white")
    glyph = str(rng.choice(list("ABEFGKMRSWXZ23578&?")))
    ImageDraw.Draw(sheet).text((140, 140), glyph, (10, 10, 10), ImageFont.load_default(220), anchor="mm")
    return sheet


def sheet_of_items(rng: np.random.Generator, columns: int = 10, rows: int = 10) -> Image.Image:
    """Lay many items out in rows."""
    sheet = Image.new("RGB", (columns * 56, rows * 56), "white")
    for place in range(columns * rows):
        shape = make_shape(int(rng.integers(10)), int(rng.integers(100)))
        small = item(shape, (255, 255, 255)).resize((56, 56), Image.Resampling.BOX)
        sheet.paste(small, (place % columns * 56, place // columns * 56))
    return sheet


def empty(rng: np.random.Generator) -> Image.Image:
    """Leave a sheet of paper empty, with the noise of a camera."""
    return Image.fromarray((rng.normal(236, 1.2, (240, 320, 3))).clip(0, 255).astype(np.uint8))


NOT_GARMENTS: dict[str, Callable[[np.random.Generator], Image.Image]] = {
    "nothing": empty,
    "page of text": page_of_text,
    "terminal": terminal,
    "bar chart": bar_chart,
    "line chart": line_chart,
    "letter or digit": letter,
    "sheet of 100 items": sheet_of_items,
    "ten items in a row": lambda rng: sheet_of_items(rng, 10, 1),
}
