"""Shares by class: what is drawn of each contender, and where."""

import numpy as np
import pytest

from fmnist.contenders.looks import look_of
from fmnist.views.class_panels import class_panels_figure


def test_a_share_is_a_marker_in_its_panel_beside_its_class():
    ann, cnn = look_of("ann", "tuned"), look_of("basic_cnn", "tuned")
    shares = [np.arange(10) / 10, np.full(10, np.nan)]
    figure = class_panels_figure(["ANN", "CNN"], [ann, cnn], {"Answered": shares, "Right": shares[::-1]})
    assert [(trace.name, trace.yaxis or "y", trace.showlegend) for trace in figure.data] == [
        ("ANN", "y", True),
        ("ANN", "y2", False),
        ("CNN", "y", True),
        ("CNN", "y2", False),
    ]
    first = figure.data[0]
    assert first.y == pytest.approx(np.arange(0, 100, 10))
    assert np.rint(first.x).tolist() == list(range(10))
    assert first.x[0] < 0 < figure.data[2].x[0]
    assert (first.marker.color, first.marker.symbol) == (ann.color, ann.symbol)
    assert figure.layout.yaxis.title.text == "Answered (%)"
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]


def test_a_single_panel_takes_the_whole_height():
    figure = class_panels_figure(["ANN"], [look_of("ann", "tuned")], {"F1": [np.ones(10)]})
    assert figure.layout.yaxis.domain == (0, 1)
