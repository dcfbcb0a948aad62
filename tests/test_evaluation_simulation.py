"""Do the comparisons keep their promises? Thousands of simulated test sets, where the truth is known."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom
from simulated import LEAD, SEED_EFFECT, network_accuracy, run_accuracy, simulate

from fmnist.evaluation.intervals import summarise_runs
from fmnist.evaluation.ranks import rank_models
from fmnist.evaluation.significance import compare

TEST_SETS = 2000
SCENES = [(runs, effect) for runs in (1, 3, 5) for effect in (0.0, SEED_EFFECT)]


@pytest.mark.parametrize(("runs", "seed_effect"), SCENES)
def test_equal_models_are_rarely_called_different(runs, seed_effect):
    rng = np.random.default_rng(20 + runs)
    claims = 0
    for _ in range(TEST_SETS):
        shifts_a, shifts_b = rng.normal(0, seed_effect, (2, runs))
        if runs == 1:  # one run each is a statement about the two runs, and so they must be equal
            shifts_b = shifts_a
        claims += compare(*simulate(rng, shifts_a, shifts_b)).verdict != "undecided"
    assert claims <= binom.ppf(0.99, TEST_SETS, 0.05)


@pytest.mark.parametrize(("runs", "seed_effect"), SCENES)
def test_intervals_cover_the_truth(runs, seed_effect):
    rng = np.random.default_rng(30 + runs)
    truth_a, truth_b = network_accuracy(LEAD, seed_effect), network_accuracy(0.0, seed_effect)
    covered, covered_alone = 0, 0
    for _ in range(TEST_SETS):
        shifts_a, shifts_b = rng.normal([[LEAD], [0.0]], seed_effect, (2, runs))
        if runs == 1:
            truth_a, truth_b = run_accuracy(shifts_a[0]), run_accuracy(shifts_b[0])
        correct_a, correct_b = simulate(rng, shifts_a, shifts_b)
        comparison, interval = compare(correct_a, correct_b), summarise_runs(correct_a).interval
        covered += comparison.ci_low <= truth_a - truth_b <= comparison.ci_high
        covered_alone += interval.low <= truth_a <= interval.high
    assert 0.93 <= covered / TEST_SETS <= 0.98
    assert 0.93 <= covered_alone / TEST_SETS <= 0.98


def test_a_detectable_difference_is_found_four_times_out_of_five():
    rng = np.random.default_rng(40)
    lead, found, detectable = 0.53, 0, []
    for _ in range(TEST_SETS):
        comparison = compare(*simulate(rng, np.array([lead]), np.zeros(1)))
        found += comparison.verdict == "a"
        detectable.append(comparison.detectable_difference)
    # The lead is chosen so that the true difference is the one that is said to be detectable.
    assert run_accuracy(lead) - run_accuracy(0.0) == pytest.approx(np.mean(detectable), rel=0.02)
    assert 0.75 <= found / TEST_SETS <= 0.83  # a little under 0.8: the exact test is cautious


@pytest.mark.parametrize(("runs_a", "runs_b"), [(5, 3), (3, 5)])
def test_a_model_whose_seeds_vary_more_is_not_called_different_more_often(runs_a, runs_b):
    rng = np.random.default_rng(60 + runs_a)
    spread = (SEED_EFFECT, SEED_EFFECT * np.sqrt(5))
    calm = network_accuracy(0.0, spread[0])
    means = (0.0, brentq(lambda shift: network_accuracy(shift, spread[1]) - calm, -1, 1))  # equal in truth
    claims = 0
    for _ in range(TEST_SETS):
        shifts = [rng.normal(*each) for each in zip(means, spread, (runs_a, runs_b), strict=True)]
        claims += compare(*simulate(rng, *shifts)).verdict != "undecided"
    assert claims / TEST_SETS <= 0.07


def test_ranks_and_the_set_of_the_best_hold_the_truth():
    rng, tests = np.random.default_rng(70), 500
    leads = np.array([0.3, 0.3, 0.2, 0.1, 0.0, -0.4])
    accuracies = np.array([network_accuracy(lead, SEED_EFFECT) for lead in leads])
    # Of equal models the true rank is any of those that they share
    first = 1 + (accuracies[None] > accuracies[:, None] + 1e-9).sum(axis=1)
    last = (accuracies[None] >= accuracies[:, None] - 1e-9).sum(axis=1)
    covered, found, size = 0, 0, []
    for _ in range(tests):
        ranks = rank_models(simulate(rng, *(rng.normal(lead, SEED_EFFECT, 4) for lead in leads)))
        covered += ((ranks.lowest <= first) & (ranks.highest >= last)).all()
        found += ranks.can_be_best[0]
        size.append(ranks.can_be_best.sum())
    assert covered / tests >= 0.93
    assert found / tests >= 0.93
    assert np.mean(size) < 5, "the last one is mostly left out"
