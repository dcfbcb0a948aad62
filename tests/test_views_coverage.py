"""Answering only when sure: numbers, sentences, the table by class and the figures."""

import json

import numpy as np
import pytest

from fmnist.contenders.looks import Look
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.calibration import ConfidentAnswers, CoverageCurve
from fmnist.runs.reading import load_predictions
from fmnist.views.confidences import thin_curve
from fmnist.views.coverage import Coverage, Line, Options, compute, finding, table
from fmnist.views.coverage_figure import class_figures, figures

NAN = np.nan
CURVE = CoverageCurve(np.array([0.5]), np.array([1.0]), np.array([0.9]))
LOOK = Look("#D55E00", "square", "solid")
TENTHS = np.arange(10) / 10
SHIRT = CLASS_NAMES.index("Shirt")


def line(name: str, coverage: float, accuracy: float, curve: CoverageCurve = CURVE) -> Line:
    return Line(name.lower(), name, LOOK, curve, ConfidentAnswers(9, coverage, accuracy, TENTHS, 1 - TENTHS))


def several(*lines: Line, **options: object) -> Coverage:
    return Coverage(lines, Options(**options))


def many(coverages: list[float], accuracies: list[float], threshold: float = 0.9) -> Coverage:
    return several(*map(line, "ABCD", coverages, accuracies), threshold=threshold)


def test_one_model_and_what_it_answers():
    said = finding(several(line("A", 0.9, 0.987), threshold=0.95))
    assert said == "At 95% confidence: 90.0% answered, 98.7% correct."
    assert finding(several(line("B", 0.0, NAN), threshold=0.95)) == "At 95% confidence: no answers."


def test_of_several_models_those_at_the_ends_are_named():
    coverages = [0.5, 0.9, 0.7, 0.0]
    assert finding(many(coverages, [0.99, 0.95, 0.97, NAN])) == (
        "At 90% confidence: B answers most often (90.0% answered, 95.0% correct), "
        "A is most accurate (50.0% answered, 99.0% correct)."
    )
    assert finding(many(coverages, [0.9, 0.99, 0.97, NAN])) == (
        "At 90% confidence: B answers most often and most accurately (90.0% answered, 99.0% correct)."
    )
    assert finding(many([0.0] * 4, [NAN] * 4, threshold=1.0)) == "At 100% confidence: no answers."


def test_the_class_that_is_answered_least_often_is_named():
    drawn = class_figures(several(line("A", 0.9, 0.9)))["sure_by_class"]
    assert drawn.finding == "A answers T-shirt/top least often (0.0%)."


def test_the_images_of_a_class_are_spoken_of():
    said = finding(several(line("A", 0.9, 0.9), label=7))
    assert said == "At 90% confidence, Sneaker images: 70.0% answered, 30.0% correct."


def test_each_class_is_a_row():
    rows = table(several(line("A", 0.9, 0.9))).rows
    assert [row[2] for row in rows] == list(CLASS_NAMES)
    assert rows[3][:2] == ["a", "A"]
    assert rows[3][3:] == pytest.approx([30, 70])


def test_coverage_is_thinned_and_keeps_its_ends():
    coverage = np.arange(1, 10_001) / 10_000
    thin = thin_curve(CoverageCurve(1 - coverage, coverage, 1 - 0.1 * coverage))
    drawn, chosen = figures(several(line("CNN", 0.8, 0.92, thin)))["coverage"].figure.data
    assert len(drawn.x) <= 301
    assert (drawn.x[0], drawn.x[-1]) == (pytest.approx(2), pytest.approx(100))
    np.testing.assert_allclose(drawn.y, 100 - 0.1 * np.array(drawn.x))
    assert (list(chosen.x), list(chosen.y)) == ([80], [92])


def test_a_threshold_that_nothing_reaches_has_no_marker():
    figure = figures(several(line("CNN", 0.0, NAN)))["coverage"].figure
    assert figure.data[0].y == pytest.approx([90])
    assert json.loads(figure.to_json())["data"][1]["y"] == [None]


def test_both_shares_by_class_are_drawn():
    answered, right = class_figures(several(line("CNN", 0.8, 0.92)))["sure_by_class"].figure.data
    assert answered.y == pytest.approx(100 * TENTHS)
    assert right.y == pytest.approx(100 - 100 * TENTHS)


@pytest.mark.parametrize("label", [None, SHIRT])
def test_what_is_answered_agrees_with_a_count(two_runs, label):
    stored = load_predictions(two_runs[0])
    (found,) = compute([SingleRun(two_runs[0])], Options(threshold=0.8, label=label)).lines
    kept = np.full(10_000, True) if label is None else stored.test_labels == label
    sure = stored.test_probs.max(axis=1) >= 0.8
    right = stored.test_probs.argmax(axis=1) == stored.test_labels
    assert found.coverage(label) == sure[kept].mean()
    assert found.accuracy(label) == right[kept & sure].mean()
    assert found.curve.coverage[-1] == 1
    assert found.curve.accuracy[-1] == pytest.approx(right[kept].mean())


def test_scaling_changes_what_is_answered_and_not_what_is_right(two_runs):
    contenders = [SingleRun(run) for run in two_runs]
    trained, scaled = (compute(contenders, Options(kind)) for kind in ("trained", "scaled"))
    for before, after in zip(trained.lines, scaled.lines, strict=True):
        assert before.coverage(None) != after.coverage(None)
        assert before.curve.accuracy[-1] == after.curve.accuracy[-1]
