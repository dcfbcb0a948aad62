"""What is mixed up, in words, by hand-worked cases."""

import numpy as np
import pytest

from fmnist.evaluation.label_issues import AccuracyWithout
from fmnist.evaluation.metrics import ClassScores, FrequentConfusion
from fmnist.evaluation.mistakes import Selection, SelectionCounts, SharedMistakes
from fmnist.evaluation.significance import ConfusionDifference
from fmnist.views.mistake_sentences import (
    confusion_difference_sentence,
    confusions_sentence,
    disputed_label_sentence,
    disputed_sentence,
    frequent_sentence,
    overlap_sentence,
    selection_sentence,
    weakest_class_sentence,
)

SHIRT, TOP, COAT = 6, 0, 4


def matrix(**mistakes: int) -> np.ndarray:
    counts = np.diag(np.full(10, 100))
    for cell, count in mistakes.items():
        true, predicted = int(cell[1]), int(cell[2])
        counts[true, predicted] += count
        counts[true, true] -= count
    return counts


def test_the_most_frequent_mistake_is_that_of_all_runs_together():
    sentence = confusions_sentence(["A", "B"], [matrix(c60=10, c40=12), matrix(c60=11, c40=5)])
    assert sentence == ("Shirt is most often mixed up, taken for T-shirt/top: by A on 10 and B on 11 of 100 images.")


def test_runs_without_mistakes_are_told_so():
    assert confusions_sentence(["A"], [matrix()]) == "A is right on every image."
    assert confusions_sentence(["A", "B", "C"], [matrix()] * 3) == "A, B and C are right on every image."


def difference(cells: dict[tuple[int, int], int], beyond: set[tuple[int, int]]) -> ConfusionDifference:
    counts, mask = np.zeros((10, 10), int), np.zeros((10, 10), bool)
    for cell, count in cells.items():
        counts[cell] = count
    for cell in beyond:
        mask[cell] = True
    return ConfusionDifference(counts, np.where(mask, 0.01, 1.0), mask)


def test_the_largest_difference_among_mistakes_names_who_makes_it_less_often():
    change = difference({(SHIRT, TOP): -30, (SHIRT, SHIRT): 50, (COAT, SHIRT): 40}, {(SHIRT, TOP), (SHIRT, SHIRT)})
    assert confusion_difference_sentence("A", "B", change) == (
        "A takes Shirt for T-shirt/top on 30 fewer images than B; 2 of 100 cells differ by more than chance."
    )
    change = difference({(SHIRT, TOP): 30}, {(SHIRT, TOP)})
    assert confusion_difference_sentence("A", "B", change) == (
        "B takes Shirt for T-shirt/top on 30 fewer images than A; 1 of 100 cells differs by more than chance."
    )


def test_chance_is_not_called_a_difference():
    sentence = confusion_difference_sentence("A", "B", difference({(SHIRT, TOP): 3}, set()))
    assert sentence == "Between A and B no cell differs by more than chance."


def test_a_difference_on_the_diagonal_alone_is_no_mistake():
    sentence = confusion_difference_sentence("A", "B", difference({(TOP, TOP): 30}, {(TOP, TOP)}))
    assert sentence == "1 of 100 cells differs by more than chance between A and B, on the diagonal alone."


def test_the_hardest_class_has_the_lowest_mean_f1():
    def scores(shirt: float, coat: float) -> ClassScores:
        f1 = np.full(10, 0.9)
        f1[SHIRT], f1[COAT], f1[1] = shirt, coat, np.nan
        return ClassScores(f1, f1, f1, np.full(10, 100))

    sentence = weakest_class_sentence(["A", "B"], [scores(0.7, 0.6), scores(0.71, 0.9)])
    assert sentence == "Shirt is the hardest class, by F1: A at 70.0 %, B at 71.0 %."


FREQUENT = FrequentConfusion(SHIRT, TOP, 9, 1000)


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        (Selection(wrong=(0,)), "A is wrong on 12 of 10,000 images, most often Shirt taken for T-shirt/top (9)."),
        (
            Selection(wrong=(0, 1, 2)),
            "All 3 models are wrong on 12 of 10,000 images, most often Shirt taken for T-shirt/top (by A: 9).",
        ),
        (
            Selection(right=(1,), wrong=(0,)),
            "B is right and A is wrong on 12 of 10,000 images, most often Shirt taken for T-shirt/top (9).",
        ),
        (
            Selection(right=(1, 2), wrong=(0,), true_class=SHIRT),
            "B and C are right and A is wrong on 12 images within the filters, "
            "most often Shirt taken for T-shirt/top (9).",
        ),
        (
            Selection(wrong=(0,), label="disputed"),
            "A is wrong on 12 images within the filters, most often Shirt taken for T-shirt/top (9).",
        ),
        (
            Selection(confidence=(0.5, 1.0)),
            "A is wrong on 10 of the 12 images within the filters, most often Shirt taken for T-shirt/top (9).",
        ),
    ],
)
def test_a_selection_says_who_is_wrong_and_how(selection, sentence):
    counts = SelectionCounts(images=12, total=10_000, wrong=(10, 12, 12), most_frequent=FREQUENT)
    assert selection_sentence(["A", "B", "C"], selection, counts) == sentence


def test_a_selection_without_mistakes_names_none():
    counts = SelectionCounts(images=5, total=10, wrong=(0, 0), most_frequent=None)
    assert selection_sentence(["A", "B"], Selection(right=(0, 1)), counts) == "Both models are right on 5 of 10 images."


@pytest.mark.parametrize(
    ("shared", "sentence"),
    [
        (SharedMistakes(1, 90, 10, 0), "This model is right on 90 images and wrong on 10."),
        (
            SharedMistakes(2, 8000, 400, 1600),
            "Both models are right on 8,000 images and wrong on 400; some are right and some wrong on 1,600.",
        ),
        (
            SharedMistakes(3, 8000, 400, 1600),
            "All 3 models are right on 8,000 images and wrong on 400; some are right and some wrong on 1,600.",
        ),
    ],
)
def test_the_overlap_of_mistakes(shared, sentence):
    assert overlap_sentence(shared) == sentence


def test_disputed_labels_are_told_with_what_they_cost():
    accuracies = [AccuracyWithout(0.9, 0.91235, 120), AccuracyWithout(0.95, 0.96, 130)]
    assert disputed_sentence(["A", "B"], accuracies, 1_300, 10_000) == (
        "Both models together dispute 1,300 of 10,000 labels. "
        "Accuracy without these images: A 91.23 % instead of 90.00 % and B 96.00 % instead of 95.00 %."
    )
    assert disputed_sentence(["A"], accuracies[:1], 0, 100) == "This model disputes no label."


def test_a_disputed_label_is_told_with_its_probability():
    assert disputed_label_sentence(SHIRT, COAT, 0.0123) == (
        "Likely mislabelled: the mean of the models says Coat and gives Shirt 1.2 %."
    )


def test_the_usual_mistakes_of_one_matrix():
    counts = matrix(c60=10, c40=12, c06=1, c14=11)
    assert frequent_sentence(counts) == (
        "Most often Coat → T-shirt/top: 12 of 100; Trouser → Coat: 11 of 100; Shirt → T-shirt/top: 10 of 100."
    )
    assert frequent_sentence(matrix()) == "No mistakes."
