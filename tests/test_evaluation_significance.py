"""Intervals and comparisons agree with statsmodels, with published examples and with each other."""

import math
import subprocess
import sys
from dataclasses import asdict
from unittest.mock import patch

import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from fmnist.evaluation.intervals import summarise_runs, wilson_interval
from fmnist.evaluation.significance import compare, compare_many, holm, mcnemar_p_values


def pair(both, only_a, only_b, neither):
    """Which images two runs get right, from the four counts of the paired table."""
    a = np.repeat([True, True, False, False], [both, only_a, only_b, neither])
    b = np.repeat([True, False, True, False], [both, only_a, only_b, neither])
    return a, b


def networks(seed, runs_a=3, runs_b=3, images=40, seed_effect=0.5):
    """Two networks' runs on the same images, with a seed effect."""
    rng = np.random.default_rng(seed)
    ease = rng.normal(1.5, 2, images)
    shifts = rng.normal(0, seed_effect, (runs_a + runs_b, 1))
    correct = rng.random((runs_a + runs_b, images)) < 1 / (1 + np.exp(-ease - shifts))
    return correct[:runs_a], correct[runs_a:]


def mean_squares(correct):
    """Mean squares between runs and of the residual in a two-way analysis of variance, by statsmodels."""
    runs, images = np.indices(correct.shape)
    table = pandas.DataFrame({"right": correct.ravel().astype(float), "run": runs.ravel(), "image": images.ravel()})
    analysis = anova_lm(ols("right ~ C(run) + C(image)", table).fit())
    return analysis.loc["C(run)", "mean_sq"], analysis.loc["Residual", "mean_sq"]


tables = st.tuples(*[st.integers(0, 60)] * 4).filter(lambda table: sum(table) > 0)
seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("correct", "images"), [(0, 1), (1, 1), (9137, 10_000), (10_000, 10_000), (3, 7)])
def test_wilson_interval_agrees_with_statsmodels(correct, images):
    assert wilson_interval(correct, images) == pytest.approx(
        proportion_confint(correct, images, method="wilson"), abs=1e-12
    )


def test_one_run_is_summarised_by_wilson_and_says_so():
    summary = summarise_runs(np.arange(500) < 450)
    assert summary.interval == pytest.approx(proportion_confint(450, 500, method="wilson"), abs=1e-12)
    assert (summary.mean, summary.std, summary.runs, summary.images) == (0.9, None, 1, 500)
    assert summary.source == "images"


def test_several_runs_are_summarised_over_images_and_seeds():
    correct, _ = networks(3, images=60)
    runs, images = correct.shape
    between, residual = mean_squares(correct)
    seed_part = (between - residual) / images / runs
    assert seed_part > 0
    image_part = correct.mean(axis=0).var() / images
    # Satterthwaite's own term is the whole mean square, of which the component is what the residual leaves.
    variance = image_part + seed_part
    freedom = variance**2 / (image_part**2 / (images - 1) + (between / images / runs) ** 2 / (runs - 1))
    mean = correct.mean()
    nobs = mean * (1 - mean) / variance
    alpha = 2 * stats.norm.sf(stats.t.ppf(0.975, freedom))
    summary = summarise_runs(correct)
    assert summary.interval == pytest.approx(proportion_confint(mean * nobs, nobs, alpha, "wilson"), abs=1e-9)
    assert summary.mean == pytest.approx(mean)
    assert summary.std == pytest.approx(np.std([run.mean() for run in correct], ddof=1))
    assert summary.source == "images and seeds"


def test_runs_that_differ_no_more_than_their_images_have_no_seed_part():
    correct = np.array([[True, False, True, True], [False, True, True, True]])
    interval = summarise_runs(correct).interval
    image_part = np.var([0.5, 0.5, 1, 1]) / 4
    nobs = 0.75 * 0.25 / image_part
    alpha = 2 * stats.norm.sf(stats.t.ppf(0.975, 3))
    assert interval == pytest.approx(proportion_confint(0.75 * nobs, nobs, alpha, "wilson"), abs=1e-9)


def test_perfect_runs_keep_an_honest_interval():
    interval = summarise_runs(np.ones((3, 100), dtype=bool)).interval
    assert interval.high == 1
    assert 0.9 < interval.low < 0.97


def test_mcnemar_enumerated_by_hand():
    # Four images are decided by a coin: 3 to 1 or worse happens in 2 × (1 + 4) of 16 ways, 4 to 0 in 2 of 16.
    assert mcnemar_p_values(3, 1) == pytest.approx(10 / 16)
    assert mcnemar_p_values(0, 4) == pytest.approx(2 / 16)
    assert mcnemar_p_values(2, 2) == 1
    assert mcnemar_p_values(0, 0) == 1


@given(tables)
@settings(max_examples=60)
def test_mcnemar_agrees_with_statsmodels(table):
    both, only_a, only_b, neither = table
    theirs = mcnemar([[both, only_a], [only_b, neither]], exact=True).pvalue
    assert compare(*pair(*table)).p_value == pytest.approx(theirs, abs=1e-9)


def test_paired_interval_agrees_with_a_published_example():
    # The example of ci.prop.ps in the R package statpsych, by the interval's first author: 12, 4, 26, 6.
    comparison = compare(*pair(6, 26, 4, 12))
    assert (comparison.ci_low, comparison.ci_high) == pytest.approx((0.2548067, 0.6251933), abs=1e-7)
    assert comparison.difference == pytest.approx(22 / 48)
    assert comparison.verdict == "a"


def test_where_interval_and_exact_test_disagree_about_zero_the_test_decides():
    # Cavo et al. 2012, as in Fagerland, Lydersen and Laake 2014: −0.1195 to −0.0032, and an exact p of 0.0525.
    comparison = compare(*pair(59, 6, 16, 80))
    assert comparison.p_value == pytest.approx(0.0525, abs=5e-5)
    assert comparison.ci_low == pytest.approx(-0.1195, abs=5e-5)
    assert comparison.ci_high == 0
    assert comparison.verdict == "undecided"


def test_at_the_usual_level_a_decided_interval_never_touches_zero():
    for total in range(1, 120):
        for only_b in range(total // 2):
            comparison = compare(*pair(0, total - only_b, only_b, 0))
            assert (comparison.ci_low > 0) == (comparison.verdict == "a")


def test_at_a_strict_level_the_exact_test_still_decides():
    # Eleven to nothing has p = 1/1024, enough among thirty comparisons, where the interval alone would cross zero:
    # its centre is 11 of 1,002 images, its margin 3.14 × √(13 − 11²/1002) = 11.3 of them.
    comparison = compare_many([pair(989, 11, 0, 0), *[pair(990, 5, 5, 0)] * 29])[0]
    assert comparison.p_value == pytest.approx(30 / 1024)
    assert (comparison.verdict, comparison.ci_low) == ("a", 0)
    assert comparison.ci_high == pytest.approx(22.3 / 1002, abs=1e-4)


def test_seeds_have_a_variance_each_where_both_models_have_three_runs():
    a, b = networks(4, runs_a=3, runs_b=4)
    images = a.shape[1]
    parts = [(mean_squares(one), len(one)) for one in (a, b)]
    component = sum((between - residual) / images / runs for (between, residual), runs in parts)
    assert component > 0
    spread = sum((between / images / runs) ** 2 / (runs - 1) for (between, _), runs in parts)
    expect_comparison(a, b, component, spread)


def test_seeds_have_one_variance_together_where_a_model_has_two_runs():
    a, b = networks(5, runs_a=2, runs_b=4)
    images = a.shape[1]
    (between_a, residual_a), (between_b, residual_b) = mean_squares(a), mean_squares(b)
    between, residual = (between_a + 3 * between_b) / 4, (residual_a + 3 * residual_b) / 4
    share = 1 / 2 + 1 / 4
    assert between > residual
    expect_comparison(a, b, share * (between - residual) / images, (share * between / images) ** 2 / 4)


def expect_comparison(a: np.ndarray, b: np.ndarray, component: float, spread: float) -> None:
    """Expect the interval, the p-value and the bound that a component of the seeds and its spread lead to."""
    images = a.shape[1]
    leads = np.append(a.mean(axis=0) - b.mean(axis=0), [1, -1])
    image_part = leads.var() / len(leads)
    variance = image_part + component
    freedom = variance**2 / (image_part**2 / (images - 1) + spread)
    comparison, error = compare(a, b), math.sqrt(variance)
    low, high = stats.t.interval(0.95, freedom, leads.mean(), error)
    assert (comparison.ci_low, comparison.ci_high) == pytest.approx((low, high), abs=1e-9)
    assert comparison.p_value == pytest.approx(2 * stats.t.sf(abs(leads.mean()) / error, freedom), abs=1e-9)
    bound = abs(leads.mean()) + stats.t.ppf(0.95, freedom) * error
    assert comparison.largest_difference == pytest.approx(bound, abs=1e-9)
    assert (comparison.scope, comparison.runs_a, comparison.runs_b) == ("networks", len(a), len(b))


def test_one_run_against_several_counts_the_images_alone():
    a, b = networks(5, runs_a=1, runs_b=3)
    leads = np.append(a[0] - b.mean(axis=0), [1, -1])
    low, high = stats.norm.interval(0.95, leads.mean(), leads.std() / math.sqrt(len(leads)))
    comparison = compare(a[0], b)
    assert (comparison.ci_low, comparison.ci_high) == pytest.approx((low, high), abs=1e-9)
    assert comparison.scope == "runs"


@pytest.mark.parametrize("runs", [1, 3])
def test_runs_that_agree_everywhere_cannot_be_told_apart(runs):
    correct = np.ones((runs, 50), dtype=bool)
    comparison = compare(correct, correct)
    assert (comparison.difference, comparison.p_value, comparison.verdict) == (0, 1, "undecided")
    assert comparison.ci_low < 0 < comparison.ci_high


def test_the_detectable_difference_is_that_of_the_usual_power_formula():
    comparison = compare(*pair(8400, 420, 380, 800))
    rate = 0.08

    def shortfall(difference):
        reach = stats.norm.ppf(0.975) * math.sqrt(rate) + stats.norm.ppf(0.8) * math.sqrt(rate - difference**2)
        return difference - reach / math.sqrt(10_000)

    assert comparison.detectable_difference == pytest.approx(optimize.brentq(shortfall, 0, rate), rel=0.002)


def test_runs_that_hardly_disagree_need_enough_disagreements_to_decide():
    detectable = compare(*pair(10_000, 0, 0, 0)).detectable_difference
    disagreements = detectable * 10_000
    decided = [n for n in range(20) if mcnemar([[0, n], [0, 0]], exact=True).pvalue <= 0.05]
    assert min(decided) <= disagreements < 10


def test_different_test_sets_cannot_be_compared():
    with pytest.raises(ValueError, match="the same images, not on 3 and 4"):
        compare(np.ones(3, bool), np.ones(4, bool))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(max_examples=25)
def test_holm_agrees_with_statsmodels(p_values):
    with patch("gc.collect"):  # statsmodels does so in each call, half a second in a process that has much loaded
        rejected, adjusted, _, _ = multipletests(p_values, method="holm")
    ours = holm(p_values)
    np.testing.assert_allclose(ours, adjusted, atol=1e-12)
    clear = np.abs(ours - 0.05) > 1e-9
    np.testing.assert_array_equal((ours <= 0.05)[clear], rejected[clear])


def test_holm_by_hand():
    # 0.01 × 3, then 0.03 × 2 fails, and 0.04 with it
    assert holm([0.03, 0.01, 0.04]) == pytest.approx([0.06, 0.03, 0.06])


@given(tables)
@settings(max_examples=60)
def test_swapping_two_runs_mirrors_the_comparison(table):
    assert_mirrored(*pair(*table))


@given(seeds, st.integers(1, 4), st.integers(1, 4))
@settings(max_examples=60)
def test_swapping_two_networks_mirrors_the_comparison(seed, runs_a, runs_b):
    assert_mirrored(*networks(seed, runs_a, runs_b))


def assert_mirrored(a, b):
    there, back = compare(a, b), compare(b, a)
    assert asdict(there.mirror()) == pytest.approx(asdict(back))
    assert there.difference == pytest.approx(-back.difference)
    assert (there.ci_low, there.ci_high) == pytest.approx((-back.ci_high, -back.ci_low))
    assert there.p_value == pytest.approx(back.p_value)
    assert there.detectable_difference == pytest.approx(back.detectable_difference)
    assert {"a": "b", "b": "a", "undecided": "undecided"}[there.verdict] == back.verdict


@given(st.lists(st.tuples(seeds, st.integers(1, 3), st.integers(1, 3), st.booleans()), min_size=1, max_size=5))
@settings(max_examples=60)
def test_verdict_interval_and_p_value_never_contradict_each_other(drawn):
    pairs = [networks(seed, a, b) for seed, a, b, _ in drawn]
    pairs = [(np.ones_like(a), b) if apart else (a, b) for (a, b), (*_, apart) in zip(pairs, drawn, strict=True)]
    for comparison in compare_many(pairs):
        assert (comparison.verdict == "undecided") == (comparison.p_value > 0.05)
        assert -1 <= comparison.ci_low <= comparison.ci_high <= 1
        if comparison.verdict == "a":
            assert comparison.ci_low >= 0
        elif comparison.verdict == "b":
            assert comparison.ci_high <= 0
        else:
            assert comparison.ci_low <= 0 <= comparison.ci_high
        assert comparison.comparisons == len(pairs)


def test_more_comparisons_ask_for_more():
    close = pair(80, 9, 1, 10)
    alone, among = compare(*close), compare_many([close, pair(80, 5, 5, 10), pair(80, 4, 6, 10)])[0]
    assert alone.p_value == pytest.approx(22 / 1024)
    assert among.p_value == pytest.approx(66 / 1024)
    assert (alone.verdict, among.verdict) == ("a", "undecided")
    assert among.confidence == pytest.approx(1 - 0.05 / 3)
    assert among.ci_low <= 0 < alone.ci_low
    assert compare_many([]) == []


def test_of_several_comparisons_all_intervals_have_bonferronis_level():
    pairs = [pair(80, 9, 1, 10), pair(500, 90, 10, 0), pair(500, 60, 40, 0)]
    first, second, third = compare_many(pairs)
    assert {one.confidence for one in (first, second, third)} == {1 - 0.05 / 3}
    alone = compare(*pairs[1])
    assert second.ci_high - second.ci_low > alone.ci_high - alone.ci_low
    # Holm's method decides the second one at 0.05; at 0.05 / 2 its interval would contain zero, and so it ends there
    borderline = compare_many([pair(500, 90, 10, 0), pair(500, 61, 39, 0)])[1]
    assert borderline.verdict == "a"
    assert borderline.ci_low == 0


def test_a_tie_is_an_undecided_comparison_with_a_small_bound():
    close, far = compare(*pair(9_900, 20, 22, 58)), compare(*pair(9_900, 60, 10, 30))
    assert close.largest_difference < 0.003
    assert close.is_tie()
    assert not close.is_tie(margin=close.largest_difference)
    assert not far.is_tie(margin=1.0)


def test_comparing_does_not_load_the_slow_libraries():
    script = (
        "import sys, numpy as np; from fmnist.evaluation import intervals, significance; a = np.arange(20) < 15\n"
        "significance.compare(a, ~a); intervals.summarise_runs(np.stack([a, ~a]))\n"
        "print([name for name in ('scipy.stats', 'sklearn', 'statsmodels', 'scipy.optimize') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
