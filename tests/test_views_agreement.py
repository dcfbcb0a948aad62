"""How far models agree, in words."""

import pytest

from fmnist.views.agreement import describe_lead, describe_share, describe_truth, describe_verdicts


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([5], "Labelled Sandal, and the model agrees."),
        ([5, 5], "Labelled Sandal, and both models agree."),
        ([5] * 6, "Labelled Sandal, and all 6 models agree."),
        ([7], "Labelled Sandal, but the model says Sneaker."),
        ([7] * 6, "Labelled Sandal, but all 6 models say Sneaker."),
        ([9, 7, 7], "Labelled Sandal, but the models say Sneaker or Ankle boot."),
        ([7, 5], "Labelled Sandal: one model agrees, the other says Sneaker."),
        ([5, 7, 5], "Labelled Sandal: 2 of 3 models agree, the other says Sneaker."),
        ([5, 7, 9, 7, 8], "Labelled Sandal: 1 of 5 models agrees, the others say Sneaker, Ankle boot or Bag."),
    ],
)
def test_the_label_is_told_with_what_the_models_make_of_it(labels, sentence):
    assert describe_verdicts(5, labels) == sentence


def test_the_truth_is_said_with_how_many_are_right():
    assert describe_truth(5, [5, 7, 5]) == "The true class is Sandal: 2 of 3 right."


@pytest.mark.parametrize(
    ("others", "end"),
    [
        ((1, 1), "; the other model agrees"),
        ((0, 1), "; the other model disagrees"),
        ((2, 2), "; all 2 other models agree"),
        ((0, 3), "; none of the other 3 models agrees"),
        ((1, 3), "; 1 of the other 3 models agrees"),
        ((2, 3), "; 2 of the other 3 models agree"),
        ((0, 0), ""),
    ],
)
def test_the_leading_model_speaks_and_the_others_agree_or_not(others, end):
    said = describe_lead("ANN (robust)", "Ankle boot", 0.7, others, unfamiliar=False)
    assert said == f"ANN (robust) says Ankle boot with 70% confidence{end}."


def test_no_model_is_certain_and_none_is_sure_of_what_it_has_never_seen():
    assert "with > 99% confidence" in describe_lead("ANN", "Bag", 0.9999, (0, 0), unfamiliar=False)
    assert describe_lead("ANN (robust)", "Ankle boot", 0.9, (0, 0), unfamiliar=True) == (
        "This looks unlike the training images. Best guess: Ankle boot."
    )


@pytest.mark.parametrize(
    ("labels", "said"),
    [([9, 9, 7], "2 of 3 models agree"), ([9, 7, 7], "1 of 3 models agrees"), ([7], "0 of 1 models agree")],
)
def test_the_share_of_the_models_that_agree_is_said(labels, said):
    assert describe_share(9, labels) == said
