import numpy as np
import pytest

from fmnist.evaluation.factors import Cell, Effect, Step
from fmnist.evaluation.significance import compare
from fmnist.views.effects import effects_figure


def make_effect(model: str, *rights: int) -> Effect:
    a, b = (np.array([np.arange(1_000) < right - miss for miss in range(len(rights) - 1)]) for right in rights[:2])
    return Effect(Step("network", Cell(model, "textbook"), Cell("basic_cnn", "textbook")), compare(a, b))


def test_rows_are_differences_in_points_with_their_intervals_from_top_to_bottom():
    deeper, ann = make_effect("deeper_cnn", 940, 900, 2), make_effect("ann", 880, 900)
    figure = effects_figure({"Deeper CNN": deeper, "ANN": ann})
    first, second = figure.data
    assert (list(first.x), list(first.y)) == (pytest.approx([4]), ["Deeper CNN"])
    assert list(second.x) == pytest.approx([-2])
    assert first.x[0] + first.error_x.array[0] == pytest.approx(100 * deeper.result.ci_high)
    assert first.x[0] - first.error_x.arrayminus[0] == pytest.approx(100 * deeper.result.ci_low)
    assert list(figure.layout.yaxis.categoryarray) == ["Deeper CNN", "ANN"]
    assert figure.layout.yaxis.autorange == "reversed"


def test_open_markers_are_single_runs_and_the_label_tells_the_level():
    several, single = effects_figure(
        {"Deeper CNN": make_effect("deeper_cnn", 940, 900, 2), "ANN": make_effect("ann", 880, 900)}
    ).data
    assert not several.marker.symbol.endswith("-open")
    assert single.marker.symbol.endswith("-open")
    assert "Runs: 1 and 1. Comparisons: 1. Interval at 95.0 %" in single.hovertemplate
    assert "Runs: 2 and 2." in several.hovertemplate
