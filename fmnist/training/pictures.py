"""Turn training images into simulated drawings and photos, as users provide them.

Everything is made from the training images only. An image is posed, rendered as a drawing or photo looks after the
preparation of pictures, and fitted into the dataset's frame with the functions of that preparation.
"""

from collections.abc import Callable

import cv2
import numpy as np

from fmnist.inference.frame import SHARPNESS, Cutout, frame
from fmnist.inference.sketch import CLOTH, fill
from fmnist.inference.tone import lift
from fmnist.training.outlines.drawing import draw_outline
from fmnist.training.poses import CLOTH_ABOVE, COLUMNS, DRAWN, PHOTOGRAPHED, ROOM, ROWS, pose
from fmnist.training.strokes import add_ankle, add_handles, draw_strokes, fill_sole, open_front

cv2.setNumThreads(1)  # images this small are finished before a second thread wakes up

_FROM_SCRATCH = 0.5  # the share of drawings whose outline is no training image's
_COAT, _SANDAL, _SNEAKER, _BAG, _ANKLE_BOOT = 4, 5, 7, 8, 9
_TOLD_BY_STROKES = (4, 6)  # a coat or a shirt that is drawn without its opening is a pullover
_LEAST = 20  # pixels; if less of a garment remains, the training image is used unchanged
_FAINT = 14  # levels; up to this level the soft edge of a garment is background


def draw_garments(images: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn images, uint8 (n, 28, 28) of classes `labels` (n,), into filled line drawings, half of them mirrored.

    An image that would be left almost empty is returned unchanged.
    """
    return _render_each(_draw, 0.0, images, labels, rng)


def photograph_garments(images: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn images, uint8 (n, 28, 28) of classes `labels` (n,), into cut-out photos, half of them mirrored.

    An image that would be left almost empty is returned unchanged.
    """
    return _render_each(_photograph, SHARPNESS, images, labels, rng)


def _render_each(
    render: Callable[[np.ndarray, int, np.random.Generator], np.ndarray],
    sharpness: float,
    images: np.ndarray,
    labels: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    made = images.copy()
    for place, (image, label) in enumerate(zip(images, labels, strict=True)):
        if not (image > CLOTH_ABOVE).any():
            continue
        seen = np.ascontiguousarray(image[:, ::-1]) if rng.random() < 0.5 else image
        tone = render(seen, int(label), rng)
        if (tone > 0).sum() >= _LEAST:
            made[place] = frame(Cutout(tone, tone > 0, (), sharpness=sharpness))[-1].image
    return made


def _draw(image: np.ndarray, label: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a garment: a filled outline of one tone, with some seams and some strokes that people add."""
    cloth = CLOTH if rng.random() < 0.6 else int(rng.integers(70, 256))
    body, lines = _compose(image, label, rng)
    if label not in _TOLD_BY_STROKES and rng.random() < 0.1:
        return np.where(_leave_open(body, rng), cloth, 0).astype(np.uint8)
    tone = np.where(body, cloth, 0).astype(np.uint8)
    inner = cv2.erode(body.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    tone[lines & inner] = int(cloth * rng.uniform(0.35, 0.85))
    return tone


def _compose(image: np.ndarray, label: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the area and the strokes of a drawing, from a training image or from scratch."""
    told = label in _TOLD_BY_STROKES or rng.random() < 0.8
    if rng.random() < _FROM_SCRATCH:
        body, strokes = draw_outline(label, rng)
        if label == _COAT and rng.random() < 0.25:
            body = open_front(body, rng)
        return body, (strokes if told else np.zeros_like(strokes)) | _scribble(rng)
    soft = cv2.GaussianBlur(pose(image, label, DRAWN, rng), (0, 0), 0.9)
    body = _outline(soft > CLOTH_ABOVE, label, rng)
    lines = _trace_seams(soft, rng) | _scribble(rng)
    return body, lines | draw_strokes(body, label, rng) if told else lines


def _outline(body: np.ndarray, label: int, rng: np.random.Generator) -> np.ndarray:
    """Return the area inside the outline of a garment: mostly filled, with the parts that people exaggerate."""
    if label == _BAG and rng.random() < 0.75:
        body = add_handles(body, rng)
    if label == _COAT and rng.random() < 0.25:
        body = open_front(body, rng)
    if label == _SNEAKER and rng.random() < 0.4:
        body = add_ankle(body, 0.1, 0.45, rng)
    if label == _ANKLE_BOOT and rng.random() < 0.3:
        body = add_ankle(body, 0.2, 0.8, rng)
    if label == _SANDAL and rng.random() < 0.6:
        return fill_sole(body)
    return fill(body) if rng.random() < 0.8 else body


def _leave_open(body: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return an outline that could not be closed; in half of the cases a part of it is filled anyway."""
    drawn = np.zeros(body.shape, np.uint8)
    contours, _ = cv2.findContours(body.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(drawn, contours, -1, 1, int(rng.integers(1, 4)))
    if rng.random() < 0.5:
        drawn |= body & ((ROWS, COLUMNS)[rng.integers(2)] < rng.integers(20, 60))
    return drawn > 0


def _trace_seams(soft: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the stronger edges inside a garment as strokes; half of the drawings have none."""
    if rng.random() < 0.5:
        return np.zeros(soft.shape, bool)
    strength, width = rng.uniform(40, 220), int(rng.integers(1, 3))
    edges = cv2.Canny(soft, strength / 2, strength)
    if rng.random() < 0.5:
        edges[_patches(0.4, rng)] = 0
    return np.asarray(cv2.dilate(edges, np.ones((width, width), np.uint8)) > 0)


def _scribble(rng: np.random.Generator) -> np.ndarray:
    """Return strokes that follow no seam, such as patterns and slips of the pen; most drawings have none."""
    strokes = np.zeros((ROOM, ROOM), np.uint8)
    for _ in range(rng.integers(1, 5) if rng.random() < 0.2 else 0):
        steps = rng.normal(0, 5, (rng.integers(1, 5), 2))
        points = np.cumsum(np.concatenate([rng.uniform(22, 58, (1, 2)), steps]), axis=0)
        cv2.polylines(strokes, [points.astype(np.int32)], False, 1, int(rng.integers(1, 3)))
    return strokes > 0


def _photograph(image: np.ndarray, label: int, rng: np.random.Generator) -> np.ndarray:
    """Photograph a garment: with another tone, light and print, and imperfectly cut out of its background."""
    posed = pose(image, label, PHOTOGRAPHED, rng)
    if label == _BAG and rng.random() < 0.6:
        posed[add_handles(posed > CLOTH_ABOVE, rng) & (posed <= CLOTH_ABOVE)] = rng.integers(60, 256)
    mask = cv2.GaussianBlur(posed, (0, 0), 0.8) > _FAINT
    tone = _print(_retone(posed / 255.0, rng), rng)
    tone = (255 * tone).clip(1, 255).astype(np.uint8)
    mask, tone = _cut_badly(mask, tone, rng)
    return lift(np.where(mask, tone, 0).astype(np.uint8), mask)


def _retone(value: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Change the tone of cloth, 0 to 1, and its lighting; one in four is inverted."""
    if rng.random() < 0.25:
        value = 1 - value
    low, high = np.sort(rng.uniform(0.05, 1.0, 2)) if rng.random() < 0.6 else (0.0, 1.0)
    value = low + (high - low) * value ** np.exp(rng.normal(0, 0.4))
    down, right = rng.normal(0, 0.5 / ROOM, 2)
    noise = rng.normal(0, rng.uniform(0, 0.15), (ROOM // 2, ROOM // 2)).astype(np.float32)
    return np.asarray(
        value * (1 + down * (ROWS - ROOM / 2) + right * (COLUMNS - ROOM / 2)) + cv2.resize(noise, (ROOM, ROOM))
    )


def _print(value: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Print stripes, blotches or a patch on cloth; most of it stays plain."""
    kind = rng.random()
    if kind < 0.15:
        angle, period = rng.uniform(0, np.pi), rng.uniform(4, 10)
        phase = (ROWS * np.cos(angle) + COLUMNS * np.sin(angle)) / period * 2 * np.pi
        return value + rng.uniform(0.1, 0.5) * (np.sin(phase) > 0)
    if kind < 0.3:
        grain = cv2.resize(rng.random((14, 14)).astype(np.float32), (ROOM, ROOM))
        return value + rng.uniform(0.2, 0.8) * (grain - 0.5)
    if kind < 0.45:
        patch = np.zeros(value.shape, np.uint8)
        _add_ellipse(patch, rng.uniform(30, 50, 2), rng.uniform(6, 20, 2), rng, 1)
        return np.where(patch > 0, rng.random(), value)
    return value


def _cut_badly(mask: np.ndarray, tone: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Remove pieces from the edge of a garment, and add pieces of its surroundings: background, a hanger, arms."""
    taken = int(rng.integers(1, 4)) if rng.random() < 0.45 else 0
    left = int(rng.integers(1, 3)) if rng.random() < 0.4 else 0
    if not taken + left:
        return mask, tone
    cut = mask.astype(np.uint8)
    edge = np.argwhere(cv2.morphologyEx(cut, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))[:, ::-1]
    if not len(edge):
        return mask, tone
    for value in (0,) * taken + (1,) * left:
        _add_ellipse(cut, edge[rng.integers(len(edge))], rng.uniform(3, 12, 2), rng, value)
    return cut > 0, np.where(mask, tone, rng.integers(30, 256)).astype(np.uint8)


def _add_ellipse(image: np.ndarray, centre: np.ndarray, axes: np.ndarray, rng: np.random.Generator, value: int) -> None:
    box = (tuple(map(float, centre)), tuple(map(float, axes)), rng.uniform(0, 180))
    cv2.ellipse(image, box, value, cv2.FILLED)


def _patches(share: float, rng: np.random.Generator) -> np.ndarray:
    """Return bool (ROOM, ROOM): squares of a grid, about `share` of them set."""
    coarse = (rng.random((5, 5)) < share).astype(np.uint8)
    return cv2.resize(coarse, (ROOM, ROOM), interpolation=cv2.INTER_NEAREST) > 0
