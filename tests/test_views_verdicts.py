"""Which comparisons are made together, and verdicts in words that say what a comparison says and no more."""

from dataclasses import replace

import pytest
from made_up import MadeUp, contender_of_rights

from fmnist.evaluation.significance import Comparison, compare_many
from fmnist.views.verdicts import all_pairs, ask, compute, default_pair, finding, table, verdict_sentence

LEAD = Comparison(
    accuracy_a=0.9363,
    accuracy_b=0.9269,
    difference=0.0094,
    ci_low=0.0061,
    ci_high=0.0128,
    p_value=0.0004,
    detectable_difference=0.005,
    largest_difference=0.0035,
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
        "each (p < 0.001)."
    )


def test_the_better_one_is_named_first():
    mirrored = replace(LEAD, difference=-0.0094, ci_low=-0.0128, ci_high=-0.0061, verdict="b")
    assert say(mirrored).startswith(
        "Basic CNN (tuned) is better than Deeper CNN (tuned) by 0.94 points [0.61, 1.28] on 10,000 images"
    )


def test_one_run_each_speaks_of_these_two_runs_only():
    sentence = say(replace(LEAD, runs_a=1, runs_b=1, scope="runs", p_value=0.03))
    assert sentence == (
        "Of these two runs, this run of Deeper CNN (tuned) is better than this run of Basic CNN (tuned) by 0.94 points "
        "[0.61, 1.28] on 10,000 images (p = 0.030). Other seeds may give another result."
    )


def test_one_run_against_several_speaks_of_these_runs():
    sentence = say(replace(LEAD, runs_a=1, runs_b=5, scope="runs"))
    assert sentence.startswith(
        "Of these runs, this run of Deeper CNN (tuned) is better than the mean of 5 runs of Basic CNN (tuned) by"
    )
    assert sentence.endswith("Other seeds may give another result.")


def test_a_tie_says_how_large_a_difference_can_be():
    assert say(TIE) == (
        "Deeper CNN (tuned) and Basic CNN (tuned) do not differ significantly on 10,000 images and 3 runs each "
        "(p = 0.400): any difference is under 0.35 points (95%; measured: −0.12 points [−0.40, 0.16])."
    )


def test_unequal_numbers_of_runs_are_both_named():
    assert "on 10,000 images, 3 and 5 runs (" in say(replace(TIE, runs_b=5))


@pytest.mark.parametrize("comparison", [LEAD, TIE])
def test_holms_correction_is_said_where_it_was_applied(comparison):
    corrected = say(replace(comparison, comparisons=6, confidence=1 - 0.05 / 6))
    assert "Holm-adjusted for 6 comparisons, interval at 99.2%)" in corrected
    assert "Holm" not in say(comparison)


def test_a_difference_that_rounds_to_zero_has_no_sign():
    assert "measured: 0.00 points" in say(replace(TIE, difference=-0.00001))


def model(key: str, *rights: int) -> MadeUp:
    return contender_of_rights(f"{key}:textbook", rights, key)


def run_of(contender: MadeUp) -> MadeUp:
    return replace(contender, key=f"{contender.key}-s0", members=(contender.members[0],))


COMPACT, DEEPER, BASIC, ANN = (
    model(key, right, right + 1)
    for key, right in (("compact_cnn", 945), ("deeper_cnn", 940), ("basic_cnn", 900), ("ann", 850))
)
RANKED = [COMPACT, DEEPER, BASIC, ANN]
LEAD_PAIR = (COMPACT.key, DEEPER.key)
DEEPER_BASIC = (DEEPER.key, BASIC.key)


def test_everybody_asks_about_the_lead_and_about_depth():
    questions = ask(RANKED, [], (ANN.key, BASIC.key))
    assert questions.headline == (LEAD_PAIR, DEEPER_BASIC)
    assert questions.family == (LEAD_PAIR, DEEPER_BASIC, (ANN.key, BASIC.key))
    assert ask([DEEPER, BASIC], [], DEEPER_BASIC).family == (DEEPER_BASIC,)


def test_one_question_is_asked_once_whichever_way_round():
    assert ask([BASIC, DEEPER], [], (BASIC.key, DEEPER.key)).headline == (DEEPER_BASIC,)
    questions = ask(RANKED, [], DEEPER_BASIC[::-1])
    assert questions.chosen == DEEPER_BASIC
    assert questions.family == (LEAD_PAIR, DEEPER_BASIC)
    shown = [[(BASIC.key, ANN.key), (DEEPER.key, ANN.key)]]
    assert ask(RANKED, shown, (ANN.key, DEEPER.key)).chosen == (DEEPER.key, ANN.key)
    assert ask([BASIC, ANN], [[(ANN.key, BASIC.key)]], (BASIC.key, ANN.key)).headline == ((ANN.key, BASIC.key),)


def test_a_figures_only_comparison_joins_the_words_and_a_contender_is_not_compared_with_itself():
    several, alone = [(ANN.key, BASIC.key), (COMPACT.key, BASIC.key)], (DEEPER.key, ANN.key)
    questions = ask(RANKED, [several, [alone]], (ANN.key, ANN.key))
    assert questions.chosen == (ANN.key, ANN.key)
    assert questions.family == (LEAD_PAIR, DEEPER_BASIC, alone)


def test_the_leader_is_compared_at_first_with_the_third_that_shares_no_run():
    assert default_pair(RANKED) == (COMPACT.key, BASIC.key)
    assert default_pair([COMPACT, DEEPER, run_of(COMPACT), run_of(DEEPER)]) == (COMPACT.key, DEEPER.key)


def test_one_family_is_corrected_together():
    pairs = all_pairs(RANKED[:3])
    assert pairs == (LEAD_PAIR, (COMPACT.key, BASIC.key), DEEPER_BASIC)
    judged = compute(RANKED, pairs)
    correct = {one.key: one.classes("test") == 0 for one in RANKED}
    assert list(judged.comparisons.values()) == compare_many([(correct[a], correct[b]) for a, b in pairs])
    assert "Holm-adjusted for 3 comparisons" in finding(judged, DEEPER_BASIC)
    assert finding(judged, DEEPER_BASIC).startswith("Deeper_cnn is better than basic_cnn by 4.00 points [")


def test_contenders_tested_on_different_images_are_not_compared():
    with pytest.raises(ValueError, match="tested on different images"):
        compute([DEEPER, replace(BASIC, test_set="other")], (DEEPER_BASIC,))


def test_the_table_of_a_family_names_the_better_one():
    rows = table(compute(RANKED, (DEEPER_BASIC, DEEPER_BASIC[::-1], LEAD_PAIR)))
    assert [column.title for column in rows.columns if column.machine] == ["a", "b"]
    assert rows.rows[0][:2] == list(DEEPER_BASIC)
    assert [texts[0] for texts in rows.texts] == [
        "deeper_cnn less basic_cnn",
        "basic_cnn less deeper_cnn",
        "compact_cnn less deeper_cnn",
    ]
    assert [texts[1] for texts in rows.texts] == ["+4.00", "−4.00", "+0.50"]
    assert [texts[5] for texts in rows.texts][:2] == ["first", "second"]
    assert rows.texts[0][4] == "< 0.001"
