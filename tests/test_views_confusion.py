"""Confusion matrices as pages and report show them: numbers, sentences, tables, and figures by their traces."""

import json

import numpy as np
import pytest
from made_up import MadeUp, contender_of_counts

from fmnist.views.confusion import (
    Cell,
    Confusions,
    Matrix,
    compute,
    describe_frequent,
    finding,
    table,
    table_of_cells,
    table_of_each,
)
from fmnist.views.confusion_figure import Style, draw_matrix, figures

SHIRT, TOP, COAT = 6, 0, 4
STYLE = Style(side=324, ink="#123456")


def matrix(name: str = "A", **mistakes: int) -> Matrix:
    """100 images a class, all right but these, as in c60=10 for 10 shirts taken for T-shirts."""
    counts = np.diag(np.full(10, 100))
    for cell, count in mistakes.items():
        true, predicted = int(cell[1]), int(cell[2])
        counts[true, predicted] += count
        counts[true, true] -= count
    return Matrix(f"key-of-{name}", name, counts)


def draw(one: Matrix, unit: str = "counts", style: Style = STYLE):
    return draw_matrix(one, unit, Confusions([one]).limit(unit), style).figure


def numbers(figure) -> dict[Cell, str]:
    traces = json.loads(figure.to_json())["data"][1:]
    pairs = [pair for trace in traces for pair in zip(trace["customdata"], trace["text"], strict=True)]
    assert len(pairs) == 100
    return {Cell(*cell): text for cell, text in pairs}


def frames(figure) -> list[tuple[float, ...]]:
    return [(shape.x0, shape.x1, shape.y0, shape.y1) for shape in figure.layout.shapes]


def test_a_cell_is_named_by_its_classes():
    assert Cell(SHIRT, TOP).name == "Shirt → T-shirt/top"


def test_predicted_classes_are_enough_and_replicates_are_counted_together():
    labels = np.array([SHIRT, SHIRT, TOP])
    group = MadeUp("Group", labels, np.array([[SHIRT, TOP, TOP], [TOP, TOP, TOP]]))
    single = contender_of_counts("Single", matrix(c60=10).counts)
    counted = compute([group]).matrices[0]
    assert (counted.key, counted.name) == ("key-of-Group", "Group")
    assert {cell: counted.counts[cell] for cell in [(SHIRT, SHIRT), (SHIRT, TOP), (TOP, TOP)]} == {
        (SHIRT, SHIRT): 1,
        (SHIRT, TOP): 3,
        (TOP, TOP): 2,
    }
    assert (counted.counts.sum(), counted.runs) == (6, 2)
    assert counted.in_unit("counts")[SHIRT, TOP] == 1.5  # images of one run
    np.testing.assert_array_equal(compute([single]).matrices[0].counts, matrix(c60=10).counts)


def test_contenders_are_named_apart():
    twins = [contender_of_counts("CNN", matrix().counts, title=f"CNN, seed {seed}") for seed in (0, 1)]
    other = contender_of_counts("ANN", matrix().counts, title="ANN, seed 0")
    assert [one.name for one in compute([*twins, other]).matrices] == ["CNN, seed 0", "CNN, seed 1", "ANN"]


def test_matrices_of_different_test_sets_are_not_compared():
    one, other = (contender_of_counts(name, matrix().counts, title=name, test_set=name) for name in ("A", "B"))
    with pytest.raises(ValueError, match="A and B were tested on different images"):
        compute([one, other])


def test_the_most_frequent_mistake_is_that_of_all_together():
    confusions = Confusions([matrix("A", c60=10, c40=12), matrix("B", c60=11, c40=5)])
    said = finding(confusions)
    assert said.headline == "Shirts are most often mistaken for T-shirts: 10 to 11 of 100."
    assert said.details == "A 10.00%; B 11.00% of the class."
    for alike in ([matrix("A", c60=10)], [matrix("A", c60=10), matrix("B", c60=10)]):
        assert finding(Confusions(alike)).headline == "Shirts are most often mistaken for T-shirts: 10 of 100."


def test_a_model_of_many_runs_counts_as_much_as_one_of_a_single_run():
    five = Matrix("five", "Five runs", 5 * matrix(c60=10, c40=9).counts, 5)
    single = matrix("B", c60=11, c40=14)
    said = finding(Confusions([five, single])).headline
    assert said == "Coats are most often mistaken for T-shirts: 9 to 14 of 100."
    assert table(Confusions([five, single])).texts == [
        ["Coat → T-shirt/top", "9.0", "14.0"],
        ["Shirt → T-shirt/top", "10.0", "11.0"],
    ]


def test_a_class_without_images_has_no_mistakes():
    empty = matrix("A", c60=10)
    empty.counts[3] = 0
    assert table(Confusions([empty, matrix("B")])).rows == [["Shirt → T-shirt/top", 10, 0]]


def test_runs_without_mistakes_are_told_so():
    assert finding(Confusions([matrix("A")])).headline == "A is right on every image."
    assert finding(Confusions([matrix(name) for name in "ABC"])).headline == "A, B and C are right on every image."


def test_models_with_other_numbers_of_images_are_compared_in_percent():
    more = Matrix("more", "More", 3 * matrix(c60=10).counts)
    said = finding(Confusions([matrix("A", c60=12), more])).headline
    assert said == "Shirts are most often mistaken for T-shirts: 10.0% to 12.0%."


def test_the_most_frequent_mistakes_are_listed_by_cell():
    counts = matrix(c60=9, c46=7, c64=8, c20=1)
    assert describe_frequent(counts) == (
        "Most often Shirt → T-shirt/top: 9 of 100; Shirt → Coat: 8 of 100; Coat → Shirt: 7 of 100."
    )
    assert describe_frequent(matrix()) == "No mistakes."
    five = Matrix("five", "Five runs", 5 * matrix(c60=10).counts, 5)
    assert describe_frequent(five) == "Most often Shirt → T-shirt/top: 10 of 100 (mean over 5 seeds)."


def test_the_table_has_a_column_for_each_run_which_the_file_names_by_its_key():
    found = table(Confusions([matrix("A", c60=10), matrix("B", c60=11, c46=30)]))
    assert [column.title for column in found.columns] == ["Mistake", "A (%)", "B (%)"]
    assert found.rows == [["Coat → Shirt", 0, 30], ["Shirt → T-shirt/top", 10, 11]]
    assert found.texts[1] == ["Shirt → T-shirt/top", "10.0", "11.0"]
    assert found.to_csv().splitlines()[0] == "Mistake,key-of-A,key-of-B"


def test_all_cells_are_a_table_too():
    found = table_of_cells(matrix("A", c60=10), "row")
    assert found.texts[SHIRT] == ["Shirt", "10.0", *["0.0"] * 5, "90.0", *["0.0"] * 3]


def test_the_most_frequent_mistakes_of_each_are_listed_row_by_row():
    found = table_of_each(Confusions([matrix("A", c60=10), matrix("B", c60=11, c46=30)]))
    assert found.texts == [
        ["A", "Shirt → T-shirt/top", "10 of 100"],
        ["B", "Coat → Shirt", "30 of 100"],
        ["B", "Shirt → T-shirt/top", "11 of 100"],
    ]
    assert [row[0] for row in found.rows] == ["key-of-A", "key-of-B", "key-of-B"]


@pytest.mark.parametrize(
    ("unit", "mistake", "right"),
    [("counts", "25", "100"), ("row", "25.0", "100"), ("column", "20.0", "80.0")],  # 25 of 100 shirts, of 125 T-shirts
)
def test_cells_carry_their_number_in_the_unit(unit, mistake, right):
    shown = numbers(draw(matrix(c60=25), unit))
    assert (shown[Cell(SHIRT, TOP)], shown[Cell(TOP, TOP)]) == (mistake, right)
    assert shown[Cell(TOP, SHIRT)] == ""


def test_images_are_means_over_seeds_with_decimals_where_they_are_few():
    counts = 2 * matrix(c60=25, c40=1).counts
    counts[SHIRT, TOP] += 1
    counts[COAT, TOP] += 1
    shown = numbers(draw(Matrix("two", "Two seeds", counts, 2)))
    assert (shown[Cell(SHIRT, TOP)], shown[Cell(COAT, TOP)], shown[Cell(TOP, TOP)]) == ("26", "1.5", "100")


def test_an_empty_row_or_column_has_no_rates():
    one = matrix(c60=25)
    one.counts[3] = 0
    assert numbers(draw(one, "row"))[Cell(3, 3)] == ""
    assert numbers(draw(one, "column"))[Cell(3, 3)] == ""


def test_markers_lie_on_their_cells_and_say_them_in_words():
    figure = draw(matrix(c60=25))
    for trace in figure.data[1:]:
        assert [[y, x] for x, y in zip(trace.x, trace.y, strict=True)] == [list(cell) for cell in trace.customdata]
    pairs = [pair for trace in figure.data[1:] for pair in zip(trace.customdata, trace.hovertext, strict=True)]
    words = {tuple(cell): text for cell, text in pairs}
    assert words[SHIRT, TOP] == "Shirt predicted as T-shirt/top<br>25 of 100"
    assert words[TOP, TOP] == "T-shirt/top, predicted correctly<br>100 of 100"


def test_matrices_share_one_colour_range():
    small, large = matrix("Small"), Matrix("large", "Large", 4 * matrix().counts)
    drawn = figures(Confusions([small, large]), "counts", STYLE)
    assert list(drawn) == ["key-of-Small", "large"]
    cells = [one.figure.data[0] for one in drawn.values()]
    assert cells[0].z[0, 0] == pytest.approx(0.5)  # the root of 100 of 400
    assert cells[1].z[0, 0] == pytest.approx(1.0)
    assert {(one.zmin, one.zmax) for one in cells} == {(0, 1)}


def test_a_matrix_has_its_name_as_title_and_its_key_in_the_name_of_its_file():
    drawn = draw_matrix(Matrix("ann:tuned", "ANN (tuned)", matrix().counts), "counts", 100.0, STYLE)
    assert drawn.figure.layout.title.text == "ANN (tuned)"
    assert drawn.description == "Confusion matrix of ANN (tuned). No mistakes."
    assert drawn.file_name == "confusion-ann.tuned"  # a colon is no part of a file's name everywhere
    assert (drawn.figure.layout.xaxis.title.text, drawn.figure.layout.yaxis.title.text) == (
        "Predicted class",
        "True class",
    )


def test_numbers_on_strong_cells_are_white_and_the_others_in_ink():
    figure = draw(matrix(c60=25))
    colors = {tuple(cell): trace.textfont.color for trace in figure.data[1:] for cell in trace.customdata}
    assert colors[TOP, TOP] == "white"
    assert colors[SHIRT, TOP] == colors[TOP, SHIRT] == "#123456"


def test_clicks_select_and_do_not_drag():
    figure = draw(matrix())
    assert (figure.layout.clickmode, figure.layout.dragmode) == ("event+select", False)
    assert figure.data[0].hoverinfo == "skip"  # else the heatmap would take the click from the markers


def test_the_chosen_cell_is_outlined():
    assert frames(draw(matrix(), style=Style(324, "#123456", Cell(SHIRT, TOP)))) == [(-0.5, 0.5, 5.5, 6.5)]
    assert frames(draw(matrix())) == []
