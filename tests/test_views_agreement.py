"""How far models agree, in words."""

import pytest

from fmnist.views.agreement import describe_agreement, describe_truth


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([], "No chosen model can answer."),
        ([9], "The model says Ankle boot."),
        ([8, 8], "Both models say Bag."),
        ([8, 9], "The models disagree: one says Bag, the other Ankle boot."),
        ([9] * 7, "All 7 models say Ankle boot."),
        ([7, 5, 7, 9, 7, 5, 7], "4 of 7 models say Sneaker; 2 Sandal and 1 Ankle boot."),
        ([7, 5, 7, 7], "3 of 4 models say Sneaker; 1 Sandal."),
        ([7, 5, 8, 5, 7], "The models disagree: 2 Sneaker, 2 Sandal and 1 Bag."),
    ],
)
def test_agreement_is_said_in_words(labels, sentence):
    assert describe_agreement(labels) == sentence


def test_the_truth_is_said_with_how_many_are_right():
    assert describe_truth(5, [5, 7, 5]) == "The true class is Sandal: 2 of 3 right."
