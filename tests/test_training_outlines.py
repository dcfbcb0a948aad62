"""Drawings from scratch: under a seed, within the room, and with what tells one class from another."""

import numpy as np
import pytest

from fmnist.dataset import CLASS_NAMES
from fmnist.training.outlines.drawing import draw_outline
from fmnist.training.poses import ROOM

T_SHIRT, TROUSER, PULLOVER, DRESS, COAT, SANDAL, SHIRT, SNEAKER, BAG, ANKLE_BOOT = range(10)
MANY = 200


def drawings(label: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Outlines of a class with their strokes, one for each seed."""
    return [draw_outline(label, np.random.default_rng(seed)) for seed in range(MANY)]


def shape_of(body: np.ndarray) -> float:
    """Height divided by width."""
    rows, columns = np.flatnonzero(body.any(axis=1)), np.flatnonzero(body.any(axis=0))
    return float((np.ptp(rows) + 1) / (np.ptp(columns) + 1))


@pytest.mark.parametrize("label", range(10), ids=CLASS_NAMES)
def test_outlines_follow_the_seed_differ_and_stay_within_the_room(label: int):
    first, second = (draw_outline(label, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    bodies = [body for body, _ in drawings(label)]
    assert len({body.tobytes() for body in bodies}) == MANY
    assert all(body.shape == (ROOM, ROOM) for body in bodies)
    edges = [body[[0, -1]].any() or body[:, [0, -1]].any() for body in bodies]
    assert not any(edges)
    assert min(body.sum() for body in bodies) > 150


@pytest.mark.parametrize("label", [COAT, SHIRT])
def test_coats_and_shirts_are_never_drawn_without_what_tells_them(label: int):
    assert all(strokes.any() for _, strokes in drawings(label))


def test_shoes_are_longer_than_high_and_boots_are_not():
    sneakers, boots = ([shape_of(body) for body, _ in drawings(label)] for label in (SNEAKER, ANKLE_BOOT))
    assert np.quantile(sneakers, 0.95) < np.quantile(boots, 0.2)
    assert np.median(sneakers) < 0.6


def test_sleeves_of_pullovers_are_longer_than_those_of_t_shirts():
    def reach(body: np.ndarray) -> float:
        """The width of all as a multiple of the width of the hem."""
        rows = np.flatnonzero(body.any(axis=1))
        low = body[rows[0] + int(0.85 * np.ptp(rows))]
        return float(np.ptp(np.flatnonzero(body.any(axis=0))) / max(low.sum(), 1))

    short, long = (np.median([reach(body) for body, _ in drawings(label)]) for label in (T_SHIRT, PULLOVER))
    assert long > 1.2 * short


def test_trousers_are_open_between_their_legs():
    def legs(body: np.ndarray) -> int:
        rows = np.flatnonzero(body.any(axis=1))
        row = body[rows[0] + int(0.9 * np.ptp(rows))].astype(int)
        return int((np.diff(row, prepend=0) == 1).sum())

    assert np.mean([legs(body) == 2 for body, _ in drawings(TROUSER)]) > 0.7
