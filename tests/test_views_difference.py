"""The difference of two confusion matrices: numbers, sentences, table, and the figure by its traces."""

import json
import re

import numpy as np
import pytest
from made_up import MadeUp

from fmnist.evaluation.confusions import ConfusionDifference, compare_confusions
from fmnist.views.confusion import Cell, Matrix
from fmnist.views.confusion_figure import Style
from fmnist.views.difference import Difference, Options, compute, explain, figures, finding, table

SHIRT, TOP, COAT = 6, 0, 4
STYLE = Style(side=324, ink="#123456")


def difference(cells: dict[tuple[int, int], int], beyond: set[tuple[int, int]] = frozenset()) -> Difference:
    counts, mask = np.zeros((10, 10), int), np.zeros((10, 10), bool)
    for cell, count in cells.items():
        counts[cell] = count
    for cell in beyond:
        mask[cell] = True
    a, b = (Matrix(f"key-of-{name}", name, np.full((10, 10), 100)) for name in "AB")
    return Difference(a, b, ConfusionDifference(counts, np.where(mask, 0.00123, 1.0), mask))


def test_two_of_several_contenders_are_compared_by_their_classes():
    labels = np.repeat([SHIRT, COAT], [40, 10])
    wrong = labels.copy()
    wrong[:20] = TOP  # twenty shirts
    contenders = [
        MadeUp(name, labels, predicted[None]) for name, predicted in zip("XAB", (labels, wrong, labels), strict=True)
    ]
    found = compute(contenders, Options(a=1, b=2))
    assert (found.a.name, found.b.name) == ("A", "B")
    assert (found.change.counts[SHIRT, TOP], found.change.counts[SHIRT, SHIRT]) == (20, -20)
    assert np.argwhere(found.change.beyond_chance).tolist() == [[SHIRT, TOP], [SHIRT, SHIRT]]


def group(name: str, taken_for_top: list[int]) -> MadeUp:
    """A model whose runs take so many of a hundred shirts for T-shirts."""
    labels = np.repeat([SHIRT, COAT], [100, 100])
    rows = [np.where((labels == SHIRT) & (np.arange(200) < count), TOP, labels) for count in taken_for_top]
    return MadeUp(name, labels, np.stack(rows), kind="seed group")


def test_all_runs_of_a_seed_group_count():
    a, b = group("A", [30, 31, 32]), group("B", [60, 61, 62, 63])
    found = compute([a, b], Options())
    expected = compare_confusions(a.truth, a.predicted, b.predicted)
    np.testing.assert_array_equal(found.change.p_values, expected.p_values)
    assert (found.change.runs_a, found.change.runs_b, found.change.scope) == (3, 4, "networks")
    said = finding(found)
    assert said.headline == "A mistakes 30 fewer shirts for T-shirts."
    assert [badge.text for badge in said.badges] == ["2 of 100 cells differ significantly"]
    assert said.details == "Test in each cell over images and seeds, 3 and 4 runs, Holm-corrected for 100 cells, 5%."
    assert table(found).texts[0][:4] == ["Shirt → T-shirt/top", "31.0", "61.5", "−30.5"]
    assert "images of A − images of B, mean over seeds." in explain(found)
    assert explain(found).endswith("(test over images and seeds, Holm-corrected, 5%).")
    texts = {text for trace in figures(found, STYLE)["difference"].figure.data[1:] for text in trace.text}
    assert texts == {"", "−30*", "+30*"}


def test_one_run_and_a_seed_group_are_compared_as_these_runs():
    said = finding(compute([group("A", [30]), group("B", [60, 61])], Options()))
    assert said.badges[-1].text == "Single runs"
    assert said.details.startswith("This compares single runs; other seeds may give a different result. Paired test")


def test_the_largest_difference_among_mistakes_names_who_makes_it_less_often():
    change = difference({(SHIRT, TOP): -30, (SHIRT, SHIRT): 50, (COAT, SHIRT): 40}, {(SHIRT, TOP), (SHIRT, SHIRT)})
    assert finding(change).headline == "A mistakes 30 fewer shirts for T-shirts."
    said = finding(difference({(SHIRT, TOP): 30}, {(SHIRT, TOP)}))
    assert said.headline == "B mistakes 30 fewer shirts for T-shirts."
    assert [badge.text for badge in said.badges] == ["1 of 100 cells differs significantly", "Single runs"]


def test_chance_is_not_called_a_difference():
    said = finding(difference({(SHIRT, TOP): 3}))
    assert said.headline == "No cell differs significantly between the two models."
    assert said.details == (
        "This compares single runs; other seeds may give a different result. "
        "McNemar's exact test in each cell, Holm-corrected for 100 cells, 5%."
    )


def test_a_difference_on_the_diagonal_alone_is_no_mistake():
    said = finding(difference({(TOP, TOP): 30}, {(TOP, TOP)}))
    assert said.headline == "Only correct predictions differ significantly."


def test_colours_and_frames_are_explained():
    assert explain(difference({})) == (
        "Each cell shows images of A − images of B. More is better on the diagonal, fewer is better elsewhere. "
        "Outlined cells (*) differ significantly (McNemar test, Holm-corrected, 5%)."
    )


def test_the_table_has_the_cells_beyond_chance_the_largest_difference_first():
    found = table(difference({(SHIRT, TOP): -30, (COAT, SHIRT): 40, (1, 2): 3}, {(SHIRT, TOP), (COAT, SHIRT)}))
    assert found.rows == [["Coat → Shirt", 100, 100, 40, 0.0012], ["Shirt → T-shirt/top", 100, 100, -30, 0.0012]]
    assert [column.title for column in found.columns] == ["Cell", "A", "B", "Difference", "p (Holm)"]
    assert found.to_csv().startswith("Cell,key-of-A,key-of-B,Difference,p (Holm)\n")
    assert found.texts[0][-1] == "1.2e−03"


def test_the_figure_is_centred_on_zero_and_marks_what_is_beyond_chance():
    drawn = figures(difference({(SHIRT, TOP): -30, (SHIRT, SHIRT): 15}, {(SHIRT, TOP)}), STYLE)["difference"]
    figure = drawn.figure
    traces = json.loads(figure.to_json())["data"][1:]
    shown = {Cell(*cell): text for one in traces for cell, text in zip(one["customdata"], one["text"], strict=True)}
    assert (shown[Cell(SHIRT, TOP)], shown[Cell(SHIRT, SHIRT)], shown[Cell(0, 0)]) == ("−30*", "+15", "")
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-1, 1)
    assert figure.data[0].z[SHIRT, TOP] == 1  # fewer mistakes
    assert figure.data[0].z[SHIRT, SHIRT] == pytest.approx(0.5)  # more correct predictions: the same colour
    assert [(one.x0, one.x1, one.y0, one.y1) for one in figure.layout.shapes] == [(-0.5, 0.5, 5.5, 6.5)]
    assert re.sub("<.*?>|&nbsp; ", "", figure.layout.title.text) == "■ A better■ B better"
    assert drawn.description.startswith("Confusion matrix of A − that of B. A mistakes 30 fewer shirts for T-shirts.")
    assert drawn.file_name == "difference-key-of-A-key-of-B"
    words = {
        tuple(cell): text for one in traces for cell, text in zip(one["customdata"], one["hovertext"], strict=True)
    }
    assert "30 more by B than by A" in words[SHIRT, TOP]
    assert "15 more by A than by B" in words[SHIRT, SHIRT]
    assert "as many by A as by B" in words[0, 0]
    assert "p = 0.0012" in words[SHIRT, TOP]


def test_a_colour_says_which_model_is_better():
    cells = {(SHIRT, TOP): 30, (COAT, SHIRT): -30, (SHIRT, SHIRT): -30, (COAT, COAT): 30}
    figure = figures(difference(cells), STYLE)["difference"].figure
    shades = {cell: figure.data[0].z[cell] for cell in cells}
    assert shades == {(SHIRT, TOP): -1, (COAT, SHIRT): 1, (SHIRT, SHIRT): -1, (COAT, COAT): 1}
    orange, blue = (re.search(r"\d+, \d+, \d+", figure.data[0].colorscale[end][1])[0] for end in (0, -1))
    a, b = re.findall(r"rgba\((\d+, \d+, \d+)", figure.layout.title.text)
    assert (a, b) == (blue, orange)


def test_equal_matrices_differ_nowhere():
    figure = figures(difference({}), STYLE)["difference"].figure
    assert {text for trace in figure.data[1:] for text in trace.text} == {""}
    assert not figure.layout.shapes


def test_the_chosen_cell_is_outlined_beside_the_others():
    style = Style(324, "#123456", Cell(COAT, COAT))
    figure = figures(difference({(SHIRT, TOP): 30}, {(SHIRT, TOP)}), style)["difference"].figure
    assert [(one.x0, one.y0) for one in figure.layout.shapes] == [(-0.5, 5.5), (3.5, 3.5)]
