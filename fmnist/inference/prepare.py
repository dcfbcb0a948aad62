"""Turn a picture of any kind into a 28×28 image like those of the dataset, step by step."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fmnist.errors import InputError
from fmnist.inference.alpha import cut_out_alpha, find_item, is_lost_on_white, strokes_of
from fmnist.inference.backbone import view_in_colour
from fmnist.inference.background import EVEN_TOLERANCE, Background, find_background, foreground, piece_areas
from fmnist.inference.catalogue import cut_out_catalogue
from fmnist.inference.frame import SIDE, Cutout, Step, frame, resize, shrink, subsample
from fmnist.inference.no_item import NO_SINGLE_ITEM, shows_many
from fmnist.inference.outer_frame import find_inner_picture
from fmnist.inference.paper import clean_paper
from fmnist.inference.photo import cut_out_photo
from fmnist.inference.picture import Picture
from fmnist.inference.sketch import cut_out_sketch, looks_drawn
from fmnist.inference.tone import grey

KINDS = ("auto", "catalogue", "photo", "sketch", "raw")
WORKING_SIDE = 320  # pixels; the canvas has 336, so a drawing loses almost nothing
BLANK = 0.99  # share of the border; where it has one colour there is nothing to clean
NOTHING = 0.0005  # shares of the picture's area that the item covers
LITTLE = 0.01

EMPTY = "No item found. Draw something, or use a picture with a plainer background."
NEARLY_EMPTY = "There is almost nothing in the picture: draw the item larger, with a closed outline."
SEVERAL = "Several objects were found: show one item at a time."

_EMPTY_STEP = Step("Empty", "No item found.", np.zeros((SIDE, SIDE), np.uint8))


@dataclass(frozen=True, eq=False)
class Prepared:
    """The model input, uint8 (28, 28), with the steps that led to it and warnings for the user.

    `views`, uint8 (2, 224, 224, 3), are the whole picture and its middle in colour, for the reader of photos.
    """

    image: NDArray[np.uint8]
    kind: str
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]
    views: NDArray[np.uint8]

    @property
    def is_as_it_was(self) -> bool:
        """Whether only size and colour were changed, so an image of the dataset is still one."""
        return self.kind == "raw"

    @property
    def has_item(self) -> bool:
        """Whether anything was found, so there is something to classify."""
        return bool(self.image.any())


def prepare(picture: Picture, kind: str = "auto") -> Prepared:
    """Turn a picture into an image like those of the dataset: grey, 28×28, light on black, filled by the item.

    Args:
        picture: what to prepare.
        kind: one of `KINDS`. A `catalogue` picture has a plain background, a `photo` a busy one, and a `sketch` is a
            line drawing. `raw` only converts to grey and resizes to 28×28, without inversion, which leaves an image of
            the dataset unchanged. `auto` detects the kind.

    Raises:
        InputError: if there is no such kind.
    """
    if kind not in KINDS:
        raise InputError(f"The kind of a picture is one of {', '.join(KINDS)}, not {kind!r}.")
    if kind == "raw":
        return _as_it_is(picture, resize(grey(picture.pixels), SIDE, SIDE))
    if kind == "auto" and is_dataset_image(picture.pixels):
        return _as_it_is(picture, subsample(grey(picture.pixels)))
    shown = Step("Picture", "Upright, transparency on white.", picture.pixels)
    found, cutout = _find_item(picture, kind)
    warnings = (*picture.warnings, *_warn(cutout))
    if cutout.mask.mean() < NOTHING:
        steps = (shown, *cutout.steps, _EMPTY_STEP)
    else:
        steps = (shown, *cutout.steps, *frame(cutout))
    return Prepared(steps[-1].image, found, steps, warnings, view_in_colour(picture.pixels))


def is_dataset_image(pixels: NDArray[np.uint8]) -> bool:
    """Return whether a picture looks like the dataset already: square, grey, on black, filled by the item.

    At 28×28, any grey image on a dark background counts.
    """
    height, width = pixels.shape[:2]
    if height != width or find_background(pixels).level > 127 or _is_coloured(pixels):
        return False
    if height == SIDE:
        return True
    background = find_background(pixels)
    item = foreground(pixels, background)
    edge = -(-2 * height // SIDE)  # two of the 28: the outermost is often almost black
    spans = (item[:edge].any() and item[-edge:].any()) or (item[:, :edge].any() and item[:, -edge:].any())
    return bool(spans and background.level <= EVEN_TOLERANCE and _invert_drawing(shrink(pixels, WORKING_SIDE)) is None)


def _is_coloured(pixels: NDArray[np.uint8]) -> bool:
    red, green, blue = np.moveaxis(pixels, -1, 0)
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return bool(spread.max() > EVEN_TOLERANCE)


def detect_kind(pixels: NDArray[np.uint8], background: Background) -> str:
    """Detect the kind: `photo` for a busy background, `sketch` for strokes on a plain one, else `catalogue`."""
    if not background.is_plain:
        return "photo"
    return "sketch" if looks_drawn(pixels, background) else "catalogue"


def _find_item(picture: Picture, kind: str) -> tuple[str, Cutout]:
    """Detect the kind and cut the item out: by its alpha channel where white paper would hide it."""
    pixels = shrink(picture.pixels, WORKING_SIDE)
    background = find_background(pixels)
    mask = None if picture.alpha is None else find_item(resize(picture.alpha, *pixels.shape[:2]))
    if mask is not None and is_lost_on_white(mask, pixels, background):
        strokes = strokes_of(mask)
        if kind not in ("auto", "sketch") or not looks_drawn(strokes, find_background(strokes)):
            return "catalogue", cut_out_alpha(pixels, mask)
        return _cut_out_as(strokes, kind)
    if (cleaned := _clean(pixels, kind)) is not None:
        return "sketch", cleaned
    box = find_inner_picture(pixels) if kind == "auto" else None
    if box is None:
        return _cut_out_as(pixels, kind)
    height, width = picture.pixels.shape[:2]
    inner = box.enlarge(height / pixels.shape[0], height, width).crop(picture.pixels)
    cropped = Step("Cropped", "The frame around the picture is left out.", inner)
    found, cutout = ("sketch", _nothing(inner)) if box.chart else _cut_out_as(shrink(inner, WORKING_SIDE), kind)
    return found, replace(cutout, steps=(cropped, *cutout.steps))


def _clean(pixels: NDArray[np.uint8], kind: str) -> Cutout | None:
    """Cut out a drawing on lined or badly lit paper, or return None if it is none."""
    if kind not in ("auto", "sketch") or find_background(pixels).share >= BLANK:
        return None
    cleaned = clean_paper(pixels)
    if cleaned is None or not looks_drawn(cleaned, paper := find_background(cleaned)):
        return None
    many = kind == "auto" and shows_many(foreground(cleaned, paper))
    cutout = _nothing(cleaned) if many else cut_out_sketch(cleaned, paper)
    step = Step("Cleaned", "Uneven light and printed lines are left out.", cleaned)
    return replace(cutout, steps=(step, *cutout.steps))


def _invert_drawing(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return a drawing in light strokes on a plain dark ground as dark on light, or None for anything else."""
    background = find_background(pixels)
    if background.level > 127 or not background.is_plain:
        return None
    inverted = 255 - pixels
    paper = find_background(inverted)
    return inverted if looks_drawn(inverted, paper) and not shows_many(foreground(inverted, paper)) else None


def _cut_out_as(pixels: NDArray[np.uint8], kind: str) -> tuple[str, Cutout]:
    """Detect the kind, unless it is chosen, and cut the item out accordingly."""
    background = find_background(pixels)
    if kind in ("auto", "sketch") and (inverted := _invert_drawing(pixels)) is not None:
        cutout = cut_out_sketch(inverted, find_background(inverted))
        step = Step("Inverted", "Light strokes on a dark ground become dark on light.", inverted)
        return "sketch", replace(cutout, steps=(step, *cutout.steps))
    found = detect_kind(pixels, background) if kind == "auto" else kind
    if kind == "auto" and background.is_plain and shows_many(foreground(pixels, background)):
        return found, _nothing(pixels)
    return found, _cut_out(pixels, background, found)


def _nothing(pixels: NDArray[np.uint8]) -> Cutout:
    """Cut out nothing, because there is no single item."""
    blank = np.zeros(pixels.shape[:2], np.uint8)
    return Cutout(blank, blank > 0, (), (NO_SINGLE_ITEM,))


def _cut_out(pixels: NDArray[np.uint8], background: Background, kind: str) -> Cutout:
    if kind == "photo":
        return cut_out_photo(pixels)
    if kind == "sketch" and foreground(pixels, background).any():
        return cut_out_sketch(pixels, background)
    return cut_out_catalogue(pixels, background)


def _warn(cutout: Cutout) -> tuple[str, ...]:
    share, areas = cutout.mask.mean(), piece_areas(cutout.mask)
    if share < NOTHING:
        return cutout.warnings or (EMPTY,)
    return (
        *cutout.warnings,
        *((NEARLY_EMPTY,) if share < LITTLE else ()),
        *((SEVERAL,) if (areas > 0.25 * areas[0]).sum() > 1 else ()),
    )


def _as_it_is(picture: Picture, image: NDArray[np.uint8]) -> Prepared:
    steps = (
        Step("Picture", "Upright, transparency on white.", picture.pixels),
        Step("As it is", "Grey and 28 × 28, nothing else changed.", image),
    )
    return Prepared(image, "raw", steps, picture.warnings, view_in_colour(picture.pixels))
