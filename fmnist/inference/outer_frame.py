"""Find the picture within a picture: between bars, in a frame, or between the axes of a plot."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.background import TOLERANCE, distance, find_background, foreground, piece_areas
from fmnist.inference.sketch import close_gaps, fill, hull_area

SMALLEST = 64  # pixels; a smaller picture has no room for a frame
FULL = 0.95  # share of a side that a straight edge covers
LEAST = 0.15  # share of the area that is left within the frame
LINE = 0.1  # of the inner height or width: the width of a line
MARGIN = 0.02  # of the height or width: a frame is at least this wide
TICKS = 0.02  # of the inner area: how much may stick out of a frame
LABELS = 4  # pieces outside an outline that make it axes: numbers and titles
ITEM = 0.02  # share of the inner picture that something in it covers
CURVE = 0.35  # share of its hull that an item covers; lines of a chart cover less
DEEPEST = 3  # a print in a frame on a table


@dataclass(frozen=True)
class Box:
    """A rectangle of a picture, the ends outside; `chart` says that it holds bars or curves within axes."""

    top: int
    bottom: int
    left: int
    right: int
    chart: bool = False

    def crop(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the part of `pixels`, (h, w, …), inside the rectangle."""
        return pixels[self.top : self.bottom, self.left : self.right]

    def within(self, outer: "Box") -> "Box":
        """Return the same rectangle in the coordinates in which `outer` is given."""
        top, left = outer.top, outer.left
        return Box(self.top + top, self.bottom + top, self.left + left, self.right + left, self.chart)

    def enlarge(self, factor: float, height: int, width: int) -> "Box":
        """Return the rectangle in a copy of the picture that is `factor` times as large, at most (height, width)."""
        bottom, right = min(height, int(self.bottom * factor)), min(width, int(self.right * factor))
        return Box(int(np.ceil(self.top * factor)), bottom, int(np.ceil(self.left * factor)), right, self.chart)


def find_inner_picture(pixels: NDArray[np.uint8]) -> Box | None:
    """Return where the picture lies within its frames, or None without a frame; `pixels` is uint8 (h, w, 3)."""
    found: Box | None = None
    for _ in range(DEEPEST):
        inner = _step_inside(pixels if found is None else found.crop(pixels))
        if inner is None:
            break
        found = inner if found is None else inner.within(found)
        if found.chart:
            break
    return found


def _step_inside(pixels: NDArray[np.uint8]) -> Box | None:
    """Leave out one frame."""
    height, width = pixels.shape[:2]
    colour = _colour_of_corners(pixels)
    if min(height, width) < SMALLEST or colour is None:
        return None
    marks = distance(pixels, colour) > TOLERANCE
    box = _find_rectangle(marks)
    if box is None or not _is_frame(box, height, width):
        return None
    inner = _inset(box)
    inside = inner.crop(pixels)
    if not _is_outline(inside, colour):
        return inner if _has_content(inside) else None
    if _count_labels(marks, box) < LABELS:
        return None
    return Box(inner.top, inner.bottom, inner.left, inner.right, _is_chart(inside))


def _colour_of_corners(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return the colour that all four corners have, or None."""
    corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]]
    colour = np.median(corners, axis=0).astype(np.uint8)
    return colour if distance(corners, colour).max() <= TOLERANCE else None


def _find_rectangle(marks: NDArray[np.bool_]) -> Box | None:
    """Return the rectangle between the outermost straight edges of the widest piece, if little sticks out of it."""
    import cv2

    _, pieces, stats, _ = cv2.connectedComponentsWithStats(marks.astype(np.uint8), connectivity=8)
    if len(stats) < 2:
        return None
    largest = 1 + int((stats[1:, cv2.CC_STAT_WIDTH] * stats[1:, cv2.CC_STAT_HEIGHT]).argmax())
    left, top, width, height = stats[largest, : cv2.CC_STAT_AREA].tolist()
    piece = pieces[top : top + height, left : left + width] == largest
    rows, columns = np.arange(height), np.arange(width)
    for share in (0.8, FULL):  # ticks widen the piece: first roughly, then exactly
        rows = np.flatnonzero(piece[:, columns[0] : columns[-1] + 1].mean(axis=1) >= share)
        columns = np.flatnonzero(piece[rows[0] : rows[-1] + 1].mean(axis=0) >= share) if rows.size else rows
        if columns.size < 2 or rows.size < 2:
            return None
    box = Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
    out = piece.sum() - box.crop(piece.view(np.uint8)).sum()
    area = (box.bottom - box.top) * (box.right - box.left)
    return box.within(Box(top, top + height, left, left + width)) if out <= TICKS * area else None


def _is_frame(box: Box, height: int, width: int) -> bool:
    """Return whether a rectangle leaves a margin on two opposite sides at least, and enough within."""
    upright = min(box.top, height - box.bottom) >= MARGIN * height
    across = min(box.left, width - box.right) >= MARGIN * width
    inner = (box.bottom - box.top) * (box.right - box.left)
    return (upright or across) and inner >= LEAST * height * width


def _inset(box: Box) -> Box:
    """Leave out the soft edge and the line of a frame."""
    edge = 2 + round(0.01 * min(box.bottom - box.top, box.right - box.left))
    return Box(box.top + edge, box.bottom - edge, box.left + edge, box.right - edge)


def _is_outline(inside: NDArray[np.uint8], colour: NDArray[np.uint8]) -> bool:
    """Return whether a rectangle is drawn in lines, however thick: inside it the colour is that of the outside."""
    deep = round(LINE * min(inside.shape[:2]))
    inside = inside[deep:-deep, deep:-deep]
    ring = np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])
    return bool((distance(ring, colour) <= TOLERANCE).mean() > 0.5)


def _has_content(inside: NDArray[np.uint8]) -> bool:
    """Return whether something lies within a rectangle; one that is plain is an item itself."""
    background = find_background(inside)
    areas = piece_areas(foreground(inside, background))
    return not background.is_plain or bool(areas.size and areas[0] >= ITEM * inside[..., 0].size)


def _count_labels(marks: NDArray[np.bool_], box: Box) -> int:
    outside = marks.copy()
    outside[max(0, box.top - 3) : box.bottom + 3, max(0, box.left - 3) : box.right + 3] = False
    return len(piece_areas(outside))


def _is_chart(inside: NDArray[np.uint8]) -> bool:
    """Return whether bars that stand on an axis, or curves, lie within axes."""
    ink = foreground(inside, find_background(inside))
    if not ink.any() or ink[[0, -1]].any() or ink[:, [0, -1]].any():
        return True
    return bool(fill(close_gaps(ink, 4)).sum() < CURVE * hull_area(ink))
