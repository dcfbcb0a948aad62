"""Runs under stress: measured in a process of their own, kept, printed, and recomputed from the served model."""

import json
import shutil

import numpy as np
import pytest
from conftest import PRETRAINED

from fmnist.cli import main as cli
from fmnist.errors import InputError
from fmnist.inference.serving import Classifier
from fmnist.runs.layout import STRESS
from fmnist.runs.reading import find_run
from fmnist.runs.stress import load_stress
from fmnist.stress import jobs
from fmnist.stress.catalogue import CORRUPTIONS, SEVERITIES, Condition, change_images

COPY, COUNT = "ann-tuned-s1-20260101", 6


@pytest.fixture
def copied(own_store) -> str:
    """Return the key of a copy of a shipped run that has not been measured."""
    shutil.copytree(PRETRAINED / "ann-tuned-s1", own_store / COPY, ignore=shutil.ignore_patterns(STRESS))
    return COPY


def read_rows(capsys: pytest.CaptureFixture, *arguments: str) -> list[dict]:
    assert cli.main(["stress", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_measurement_is_kept_and_printed(copied, dataset, capsys):
    job = jobs.start_measuring([copied], COUNT)
    with pytest.raises(InputError, match="Another measurement is running: wait until it ends, or stop it."):
        jobs.start_measuring([copied], COUNT)
    job.process.wait(120)
    assert job.state == "done", job.problem
    rows = read_rows(capsys, copied, "--images", str(COUNT))
    assert [(row["corruption"], row["severity"]) for row in rows] == [
        (kind, severity) for kind in CORRUPTIONS for severity in SEVERITIES
    ]
    results, classifier = load_stress(find_run(copied)), Classifier(find_run(copied).served)
    for kind, severity in (("fog", 3), ("rotate", 5)):
        images = dataset.test_images[results.positions]
        probs = classifier.probs(change_images(images, results.positions, Condition(kind, severity)))
        right = (probs.argmax(axis=1) == dataset.test_labels[results.positions]).mean()
        (row,) = (row for row in rows if (row["corruption"], row["severity"]) == (kind, severity))
        assert (row["accuracy"], row["n"], row["run"]) == (right, COUNT, copied)
        low, high = row["interval"]
        assert 0 <= low <= right <= high <= 1


def test_a_measurement_can_be_stopped_and_tells_why_it_failed(copied):
    job = jobs.start_measuring([copied])
    job.stop()
    job.process.wait(60)
    assert job.state == "stopped"
    job = jobs.start_measuring(["nobody"])
    job.process.wait(60)
    assert (job.state, job.problem.startswith("There is no run 'nobody'.")) == ("failed", True)
    assert load_stress(find_run(copied)) is None


@pytest.mark.parametrize("run_id", ["ann-tuned-s1", "cnn_small-tuned-s0"])
def test_what_is_shipped_comes_from_the_shipped_weights(run_id, dataset, capsys):
    """Other processors may round an answer or two differently."""
    run = find_run(run_id)
    results = load_stress(run)
    positions = results.positions[:200]
    classifier = Classifier(run.served)
    for condition in (Condition("gaussian_noise", 4), Condition("translate", 3), Condition("jpeg", 5)):
        pictures = change_images(dataset.test_images[positions], positions, condition)
        answers = classifier.probs(pictures).argmax(axis=1)
        stored = results.classes[results.conditions.index(condition.key), :200]
        assert (answers != stored).mean() <= 0.01
    rows = read_rows(capsys, run_id)
    assert len(rows) == 95
    expected = np.mean(results.correct("fog:2"))
    assert next(row for row in rows if (row["corruption"], row["severity"]) == ("fog", 2))["accuracy"] == expected


def test_a_run_without_weights_cannot_be_measured(capsys):
    assert cli.main(["stress", "ann-textbook-s0"]) == 1
    said = capsys.readouterr().err
    assert said == "ann-textbook-s0: its weights were not kept, so it cannot be asked about other images.\n"


def test_attacks_that_are_kept_are_printed(capsys, shipped_runs):
    runs = ("ann-tuned-s1", "basic_cnn-textbook-s1")
    rows = read_rows(capsys, *runs, "--adversarial")
    assert {row["n"] for row in rows} == {1_000}
    own = {
        (row["run"], row["attack"]): row["accuracy"]
        for row in rows
        if row["source"] == row["run"] and row["level"] == 16
    }
    assert set(own) == {(run, attack) for run in runs for attack in ("fgsm", "pgd")}
    assert all(own[run, "pgd"] < own[run, "fgsm"] for run in runs)
    assert cli.main(["stress", *runs, "--adversarial"]) == 0
    assert "PGD     basic_cnn-textbook-s1" in capsys.readouterr().out
