import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.evaluation.ranks import rank_models


def draw(accuracy: float, runs: int, seed: int, images: int = 4_000) -> np.ndarray:
    """Return runs that classify their own share of the images correctly."""
    return np.random.default_rng(seed).random((runs, images)) < accuracy


def test_far_apart_models_have_one_rank_each():
    ranks = rank_models([draw(accuracy, 3, seed) for seed, accuracy in enumerate((0.7, 0.9, 0.5))])
    assert ranks.lowest.tolist() == ranks.highest.tolist() == [2, 1, 3]
    assert ranks.can_be_best.tolist() == [False, True, False]


def test_a_model_alone_is_the_first():
    ranks = rank_models([draw(0.9, 1, 0)])
    assert (ranks.lowest.tolist(), ranks.highest.tolist(), ranks.can_be_best.tolist()) == ([1], [1], [True])


def test_the_same_predictions_twice_can_both_be_the_best():
    one = draw(0.9, 4, 0)
    ranks = rank_models([one, one, draw(0.6, 4, 1)])
    assert ranks.can_be_best.tolist() == [True, True, False]
    assert ranks.highest.tolist() == [2, 2, 3]


def test_two_runs_of_each_tell_how_far_seeds_lie_apart():
    """Ten points between the seeds of each: images alone would decide, seeds do not."""
    models = [np.concatenate([draw(one, 1, 0), draw(two, 1, 1)]) for one, two in ((0.90, 0.80), (0.86, 0.76))]
    assert rank_models(models).can_be_best.tolist() == [True, True]
    steady = [np.concatenate([draw(one, 1, 0), draw(one, 1, 1)]) for one in (0.85, 0.81)]
    assert rank_models(steady).can_be_best.tolist() == [True, False]


@given(order=st.permutations(range(5)))
def test_the_order_of_the_models_does_not_matter(order):
    models = [draw(accuracy, runs, runs) for runs, accuracy in enumerate((0.80, 0.81, 0.82, 0.86, 0.9), start=1)]
    ranks, shuffled = rank_models(models), rank_models([models[place] for place in order])
    assert ranks.can_be_best[list(order)].tolist() == shuffled.can_be_best.tolist()


def test_the_leader_can_always_be_the_best_and_ranks_contain_the_order():
    models = [draw(0.8 + seed / 500, 1 + seed % 4, seed) for seed in range(12)]
    ranks, means = rank_models(models), [one.mean() for one in models]
    order = np.argsort(np.argsort(-np.array(means))) + 1
    assert (ranks.lowest <= order).all() and (order <= ranks.highest).all()
    assert ranks.can_be_best[int(np.argmax(means))]


def test_models_tested_on_other_images_have_no_common_ranks():
    with pytest.raises(ValueError, match="same images"):
        rank_models([draw(0.9, 1, 0), draw(0.9, 1, 0, images=10)])
    with pytest.raises(ValueError, match="at least one"):
        rank_models([])
