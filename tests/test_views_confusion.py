"""The figures of the confusion page, by the values of their traces."""

import json

import numpy as np
import pytest

from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.metrics import ClassScores
from fmnist.evaluation.significance import ConfusionDifference
from fmnist.views.class_scores import NamedScores, class_scores_figure
from fmnist.views.confusion import Cell, Look, confusion_difference_figure, confusion_figures

SHIRT, TOP = 6, 0
LOOK = Look(side=324, ink="#123456")


@pytest.fixture
def counts() -> np.ndarray:
    """100 images a class, all right but 25 shirts taken for T-shirts."""
    counts = np.diag(np.full(10, 100))
    counts[SHIRT, SHIRT], counts[SHIRT, TOP] = 75, 25
    return counts


def numbers(figure) -> dict[Cell, str]:
    traces = json.loads(figure.to_json())["data"][1:]
    pairs = [pair for trace in traces for pair in zip(trace["customdata"], trace["text"], strict=True)]
    assert len(pairs) == 100
    return {Cell(*cell): text for cell, text in pairs}


def hover_of(figure) -> dict[tuple[int, int], str]:
    pairs = [pair for trace in figure.data[1:] for pair in zip(trace.customdata, trace.hovertext, strict=True)]
    return {tuple(cell): text for cell, text in pairs}


def frames(figure) -> list[tuple[float, ...]]:
    return [(shape.x0, shape.x1, shape.y0, shape.y1) for shape in figure.layout.shapes]


@pytest.mark.parametrize(
    ("unit", "mistake", "right"),
    [("counts", "25", "100"), ("row", "25.0", "100"), ("column", "20.0", "80.0")],  # 25 of 100 shirts, of 125 T-shirts
)
def test_cells_carry_their_number_in_the_unit(counts, unit, mistake, right):
    (figure,) = confusion_figures({"Run": counts}, unit, LOOK)
    shown = numbers(figure)
    assert (shown[Cell(SHIRT, TOP)], shown[Cell(TOP, TOP)]) == (mistake, right)
    assert shown[Cell(TOP, SHIRT)] == ""


def test_an_empty_row_or_column_has_no_rates(counts):
    counts[3] = 0
    assert numbers(confusion_figures({"Run": counts}, "row", LOOK)[0])[Cell(3, 3)] == ""
    assert numbers(confusion_figures({"Run": counts}, "column", LOOK)[0])[Cell(3, 3)] == ""


def test_markers_lie_on_their_cells_and_say_them_in_words(counts):
    (figure,) = confusion_figures({"Run": counts}, "counts", LOOK)
    for trace in figure.data[1:]:
        assert [[y, x] for x, y in zip(trace.x, trace.y, strict=True)] == [list(cell) for cell in trace.customdata]
    words = hover_of(figure)
    assert words[SHIRT, TOP] == "Shirt called T-shirt/top<br>25 of 100"


def test_matrices_share_one_colour_range(counts):
    small, large = confusion_figures({"Small": counts, "Large": 4 * counts}, "counts", LOOK)
    assert small.data[0].z[0, 0] == pytest.approx(0.5)  # the root of 100 of 400
    assert large.data[0].z[0, 0] == pytest.approx(1.0)
    assert {(figure.data[0].zmin, figure.data[0].zmax) for figure in (small, large)} == {(0, 1)}


def test_numbers_on_strong_cells_are_white_and_the_others_in_ink(counts):
    (figure,) = confusion_figures({"Run": counts}, "counts", LOOK)
    colors = {tuple(cell): trace.textfont.color for trace in figure.data[1:] for cell in trace.customdata}
    assert colors[TOP, TOP] == "white"
    assert colors[SHIRT, TOP] == colors[TOP, SHIRT] == "#123456"


def test_clicks_select_and_do_not_drag(counts):
    (figure,) = confusion_figures({"Run": counts}, "counts", LOOK)
    assert (figure.layout.clickmode, figure.layout.dragmode) == ("event+select", False)
    assert figure.data[0].hoverinfo == "skip"  # else the heatmap would take the click from the markers


def test_the_chosen_cell_is_outlined(counts):
    (figure,) = confusion_figures({"Run": counts}, "counts", Look(324, "#123456", Cell(SHIRT, TOP)))
    assert frames(figure) == [(-0.5, 0.5, 5.5, 6.5)]


def test_a_difference_is_centred_on_zero_and_marks_what_is_beyond_chance():
    change, p_values, beyond = np.zeros((10, 10), int), np.ones((10, 10)), np.zeros((10, 10), bool)
    change[SHIRT, TOP], change[SHIRT, SHIRT] = -30, 15
    beyond[SHIRT, TOP], p_values[SHIRT, TOP] = True, 0.00123
    figure = confusion_difference_figure(ConfusionDifference(change, p_values, beyond), ("A", "B"), LOOK)
    shown = numbers(figure)
    assert (shown[Cell(SHIRT, TOP)], shown[Cell(SHIRT, SHIRT)], shown[Cell(0, 0)]) == ("<b>−30*</b>", "+15", "")
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-1, 1)
    assert figure.data[0].z[SHIRT, TOP] == -1
    assert figure.data[0].z[SHIRT, SHIRT] == pytest.approx(0.5)
    assert frames(figure) == [(-0.5, 0.5, 5.5, 6.5)]
    words = hover_of(figure)
    assert "30 more by B than by A" in words[SHIRT, TOP]
    assert "p = 0.0012" in words[SHIRT, TOP]


def test_equal_matrices_differ_nowhere():
    nothing = ConfusionDifference(np.zeros((10, 10), int), np.ones((10, 10)), np.zeros((10, 10), bool))
    figure = confusion_difference_figure(nothing, ("A", "B"), LOOK)
    assert set(numbers(figure).values()) == {""}
    assert not frames(figure)


def test_class_scores_are_drawn_in_percent_for_each_run():
    recall = np.linspace(0.5, 0.95, 10)
    precision = np.where(np.arange(10) == 3, np.nan, 0.9)
    scores = ClassScores(precision, recall, np.full(10, 0.8), np.full(10, 1000))
    figure = class_scores_figure([NamedScores("One", "ann", scores), NamedScores("Two", "ann", scores)])
    assert len(figure.data) == 6
    assert [trace.name for trace in figure.data if trace.showlegend] == ["One", "Two"]
    np.testing.assert_allclose(figure.data[1].y, 100 * recall)
    assert np.isnan(figure.data[0].y[3])
    one, two = figure.data[0], figure.data[3]
    assert one.marker.color == two.marker.color  # the same network
    assert one.marker.symbol != two.marker.symbol
    assert np.all(np.abs(np.array(one.x) - np.arange(10)) < 0.5)
    assert tuple(figure.layout.xaxis.ticktext) == CLASS_NAMES
