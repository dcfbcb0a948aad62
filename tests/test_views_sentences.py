"""The verdict in words says what the comparison says, and no more."""

from dataclasses import replace

import pytest

from fmnist.evaluation.significance import Comparison
from fmnist.views.sentences import verdict_sentence

LEAD = Comparison(
    accuracy_a=0.9363,
    accuracy_b=0.9269,
    difference=0.0094,
    ci_low=0.0061,
    ci_high=0.0128,
    p_value=0.0004,
    detectable_difference=0.005,
    verdict="a",
    runs_a=3,
    runs_b=3,
    images=10_000,
    scope="networks",
    comparisons=1,
    confidence=0.95,
)
TIE = replace(LEAD, difference=-0.0012, ci_low=-0.004, ci_high=0.0016, p_value=0.4, verdict="undecided")


def say(comparison):
    return verdict_sentence("Deeper CNN (tuned)", "Basic CNN (tuned)", comparison)


def test_a_lead_with_several_seeds_speaks_of_the_networks():
    assert say(LEAD) == (
        "Deeper CNN (tuned) is better than Basic CNN (tuned) by 0.94 points [0.61, 1.28] on 10,000 images and 3 runs "
        "each; if the two were equally good, a difference this large would come up less than once in 1,000 times."
    )


def test_the_better_one_is_named_first():
    mirrored = replace(LEAD, difference=-0.0094, ci_low=-0.0128, ci_high=-0.0061, verdict="b")
    assert say(mirrored).startswith(
        "Basic CNN (tuned) is better than Deeper CNN (tuned) by 0.94 points [0.61, 1.28] on 10,000 images"
    )


def test_one_run_each_speaks_of_these_two_runs_only():
    sentence = say(replace(LEAD, runs_a=1, runs_b=1, scope="runs", p_value=0.03))
    assert sentence == (
        "This run of Deeper CNN (tuned) is better than this run of Basic CNN (tuned) by 0.94 points [0.61, 1.28] on "
        "10,000 images; if the two were equally good, a difference this large would come up about once in 33 times. "
        "This speaks of these two runs only: other seeds may decide otherwise."
    )


def test_one_run_against_several_speaks_of_these_runs():
    sentence = say(replace(LEAD, runs_a=1, runs_b=5, scope="runs"))
    assert sentence.startswith(
        "This run of Deeper CNN (tuned) is better than the mean of 5 runs of Basic CNN (tuned) by"
    )
    assert sentence.endswith("This speaks of these runs only: other seeds may decide otherwise.")


def test_a_tie_says_what_would_not_have_shown():
    assert say(TIE) == (
        "Deeper CNN (tuned) and Basic CNN (tuned) cannot be told apart on 10,000 images and 3 runs each: a difference "
        "under 0.50 points might not show (measured: −0.12 points [−0.40, 0.16])."
    )


def test_unequal_numbers_of_runs_are_both_named():
    assert "on 10,000 images, 3 and 5 runs:" in say(replace(TIE, runs_b=5))


@pytest.mark.parametrize("comparison", [LEAD, TIE])
def test_holms_correction_is_said_where_it_was_applied(comparison):
    corrected = say(replace(comparison, comparisons=6, confidence=1 - 0.05 / 6))
    assert "(Holm's correction for 6 comparisons, interval at 99.2 %)" in corrected
    assert "Holm" not in say(comparison)


def test_a_difference_that_rounds_to_zero_has_no_sign():
    assert "(measured: 0.00 points" in say(replace(TIE, difference=-0.00001))
