"""Shapes of bags: handbags with handles, pouches, and backpacks with straps at their sides."""

import numpy as np

from fmnist.training.outlines.shape import Line, Outline, Point


def bag(rng: np.random.Generator) -> Outline:
    """Draw a handbag, a backpack or a pouch."""
    return (_handbag, _backpack, _pouch)[rng.choice(3, p=[0.5, 0.3, 0.2])](rng)


def _handbag(rng: np.random.Generator) -> Outline:
    top, bottom, tall = rng.uniform(0.6, 1.1), rng.uniform(0.7, 1.1), rng.uniform(0.7, 1.7)
    areas: list[Line] = [[(-top, 0.0), (top, 0.0), (bottom, tall), (-bottom, tall)]]
    wide, high, middle = rng.uniform(0.25, 0.8) * top, rng.uniform(0.3, 1.4), rng.normal(0, 0.1)
    handle, lines = _arc(wide, high, middle), list[Line]()
    if rng.random() < 0.7:  # what a handle encloses is filled, too
        lines.append([(middle - wide, 0.05), (middle + wide, 0.05)])
    else:
        handle += _arc(wide - 0.15, high - 0.15, middle)[::-1]
    if rng.random() < 0.85:
        areas.append(handle)
    if rng.random() < 0.5:  # a flap
        low, dip = tall * rng.uniform(0.15, 0.5), rng.uniform(0.0, 0.3)
        lines.append([(-top, low), (0.0, low + dip), (top, low)])
    if rng.random() < 0.25:  # a buckle
        lines.append(_box(0.1, 0.4 * tall, 0.5 * tall))
    return Outline(areas, lines)


def _backpack(rng: np.random.Generator) -> Outline:
    wide, tall, shoulder = rng.uniform(0.6, 0.95), rng.uniform(1.3, 2.2), rng.uniform(0.2, 0.6)
    half: list[Point] = [(0.5 * wide, 0.0), (wide, shoulder), (wide, tall)]
    sides = ((-1, 1), (-1,), (1,), ())[rng.choice(4, p=[0.5, 0.15, 0.15, 0.2])]
    straps = [_strap(wide, 0.8 * shoulder, tall * rng.uniform(0.6, 1.0), side, rng) for side in sides]
    areas: list[Line] = [[*half, *[(-x, y) for x, y in reversed(half)]], *straps]
    if rng.random() < 0.3:
        areas.append([(-0.25, 0.05), (-0.2, -0.3), (0.2, -0.3), (0.25, 0.05)])
    lines: list[Line] = []
    if rng.random() < 0.7:  # a pocket
        lines.append(_box(wide * rng.uniform(0.4, 0.8), tall * rng.uniform(0.45, 0.7), tall * rng.uniform(0.85, 1.0)))
    if rng.random() < 0.4:
        y = tall * rng.uniform(0.25, 0.45)
        lines.append([(-wide, y), (0.0, y + rng.uniform(0.0, 0.3)), (wide, y)])
    if rng.random() < 0.4:
        lines += [[(side * wide, shoulder), (side * wide, 0.95 * tall)] for side in (-1, 1)]
    return Outline(areas, lines)


def _pouch(rng: np.random.Generator) -> Outline:
    """Draw a round body, broader at its bottom, with a strap at its side or above it."""
    wide, tall, narrow = rng.uniform(0.6, 1.1), rng.uniform(1.0, 2.0), rng.uniform(0.4, 1.0)
    angles = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    shares = [(float(np.sin(a)), float(1 - np.cos(a)) / 2) for a in angles]
    areas: list[Line] = [[(wide * (narrow + (1 - narrow) * y) * x, tall * y) for x, y in shares]]
    if rng.random() < 0.5:
        side = rng.choice([-1, 1])
        areas.append(_strap(0.8 * wide, tall * rng.uniform(0.1, 0.4), tall * rng.uniform(0.6, 1.0), side, rng))
    else:
        areas.append(_arc(wide * rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.6), rng.normal(0, 0.1)))
    lines: list[Line] = []
    if rng.random() < 0.6:
        y = tall * rng.uniform(0.3, 0.6)
        lines.append([(-0.9 * wide, y), (0.0, y + rng.uniform(0.0, 0.3)), (0.9 * wide, y)])
    if rng.random() < 0.3:
        lines.append(_box(wide * rng.uniform(0.1, 0.4), 0.55 * tall, 0.75 * tall))
    return Outline(areas, lines)


def _strap(x: float, top: float, low: float, side: int, rng: np.random.Generator) -> list[Point]:
    """Return a strap that stands off from the side of a bag at a distance of `x` from its middle."""
    off = x + rng.uniform(0.15, 0.6)
    strap = [(side * x, top), (side * off, top + 0.2), (side * off, low - 0.15), (side * x, low)]
    if rng.random() < 0.3:  # one sees through it
        inner = off - 0.13
        strap += [(side * x, low - 0.13), (side * inner, low - 0.25), (side * inner, top + 0.3), (side * x, top + 0.13)]
    return strap


def _arc(wide: float, high: float, middle: float) -> list[Point]:
    """Return half an ellipse above y = 0."""
    return [(float(middle + wide * np.cos(a)), float(-high * np.sin(a)) + 0.05) for a in np.linspace(0, np.pi, 12)]


def _box(half: float, top: float, low: float) -> list[Point]:
    return [(-half, low), (-half, top), (half, top), (half, low), (-half, low)]
