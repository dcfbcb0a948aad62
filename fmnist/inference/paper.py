"""Clean a drawing on paper: even out its light, and remove the lines or squares that are printed on it."""

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.frame import shrink
from fmnist.inference.tone import grey

FINE = 0.08  # of the longest edge: strokes and lines are narrower, so a closing of this size shows the paper alone
SMOOTH = 10  # levels by which bare paper differs from its blurred self; where more does, something lies on it
ROUGH = 0.03  # share of the picture that may differ by more
BRIGHT = 70  # levels; paper is lighter, even in the shade
FAINT = 14  # levels below the paper at which ink begins, or so many times its noise
NOISES = 4.0
STEEPEST = 6.0  # degrees: lines on paper that was laid down by eye
LONG = 0.5  # of the width: how much of it a printed line covers
FEWEST = 4
EDGE = 4  # pixels
STRONG = 0.6  # of the ink of a printed line
REGULAR = 0.75  # share of the lines at equal distances that are there
ASTRAY = 0.15  # of their distance: how far off a line may be
HALF = 2.5  # pixels: half the width of a printed line, soft edges included
CORE = 0.75  # pixels: where a printed line has its full tone
DARKER = 1.25  # times the darkness of the printed lines: strokes that cross them
SLOPES = np.tan(np.deg2rad(np.arange(-STEEPEST, STEEPEST + 0.25, 0.5)))


def clean_paper(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return a drawing in its own colours on white, without printed lines, or None if it is on no such paper.

    Args:
        pixels: uint8 (h, w, 3).
    """
    if (paper := find_paper(pixels)) is None:
        return None
    flat = (pixels * (255 / np.maximum(paper, 1))).clip(0, 255).astype(np.float32)
    darkness = 255 - grey(flat.astype(np.uint8)).astype(np.float32)
    noise = float(np.median(abs(darkness - np.median(darkness)))) * 1.4826
    ink = darkness > max(FAINT, NOISES * noise)
    kept = remove_lines(remove_lines(ink, darkness).T, darkness.T).T
    if not kept.any():
        return None
    gain = 255 / max(float(np.quantile(darkness[kept], 0.9)), 1.0)  # pencil is grey
    return np.where(kept[..., None], 255 - (255 - flat) * gain, 255).clip(0, 255).astype(np.uint8)


def find_paper(pixels: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """Return the light on bare paper, float32 (h, w, 3), or None if anything but strokes lies on it."""
    import cv2

    height, width = pixels.shape[:2]
    small = shrink(pixels, 160)
    reach = 2 * round(FINE * max(small.shape[:2]) / 2) + 1
    closed = cv2.morphologyEx(cv2.medianBlur(small, 3), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    smooth = cv2.GaussianBlur(closed, (0, 0), reach / 2)
    rough = abs(closed.astype(np.int16) - smooth).max(axis=-1) > SMOOTH
    if rough.mean() > ROUGH or grey(np.asarray(smooth, np.uint8)).min() < BRIGHT:
        return None
    return np.asarray(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def remove_lines(ink: NDArray[np.bool_], darkness: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Remove straight lines that cross the picture from side to side at regular distances.

    Strokes stay where they cross a line: they are darker, or go on above and below it.

    Args:
        ink: where anything is drawn or printed, bool (h, w).
        darkness: levels below the paper, float32 (h, w).
    """
    import cv2

    row, column = np.nonzero(ink)
    if not row.size:
        return ink
    level = _level_along_lines(row, column, ink.shape)
    counts = np.bincount(level) / ink.shape[1]
    lines = find_regular_lines(counts)
    if lines is None:
        return ink
    off, dark = lines[level], darkness[row, column]
    printed = (off <= HALF) & (dark < DARKER * np.median(dark[off <= CORE]))
    kept = ink.copy()
    kept[row[printed], column[printed]] = False
    tall = np.ones((2 * round(HALF) + 3, 1), np.uint8)
    bridged = cv2.morphologyEx(kept.astype(np.uint8), cv2.MORPH_CLOSE, tall) > 0
    kept |= bridged & ink
    kept[[*range(EDGE), *range(-EDGE, 0)]] = False  # where half a line is left
    return kept


def find_regular_lines(counts: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return each level's distance from the nearest of several lines at equal distances, (n,), or None without any.

    Args:
        counts: the share of each level that is covered, float (n,).
    """
    near = np.convolve(counts, np.ones(3), "same")
    highest = np.lib.stride_tricks.sliding_window_view(np.pad(near, 3), 7).max(axis=-1)
    peaks = np.flatnonzero((near >= LONG) & (near == highest))
    peaks = peaks[np.diff(peaks, prepend=-9) > 3]  # a line of two rows has two
    if len(peaks) < FEWEST:
        return None
    peaks = peaks[near[peaks] > STRONG * np.quantile(near[peaks], 0.75)]  # the drawing has long strokes, too
    comb = _fit_comb(peaks) if len(peaks) >= FEWEST else None
    if comb is None:
        return None
    distance, first = comb
    return np.asarray(abs((np.arange(len(counts)) - first + distance / 2) % distance - distance / 2))


def _fit_comb(peaks: NDArray[np.intp]) -> tuple[float, float] | None:
    """Return the distance and the first of the regular lines that most peaks lie on, or None if too few do."""
    gap = float(np.median(np.diff(peaks)))
    offs = [(peaks - peak) / gap for peak in peaks]
    best = max(offs, key=lambda off: int((abs(off - off.round()) < ASTRAY).sum()))
    on = abs(best - best.round()) < ASTRAY
    at = best.round()
    if len(np.unique(at[on])) < FEWEST or on.sum() < REGULAR * (np.ptp(at[on]) + 1):
        return None
    distance, first = np.polyfit(at[on], peaks[on], 1)
    return float(distance), float(first)


def _level_along_lines(row: NDArray[np.intp], column: NDArray[np.intp], shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Return each pixel's row after the shear that gathers the ink in the fewest rows."""
    margin = int(np.ceil(SLOPES[-1] * shape[1] / 2)) + 1
    shears = [np.rint(row - slope * (column - shape[1] / 2)).astype(np.intp) + margin for slope in SLOPES]
    return max(shears, key=lambda level: float((np.bincount(level) ** 2.0).sum()))
