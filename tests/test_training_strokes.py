"""Strokes that tell a drawing: within the garment's box, under a seed, and an opening where the class has one."""

import numpy as np
import pytest

from fmnist.training.strokes import add_ankle, add_handles, draw_strokes, fill_sole, open_front

PULLOVER, COAT = 2, 4


def body() -> np.ndarray:
    mask = np.zeros((80, 80), bool)
    mask[20:60, 25:55] = True
    return mask


@pytest.mark.parametrize("label", range(10))
def test_strokes_follow_the_seed_and_stay_about_the_garment(label: int):
    first, second = (draw_strokes(body(), label, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert any(draw_strokes(body(), label, np.random.default_rng(seed)).any() for seed in range(10))
    rows, columns = np.nonzero(
        np.any([draw_strokes(body(), label, np.random.default_rng(i)) for i in range(50)], axis=0)
    )
    assert rows.min() >= 15
    assert rows.max() <= 65
    assert columns.min() >= 20
    assert columns.max() <= 60


def test_coats_have_an_opening_down_their_middle_and_pullovers_have_none():
    def share_with_opening(label: int) -> float:
        drawn = [draw_strokes(body(), label, np.random.default_rng(seed)) for seed in range(100)]
        return float(np.mean([strokes[25:52, 33:47].any(axis=1).all() for strokes in drawn]))

    assert share_with_opening(COAT) > 0.7
    assert share_with_opening(PULLOVER) == 0


@pytest.mark.parametrize("seed", range(20))
def test_handles_are_added_above_or_beside_the_bag_and_take_nothing_away(seed: int):
    bag = add_handles(body(), np.random.default_rng(seed))
    assert bag[body()].all()
    assert (bag & ~body()).any()
    assert not bag[70:].any()


@pytest.mark.parametrize("mirrored", [False, True])
def test_an_ankle_stands_over_the_heel(mirrored: bool):
    shoe = np.zeros((80, 80), bool)
    shoe[45:60, 20:60] = True
    shoe[40:45, 45:60] = True  # the heel is the taller half
    shoe = shoe[:, ::-1] if mirrored else shoe
    added = add_ankle(shoe, 0.2, 0.8, np.random.default_rng(0)) & ~shoe
    columns = np.nonzero(added)[1]
    assert added[:40].any()
    assert (columns < 40).all() if mirrored else (columns >= 40).all()


@pytest.mark.parametrize("seed", range(20))
def test_a_coat_hangs_open_from_its_hem_upwards_in_the_middle(seed: int):
    opened = open_front(body(), np.random.default_rng(seed))
    gap = body() & ~opened
    assert not (opened & ~body()).any()
    assert gap[59].any()
    columns = np.nonzero(gap)[1]
    assert 30 <= columns.min() <= columns.max() < 50
    assert opened[59, :30].any()
    assert opened[59, 50:].any()


def test_a_long_sandal_becomes_a_sole_and_a_short_one_stays():
    gappy = np.zeros((80, 80), bool)
    gappy[30:34, 10:70] = gappy[44:48, 10:70] = True
    sole = fill_sole(gappy)
    assert sole[30:48, 10:70].all()
    assert sole.sum() == 18 * 60
    square = np.zeros((80, 80), bool)
    square[20:24, 20:60] = square[56:60, 20:60] = True
    np.testing.assert_array_equal(fill_sole(square), square)
    blank = np.zeros((80, 80), bool)
    np.testing.assert_array_equal(fill_sole(blank), blank)
