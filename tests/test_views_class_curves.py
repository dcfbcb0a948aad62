"""ROC and precision–recall curves by class: numbers, the sentence, the table, and the figures by their traces."""

import numpy as np
import pytest
from made_up import MadeUp, contender_of_counts, contender_of_probs
from sklearn.metrics import average_precision_score, roc_auc_score

from fmnist.views.class_curves import compute, figures, finding, table

SHIRT, COAT = 6, 4


def model(name: str, sure: float, seed: int = 0, without: int | None = None) -> MadeUp:
    """A model that gives more to the label the surer it is, and to shirts half as much."""
    labels = np.tile(np.arange(10), 30)
    labels = labels[labels != without]
    logits = np.random.default_rng(seed).normal(size=(len(labels), 10))
    logits[np.arange(len(labels)), labels] += np.where(labels == SHIRT, sure / 2, sure)
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return contender_of_probs(name, labels, probs)


def test_each_class_is_separated_from_the_others():
    one = model("A", 2.0)
    (found,) = compute([one])
    assert (found.key, found.name, len(found.classes)) == ("key-of-A", "A", 10)
    scores = one.probs[0, :, COAT].astype(float)
    assert found.classes[COAT].roc.value == pytest.approx(roc_auc_score(one.truth == COAT, scores))
    expected = average_precision_score(one.truth == COAT, scores)
    assert found.classes[COAT].average_precision.value == pytest.approx(expected)


def test_the_hardest_class_has_the_lowest_mean_average_precision():
    found = compute([model("A", 2.0), model("B", 4.0)])
    low, high = (one.classes[SHIRT].average_precision.value for one in found)
    said = finding(found).headline
    assert said == f"Shirt is the hardest class to separate: average precision {low:.3f} to {high:.3f}."


def test_a_class_without_images_is_left_out():
    found = compute([model("A", 2.0, without=COAT)])
    assert finding(found).headline.startswith("Shirt is the hardest class")
    assert table(found).rows[COAT][3:] == [None] * 6
    assert [len(trace.x) for trace in figures(found, COAT)["roc"].figure.data] == [0]


def test_one_class_is_drawn_with_a_line_for_each_model():
    found = compute([model("A", 2.0), model("B", 4.0)])
    drawn = figures(found, SHIRT)
    area = found[1].classes[SHIRT].average_precision.value
    line = drawn["precision_recall"].figure.data[1]
    assert line.name == f"B: {area:.3f}"
    assert line.line.dash == found[1].look.dash
    assert (line.x[0], line.x[-1]) == (1, 0)
    assert f"B {area:.3f}" in drawn["precision_recall"].alt
    assert drawn["roc"].file_name == "roc-shirt-key-of-A-key-of-B"
    roc = drawn["roc"].figure
    assert (roc.layout.xaxis.title.text, roc.layout.yaxis.title.text) == ("False positive rate", "Recall")
    assert (roc.data[0].x[0], roc.data[0].x[-1]) == (0, 1)


def test_long_curves_are_thinned_and_keep_their_ends():
    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.ones(10), 5_000)
    (found,) = compute([contender_of_probs("A", rng.integers(0, 10, 5_000), probs)])
    x = figures([found], SHIRT)["roc"].figure.data[0].x
    assert len(found.classes[SHIRT].recall) > len(x) == 200
    assert (x[0], x[-1]) == (0, 1)


def test_the_table_has_both_areas_with_their_intervals():
    found = table(compute([model("A", 2.0), model("B", 4.0)]))
    assert len(found.rows) == 20
    assert found.rows[SHIRT][:3] == ["key-of-A", "A", "Shirt"]
    roc, roc_low, roc_high, precision, low, high = found.rows[SHIRT][3:]
    assert roc_low < roc < roc_high
    assert low < precision < high


def test_probabilities_of_one_run_are_needed():
    with pytest.raises(ValueError, match="exactly one row"):
        compute([contender_of_counts("A", np.eye(10, dtype=int), title="A")])
