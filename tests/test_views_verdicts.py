"""One family for everything that is asked, and verdicts in words that say what a comparison says and no more."""

from dataclasses import replace

import pytest
from made_up import MadeUp, contender_of_rights

from fmnist.contenders.titles import mark_single
from fmnist.evaluation.significance import Comparison, compare, compare_many
from fmnist.views.parts import Badge
from fmnist.views.verdict_words import describe_verdict
from fmnist.views.verdicts import compute, finding, judge, lead_badge, table

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
NAMES = ("Deeper CNN (tuned)", "Basic CNN (tuned)")


def say(comparison: Comparison) -> str:
    return describe_verdict(NAMES, comparison)[0]


def explain(comparison: Comparison) -> str:
    return describe_verdict(NAMES, comparison)[1]


def test_ensembles_and_imported_models_are_not_called_runs():
    single = replace(LEAD, runs_a=1, runs_b=1, scope="runs")
    headline, details = describe_verdict(NAMES, single, of_runs=False)
    assert headline.startswith("Of these two models, Deeper CNN (tuned) beats ")
    assert details.startswith("This compares models as they are; training them again may give a different result.")


def test_a_lead_with_several_seeds_speaks_of_the_models():
    assert say(LEAD) == ("Deeper CNN (tuned) beats Basic CNN (tuned) by 0.94 points (95% CI 0.61 to 1.28, p < 0.001).")
    assert explain(LEAD) == (
        "Random-effects test on 10,000 test images and 3 runs each. Not adjusted: a single comparison. "
        "Other training images are not reflected."
    )


def test_the_better_one_is_named_first():
    mirrored = replace(LEAD, difference=-0.0094, ci_low=-0.0128, ci_high=-0.0061, verdict="b")
    assert say(mirrored).startswith("Basic CNN (tuned) beats Deeper CNN (tuned) by 0.94 points (95% CI 0.61 to 1.28,")


def test_one_run_each_speaks_of_these_two_runs_first():
    two = replace(LEAD, runs_a=1, runs_b=1, scope="runs", p_value=0.03)
    assert say(two) == (
        "Of these two runs, Deeper CNN (tuned) beats Basic CNN (tuned) by 0.94 points (95% CI 0.61 to 1.28, p = 0.030)."
    )
    assert explain(two).startswith(
        "This compares single runs; other seeds may give a different result. McNemar's exact"
    )


def test_one_run_against_several_speaks_of_these_runs():
    mixed = replace(LEAD, runs_a=1, runs_b=5, scope="runs")
    assert say(mixed).startswith("Of these runs, Deeper CNN (tuned) beats")
    assert "Paired test on 10,000 test images, 1 and 5 runs." in explain(mixed)


def test_without_a_significant_difference_the_bound_is_said():
    assert say(TIE) == (
        "No significant difference between Deeper CNN (tuned) and Basic CNN (tuned): "
        "any difference is under 0.35 points (95%)."
    )
    assert explain(TIE).startswith("Measured: −0.12 points (95% CI −0.40 to 0.16, p = 0.400). Random-effects test")
    assert say(replace(TIE, scope="runs", runs_a=1, runs_b=1)) == (
        "Of these two runs, Deeper CNN (tuned) and Basic CNN (tuned) do not differ significantly: "
        "any difference is under 0.35 points (95%)."
    )


def test_unequal_numbers_of_runs_are_both_named():
    assert "on 10,000 test images and 3 and 5 runs." in explain(replace(TIE, runs_b=5))


def test_the_correction_is_said_where_it_was_made():
    many = replace(LEAD, comparisons=6, confidence=1 - 0.05 / 6)
    assert "(adjusted 95% CI 0.61 to 1.28, p < 0.001)" in say(many)
    assert "Adjusted for 6 comparisons (p-values by Holm, intervals by Bonferroni)." in explain(many)
    assert "djusted" not in say(LEAD)


def test_a_difference_that_rounds_to_zero_has_no_sign():
    assert "Measured: 0.00 points" in explain(replace(TIE, difference=-0.00001))


def test_the_note_of_a_single_run_stands_in_the_brackets_of_the_title():
    assert mark_single("Deeper CNN (tuned)") == "Deeper CNN (tuned, 1 run)"
    assert mark_single("ANN (textbook), batches of 32") == "ANN (textbook), batches of 32, 1 run"


def model(key: str, *rights: int) -> MadeUp:
    return contender_of_rights(f"{key}:textbook", rights, f"{key} (textbook)")


COMPACT, DEEPER, BASIC, ANN = (
    model(key, right, right + 1)
    for key, right in (("compact_cnn", 942), ("deeper_cnn", 940), ("basic_cnn", 900), ("ann", 850))
)
MODELS = [BASIC, ANN, COMPACT, DEEPER]
LEAD_PAIR = (COMPACT.key, DEEPER.key)
DEEPER_BASIC = (DEEPER.key, BASIC.key)
JUDGED = compute(MODELS)


def correct(contender: MadeUp):
    return contender.classes("test") == 0


def test_everything_that_is_asked_is_one_family():
    assert JUDGED.ranked == [COMPACT.key, DEEPER.key, BASIC.key, ANN.key]
    assert list(JUDGED.answers) == list(JUDGED.questions.family)
    by_key = {one.key: correct(one) for one in MODELS}
    expected = compare_many([(by_key[a], by_key[b]) for a, b in JUDGED.questions.family])
    assert [verdict.comparison for verdict in JUDGED.answers.values()] == expected
    assert {one.comparisons for one in expected} == {4}


def test_a_pair_of_the_family_has_one_interval_wherever_it_is_asked_for():
    there, back = judge(JUDGED, DEEPER, BASIC), judge(JUDGED, BASIC, DEEPER)
    assert there is JUDGED.answers[DEEPER_BASIC]
    assert back.comparison == there.comparison.mirror()
    assert back.pair == DEEPER_BASIC[::-1]
    assert finding(back).headline == finding(there).headline
    assert there.winner == back.winner == DEEPER.key


def test_any_other_pair_is_compared_by_itself():
    verdict = judge(JUDGED, ANN, DEEPER)
    assert verdict.comparison == compare(correct(ANN), correct(DEEPER))
    assert "Not adjusted" in finding(verdict).details
    assert verdict.winner == DEEPER.key


def test_a_model_with_one_run_is_marked_beside_one_with_several():
    single = model("cnn_bn", 800)
    assert finding(judge(JUDGED, single, DEEPER)).headline.startswith(
        "Of these runs, deeper_cnn (textbook) beats cnn_bn (textbook, 1 run) by "
    )
    other = model("cnn_gap", 850)
    assert "1 run" not in finding(judge(JUDGED, single, other)).headline


def test_a_tie_is_a_value_and_a_badge():
    wide = [contender_of_rights(f"{key}:tuned", (9_400, 9_401), key, images=10_000) for key in ("ann", "basic_cnn")]
    verdict = judge(compute(wide), *wide)
    assert verdict.tied
    assert verdict.winner is None
    assert finding(verdict).badges == (Badge("tied"),)
    assert lead_badge(compute(wide)) == Badge("lead: tied")
    assert not finding(JUDGED.answers[DEEPER_BASIC]).badges
    assert lead_badge(JUDGED) == Badge("lead: not significant")
    assert lead_badge(compute([DEEPER, ANN])) == Badge("lead: significant", "good")
    assert lead_badge(compute([DEEPER])) is None


def test_contenders_tested_on_different_images_are_not_compared():
    with pytest.raises(ValueError, match="tested on different images"):
        compute([DEEPER, replace(BASIC, test_set="other")])
    with pytest.raises(ValueError, match="tested on different images"):
        judge(JUDGED, ANN, replace(COMPACT, test_set="other", key="other"))


def test_the_table_names_the_winner():
    rows = table([JUDGED.answers[DEEPER_BASIC], judge(JUDGED, BASIC, DEEPER), JUDGED.answers[LEAD_PAIR]])
    assert [column.title for column in rows.columns if column.machine] == ["a", "b"]
    assert rows.rows[0][:2] == list(DEEPER_BASIC)
    assert [texts[:2] for texts in rows.texts] == [
        ["deeper_cnn (textbook)", "basic_cnn (textbook)"],
        ["basic_cnn (textbook)", "deeper_cnn (textbook)"],
        ["compact_cnn (textbook)", "deeper_cnn (textbook)"],
    ]
    assert [texts[2] for texts in rows.texts] == ["+4.00", "−4.00", "+0.20"]
    assert [texts[6] for texts in rows.texts] == [
        "deeper_cnn (textbook)",
        "deeper_cnn (textbook)",
        "no significant difference",
    ]
    assert rows.texts[0][4:6] == ["< 0.001", "4"]
