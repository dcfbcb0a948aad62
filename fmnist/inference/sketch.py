"""Turn a line drawing into a filled garment: close its outline, fill it, and keep the lines inside.

The robust recipe makes its training pictures with `fill` too: a change there means training those networks again.
"""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.background import Background, foreground
from fmnist.inference.frame import Cutout, Step
from fmnist.inference.tone import grey, lift, negative

CLOTH = 190  # a common level of garments in the dataset; `LINE` is one of their seams and shadows
LINE = 120
RIM = 0.05  # of the longest edge: a stroke this close to the edge is the outline, which garments do not show
THIN = 0.03  # of the longest edge: half the width up to which a mark is a stroke and not paint
THICK = 0.09  # the same for an outline drawn with a thick brush
JOINT = 2.5  # times the area of that disc: wide pieces up to this size are places where strokes meet
MOSTLY = 0.8
HAIR = 4.0  # pixels: the mean width that lines of one pixel seem to have, soft edges included
EDGE = 40  # levels by which a stroke is darker than its surroundings
PAINTED = 0.3  # share of an item; if more is painted, the paint is its cloth
BARE = 0.6  # inked share of a drawing's area; with more ink it is a painting or a photo
MIN_STROKE = 1 / 40  # of the longest edge: a line below about 0.7 of the 28 pixels fades away
FULL = 0.5  # share of the convex hull: an outline that encloses less has leaked
NARROW = (0.0, 0.03, 0.06)  # of the longest edge: gaps that are closed first
WIDE = (0.12, 0.2, 0.3)  # gaps that are closed as a last resort, since this rounds the shape
LONGEST_BRIDGE = 0.7  # of the longest edge


def looks_drawn(pixels: NDArray[np.uint8], background: Background) -> bool:
    """Return whether a picture consists of equally dark strokes on a light background that stays mostly bare."""
    import cv2

    ink = foreground(pixels, background)
    if not ink.any() or background.level < 128:
        return False
    if looks_outlined(pixels, ink):
        return True
    lines = ink & ~solid(ink)
    if not lines.any() or not (is_bare(ink) or lines.sum() > MOSTLY * ink.sum()):
        return False
    if stroke_width(lines) < HAIR and is_bare(ink):
        return True  # lines of one pixel, which are unequally dark
    dark = cv2.dilate(negative(pixels, lines), np.ones((5, 5), np.uint8))[lines]  # covers the soft edges of strokes
    return bool((dark > 0.7 * np.quantile(dark, 0.9)).mean() > MOSTLY)


def looks_outlined(pixels: NDArray[np.uint8], ink: NDArray[np.bool_]) -> bool:
    """Return whether an item is painted and has an outline in strokes darker than the paint."""
    import cv2

    strokes = strokes_on_paint(pixels, ink)
    near = cv2.dilate(strokes.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    level, paint = grey(pixels), ink & ~near
    body = fill(ink)
    if not strokes.any() or paint.sum() < PAINTED * body.sum():
        return False
    darker = np.median(level[strokes]) < np.median(level[paint]) - EDGE
    return bool(darker and near[body & (_depth(body) <= 2)].mean() > MOSTLY)


def strokes_on_paint(pixels: NDArray[np.uint8], ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark thin lines that are darker than both of their sides."""
    import cv2

    level = grey(pixels)
    without = cv2.morphologyEx(level, cv2.MORPH_CLOSE, _disc(THIN * max(_extent(ink))))
    return np.asarray(ink & (without.astype(np.int16) - level > EDGE))


def cut_out_sketch(pixels: NDArray[np.uint8], background: Background) -> Cutout:
    """Close and fill the outline of a drawing; `pixels` is uint8 (h, w, 3), dark strokes on a light background."""
    drawn = foreground(pixels, background)
    ink = thicken(drawn)
    barrier = close_outline(ink)
    body = fill(barrier)
    painted = solid(drawn) & ~strokes_on_paint(pixels, drawn)
    paint = lift(negative(pixels, painted), painted)
    cloth = float(np.median(paint[painted])) if painted.sum() > PAINTED * body.sum() else CLOTH
    lines = ink & inner(body, stroke_width(ink & ~painted))
    tone = np.where(lines, cloth * LINE / CLOTH, np.where(body, cloth, 0)).astype(np.uint8)
    tone[painted] = paint[painted]
    steps = (
        Step("Lines", "The strokes, thick enough to survive shrinking.", as_picture(ink)),
        Step("Closed", "Gaps in the outline are bridged.", as_picture(barrier)),
        Step("Filled", "The area inside the outline is filled in; inner lines are kept.", tone),
    )
    return Cutout(tone, body, steps, sharpness=0)


def is_bare(ink: NDArray[np.bool_]) -> bool:
    """Return whether much of the area that a drawing encloses has no ink."""
    return bool(ink.sum() < BARE * fill(close_gaps(ink, NARROW[-1] * max(_extent(ink)))).sum())


def solid(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark what is painted, as opposed to lines, including lines drawn with a thick brush."""
    painted = _open(ink, THIN)
    thick = painted.sum() > MOSTLY * ink.sum() and is_bare(ink)
    return _open(ink, THICK) if thick else painted


def _open(ink: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    """Remove pieces narrower than a disc, whose radius is a share of the longest edge, and joints of strokes."""
    import cv2

    disc = _disc(radius * max(_extent(ink)))
    wide = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, disc)
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    kept = stats[:, cv2.CC_STAT_AREA] > JOINT * disc.sum()
    kept[0] = False
    return np.asarray(kept[pieces])


def thicken(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Widen strokes that would vanish at 28 pixels."""
    import cv2

    missing = MIN_STROKE * max(_extent(ink)) - stroke_width(ink)
    if missing < 1:
        return ink
    return np.asarray(cv2.dilate(ink.astype(np.uint8), _disc(missing / 2)) > 0)


def stroke_width(ink: NDArray[np.bool_]) -> float:
    """Return the mean stroke width in pixels; the mean distance to the edge of a stroke is a quarter of its width."""
    return float(4 * _depth(ink)[ink].mean()) if ink.any() else 0.0


def close_outline(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Close the outline of a drawing with as little change as possible.

    Closes narrow gaps first, then joins loose ends, nearest first, then closes wide gaps. If the outline still leaks,
    the widest closing is returned.
    """
    size = max(_extent(ink))
    enough = FULL * hull_area(ink)
    for gap in NARROW:
        barrier = close_gaps(ink, gap * size)
        if fill(barrier).sum() >= enough:
            return barrier
    barrier = join_ends(barrier, LONGEST_BRIDGE * size, enough)
    for gap in WIDE:
        if fill(barrier).sum() >= enough:
            break
        barrier = close_gaps(barrier, gap * size)
    return barrier


def close_gaps(ink: NDArray[np.bool_], gap: float) -> NDArray[np.bool_]:
    """Close gaps of up to `gap` pixels by morphological closing."""
    import cv2

    disc = _disc(gap / 2)
    margin = disc.shape[0]
    room = np.pad(ink, margin).astype(np.uint8)  # or the border of the picture would close the outline
    return np.asarray(cv2.morphologyEx(room, cv2.MORPH_CLOSE, disc)[margin:-margin, margin:-margin] > 0)


def join_ends(ink: NDArray[np.bool_], longest: float, enough: float) -> NDArray[np.bool_]:
    """Draw lines between loose ends, nearest first, until the outline encloses `enough` pixels."""
    import cv2

    barrier = ink.astype(np.uint8)
    for start, end in bridges(loose_ends(ink), longest):
        cv2.line(barrier, start, end, 1, 2)
        if fill(barrier > 0).sum() >= enough:
            break
    return np.asarray(barrier > 0)


def loose_ends(ink: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Find the ends of strokes, int (n, 2) as x, y: a disc around an end has little more than half the usual ink."""
    import cv2

    width = stroke_width(ink)
    core = _depth(ink) > 0.2 * width
    disc = _disc(2.2 * width).astype(np.float32)
    held = cv2.filter2D(ink.astype(np.float32), -1, disc, borderType=cv2.BORDER_CONSTANT)
    ends = core & (held < 0.7 * np.median(held[core]))
    count, pieces = cv2.connectedComponents(ends.astype(np.uint8), connectivity=8)
    points = [
        np.argwhere((pieces == piece) & (held == held[pieces == piece].min()))[0, ::-1] for piece in range(1, count)
    ]
    return np.array(points, np.int64).reshape(-1, 2)


def bridges(ends: NDArray[np.int64], longest: float) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Pair loose ends, shortest distance first, each end once."""
    distances = np.hypot(*(ends[:, None] - ends[None]).transpose(2, 0, 1))
    first, second = np.nonzero(np.triu(distances <= longest, 1))
    free = set(range(len(ends)))
    pairs = []
    for i in np.argsort(distances[first, second], kind="stable"):
        pair = {int(first[i]), int(second[i])}
        if pair <= free:
            free -= pair
            start, end = (ends[j].tolist() for j in sorted(pair))
            pairs.append((tuple(start), tuple(end)))
    return pairs


def fill(barrier: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark everything that cannot be reached from outside without crossing the barrier, and the barrier itself."""
    import cv2

    room = cv2.copyMakeBorder(barrier.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    cv2.floodFill(room, None, (0, 0), 2)
    return np.asarray(room[1:-1, 1:-1] != 2)


def inner(body: NDArray[np.bool_], width: float) -> NDArray[np.bool_]:
    """Mark the part of a body inside its rim, which is wide enough to contain an outline of `width` pixels."""
    return np.asarray(_depth(body) > max(RIM * max(_extent(body)), 1.25 * width))


def as_picture(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Show a mask as it was drawn, black on white."""
    return np.where(mask, 0, 255).astype(np.uint8)


def _depth(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the distance from each pixel of a mask to its edge; the border of the picture counts as edge."""
    import cv2

    padded = np.pad(mask, 1).astype(np.uint8)
    return np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1], np.float32)


def _disc(radius: float) -> NDArray[np.uint8]:
    reach = max(1, int(np.ceil(radius)))
    row, column = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    return np.asarray(row**2 + column**2 <= max(1.0, radius) ** 2, np.uint8)


def _extent(mask: NDArray[np.bool_]) -> tuple[int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)


def hull_area(mask: NDArray[np.bool_]) -> float:
    """Return the area, in pixels, of the convex hull of a mask, which must not be empty."""
    import cv2

    points = np.argwhere(mask)[:, ::-1].astype(np.int32)
    return float(cv2.contourArea(cv2.convexHull(points)))
