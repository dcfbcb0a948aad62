"""The repair of gaps in an outline, by value: loose ends, the bridges between them, and what is closed when."""

import numpy as np
import pytest

from fmnist.inference.sketch import bridges, close_gaps, close_outline, fill, join_ends, loose_ends, stroke_width

Box = tuple[int, int, int, int]
SIZE = (120, 200)
FOREVER = float("inf")


def ink(*boxes: Box, without: tuple[Box, ...] = ()) -> np.ndarray:
    """A mask of boxes (left, top, right, bottom), right and bottom outside."""
    mask = np.zeros(SIZE, bool)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = True
    for left, top, right, bottom in without:
        mask[top:bottom, left:right] = False
    return mask


def rough(mask: np.ndarray) -> np.ndarray:
    """A stroke with a third of its outermost pixels missing, as a dry brush leaves it."""
    import cv2

    rim = mask & (cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    return mask & ~(rim & (np.random.default_rng(0).random(SIZE) < 1 / 3))


def frame(*gaps: Box, left: int = 20, top: int = 20, right: int = 180, bottom: int = 100) -> np.ndarray:
    """A rectangle drawn by a line 7 wide, with gaps in it."""
    return ink((left, top, right, bottom), without=((left + 7, top + 7, right - 7, bottom - 7), *gaps))


WHOLE = ink((20, 20, 180, 100))
TOP_20, BOTTOM_80 = (90, 20, 110, 27), (60, 93, 140, 100)  # where a side is open, and how wide


@pytest.mark.parametrize(
    ("drawing", "ends"),
    [
        (ink((20, 57, 180, 64)), [(20, 60), (179, 60)]),
        (ink((97, 10, 104, 110)), [(100, 10), (100, 109)]),
        (ink((20, 20, 27, 100), (20, 93, 180, 100)), [(23, 20), (179, 96)]),  # an L: its corner is no end
        (ink((20, 20, 180, 27), (97, 20, 104, 100)), [(20, 23), (179, 23), (100, 99)]),  # a T
        (frame(), []),
        (frame(TOP_20), [(89, 23), (110, 23)]),
        (frame(TOP_20, BOTTOM_80), [(89, 23), (110, 23), (59, 96), (140, 96)]),
        (ink((0, 57, 200, 64)), [(0, 60), (199, 60)]),  # out of the picture on both sides
        (rough(ink((20, 57, 180, 64))), [(20, 60), (179, 60)]),
        (ink((50, 50, 53, 53)), []),  # a dot
    ],
    ids=["bar", "upright", "L", "T", "closed", "one gap", "two gaps", "across", "rough", "dot"],
)
def test_the_loose_ends_of_strokes_are_found_and_nothing_else(drawing: np.ndarray, ends: list[tuple[int, int]]):
    found = loose_ends(drawing)
    assert found.shape == (len(ends), 2)
    near = np.abs(found[:, None] - np.reshape(ends, (-1, 2))).max(axis=2) <= 3  # half a line's width
    assert (near.sum(axis=0) == 1).all() and (near.sum(axis=1) == 1).all()


@pytest.mark.parametrize("width", [1, 2, 3, 5, 9, 13])
def test_the_ends_of_thin_and_thick_strokes_are_found(width: int):
    found = loose_ends(ink((20, 60, 180, 60 + width)))
    assert len(found) == 2
    expected = [(20, 60 + width // 2), (179, 60 + width // 2)]
    assert np.abs(found - expected).max() <= max(2, width // 2)


def test_an_end_lies_on_its_stroke():
    drawing = frame(TOP_20, BOTTOM_80)
    assert all(drawing[y, x] for x, y in loose_ends(drawing))


def test_the_nearest_ends_are_joined_first_and_each_end_once():
    ends = np.array([(0, 0), (30, 0), (34, 0), (64, 0), (67, 4)])  # distances 30, 4, 30, 5; the ends 0 and 4 last
    assert bridges(ends, FOREVER) == [((30, 0), (34, 0)), ((64, 0), (67, 4))]
    assert bridges(ends[[3, 1, 4, 0, 2]], FOREVER) == [((30, 0), (34, 0)), ((64, 0), (67, 4))]
    assert bridges(ends[:4], FOREVER) == [((30, 0), (34, 0)), ((0, 0), (64, 0))]


@pytest.mark.parametrize(("longest", "joined"), [(4.99, 0), (5.0, 1), (5.01, 1)])
def test_ends_are_joined_up_to_a_distance_and_no_further(longest: float, joined: int):
    assert len(bridges(np.array([(0, 0), (3, 4)]), longest)) == joined


@pytest.mark.parametrize("n_ends", [0, 1])
def test_fewer_than_two_ends_make_no_bridge(n_ends: int):
    assert bridges(np.zeros((n_ends, 2), np.int64), FOREVER) == []


def test_a_bridge_runs_straight_from_end_to_end_and_adds_nothing_else():
    joined = join_ends(frame(TOP_20), FOREVER, enough=FOREVER)
    rows, columns = np.nonzero(joined & ~frame(TOP_20))
    assert set(columns) == set(range(90, 110))
    assert rows.min() >= 20 and rows.max() < 27
    np.testing.assert_array_equal(fill(joined), WHOLE)
    assert (joined | ~frame(TOP_20)).all()  # no ink is lost


def test_bridges_are_drawn_until_the_outline_encloses_enough():
    left, right = frame((45, 20, 57, 27), right=90), frame((125, 20, 145, 27), left=110)  # gaps of 12 and 20
    enclosed = 70 * 80 + right.sum()  # by the first bridge
    one = fill(join_ends(left | right, FOREVER, enough=enclosed))
    np.testing.assert_array_equal(one, ink((20, 20, 90, 100)) | right)
    both = fill(join_ends(left | right, FOREVER, enough=enclosed + 1))
    np.testing.assert_array_equal(both, ink((20, 20, 90, 100), (110, 20, 180, 100)))


def test_a_gap_longer_than_the_longest_bridge_stays_open():
    opened = frame(BOTTOM_80)
    np.testing.assert_array_equal(join_ends(opened, 80, FOREVER), opened)
    assert_whole(join_ends(opened, 85, FOREVER), BOTTOM_80)


def assert_whole(barrier: np.ndarray, *gaps: Box) -> None:
    """Check that a barrier encloses the whole rectangle; where it was open, its rim may be thinner."""
    np.testing.assert_array_equal(fill(barrier) | ink(*gaps), WHOLE)


@pytest.mark.parametrize("gap", [4, 8, 20, 40, 80])
def test_an_outline_with_a_gap_of_any_width_encloses_what_it_did_without(gap: int):
    opening = (100 - gap // 2, 20, 100 + gap // 2, 27)
    assert_whole(close_outline(frame(opening)), opening)


@pytest.mark.parametrize("gap", [4, 8])
def test_a_narrow_gap_is_closed_as_wide_as_the_stroke_is(gap: int):
    outline = frame((100 - gap // 2, 20, 100 + gap // 2, 27))
    closed = close_outline(outline)
    assert closed[22:25, 95:105].all()
    assert (closed & ~outline).sum() <= 7 * gap + 4 * 3  # the gap, and three pixels in each inner corner


def test_an_outline_with_gaps_in_two_sides_encloses_what_it_did_without():
    assert_whole(close_outline(frame(TOP_20, BOTTOM_80)), TOP_20, BOTTOM_80)


def test_a_closed_outline_is_left_as_it_is_but_for_its_inner_corners():
    changed = np.argwhere(close_outline(frame()) != frame()).tolist()
    assert changed == [[27, 27], [27, 172], [92, 27], [92, 172]]


def test_an_outline_of_dots_which_have_no_ends_is_closed_at_last():
    sides = [(x, y) for x in range(20, 181, 20) for y in (20, 100)] + [(x, y) for x in (20, 180) for y in (40, 60, 80)]
    dots = ink(*((x - 3, y - 3, x + 4, y + 4) for x, y in sides))
    assert len(loose_ends(dots)) == 0
    body = fill(close_outline(dots))
    assert body[23:98, 23:178].all()
    assert not body[:17].any() and not body[104:].any() and not body[:, :17].any() and not body[:, 184:].any()


@pytest.mark.parametrize(("gap", "closed"), [(5, True), (6, True), (7, False), (8, False)])
def test_closing_spans_gaps_that_are_smaller_than_its_size(gap: int, closed: bool):
    line = ink((20, 57, 100, 64), (100 + gap, 57, 180, 64))
    assert close_gaps(line, 7)[60, 20:180].all() == closed


def test_closing_does_not_join_an_item_with_the_border_of_the_picture():
    bar = ink((3, 50, 197, 57))
    np.testing.assert_array_equal(close_gaps(bar, 9), bar)


@pytest.mark.parametrize("width", [5, 8, 15, 25])
def test_the_width_of_a_stroke_is_measured_to_two_pixels(width: int):
    assert stroke_width(ink((10, 50, 190, 50 + width))) == pytest.approx(width, abs=2)


def test_no_ink_has_no_width():
    assert stroke_width(ink()) == 0
