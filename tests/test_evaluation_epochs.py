import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.evaluation.epochs import compare_epochs


def test_what_is_learned_and_forgotten_by_hand():
    correct = np.array([[0, 1, 0, 1], [1, 1, 0, 0], [0, 1, 0, 1]], bool)
    changes = compare_epochs(correct)
    assert changes.learned.astype(int).tolist() == [[0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]
    assert changes.forgotten.astype(int).tolist() == [[0, 0, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0]]
    assert changes.never.astype(int).tolist() == [[1, 0, 1, 0], [0, 0, 1, 0], [0, 0, 1, 0]]


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 20))
def test_the_changes_of_all_epochs_lead_from_the_first_to_each(seed: int, epochs: int, images: int):
    correct = np.random.default_rng(seed).random((epochs, images)) < 0.5
    changes = compare_epochs(correct)
    right = correct[0].sum() + np.cumsum(changes.learned.sum(axis=1) - changes.forgotten.sum(axis=1))
    assert right.tolist() == correct.sum(axis=1).tolist()
    assert (np.diff(changes.never.sum(axis=1)) <= 0).all()
    assert not (changes.never & correct).any()


def test_what_is_not_true_or_false_is_refused():
    with pytest.raises(ValueError, match="true or false"):
        compare_epochs(np.zeros((2, 3)))
