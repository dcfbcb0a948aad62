"""All models' probabilities of one image, by the values of the bars."""

import numpy as np
import pytest

from fmnist.views.probabilities import NamedProbs, probabilities_figure


def test_each_run_has_its_ten_bars_and_the_true_class_is_bold():
    probs = np.array([0.7, 0.0, 0.0, 0.004, 0.0, 0.0, 0.296, 0.0, 0.0, 0.0])
    figure = probabilities_figure([NamedProbs("A", "ann", probs), NamedProbs("B", "basic_cnn", probs[::-1])], 6)
    first, second = figure.data
    np.testing.assert_array_equal(first.x, probs)
    np.testing.assert_array_equal(second.x, probs[::-1])
    assert first.text == ("70.0 %", "", "", "", "", "", "29.6 %", "", "", "")
    assert first.marker.opacity[0] > first.marker.opacity[6]
    assert first.marker.color != second.marker.color
    assert figure.layout.yaxis.ticktext[6] == "<b>Shirt</b>"
    assert figure.layout.yaxis.ticktext[0] == "T-shirt/top"
    assert [title.text for title in figure.layout.annotations] == ["A", "B"]


@pytest.mark.parametrize(("runs", "rows"), [(1, 1), (4, 1), (5, 2), (12, 3)])
def test_four_runs_fit_in_a_row(runs, rows):
    figure = probabilities_figure([NamedProbs("A", "ann", np.full(10, 0.1))] * runs, 0)
    assert len(figure.data) == runs
    assert len({axis.domain for axis in figure.select_yaxes()}) == rows
