"""What is said of confidences, and that it is never more than the data say."""

import numpy as np
import pytest

from fmnist.evaluation.calibration import CalibrationScores, Correction, Reliability
from fmnist.evaluation.intervals import Interval
from fmnist.views.calibration_sentences import calibration_sentence, coverage_sentence

NOTHING = Reliability(np.array([0, 1]), np.array([0]), np.array([np.nan]), np.array([np.nan]))


def scores(overconfidence: float, margin: float = 0.005, ece: float = 0.03) -> CalibrationScores:
    interval = Interval(overconfidence - margin, overconfidence + margin)
    return CalibrationScores(0.9, ece, overconfidence, interval, 0.3, 0.2, NOTHING)


def correction(overconfidence: float, margin: float = 0.005) -> Correction:
    return Correction(scores(overconfidence, margin), scores(0.0, ece=0.004), 1.4)


@pytest.mark.parametrize(
    ("overconfidence", "says"),
    [
        (
            0.031,
            "CNN is overconfident by 3.1 points [2.6, 3.6], 93.1 % sure on average and right on 90.0 % of the images; "
            "a temperature of 1.40 takes the expected calibration error from 3.0 to 0.4 points.",
        ),
        (
            -0.02,
            "CNN is underconfident by 2.0 points [1.5, 2.5], 88.0 % sure on average and right on 90.0 % of the images; "
            "a temperature of 1.40 takes the expected calibration error from 3.0 to 0.4 points.",
        ),
        (
            0.004,
            "CNN is as sure as it is right, within chance: 90.4 % sure on average and right on 90.0 % of the images.",
        ),
    ],
)
def test_one_run(overconfidence, says):
    assert calibration_sentence(["CNN"], [correction(overconfidence)]) == says


def test_of_several_the_furthest_off_is_named():
    names, off = ["A", "B", "C"], (0.01, -0.03, 0.02)
    said = calibration_sentence(names, [correction(one) for one in off])
    assert said.startswith("Of 3 runs B is furthest off: it is underconfident by 3.0 points [2.5, 3.5], 87.0 % sure")


def test_nothing_beyond_chance_is_nothing():
    said = calibration_sentence(["A", "B"], [correction(0.001), correction(-0.004)])
    assert said.startswith("Each of the 2 runs is as sure as it is right, within chance")
    assert said.endswith("(furthest off: B).")


def test_a_clear_fault_counts_before_a_larger_one_within_chance():
    said = calibration_sentence(["A", "B"], [correction(0.02, margin=0.03), correction(0.01)])
    assert said.startswith("Of 2 runs B is furthest off: it is overconfident by 1.0 points")


def test_answers_of_each_run():
    assert coverage_sentence(["A", "B"], [0.9, 0.0], [0.987, np.nan], 0.95, "10,000 images") == (
        "Answering only when at least 95 % sure, of 10,000 images A answers 90.0 % and is right on 98.7 % of those; "
        "B answers none."
    )


def test_of_many_runs_those_at_the_ends_are_named():
    names, coverages = ["A", "B", "C", "D"], [0.5, 0.9, 0.7, 0.0]
    said = coverage_sentence(names, coverages, [0.99, 0.95, 0.97, np.nan], 0.9, "all images")
    assert said == (
        "Answering only when at least 90 % sure, of all images B answers 90.0 % and is right on 95.0 % of those, "
        "the most answers of 4 runs; A answers 50.0 % and is right on 99.0 % of those, the most often right."
    )
    said = coverage_sentence(names, coverages, [0.9, 0.99, 0.97, np.nan], 0.9, "all images")
    assert said.endswith("B answers 90.0 % and is right on 99.0 % of those, both the most of 4 runs.")
    said = coverage_sentence(names, [0.0] * 4, [np.nan] * 4, 1.0, "all images")
    assert said.endswith("of all images A answers none; B answers none; C answers none; D answers none.")
