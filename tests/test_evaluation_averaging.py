"""Averages of probabilities, and what each further member adds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fmnist.evaluation.averaging import accuracy_by_members, average_probabilities
from fmnist.evaluation.rounding import round_probabilities


def probs(count: int, images: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(10), (count, images))


def test_a_weighted_mean_by_hand():
    a, b = np.eye(10)[[0, 1]], np.eye(10)[[0, 2]]
    averaged = average_probabilities([a, b], [0.75, 0.25])
    assert averaged.dtype == np.float32
    assert averaged[0, 0] == 1
    assert averaged[1, 1:3].tolist() == [0.75, 0.25]


@given(st.integers(1, 6), st.integers(0, 100))
def test_rows_sum_to_one_and_the_order_does_not_matter(count, seed):
    members = list(probs(count, 5, seed))
    averaged = average_probabilities(members, [1 / count] * count)
    np.testing.assert_allclose(averaged.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(averaged, average_probabilities(members[::-1], [1 / count] * count), atol=1e-6)


@pytest.mark.parametrize(
    ("members", "weights"),
    [
        ([], []),
        ([np.ones((2, 10))], [0.5, 0.5]),
        ([np.ones((2, 10))], [0]),
        ([np.ones((2, 10)), np.ones((3, 10))], [1, 1]),
    ],
)
def test_what_cannot_be_averaged(members, weights):
    with pytest.raises(ValueError, match="as many weights above zero as arrays of one shape"):
        average_probabilities(members, weights)


def test_sizes_have_all_subsets_or_fifty_and_the_same_each_time():
    members, labels = probs(10, 40), np.arange(40) % 10
    sizes = accuracy_by_members(labels, members)
    assert [size.subsets for size in sizes] == [10, 45, 50, 50, 50, 50, 50, 45, 10, 1]
    assert sizes == accuracy_by_members(labels, members)
    assert all(size.lowest <= size.mean <= size.highest for size in sizes)
    alone = [(one.argmax(axis=1) == labels).mean() for one in members]
    assert (sizes[0].mean, sizes[0].lowest, sizes[0].highest) == pytest.approx((np.mean(alone), min(alone), max(alone)))
    assert sizes[-1].mean == (members.sum(axis=0).argmax(axis=1) == labels).mean()


@given(arrays(np.float64, (4, 10), elements=st.floats(0, 1)))
def test_rounding_never_changes_the_first_choice(values):
    for dtype in (np.float32, np.float16):
        rounded = round_probabilities(values, dtype)
        assert rounded.dtype == dtype
        assert np.array_equal(rounded.argmax(axis=1), values.argmax(axis=1))
        np.testing.assert_allclose(rounded.astype(np.float64), values, atol=1.5e-3)
