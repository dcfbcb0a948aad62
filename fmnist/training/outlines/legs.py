"""Shapes of trousers and dresses."""

import numpy as np

from fmnist.training.outlines.shape import Line, Outline, Point


def trouser(rng: np.random.Generator) -> Outline:
    """Draw trousers or shorts, with an angle or an arch between the legs."""
    length, waist = rng.uniform(1.2, 3.6), rng.uniform(0.6, 0.9)
    crotch = rng.uniform(0.3, 0.75) * min(length, 2.0)
    apart, leg = rng.uniform(0.02, 0.45), rng.uniform(0.4, 0.75)
    arch = 0.9 * apart if rng.random() < 0.35 else 0.0
    inner = [(apart, length), (arch, crotch), (-arch, crotch), (-apart, length)]
    outer = apart + leg
    area = [(-waist, 0.0), (waist, 0.0), (outer, length * rng.uniform(0.96, 1.04)), *inner, (-outer, length)]
    lines: list[Line] = [[(-waist, 0.15), (waist, 0.15)]] if rng.random() < 0.35 else []
    if rng.random() < 0.25:
        lines.append([(0.0, 0.1), (0.0, crotch)])
    if rng.random() < 0.2:  # pockets
        lines += [[(side * 0.3, 0.2), (side * 0.6, 0.2), (side * 0.6, 0.5), (side * 0.3, 0.5)] for side in (-1, 1)]
    return Outline([area], lines)


def dress(rng: np.random.Generator) -> Outline:
    """Draw a bodice and a skirt, mostly without sleeves."""
    waist, length, hem = rng.uniform(0.9, 1.5), rng.uniform(2.4, 4.2), rng.uniform(0.8, 1.9)
    narrow, neck = rng.uniform(0.35, 0.6), rng.uniform(0.25, 0.45)
    half: list[Point] = [(neck, 0.0), (neck + rng.uniform(0.08, 0.3), 0.0)]
    if rng.random() < 0.3:
        out, low = rng.uniform(0.8, 1.4), rng.uniform(0.3, 0.9)
        half += [(out, low), (out - 0.2, low + 0.25)]
    half += [(rng.uniform(0.5, 0.75), rng.uniform(0.5, 0.75)), (narrow, waist), (hem, length)]
    area = [(0.0, rng.uniform(0.1, 0.6)), *half, *[(-x, y) for x, y in reversed(half)]]
    lines: list[Line] = [[(-narrow, waist), (narrow, waist)]] if rng.random() < 0.5 else []
    if rng.random() < 0.3:  # folds
        lines += [[(x * narrow, waist), (x * hem, 0.97 * length)] for x in (-0.4, 0.0, 0.4)]
    return Outline([area], lines)
