"""The figures of the confidence page, by the values of their traces."""

import json

import numpy as np
import pytest

from fmnist.evaluation.calibration import CoverageCurve, Reliability
from fmnist.evaluation.intervals import wilson_interval
from fmnist.views.calibration import NamedCoverage, NamedReliability, coverage_figure, reliability_figure

NAN = np.nan
RELIABILITY = Reliability(
    edges=np.linspace(0, 1, 5),
    count=np.array([0, 4, 40, 56]),
    confidence=np.array([NAN, 0.4, 0.6, 0.9]),
    accuracy=np.array([NAN, 0.0, 0.5, 0.75]),
)
OTHER = Reliability(RELIABILITY.edges, RELIABILITY.count, RELIABILITY.confidence - 0.1, RELIABILITY.accuracy)


def lines_of(figure) -> list:
    """Return the runs' traces in the upper panel."""
    return [trace for trace in figure.data if trace.yaxis == "y" and trace.name]


def test_bins_are_drawn_in_percent_with_their_intervals():
    figure = reliability_figure([NamedReliability("CNN", "basic_cnn", "textbook", RELIABILITY)])
    (line,) = lines_of(figure)
    assert line.x == pytest.approx([60, 90])  # neither the empty bin nor that of four images
    assert line.y == pytest.approx([50, 75])
    low, high = wilson_interval(20, 40)
    assert line.y[0] + line.error_y.array[0] == pytest.approx(100 * high)
    assert line.y[0] - line.error_y.arrayminus[0] == pytest.approx(100 * low)


def test_the_share_of_images_is_that_of_every_bin():
    counts = reliability_figure([NamedReliability("CNN", "basic_cnn", "textbook", RELIABILITY)]).data[-1]
    assert counts.yaxis == "y2"
    assert counts.x == pytest.approx([12.5, 37.5, 62.5, 87.5])
    np.testing.assert_allclose(counts.y, [NAN, 4, 40, 56])


def test_the_other_confidences_are_faint_and_out_of_the_legend():
    figure = reliability_figure([NamedReliability("CNN", "basic_cnn", "textbook", RELIABILITY, OTHER)])
    faint, line = lines_of(figure)
    assert faint.x == pytest.approx([50, 80])
    assert (faint.showlegend, faint.hoverinfo, faint.error_y.visible) == (False, "skip", False)
    assert faint.opacity < 0.5
    assert line.showlegend


def test_two_runs_of_a_network_are_told_apart_by_their_marker():
    runs = [NamedReliability(name, "ann", "textbook", RELIABILITY) for name in ("first", "second")]
    first, second = lines_of(reliability_figure(runs))
    assert first.marker.color == second.marker.color
    assert first.marker.symbol != second.marker.symbol


def test_coverage_is_thinned_and_keeps_its_ends():
    coverage = np.arange(1, 10_001) / 10_000
    curve = CoverageCurve(1 - coverage, coverage, 1 - 0.1 * coverage)
    line, chosen = coverage_figure([NamedCoverage("CNN", "basic_cnn", "textbook", curve, 0.8, 0.92)]).data
    assert len(line.x) <= 301
    assert (line.x[0], line.x[-1]) == (pytest.approx(2), pytest.approx(100))
    np.testing.assert_allclose(line.y, 100 - 0.1 * np.array(line.x))
    assert (list(chosen.x), list(chosen.y)) == ([80], [92])


def test_a_threshold_that_nothing_reaches_has_no_marker():
    curve = CoverageCurve(np.array([0.5]), np.array([1.0]), np.array([0.9]))
    figure = coverage_figure([NamedCoverage("CNN", "basic_cnn", "textbook", curve, 0.0, NAN)])
    assert figure.data[0].y == pytest.approx([90])
    assert json.loads(figure.to_json())["data"][1]["y"] == [None]
