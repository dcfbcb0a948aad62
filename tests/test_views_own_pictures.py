"""Accuracies on one's own pictures and what teaching changed, by value and in words."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from own_pictures import made_up_taught

from fmnist.contenders.photo_reader import PhotoReader
from fmnist.contenders.taught import Taught as TaughtModel
from fmnist.evaluation.intervals import wilson_interval
from fmnist.views import own_pictures as view

PHOTOS, MINE = PhotoReader("1"), TaughtModel(Path("taught.npz"), 1)
TRUTH = [0, 0, 3, 9, 10]


def test_a_model_is_measured_on_the_ten_classes_alone():
    (row,) = view.compute([PHOTOS, MINE], {PHOTOS.key: [0, 3, 3, view.NOTHING_FOUND, 3]}, TRUTH)
    assert (row.title, row.right, row.n, row.accuracy) == ("Photo reader", 2, 4, 0.5)
    assert row.interval == wilson_interval(2, 4)
    assert view.compute([PHOTOS], {PHOTOS.key: [3]}, [10]) == []


def test_the_taught_model_counts_by_cross_validation():
    taught = replace(
        made_up_taught(),
        references=np.eye(5, 1280, dtype=np.float32),
        truth=np.array(TRUTH),
        before=np.array([0, 3, 3, 3, 3]),
        after=np.array([0, 0, 3, 9, 3]),
    )
    rows = view.add_taught(view.compute([PHOTOS], {PHOTOS.key: taught.before.tolist()}, TRUTH), MINE, taught)
    assert [(row.title, row.right, row.n) for row in rows] == [
        ("My model (cross-validated)", 4, 4),
        ("Photo reader", 2, 4),
    ]
    found = view.taught_finding(taught)
    assert found.headline == (
        "Your model reads 4 of 5 pictures, the reader before it 2: a difference that is not significant (p = 0.5)."
    )
    assert [(card.label, card.value) for card in found.cards] == [("Before", "40%"), ("Taught", "80%")]
    assert view.taught_table(taught).rows[-1][:4] == ["Hat", 1, 0, 0]


@pytest.mark.parametrize(
    ("right", "n", "headline", "badges"),
    [
        (8, 12, "Photo reader reads 8 of 12 pictures correctly.", ["Few pictures"]),
        (25, 30, "Photo reader reads 25 of 30 pictures correctly.", []),
    ],
)
def test_the_finding_names_the_best_model_and_warns_of_few_pictures(right, n, headline, badges):
    found = view.finding([view.Row("a", "Photo reader", PHOTOS.look, right, n)], n)
    assert (found.headline, [badge.text for badge in found.badges]) == (headline, badges)


def test_the_figure_and_the_table_show_every_model():
    rows = [view.Row("a", "Photo reader", PHOTOS.look, 8, 12), view.Row("b", "ANN", MINE.look, 3, 12)]
    drawn = view.figures(rows)["accuracies"]
    assert list(drawn.figure.data[0].x) == pytest.approx([100 * 8 / 12, 25])
    assert drawn.finding == "Photo reader: 67%, ANN: 25%."
    assert view.table(rows).texts[1] == ["ANN", "25.0", "8.9 to 53.2", "3", "12"]
