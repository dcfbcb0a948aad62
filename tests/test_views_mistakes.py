"""Mistakes as the page shows them: selected and ordered, counted, in words, and as tables."""

import csv
import io

import numpy as np
import pytest
from made_up import MadeUp, contender_of_probs

from fmnist.evaluation.label_issues import AccuracyWithout
from fmnist.evaluation.metrics import FrequentConfusion
from fmnist.evaluation.mistakes import Selection, SelectionCounts, SharedMistakes
from fmnist.views import judged
from fmnist.views.confusion import Cell
from fmnist.views.mistakes import (
    Disputed,
    Mistakes,
    Options,
    compute,
    compute_disputed,
    describe_disputed,
    describe_overlap,
    describe_value,
    disputed_table,
    finding,
    images_of_cell,
    images_only_of,
    table,
)

SHIRT, TOP, COAT = 6, 0, 4


@pytest.fixture
def two() -> judged.Judged:
    """Two models on ten shirts: A takes the first six for T-shirts, ever less sure; B the fifth to the eighth."""
    labels = np.full(10, SHIRT)
    surest = np.linspace(0.9, 0.6, 10)[:, None]
    shirts, tops = np.eye(10)[SHIRT], np.eye(10)[TOP]
    a = np.where(np.arange(10)[:, None] < 6, surest * tops + (1 - surest) * shirts, shirts)
    middle = (np.arange(10) >= 4) & (np.arange(10) < 8)
    b = np.where(middle[:, None], surest * tops + (1 - surest) * shirts, shirts)
    return judged.compute([contender_of_probs("A", labels, a), contender_of_probs("B", labels, b)])


def test_contenders_are_judged_once():
    labels, probs = np.array([SHIRT, TOP]), np.eye(10)[[SHIRT, SHIRT]]
    contenders = [contender_of_probs(name, labels, probs) for name in "AB"]
    found = judged.compute(contenders)
    assert (found.keys, found.names) == (["key-of-A", "key-of-B"], ["A", "B"])
    assert found.probs.shape == (2, 2, 10)
    assert found.judgement.correct.tolist() == [[True, False]] * 2
    assert judged.compute(contenders) is found


@pytest.mark.parametrize("rows", [0, 2])
def test_an_image_has_one_answer_from_each_contender(rows):
    labels = np.array([SHIRT])
    probs = np.eye(10, dtype=np.float32)[None, [SHIRT]].repeat(rows, axis=0) if rows else None
    with pytest.raises(ValueError, match="A in full needs exactly one row of test probabilities"):
        judged.compute([MadeUp("A", labels, labels[None], probs, title="A in full")])


def test_a_selection_is_ordered_and_counted(two):
    found = compute(two, Options(Selection(wrong=(0,)), "confidence", descending=False))
    assert found.positions.tolist() == [5, 4, 3, 2, 1, 0]
    assert found.counts == SelectionCounts(6, 10, (6, 2), FrequentConfusion(SHIRT, TOP, 6, 6))
    assert found.shared == SharedMistakes(2, all_right=2, all_wrong=2, divided=6)
    assert finding(found).headline == "A gets 6 of 10 images wrong."
    assert [badge.text for badge in finding(found).badges] == [
        "Most often shirts seen as T-shirts (6)",
        "Both models wrong on 2",
        "They disagree on 6",
    ]


def test_the_images_of_a_cell_are_those_of_one_model_most_confident_first(two):
    images = images_of_cell(two, Cell(SHIRT, TOP), 1)
    assert (images.title, images.model) == ("B: 4 images", 1)
    assert images.positions.tolist() == [4, 5, 6, 7]
    assert images_of_cell(two, Cell(SHIRT, COAT), 1).title == "B: 0 images"


def test_the_images_of_a_cell_that_only_one_of_two_puts_there(two):
    images = images_only_of(two, Cell(SHIRT, TOP), 1, 0)
    assert (images.title, images.model) == ("Only B: 2 images", 1)
    assert images.positions.tolist() == [6, 7]
    assert images_only_of(two, Cell(SHIRT, TOP), 0, 1).positions.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("sort", "note"),
    [
        ("confidence", ""),
        ("loss", "loss 2.30"),
        ("margin", "margin −0.80"),
        ("disagreement", "disagree 0.45"),
        ("support", "label 55.0%"),
    ],
)
def test_an_image_carries_what_it_is_ordered_by(two, sort, note):
    assert describe_value(two, Options(Selection(), sort), 0) == note


def test_the_file_of_images_has_every_answer_under_the_keys_of_the_runs(two):
    rows = list(csv.DictReader(io.StringIO(table(two, np.array([4, 0])).to_csv())))
    assert [(row["image"], row["true"], row["disputed"]) for row in rows] == [
        ("4", "Shirt", str(bool(two.judgement.issues.disputed[4]))),
        ("0", "Shirt", str(bool(two.judgement.issues.disputed[0]))),
    ]
    assert [row["key-of-A predicted"] for row in rows] == ["T-shirt/top", "T-shirt/top"]
    assert [row["key-of-B predicted"] for row in rows] == ["T-shirt/top", "Shirt"]
    assert float(rows[1]["key-of-A confidence"]) == pytest.approx(0.9, abs=1e-6)
    assert float(rows[1]["key-of-A loss"]) == pytest.approx(-np.log(0.1), abs=1e-5)


def test_disputed_labels_are_counted_with_what_they_cost(two):
    found = compute_disputed(two)
    disputed = two.judgement.issues.disputed
    assert (found.disputed, found.total) == (int(disputed.sum()), 10)
    row = disputed_table(found).rows[0]
    assert row[:2] == ["key-of-A", "A"]
    assert row[2:5] == pytest.approx([40.0, 100 * 4 / (10 - found.disputed), 100 * 4 / (10 - found.disputed) - 40])
    assert row[5] + row[6] == found.disputed


FREQUENT = FrequentConfusion(SHIRT, TOP, 9, 1000)
SHARED = SharedMistakes(3, 8000, 400, 1600)
ONE = SharedMistakes(1, 9000, 1000, 0)


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        (Selection(wrong=(0,)), "A gets 12 of 10,000 images wrong."),
        (Selection(1, right=(1,)), "B gets 12 of 10,000 images right."),
        (Selection(wrong=(0, 1, 2)), "All 3 models get 12 of 10,000 images wrong."),
        (Selection(right=(1,), wrong=(0,)), "B gets 12 images right that A misses."),
        (Selection(right=(0,), wrong=(1, 2)), "A gets 12 images right that B and C miss."),
        (
            Selection(right=(1, 2), wrong=(0,), true_class=SHIRT),
            "B and C get 12 images right that A misses.",
        ),
        (Selection(wrong=(0,), label="disputed"), "A gets 12 images wrong within these filters."),
        (Selection(confidence=(0.5, 1.0)), "A gets 10 of these 12 images wrong."),
        (Selection(), "A gets 10 of 12 images wrong."),
    ],
)
def test_a_selection_says_who_is_wrong_on_how_many(selection, sentence):
    counts = SelectionCounts(images=12, total=10_000, wrong=(10, 12, 12), most_frequent=FREQUENT)
    found = finding(Mistakes(["A", "B", "C"], Options(selection), np.arange(12), counts, SHARED))
    assert found.headline == sentence
    assert found.badges[0].text == "Most often shirts seen as T-shirts (9)"
    assert found.badges[0].help == f"Counted for {'B' if selection.model else 'A'}."


def test_one_image_is_one():
    counts = SelectionCounts(images=1, total=10_000, wrong=(1,), most_frequent=FREQUENT)
    found = finding(Mistakes(["A"], Options(Selection(wrong=(0,), true_class=SHIRT)), np.arange(1), counts, ONE))
    assert found.headline == "A gets 1 image wrong within these filters."
    assert [badge.help for badge in found.badges] == ["", ""]  # a single model shares nothing, and counts for itself


def test_filters_are_named():
    counts = SelectionCounts(images=12, total=10_000, wrong=(10, 12, 12), most_frequent=None)
    selection = Selection(confidence=(0.5, 0.9), agreement="same", label="disputed", true_class=SHIRT)
    found = finding(Mistakes(["A", "B", "C"], Options(selection), np.arange(12), counts, SHARED))
    assert [badge.text for badge in found.badges] == [
        "All 3 models wrong on 400",
        "They disagree on 1,600",
        "Filter: Labelled Shirt",
        "Filter: Confidence 50% to 90%",
        "Filter: All predict the same",
        "Filter: Possibly mislabelled",
    ]


def test_a_selection_without_mistakes_names_none():
    counts = SelectionCounts(images=5, total=10, wrong=(0, 0), most_frequent=None)
    mistakes = Mistakes(["A", "B"], Options(Selection(right=(0, 1))), np.arange(5), counts, SHARED)
    assert finding(mistakes).headline == "Both models get 5 of 10 images right."


@pytest.mark.parametrize(
    ("shared", "sentence"),
    [
        (SharedMistakes(1, 90, 10, 0), "This model is right on 90 images and wrong on 10."),
        (
            SharedMistakes(2, 8000, 400, 1600),
            "Both models are right on 8,000 images and wrong on 400; they disagree on 1,600.",
        ),
        (
            SharedMistakes(3, 8000, 400, 1600),
            "All 3 models are right on 8,000 images and wrong on 400; they disagree on 1,600.",
        ),
    ],
)
def test_the_overlap_of_mistakes(shared, sentence):
    assert describe_overlap(shared) == sentence


def test_questioned_labels_are_told_with_what_they_cost():
    accuracies = [AccuracyWithout(0.9, 0.91235, 120), AccuracyWithout(0.95, 0.945, 130)]

    def describe(*accuracies: AccuracyWithout, count: int = 1_300) -> str:
        names = "AB"[: len(accuracies)]
        return describe_disputed(Disputed(names, names, count, 10_000, accuracies))

    better, worse = accuracies
    much_better = AccuracyWithout(0.9, 0.92, 200)
    together, start = "Together the 2 models question", "1,300 of 10,000 labels. Leaving them out"
    assert describe(better, worse) == f"{together} {start} changes accuracy by −0.5 to +1.2 points."
    assert describe(much_better, better) == f"{together} {start} raises accuracy by 1.2 to 2.0 points."
    assert describe(better) == f"This model questions {start} raises accuracy by about 1.2 points."
    assert describe(*accuracies, count=0) == "Together the 2 models question no label."
    assert describe(accuracies[0], count=0) == "This model questions no label."
