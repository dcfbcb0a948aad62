"""What stress shows, by value: made-up answers whose accuracies, errors, flips and sentences are known."""

from pathlib import Path

import numpy as np
import pytest
from synthetic import write_run

from fmnist.contenders.single_run import SingleRun
from fmnist.jobs.telling import Progress
from fmnist.runs.reading import load_predictions, load_run
from fmnist.runs.stress import StressResults, save_stress
from fmnist.stress.catalogue import DEFINITION, choose_positions, list_corrupted, list_swept
from fmnist.views import stress
from fmnist.views.stress_figure import draw_confidence, draw_heat, draw_severities, draw_sweep
from fmnist.views.stress_images import answers_table, compare_with_best, describe_flips, find_flips
from fmnist.views.stress_tables import confidences_table, numbers_table
from fmnist.views.stress_words import claims, finding

IMAGES = 400


def measured(store: Path, recipe: str, lost: int, mirrored: float, **settings) -> SingleRun:
    """Write a run that is always right unchanged, loses `lost` of 400 images a severity, and some to mirroring."""
    run = write_run(store, recipe=recipe, right=10_000, **settings)
    positions = choose_positions(IMAGES)
    right = load_predictions(run).test_probs[positions].argmax(axis=1).astype(np.uint8)
    corrupted, swept = list_corrupted(), list_swept()
    classes = np.stack([wrong_from(right, IMAGES - int(condition.value) * lost) for condition in corrupted])
    sweeps = [
        wrong_from(right, round(IMAGES * (1 - mirrored)) if condition.key == "mirror:1" else IMAGES)
        for condition in swept
    ]
    save_stress(
        run,
        StressResults(
            definition=DEFINITION,
            seed=0,
            positions=positions,
            conditions=tuple(condition.key for condition in corrupted),
            classes=classes,
            confidences=np.full(classes.shape, 80, np.uint8),
            unfamiliar=np.tile(np.arange(10) < 4, (len(corrupted), 1)),
            swept=tuple(condition.key for condition in swept),
            swept_classes=np.stack(sweeps),
        ),
    )
    return SingleRun(load_run(run.directory))


def wrong_from(right: np.ndarray, first: int) -> np.ndarray:
    return np.where(np.arange(len(right)) < first, right, (right + 1) % 10).astype(np.uint8)


@pytest.fixture
def models(shipped_store) -> list[SingleRun]:
    """Return a baseline that loses 60 images a severity, and two recipes that lose 40 and 20."""
    return [
        measured(shipped_store, "textbook", 60, 0.25, run_id="basic_cnn-textbook-s0"),
        measured(shipped_store, "tuned", 40, 0.01, model="deeper_cnn", run_id="deeper_cnn-tuned-s0", mirror=True),
        measured(shipped_store, "robust", 20, 0.01, model="deeper_cnn", run_id="deeper_cnn-robust-s0", mirror=True),
    ]


def test_accuracies_and_errors_follow_from_the_answers(models):
    found = stress.compute(models)
    baseline, tuned, robust = found.lines
    assert found.baseline.key == baseline.key == "basic_cnn-textbook-s0"
    assert robust.accuracy("fog", 3).mean == pytest.approx(1 - 60 / IMAGES)
    assert tuned.accuracy(stress.MEAN, 5).mean == pytest.approx(0.5)
    assert robust.accuracy_of_all().mean == pytest.approx(1 - 3 * 20 / IMAGES)
    assert [line.clean for line in found.lines] == [1, 1, 1]
    errors = [found.mean_corruption_error(line) for line in found.lines]
    assert errors == pytest.approx([1, 40 / 60, 20 / 60])
    assert robust.unfamiliar("fog", 2) == 0.4
    assert robust.confidence(stress.MEAN, 4) == pytest.approx(0.8)
    assert baseline.mirror_loss == pytest.approx(0.25)


def test_fewer_images_of_one_run_are_compared_on_those(models, shipped_store):
    found = stress.compute(models[:1])
    results = found.lines[0].results
    rows = stress.list_rows(results)
    assert len(rows) == 95
    assert rows[2] == {
        "corruption": "gaussian_noise",
        "severity": 3,
        "accuracy": pytest.approx(1 - 180 / IMAGES),
        "interval": [pytest.approx(0.5, abs=0.1), pytest.approx(0.6, abs=0.1)],
        "n": IMAGES,
    }


def test_what_is_found_is_said(models):
    found = stress.compute(models)
    said = finding(found)
    assert said.headline == f"{found.lines[2].name} withstands corruption best, with 85.0% accuracy."
    assert said.details.startswith("Mean over 19 corruptions at five severities of 400 test images: 85.00%, 95% CI ")
    assert [card.value for card in said.cards] == ["85.0%", "Gaussian noise", "0.33"]
    recipes, first, mirroring = claims(found)
    assert recipes.headline == ("Robust gains 15.0 points over tuned on Deeper CNN, most on Gaussian noise (+15.0).")
    assert "adjusted p < 0.001" in recipes.details
    assert first.headline == "Basic CNN (textbook) breaks first: it loses 15.0 points at severity 1."
    assert mirroring.headline == "Mirrored images cost 25.0 points without mirroring in training, and 1.0 with it."


def test_a_single_run_is_not_ranked(models):
    found = stress.compute(models[2:])
    assert finding(found).headline == f"{found.lines[0].name} under corruption: 85.0% accuracy."
    assert claims(found) == []


def test_images_that_flip_are_those_that_were_right(models):
    line = stress.compute(models).lines[1]
    flips = find_flips(line, "scale", 2)
    np.testing.assert_array_equal(np.sort(flips.positions), np.sort(line.results.positions[IMAGES - 80 :]))
    assert describe_flips(flips) == (
        f"Scale at severity 2 turns 80 right answers of {line.name} wrong, of 400 (20.0%)."
    )


def test_every_answer_to_an_image_is_told(models):
    found = stress.compute(models)
    position = int(found.lines[0].results.positions[-1])
    table = answers_table(found, "fog", position)
    assert [row[1] for row in table.rows] == [line.name for line in found.lines]
    assert all(row[2] != row[3] for row in table.rows)  # the last image is lost at severity 1


@pytest.mark.parametrize(("kind", "severity"), [("fog", 2), ("fog", None), (stress.MEAN, None), (stress.MEAN, 1)])
def test_the_best_run_is_compared_with_the_others(models, kind, severity):
    found = stress.compute(models)
    said, table = compare_with_best(found, kind, severity)
    assert said.headline.startswith(f"{found.lines[2].name} is most accurate (")
    assert said.headline.endswith("significantly better than 2 of 2.")
    expected = 40 * (severity or 3) / IMAGES, 20 * (severity or 3) / IMAGES
    assert [row[2] for row in table.rows] == pytest.approx([100 * one for one in expected])
    assert all(row[3] < row[2] < row[4] for row in table.rows)


def test_tables_and_figures_have_every_number(models):
    found = stress.compute(models)
    assert len(numbers_table(found).rows) == 3 * 19
    assert len(confidences_table(found, "fog").rows) == 3 * 6
    heat = draw_heat(found, stress.Options("error"), "black")
    assert sorted({text for trace in heat.figure.data[1:] for text in trace.text}) == ["0.33", "0.67", "1.00"]
    assert draw_severities(found, "fog").description.startswith("Accuracy by severity: Fog")
    for key, steps in (("rotation", 25), ("mirror", 4)):
        assert len(draw_sweep(found, key).figure.data[0].y) == steps
    assert list(draw_confidence(found, stress.MEAN).figure.data[3].y) == pytest.approx([100, 95, 90, 85, 80, 75])


def test_only_runs_that_were_measured_can_be_compared(models, shipped_store):
    other = SingleRun(write_run(shipped_store, run_id="basic_cnn-textbook-s1", seed=1))
    assert stress.measured_results(other) is None
    with pytest.raises(ValueError, match="measured under stress"):
        stress.compute([*models, other])


def test_a_measurement_says_how_far_it_is():
    assert stress.describe_measuring(["a"], Progress()) == "a: preparing"
    assert stress.describe_measuring(["a", "b"], Progress(3, 164)) == "a, b: 3 of 164 ways to change the images"
