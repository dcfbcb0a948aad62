"""Scores by class: numbers, the sentence, the table, and the figure by its traces."""

import numpy as np
import pytest
from made_up import MadeUp, contender_of_counts

from fmnist.contenders.looks import Look
from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.metrics import ClassScores
from fmnist.views.class_scores import Line, Scores, compute, figures, finding, hardest, table

SHIRT, COAT = 6, 4


def line(name: str, f1: np.ndarray, precision: np.ndarray | None = None, recall: np.ndarray | None = None) -> Line:
    scores = ClassScores(f1 if precision is None else precision, f1 if recall is None else recall, f1, np.full(10, 100))
    return Line(f"key-of-{name}", name, Look("#D55E00", "square", "solid"), scores)


def f1_of(shirt: float, coat: float) -> np.ndarray:
    f1 = np.full(10, 0.9)
    f1[SHIRT], f1[COAT], f1[1] = shirt, coat, np.nan
    return f1


def test_scores_come_from_the_counts_of_each_contender():
    counts = np.diag(np.full(10, 100))
    counts[SHIRT, SHIRT], counts[SHIRT, 0] = 75, 25
    one, two = compute([contender_of_counts(name, counts, architecture="ann") for name in ("One", "Two")]).lines
    assert (one.key, one.name) == ("key-of-One", "One")
    assert one.scores.recall[SHIRT] == pytest.approx(0.75)
    assert one.scores.precision[0] == pytest.approx(0.8)
    assert one.look.color == two.look.color  # the same architecture
    assert one.look.symbol != two.look.symbol


def test_top_two_accuracy_is_a_mean_over_seeds_and_has_a_panel_where_it_is_known():
    labels = np.repeat(np.arange(10), 2)
    second = np.full((20, 10), 0.01)
    second[np.arange(20), labels], second[np.arange(20), (labels + 1) % 10] = 0.4, 0.52
    first = second.copy()
    first[0, [2, 3]] = 0.4, 0.4  # two classes before the label
    first[0, labels[0]], first[0, 1] = 0.11, 0.03
    seeds = MadeUp("Seeds", labels, np.stack([labels, labels]), np.stack([first, second]))
    alone = contender_of_counts("Alone", 2 * np.eye(10, dtype=int))
    scores = compute([seeds, alone])
    np.testing.assert_allclose(scores.lines[0].top_two, [0.75, *[1] * 9])
    assert np.isnan(scores.lines[1].top_two).all()
    assert table(scores).rows[0][-2:] == [75, 2]  # images of one seed
    drawn = figures(scores)["class_scores"]
    assert drawn.figure.layout.yaxis4.title.text == "Top-2 accuracy (%)"
    assert drawn.alt == "Precision, recall, F1 and top-2 accuracy by class for each model."


def test_the_hardest_class_has_the_lowest_mean_f1():
    scores = Scores([line("A", f1_of(0.7, 0.6)), line("B", f1_of(0.71, 0.9))])
    said = finding(scores)
    assert said.headline == "Shirt is the hardest class: F1 70.0% to 71.0%."
    assert said.details.startswith("A 70.00%; B 71.00%.")
    assert hardest(scores) == SHIRT


def test_scores_are_drawn_in_percent_for_each_run():
    recall = np.linspace(0.5, 0.95, 10)
    precision = np.where(np.arange(10) == 3, np.nan, 0.9)
    lines = [line(name, np.full(10, 0.8), precision, recall) for name in ("One", "Two")]
    drawn = figures(Scores(lines))["class_scores"]
    figure = drawn.figure
    assert len(figure.data) == 6
    assert [trace.name for trace in figure.data if trace.showlegend] == ["One", "Two"]
    np.testing.assert_allclose(figure.data[1].y, 100 * recall)
    assert np.isnan(figure.data[0].y[3])
    assert np.all(np.abs(np.array(figure.data[0].x) - np.arange(10)) < 0.5)
    assert tuple(figure.layout.xaxis.ticktext) == CLASS_NAMES
    assert drawn.alt == "Precision, recall and F1 by class for each model."
    assert drawn.file_name == "scores-key-of-One-key-of-Two"


def test_the_table_has_a_row_for_each_run_and_class_and_a_dash_where_a_score_is_undefined():
    found = table(Scores([line("A", f1_of(0.7, 0.6)), line("B", f1_of(0.71, 0.9))]))
    assert len(found.rows) == 20
    assert found.rows[SHIRT] == pytest.approx(["key-of-A", "A", "Shirt", 70.0, 70.0, 70.0, None, 100])
    assert found.texts[1] == ["A", "Trouser", "–", "–", "–", "–", "100"]
    assert found.to_csv().splitlines()[2] == "key-of-A,A,Trouser,,,,,100"
