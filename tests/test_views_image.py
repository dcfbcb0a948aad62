"""All answers to one image: numbers, sentences, and the figure by the values of its bars."""

from itertools import pairwise

import numpy as np
import pytest
from made_up import contender_of_probs

from fmnist.contenders.looks import look_of
from fmnist.views import judged
from fmnist.views.image import Answer, ImageAnswers, compute, describe_dispute, figures, finding

SHIRT, COAT = 6, 4
PROBS = np.array([0.7, 0.0, 0.0, 0.004, 0.0, 0.0, 0.296, 0.0, 0.0, 0.0])


def answers(*models: tuple[str, str, np.ndarray], label: int = SHIRT, suggested: int | None = None) -> ImageAnswers:
    given = [Answer(name, look_of(architecture, "tuned"), probs) for name, architecture, probs in models]
    return ImageAnswers(42, label, given, suggested, support=0.0123)


def test_answers_are_those_of_the_image_at_the_position():
    labels = np.arange(10)
    sure = 0.9 * np.eye(10) + 0.01
    wrong = sure[(labels + (labels == SHIRT)) % 10]  # only the shirt is taken for a sneaker
    contenders = [contender_of_probs(name, labels, probs) for name, probs in (("A", wrong), ("B", wrong))]
    shirt, coat = (compute(contenders, judged.compute(contenders), index) for index in (SHIRT, COAT))
    assert (shirt.position, shirt.label, shirt.predicted) == (SHIRT, SHIRT, [7, 7])
    assert [answer.name for answer in shirt.answers] == ["A", "B"]
    np.testing.assert_allclose(shirt.answers[0].probs, wrong[SHIRT])
    assert (shirt.suggested, shirt.support) == (7, pytest.approx(0.01))
    assert coat.suggested is None


def test_the_finding_tells_label_and_agreement():
    image = answers(("A", "ann", PROBS), ("B", "ann", np.eye(10)[SHIRT]))
    assert finding(image) == "Labelled Shirt: one model agrees, the other says T-shirt/top."


def test_a_disputed_label_is_told_with_its_probability():
    model = ("A", "ann", PROBS)
    assert describe_dispute(answers(model, model, suggested=COAT)) == (
        "Possibly mislabelled: the models favour Coat and give Shirt only 1.2%."
    )
    assert describe_dispute(answers(model, suggested=COAT)) == (
        "Possibly mislabelled: the model favours Coat and gives Shirt only 1.2%."
    )
    assert describe_dispute(answers(("A", "ann", PROBS))) == ""


def test_each_run_has_its_ten_bars_and_the_true_class_is_bold():
    models = (("A (tuned), seed 1", "ann", PROBS), ("B", "basic_cnn", PROBS[::-1]))
    drawn = figures(answers(*models))["probabilities"]
    figure = drawn.figure
    first, second = figure.data
    np.testing.assert_array_equal(first.x, PROBS)
    np.testing.assert_array_equal(second.x, PROBS[::-1])
    assert first.text == ("70.0%", "", "", "", "", "", "29.6%", "", "", "")
    assert first.marker.opacity[0] > first.marker.opacity[6]
    assert first.marker.color != second.marker.color
    assert figure.layout.yaxis.ticktext[6] == "<b>Shirt</b>"
    assert figure.layout.yaxis.ticktext[0] == "T-shirt/top"
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # from top to bottom
    assert [title.text for title in figure.layout.annotations] == ["A<br>(tuned)<br>seed 1", "B"]
    assert drawn.alt == "All ten probabilities by model. A (tuned), seed 1: T-shirt/top 70.0%; B: Ankle boot 70.0%."


def test_names_of_narrow_columns_are_broken_at_every_space():
    models = [(f"Compact CNN (textbook), seed {seed}", "ann", PROBS) for seed in range(3)]
    titles = figures(answers(*models))["probabilities"].figure.layout.annotations
    assert titles[2].text == "Compact<br>CNN<br>(textbook),<br>seed 2"


@pytest.mark.parametrize(("runs", "rows"), [(1, 1), (4, 1), (5, 2), (12, 3)])
def test_four_runs_fit_in_a_row(runs, rows):
    image = answers(*[("A", "ann", np.full(10, 0.1))] * runs)
    figure = figures(image)["probabilities"].figure
    assert len(figure.data) == runs
    domains = {axis.domain for axis in figure.select_yaxes()}
    assert len(domains) == rows
    assert all(0 <= low < high <= 1 for low, high in domains)
    ends = sorted(domains)
    assert all(below[1] < above[0] for below, above in pairwise(ends))
    assert sum(bool(axis.showticklabels) for axis in figure.select_yaxes()) == rows
