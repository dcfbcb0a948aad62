"""Calibration as pages and report show it: numbers, sentences, tables and the reliability diagram."""

from dataclasses import replace

import numpy as np
import pytest
from synthetic import write_run

from fmnist.contenders import temperatures
from fmnist.contenders.looks import Look
from fmnist.contenders.seed_group import group_seeds
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.temperatures import temperature_of
from fmnist.evaluation.calibration import CalibrationScores, Correction, Reliability, fit_temperature, score_calibration
from fmnist.evaluation.intervals import Interval, wilson_interval
from fmnist.runs.reading import load_predictions
from fmnist.views.calibration import (
    Calibration,
    Line,
    Options,
    bins_table,
    cards,
    compute,
    describe_loss,
    finding,
    scores_table,
)
from fmnist.views.calibration_figure import figures
from fmnist.views.confidences import calibrate

NAN = np.nan
RELIABILITY = Reliability(
    edges=np.linspace(0, 1, 5),
    count=np.array([0, 4, 40, 56]),
    confidence=np.array([NAN, 0.4, 0.6, 0.9]),
    accuracy=np.array([NAN, 0.0, 0.5, 0.75]),
)
OTHER = Reliability(RELIABILITY.edges, RELIABILITY.count, RELIABILITY.confidence - 0.1, RELIABILITY.accuracy)
LOOK = Look("#D55E00", "square", "solid")


def scores(overconfidence: float, margin: float = 0.005, ece: float = 0.03, bins=RELIABILITY) -> CalibrationScores:
    interval = Interval(overconfidence - margin, overconfidence + margin)
    return CalibrationScores(0.9, ece, overconfidence, interval, 0.3, 0.2, bins)


def line(overconfidence: float, margin: float = 0.005, name: str = "CNN") -> Line:
    correction = Correction(scores(overconfidence, margin), scores(0.0, ece=0.004, bins=OTHER), 1.4)
    return Line(name.lower(), name, LOOK, correction)


def several(*lines: Line) -> Calibration:
    return Calibration(lines)


def lines_of(figure) -> list:
    """Return the runs' traces in the upper panel."""
    return [trace for trace in figure.data if trace.yaxis is None and trace.name]


def draw(calibration: Calibration, kind: str = "trained"):
    return figures(calibration, Options(kind))["reliability"].figure


@pytest.mark.parametrize(
    ("overconfidence", "headline", "gap"),
    [
        (0.031, "CNN is overconfident: 93.1% confident, 90.0% correct.", "+3.1 points, 95% CI 2.6 to 3.6."),
        (-0.02, "CNN is underconfident: 88.0% confident, 90.0% correct.", "−2.0 points, 95% CI −2.5 to −1.5."),
        (0.004, "CNN is not significantly over- or underconfident.", "+0.4 points, 95% CI −0.1 to 0.9."),
    ],
)
def test_one_model(overconfidence, headline, gap):
    said = finding(several(line(overconfidence)))
    assert said.headline == headline
    scaling = "Temperature scaling cuts the calibration error from 3.0 to 0.4 points."
    assert said.details == f"CNN: mean confidence − accuracy is {gap} {scaling}"


def test_of_several_the_furthest_off_is_named():
    said = finding(several(line(0.01, name="A"), line(-0.03, name="B"), line(0.02, name="C")))
    assert said.headline == "B is the most miscalibrated: 87.0% confident, 90.0% correct."


def test_nothing_beyond_chance_is_nothing():
    said = finding(several(line(0.001, name="A"), line(-0.004, name="B")))
    assert said.headline == "No model is significantly over- or underconfident."
    assert said.details.startswith("B: mean confidence − accuracy is −0.4 points")


def test_a_clear_fault_counts_before_a_larger_one_within_chance():
    said = finding(several(line(0.02, margin=0.03, name="A"), line(0.01, name="B")))
    assert said.headline.startswith("B is the most miscalibrated")


def test_scaling_is_not_said_to_help_where_it_does_not():
    worse = Line("a", "A", LOOK, Correction(scores(0.031, ece=0.01), scores(0.0, ece=0.02), 1.1))
    assert "raises the calibration error from 1.0 to 2.0 points" in finding(several(worse)).details
    same = Line("a", "A", LOOK, Correction(scores(0.031, ece=0.01), scores(0.0, ece=0.01), 1.0))
    assert "leaves the calibration error at 1.0 points" in finding(several(same)).details


def test_the_cards_have_the_error_before_and_after_scaling():
    shown = [(card.label, card.value, card.note) for card in cards(line(0.031))]
    assert shown == [
        ("Accuracy", "90.0%", ""),
        ("Mean confidence", "93.1%", ""),
        ("Calibration error", "3.0 points", "as trained"),
        ("After scaling", "0.4 points", "temperature 1.40"),
    ]
    unscaled = Line("a", "A", LOOK, Correction(scores(0.031), scores(0.031), None))
    assert len(cards(unscaled)) == 3


def test_scores_stand_before_and_after_with_the_key_for_machines():
    table = scores_table(several(line(0.031)))
    assert [column.title for column in table.columns if column.machine] == ["key"]
    before, after = (dict(zip([column.title for column in table.columns], row, strict=True)) for row in table.rows)
    assert (before["key"], before["Model"], before["Confidences"]) == ("cnn", "CNN", "As trained")
    assert (before["Temperature"], after["Temperature"]) == (1, 1.4)
    assert (before["Overconfidence (points)"], after["Overconfidence (points)"]) == (pytest.approx(3.1), 0)
    assert (before["Calibration error (points)"], after["Calibration error (points)"]) == pytest.approx((3, 0.4))
    assert table.texts[1][1:] == ["Temperature-scaled", "1.40", "90.00", "+0.00", "0.40", "0.3000", "0.2000"]


def test_bins_that_hold_images_are_rows():
    rows = bins_table(several(line(0.0)), Options()).rows
    assert [row[2:5] for row in rows] == [[25, 50, 4], [50, 75, 40], [75, 100, 56]]
    assert rows[1][5:] == pytest.approx([60, 50])
    assert bins_table(several(line(0.0)), Options("scaled")).rows[1][5:] == pytest.approx([50, 50])


def test_bins_are_drawn_in_percent_with_their_intervals():
    _, shown = lines_of(draw(several(line(0.0))))
    assert shown.x == pytest.approx([60, 90])  # neither the empty bin nor that of four images
    assert shown.y == pytest.approx([50, 75])
    low, high = wilson_interval(20, 40)
    assert shown.y[0] + shown.error_y.array[0] == pytest.approx(100 * high)
    assert shown.y[0] - shown.error_y.arrayminus[0] == pytest.approx(100 * low)


def test_the_share_of_images_is_that_of_every_bin():
    counts = draw(several(line(0.0))).data[-1]
    assert counts.yaxis == "y2"
    assert counts.x == pytest.approx([12.5, 37.5, 62.5, 87.5])
    np.testing.assert_allclose(counts.y, [NAN, 4, 40, 56])


@pytest.mark.parametrize(
    ("kind", "shown_at", "faint_at"), [("trained", [60, 90], [50, 80]), ("scaled", [50, 80], [60, 90])]
)
def test_the_other_confidences_are_faint_and_out_of_the_legend(kind, shown_at, faint_at):
    faint, shown = lines_of(draw(several(line(0.0)), kind))
    assert faint.x == pytest.approx(faint_at)
    assert (faint.showlegend, faint.hoverinfo, faint.error_y.array) == (False, "skip", None)
    assert faint.opacity < 0.5
    assert shown.x == pytest.approx(shown_at)
    assert shown.showlegend is None


def test_bins_that_are_all_small_leave_an_empty_line():
    few = Reliability(np.array([0, 1.0]), np.array([3]), np.array([0.5]), np.array([0.5]))
    small = Line("a", "A", LOOK, Correction(scores(0.0, bins=few), scores(0.0, bins=few), 1.0))
    assert len(lines_of(draw(several(small)))[1].x) == 0


@pytest.fixture
def contender(two_runs) -> SingleRun:
    return SingleRun(two_runs[0])


def test_the_temperature_comes_from_validation_and_the_scores_from_the_test(contender):
    stored = load_predictions(contender.run)
    (found,) = compute([contender]).lines
    assert found.name == contender.short_title
    assert found.correction.temperature == fit_temperature(stored.val_labels, stored.val_probs)
    assert found.correction.before.nll == score_calibration(stored.test_labels, stored.test_probs).nll


def test_two_runs_of_an_architecture_have_markers_of_their_own(tmp_path):
    runs = [write_run(tmp_path, seed=seed, right=8_000) for seed in (0, 1)]
    first, second = compute([SingleRun(run) for run in runs]).lines
    assert first.look.color == second.look.color
    assert first.look.symbol != second.look.symbol
    assert "seed" in first.name


def test_a_temperature_is_fitted_once_whatever_the_title(contender, monkeypatch):
    first = calibrate(contender)
    monkeypatch.setattr(temperatures, "fit_temperature", None)
    monkeypatch.setattr(SingleRun, "title", "Renamed")
    assert calibrate(SingleRun(contender.run)) is first
    assert temperature_of(SingleRun(contender.run)) == first.correction.temperature


def test_a_seed_group_has_no_one_temperature(tmp_path):
    (group,) = group_seeds([write_run(tmp_path, seed=seed) for seed in (0, 1)])
    with pytest.raises(ValueError, match="exactly one row of test probabilities"):
        calibrate(group)


def test_losses_are_compared_once_all_are_scaled():
    assert describe_loss(several(line(0.01))) == ""
    lower = replace(line(0.01, name="B"), correction=Correction(scores(0.01), replace(scores(0.0), nll=0.25), 1.4))
    assert describe_loss(several(line(0.01), lower)) == (
        "After scaling, B has the lowest test loss: 0.250 nats (0.300 as trained)."
    )
