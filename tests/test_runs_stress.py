"""What a run answered under stress: written, read again, and refused where it cannot be."""

from dataclasses import replace

import numpy as np
import pytest
from synthetic import write_run

from fmnist.runs.layout import STRESS
from fmnist.runs.reading import load_predictions
from fmnist.runs.run import RunError
from fmnist.runs.stress import StressResults, load_stress, save_stress


@pytest.fixture
def run(own_store):
    return write_run(own_store)


def results_of(run) -> StressResults:
    """Return made-up answers to 40 images: as in the predictions, then all of class 3."""
    positions = np.arange(100, 140, dtype=np.int32)
    clean = load_predictions(run).test_probs[positions].argmax(axis=1).astype(np.uint8)
    return StressResults(
        definition=1,
        seed=0,
        positions=positions,
        conditions=("clean:0", "fog:1"),
        classes=np.stack([clean, np.full(40, 3, np.uint8)]),
        confidences=np.tile(np.arange(40, dtype=np.uint8) + 60, (2, 1)),
        unfamiliar=np.tile(np.arange(11) % 3 == 0, (2, 1)),
        swept=("mirror:1",),
        swept_classes=clean[None, :20],
    )


def test_what_is_written_is_read(run):
    written = results_of(run)
    assert load_stress(run) is None
    save_stress(run, written)
    read = load_stress(run)
    for name in ("positions", "classes", "confidences", "unfamiliar", "swept_classes"):
        np.testing.assert_array_equal(getattr(read, name), getattr(written, name))
    assert (read.definition, read.seed, read.conditions, read.swept) == (1, 0, written.conditions, written.swept)


def test_right_answers_follow_from_the_official_labels(run, dataset):
    results = results_of(run)
    labels = dataset.test_labels[100:140]
    np.testing.assert_array_equal(results.labels, labels)
    np.testing.assert_array_equal(results.correct("fog:1"), labels == 3)
    assert results.correct("clean:0").all()  # the made-up run has the first 9,000 right
    assert results.correct("mirror:1").shape == (20,)


def test_answers_of_other_weights_are_refused(run):
    results = results_of(run)
    save_stress(run, replace(results, classes=(results.classes + 1) % 10))
    with pytest.raises(RunError, match=f"{run.id}: stress.npz belongs to other weights; measure the run again."):
        load_stress(run)


@pytest.mark.parametrize(
    "change",
    [
        {"positions": np.arange(39)},
        {"positions": np.zeros(40, int)},
        {"positions": np.arange(9_980, 10_020)},
        {"classes": np.full((2, 40), 10)},
        {"confidences": np.full((2, 40), 101)},
        {"conditions": ("clean:0",)},
        {"swept_classes": np.zeros((1, 41), int)},
        {"unfamiliar": np.zeros((1, 40), bool)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_arrays_that_do_not_belong_together_are_refused(run, change):
    with pytest.raises(ValueError, match="cannot be"):
        replace(results_of(run), **change)


def test_a_damaged_file_says_what_to_do(run):
    (run.directory / STRESS).write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(RunError, match=f"{run.id}: stress.npz is damaged; measure the run again."):
        load_stress(run)
