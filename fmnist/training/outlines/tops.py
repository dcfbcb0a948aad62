"""Shapes of garments with sleeves: what tells them apart are the sleeves, an opening and buttons."""

from typing import NamedTuple

import numpy as np

from fmnist.training.outlines.shape import Line, Outline, Point

Range = tuple[float, float]


class _Cut(NamedTuple):
    """Ranges of measures: `sleeve` and `length` in half the width of the shoulders, `cuff` in that of a sleeve."""

    sleeve: Range
    cuff: Range
    length: Range


_SHORT, _LONG = (0.25, 0.95), (1.1, 2.4)


def t_shirt(rng: np.random.Generator) -> Outline:
    """Draw short, wide sleeves, sometimes a neckline or a print."""
    area, length = _draw_top(_Cut(_SHORT, (0.7, 1.1), (1.7, 3.0)), rng)
    return Outline([area], [*_draw_neckline(0.3, rng), *_draw_stripes(0.15, length, rng)])


def pullover(rng: np.random.Generator) -> Outline:
    """Draw long sleeves that are narrower at their ends, sometimes a neckline, stripes and the band at the hem."""
    area, length = _draw_top(_Cut(_LONG, (0.5, 0.85), (1.6, 2.8)), rng)
    lines = [*_draw_neckline(0.4, rng), *_draw_stripes(0.15, length, rng)]
    if rng.random() < 0.4:
        lines.append([(-0.8, 0.9 * length), (0.8, 0.9 * length)])
    return Outline([area], lines)


def coat(rng: np.random.Generator) -> Outline:
    """Draw long sleeves and an opening, sometimes pockets."""
    area, length = _draw_top(_Cut((0.9, 2.4), (0.55, 0.95), (1.8, 4.0)), rng)
    lines = _draw_opening(length, two=0.45, buttons=0.4, collar=0.5, rng=rng)
    if rng.random() < 0.35:
        y = length * rng.uniform(0.55, 0.75)
        lines += [[(side * 0.3, y), (side * 0.65, y)] for side in (-1, 1)]
    return Outline([area], lines)


def shirt(rng: np.random.Generator) -> Outline:
    """Draw an opening with buttons and mostly a collar, sometimes a breast pocket."""
    sleeve = _SHORT if rng.random() < 0.4 else _LONG
    area, length = _draw_top(_Cut(sleeve, (0.6, 0.95), (1.8, 3.0)), rng)
    lines = _draw_opening(length, two=0.15, buttons=0.95, collar=0.75, rng=rng)
    if rng.random() < 0.3:
        x, y = rng.uniform(0.3, 0.4), rng.uniform(0.8, 1.1)
        lines.append([(x, y), (x + 0.4, y), (x + 0.4, y + 0.4), (x, y + 0.4), (x, y)])
    return Outline([area], lines)


def _draw_top(cut: _Cut, rng: np.random.Generator) -> tuple[Line, float]:
    """Return an outline, with the neck at (0, 0) and the shoulders at ±1, and its length."""
    neck, drop, chest = rng.uniform(0.25, 0.5), rng.uniform(0.0, 0.4), rng.uniform(0.75, 1.0)
    length, flare = rng.uniform(*cut.length), np.exp(rng.normal(0.0, 0.15))
    angle, reach = rng.uniform(10, 75), rng.uniform(*cut.sleeve)
    if reach < 1 and rng.random() < 0.5:  # short sleeves stand straight out
        angle = rng.uniform(-10, 30)
    thick, end = rng.uniform(0.45, 0.8), rng.uniform(*cut.cuff)
    halves: list[list[Point]] = []
    for side in (1.0, -1.0):
        turned, far = np.deg2rad(angle + rng.normal(0, 5)), reach * np.exp(rng.normal(0, 0.1))
        out = (1 + far * np.cos(turned), drop + far * np.sin(turned))
        inner = (out[0] - end * thick * np.sin(turned), out[1] + end * thick * np.cos(turned))
        armpit = (chest, drop + thick * rng.uniform(0.95, 1.2) + 0.3 * np.sin(turned))
        hem = (chest * flare, length * np.exp(rng.normal(0, 0.02)))
        halves.append([(side * x, y) for x, y in ((neck, 0.0), (1.0, drop), out, inner, armpit, hem)])
    neckline = [(0.0, rng.uniform(0.0, 0.35))] if rng.random() < 0.75 else []
    return [*neckline, *halves[0], *reversed(halves[1])], length


def _draw_neckline(chance: float, rng: np.random.Generator) -> list[Line]:
    if rng.random() >= chance:
        return []
    wide, deep = rng.uniform(0.25, 0.45), rng.uniform(0.15, 0.5)
    return [[(-wide, 0.05), (-wide / 2, deep), (wide / 2, deep), (wide, 0.05)]]


def _draw_stripes(chance: float, length: float, rng: np.random.Generator) -> list[Line]:
    if rng.random() >= chance:
        return []
    return [[(-0.55, y), (0.55, y)] for y in np.linspace(0.9, 0.75 * length, int(rng.integers(1, 4)))]


def _draw_opening(length: float, *, two: float, buttons: float, collar: float, rng: np.random.Generator) -> list[Line]:
    """Return an opening from neck to hem, of one or two lines, with buttons beside it and a collar above.

    `two`, `buttons` and `collar` are probabilities.
    """
    middle, apart = rng.normal(0, 0.06), rng.uniform(0.1, 0.4) if rng.random() < two else 0.0
    sides = (middle - apart / 2, middle + apart / 2) if apart else (middle,)
    lines: list[Line] = [[(x, 0.1), (x, length * rng.uniform(0.92, 1.0))] for x in sides]
    if rng.random() < buttons:
        if not apart and rng.random() < 0.4:
            lines = []  # buttons alone
        x = middle + rng.choice([-1, 0, 1]) * rng.uniform(0.05, 0.15)
        lines += [[(x, y), (x + 0.1, y)] for y in np.linspace(0.35, 0.9 * length, int(rng.integers(3, 7)))]
    if rng.random() < collar:
        wide, deep = rng.uniform(0.3, 0.5), rng.uniform(0.25, 0.7)
        lines += [[(side * wide, 0.0), (middle + side * apart / 2, deep)] for side in (-1, 1)]
    return lines
