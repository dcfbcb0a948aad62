"""Shapes of footwear: soles from above, and shoes from the side, which people draw like an L."""

from collections.abc import Callable

import numpy as np

from fmnist.training.outlines.shape import Line, Outline, Point

# The right half of a sole from its toes to its heel, 2 long and 1 wide
_SOLE = ((0.45, 0.0), (0.85, 0.15), (1.0, 0.5), (0.9, 1.0), (0.8, 1.3), (0.85, 1.7), (0.5, 2.0))


def sandal(rng: np.random.Generator) -> Outline:
    """Draw one sole or a pair, seen from above, with straps between the toes or across the foot."""
    wide, waist = rng.uniform(0.32, 0.55), rng.uniform(0.7, 1.0)
    half = [(wide * x * (waist if 0.8 < y < 1.4 else 1.0), y) for x, y in _SOLE]
    if rng.random() < 0.25:  # pointed
        half[0] = (0.1 * wide, -0.1)
    sole, straps = [*half, *[(-x, y) for x, y in reversed(half)]], _draw_straps(wide, rng)
    shoes = [(0.0, 0.0)] if rng.random() < 0.45 else [(-0.6 - 0.2 * rng.random(), 0.0), (0.6, rng.normal(0, 0.15))]
    turn = np.deg2rad(rng.normal(0, 12) if rng.random() < 0.7 else rng.uniform(-90, 90))
    spread = np.deg2rad(rng.uniform(-15, 15))
    areas, lines = list[Line](), list[Line]()
    for number, (right, down) in enumerate(shoes):
        move = _turned(turn, spread * (2 * number - 1) if len(shoes) > 1 else 0.0, right, down)
        areas.append([move(point) for point in sole])
        lines += [[move(point) for point in strap] for strap in straps]
    return Outline(areas, lines)


def _draw_straps(wide: float, rng: np.random.Generator) -> list[Line]:
    kind, top = rng.random(), rng.uniform(0.3, 0.6)
    if kind < 0.6:  # from between the toes to both sides
        low = top + rng.uniform(0.35, 0.9)
        return [[(-0.9 * wide, low), (0.0, top), (0.9 * wide, low)]]
    if kind < 0.85:
        return [[(-0.95 * wide, y), (0.0, y - 0.12), (0.95 * wide, y)] for y in (top, top + rng.uniform(0.25, 0.6))]
    return [[(-0.1 * wide, top), (0.1 * wide, top)]] if kind < 0.95 else []


def _turned(whole: float, own: float, right: float, down: float) -> Callable[[Point], Point]:
    """Return what turns a point of a shoe about its middle, moves it aside, and turns the pair."""

    def move(point: Point) -> Point:
        x, y = point[0], point[1] - 1.0
        x, y = x * np.cos(own) - y * np.sin(own) + right, x * np.sin(own) + y * np.cos(own) + down
        return float(x * np.cos(whole) - y * np.sin(whole)), float(x * np.sin(whole) + y * np.cos(whole))

    return move


def sneaker(rng: np.random.Generator) -> Outline:
    """Draw a low shoe with its sole, laces or stripes."""
    height, toe = rng.uniform(0.45, 1.05), rng.uniform(0.3, 0.55)
    shoe = _side_of_shoe(height, toe, rng)
    lines = _draw_sole(rng)
    if rng.random() < 0.45:
        lines += _lace((0.75, -height), (1.3, -toe * 1.1), rng)
    if rng.random() < 0.15:  # a bow
        lines.append([(0.9, -toe), (0.7, -toe - 0.3), (1.0, -toe - 0.1), (1.25, -toe - 0.35), (0.9, -toe)])
    if rng.random() < 0.2:  # stripes
        lines += [[(x, -0.2), (x + 0.15, -toe)] for x in (0.7, 0.9, 1.1)[: rng.integers(1, 4)]]
    return Outline([shoe], lines)


def ankle_boot(rng: np.random.Generator) -> Outline:
    """Draw a shoe with a high shaft, sometimes with a heel."""
    height = rng.uniform(1.3, 2.6)
    areas, lines = [_side_of_shoe(height, rng.uniform(0.35, 0.55), rng)], _draw_sole(rng)
    if rng.random() < 0.3:
        areas.append([(0.0, -0.05), (0.5, -0.05), (0.45, 0.25), (0.05, 0.25)])
    if rng.random() < 0.3:
        lines += _lace((0.6, -height * 0.9), (1.1, -0.6), rng)
    if rng.random() < 0.25:
        lines.append([(0.05, -0.85 * height), (0.7, -0.85 * height)])
    return Outline(areas, lines)


def _side_of_shoe(height: float, toe: float, rng: np.random.Generator) -> Line:
    """Return a shoe from the side, with its heel at x = 0, its toes at x = 2 and its sole at y = 0."""
    opening, instep = rng.uniform(0.5, 0.9), rng.uniform(0.9, 1.4)
    area: list[Point] = [(rng.normal(0.0, 0.05), 0.0)]
    if rng.random() < 0.25:
        area.append((-0.05, -0.15))
    area.append((rng.normal(0.05, 0.05), -height))
    if height < 0.8 and rng.random() < 0.5:  # the opening dips between heel and tongue
        area.append((opening / 2, -height * rng.uniform(0.5, 1.0)))
    area += [(opening, -height * rng.uniform(0.85, 1.15)), (instep, -toe * rng.uniform(1.0, 1.25))]
    rise = rng.uniform(0.0, 0.25) if rng.random() < 0.25 else 0.0  # toes that point up
    area += [(1.7, -toe * rng.uniform(0.85, 1.1) - rise), (2.0, -toe * rng.uniform(0.3, 0.7) - rise)]
    return [*area, (2.0 - rise, rng.normal(0, 0.03) - 0.5 * rise)]


def _draw_sole(rng: np.random.Generator) -> list[Line]:
    return [[(0.02, -0.15), (1.95, -0.15)]] if rng.random() < 0.4 else []


def _lace(start: Point, end: Point, rng: np.random.Generator) -> list[Line]:
    """Return short strokes across the line from `start` to `end`."""
    across = np.linspace(start, end, int(rng.integers(4, 8)))[1:-1]
    return [[(float(x) - 0.1, float(y) + 0.02), (float(x) + 0.12, float(y) + 0.22)] for x, y in across]
