"""Pose garments as people lay, hang or draw them: sleeves spread, legs apart, tilted, stretched, in pairs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from fmnist.dataset import FOOTWEAR

ROOM = 80  # pixels; an item is about 40 long, which leaves room for spread sleeves
CLOTH_ABOVE = 24  # levels; up to this level a training image shows background
ROWS, COLUMNS = np.mgrid[:ROOM, :ROOM].astype(np.float32)

_ITEM = 40
_SIDE = 28
_T_SHIRT, _TROUSER, _PULLOVER, _DRESS, _COAT, _SANDAL, _SHIRT, _SNEAKER, _, _ANKLE_BOOT = range(10)
_SLEEVES = {_T_SHIRT: 45.0, _PULLOVER: 55.0, _COAT: 55.0, _SHIRT: 55.0}  # the largest angle in degrees
_LONG_SLEEVES = (_PULLOVER, _COAT, _SHIRT)
# Clothes on models are narrower than clothes that are drawn or laid out: the largest widening, as a logarithm
_WIDER = (0.4, 0.6, 0.4, 0.4, 0.5, 0.0, 0.35, 0.0, 0.0, 0.0)
_LEGS = 16.0  # degrees; the largest angle by which each turns outwards
_TILT = 7.0  # degrees; a standard deviation

Part = tuple[np.ndarray, np.ndarray]
"""A piece of a garment, uint8 (28, 28), and the affine matrix (3, 3) that moves it."""


@dataclass(frozen=True)
class Manner:
    """How strongly garments are posed: `stretch`, `shear`, `taper` and `wobble` (pixels) are standard deviations.

    `apart` is the probability that sleeves or legs move. `shortest` is the smallest length of drawn sleeves, as a share
    of their own, and `taller` the largest stretching of sneakers upwards, as a logarithm. `from_above` is, for each
    class of footwear, the probability of a view other than from the side, `upright` the probability that the shoe then
    points up or down, and `pair` that there are two.
    """

    stretch: float
    shear: float
    taper: float
    wobble: float
    apart: float
    shortest: float
    taller: float
    from_above: Mapping[int, float]
    upright: float
    pair: Mapping[int, float]


DRAWN = Manner(
    stretch=0.2,
    shear=0.08,
    taper=0.2,
    wobble=1.3,
    apart=0.85,
    shortest=0.45,
    taller=0.4,
    from_above={_SANDAL: 0.6, _SNEAKER: 0.2, _ANKLE_BOOT: 0.1},
    upright=0.6,
    pair={_SANDAL: 0.4, _SNEAKER: 0.15, _ANKLE_BOOT: 0.1},
)
PHOTOGRAPHED = Manner(
    stretch=0.12,
    shear=0.06,
    taper=0.15,
    wobble=1.0,
    apart=0.7,
    shortest=0.8,
    taller=0.0,
    from_above=dict.fromkeys(FOOTWEAR, 0.6),
    upright=0.0,
    pair=dict.fromkeys(FOOTWEAR, 0.5),
)


def pose(image: np.ndarray, label: int, manner: Manner, rng: np.random.Generator) -> np.ndarray:
    """Pose a training image, uint8 (28, 28) of class `label`, as a whole and in parts; returns uint8 (ROOM, ROOM)."""
    parts = _cut_apart(image, label, manner, rng) if rng.random() < manner.apart else [(image, np.eye(3))]
    posed = _compose(parts, _place_whole(label, manner, rng))
    if rng.random() < manner.pair.get(label, 0.0):
        posed = _add_other_shoe(posed, rng)
    return _deform(posed, label, manner, rng)


def affine(
    degrees: float, source: np.ndarray, target: np.ndarray, zoom: float = 1.0, wide: float = 1.0, shear: float = 0.0
) -> np.ndarray:
    """Return the matrix (3, 3) that stretches, shears, turns clockwise and scales about `source`, moved to `target`."""
    cosine, sine = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    linear = zoom * np.array([[cosine, -sine], [sine, cosine]]) @ np.array([[wide, shear], [0.0, 1.0]])
    matrix = np.eye(3)
    matrix[:2, :2], matrix[:2, 2] = linear, target - linear @ source
    return matrix


def _place_whole(label: int, manner: Manner, rng: np.random.Generator) -> np.ndarray:
    """Return the matrix that tilts and stretches a garment and moves it to the middle of the larger canvas."""
    from_above = rng.random() < manner.from_above.get(label, 0.0)
    degrees = rng.uniform(-100, 100) if from_above else rng.normal(0, _TILT)
    if from_above and rng.random() < manner.upright:
        degrees = rng.choice([-90, 90]) + rng.normal(0, 2 * _TILT)
    wide = np.exp(rng.normal(0, manner.stretch))
    wide *= np.exp(rng.random() * _WIDER[label])
    if label == _SNEAKER:
        wide /= np.exp(rng.random() * manner.taller)
    zoom = _ITEM / _SIDE / max(wide, 1.0)
    return affine(degrees, _middle(_SIDE), _middle(ROOM), zoom, wide, rng.normal(0, manner.shear))


def _cut_apart(image: np.ndarray, label: int, manner: Manner, rng: np.random.Generator) -> list[Part]:
    """Separate sleeves or legs, if the class has them, and turn them about the shoulder or the hip."""
    cloth = image > CLOTH_ABOVE
    columns, rows = np.flatnonzero(cloth.any(axis=0)), np.flatnonzero(cloth.any(axis=1))
    if not len(rows):
        return [(image, np.eye(3))]
    middle, half, top = (columns[0] + columns[-1]) / 2, (columns[-1] - columns[0]) / 2, float(rows[0])
    if label in _SLEEVES:
        shortest = manner.shortest if label in _LONG_SLEEVES else 1.0
        return _raise_sleeves(image, middle, half * rng.uniform(0.5, 0.68), top, _SLEEVES[label], shortest, rng)
    if label == _TROUSER:
        return _part_legs(image, middle, top, rng)
    return [(image, np.eye(3))]


def _raise_sleeves(
    image: np.ndarray,
    middle: float,
    torso: float,
    top: float,
    most: float,
    shortest: float,
    rng: np.random.Generator,
) -> list[Part]:
    """Turn the parts farther than `torso` from the middle by up to `most` degrees; shorter sleeves become thicker."""
    angle, shoulder = rng.uniform(-5, most), top + rng.uniform(1.5, 4)
    length = rng.uniform(shortest, 1.0)
    column = np.arange(_SIDE)
    left, right = column < middle - torso, column > middle + torso
    return [
        (_only(image, ~(left | right)), np.eye(3)),
        (_only(image, left), _turn(angle + rng.normal(0, 5), middle - torso, shoulder, length)),
        (_only(image, right), _turn(-angle + rng.normal(0, 5), middle + torso, shoulder, length)),
    ]


def _part_legs(image: np.ndarray, middle: float, top: float, rng: np.random.Generator) -> list[Part]:
    angle, hip = rng.uniform(0, _LEGS), top + rng.uniform(2, 10)
    left = np.arange(_SIDE) <= middle
    return [(_only(image, left), _turn(angle, middle, hip)), (_only(image, ~left), _turn(-angle, middle, hip))]


def _only(image: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return np.where(columns, image, 0).astype(np.uint8)


def _turn(degrees: float, x: float, y: float, length: float = 1.0) -> np.ndarray:
    joint = np.array([x, y])
    return affine(degrees, joint, joint, zoom=length, wide=length**-1.5)


def _compose(parts: Iterable[Part], whole: np.ndarray) -> np.ndarray:
    room = np.zeros((ROOM, ROOM), np.uint8)
    for part, moved in parts:
        np.maximum(room, _warp(part, whole @ moved), out=room)
    return room


def _add_other_shoe(posed: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add a second shoe beside the first, across its longer side; half of the time it is mirrored."""
    points = cv2.findNonZero((posed > CLOTH_ABOVE).astype(np.uint8))
    if points is None:
        return posed
    _, (length, width), degrees = cv2.minAreaRect(points)
    if length < width:
        length, width, degrees = width, length, degrees + 90
    along = np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))])
    across = np.array([-along[1], along[0]])
    apart = across * width * rng.uniform(0.9, 1.3) + along * length * rng.normal(0, 0.12)
    centre = _middle(ROOM)
    first, second = (affine(rng.normal(0, 8), centre, centre + side * apart / 2, 0.8) for side in (-1, 1))
    if rng.random() < 0.5:
        reflection = np.eye(3)
        reflection[:2, :2] = 2 * np.outer(along, along) - np.eye(2)
        reflection[:2, 2] = centre - reflection[:2, :2] @ centre
        second = second @ reflection
    return np.asarray(np.maximum(_warp(posed, first), _warp(posed, second)))


def _deform(posed: np.ndarray, label: int, manner: Manner, rng: np.random.Generator) -> np.ndarray:
    """Taper a garment along both axes, and displace its pixels smoothly, like an unsteady hand or soft cloth."""
    coarse = rng.normal(0, manner.wobble, (2, 6, 6)).astype(np.float32)
    right, down = (cv2.resize(field, (ROOM, ROOM), interpolation=cv2.INTER_CUBIC) for field in coarse)
    flare, rise = rng.normal(0, manner.taper, 2).clip(-0.6, 0.6).tolist()  # Python floats keep everything float32
    if label == _DRESS:
        flare += rng.uniform(0, 0.5)
    column, row = COLUMNS - ROOM / 2, ROWS - ROOM / 2
    narrowed, flattened = column / (1 + flare * row / ROOM), row / (1 + rise * column / ROOM)
    return np.asarray(cv2.remap(posed, narrowed + ROOM / 2 + right, flattened + ROOM / 2 + down, cv2.INTER_LINEAR))


def _warp(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.warpAffine(image, matrix[:2], (ROOM, ROOM), flags=cv2.INTER_LINEAR))


def _middle(size: int) -> np.ndarray:
    return np.full(2, (size - 1) / 2)
