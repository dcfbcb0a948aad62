"""What a training takes from other runs: teachers' answers to the views that it sees, and weights to start from."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import PRETRAINED
from trainings import BACKUP, cut_off_here, train_here

from fmnist.dataset import Dataset
from fmnist.errors import InputError
from fmnist.inference.serving import Classifier
from fmnist.jobs.needed import asking_seconds, find_teachers
from fmnist.jobs.queue import submit_all
from fmnist.jobs.reporting import Reporter
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import TEACHERS
from fmnist.runs.life_cycle import create_run, request_stop, requeue_run
from fmnist.runs.reading import load_history, load_predictions
from fmnist.runs.records import Status
from fmnist.runs.run import CompleteRun, RunError
from fmnist.training.batches import shuffled_batches
from fmnist.training.teachers import ask_teachers

TEACHER, OTHER, WITHOUT_WEIGHTS = "ann-tuned-s1", "cnn_small-tuned-s0", "ann-tuned-s0"
TAUGHT = RunConfig(
    "ann",
    "distilled",
    seed=1,
    epochs=2,
    batch_size=50,
    learning_rate=1e-3,
    keep="last",
    train_limit=200,
    average=0.9,
    mirror=True,
    shift=1,
    erase=0.5,
    teachers=(TEACHER, OTHER),
    distil=0.75,
)


def reporter_of(store: Path) -> Reporter:
    run = create_run(TAUGHT, store, "student")
    return Reporter(run.directory, Status("running", queued=0.0))


def test_answers_are_the_mean_of_what_the_teachers_say_to_the_view_that_is_shown(
    dataset: Dataset, own_store: Path
) -> None:
    images, labels = dataset.train_images[:40], dataset.train_labels[:40]
    config = replace(TAUGHT, erase=0.0, distil=1.0)
    answers = ask_teachers(config, images, own_store / TEACHERS, reporter_of(own_store))
    assert answers is not None
    assert answers.shape == (40, 18, 10)
    seen, targets = next(shuffled_batches(images, labels, config, 0, answers))
    expected = sum(Classifier(PRETRAINED / name / "model.tflite").probs(seen) for name in config.teachers) / 2
    np.testing.assert_allclose(targets, expected, atol=1e-3)  # kept as float16


def test_a_share_of_each_target_is_the_answer_and_the_rest_the_label() -> None:
    images, labels = np.zeros((50, 28, 28), np.uint8), np.arange(50) % 10
    answers = np.random.default_rng(0).dirichlet(np.ones(10), (50, 18))
    plain = next(shuffled_batches(images, labels, TAUGHT))
    shown, targets = next(shuffled_batches(images, labels, TAUGHT, 0, answers))
    np.testing.assert_array_equal(shown, plain[0])  # teachers change no image
    left = targets - 0.25 * plain[1]
    np.testing.assert_allclose(left.sum(axis=1), 0.75, rtol=1e-5)
    assert ((left >= -1e-6).all(axis=1) & (np.abs(left).max(axis=1) < 0.75)).all()


def test_answers_are_kept_and_asked_for_again_where_they_are_damaged_or_anything_differs(
    dataset: Dataset, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, reporter, images = own_store / TEACHERS, reporter_of(own_store), dataset.train_images[:20]
    first = ask_teachers(TAUGHT, images, folder, reporter)
    kept = sorted(folder.iterdir())
    assert [path.name.rpartition("-")[0] for path in kept] == sorted(TAUGHT.teachers)
    with monkeypatch.context() as patch:
        patch.setattr("fmnist.training.teachers.Classifier", None)  # nobody may be asked
        np.testing.assert_array_equal(ask_teachers(replace(TAUGHT, seed=2), images, folder, reporter), first)
    kept[0].write_bytes(kept[0].read_bytes()[:300])
    np.testing.assert_array_equal(ask_teachers(TAUGHT, images, folder, reporter), first)
    for config, others in ((replace(TAUGHT, shift=0), images), (TAUGHT, images[::-1])):
        before = set(folder.iterdir())
        ask_teachers(config, others, folder, reporter)
        assert len(set(folder.iterdir()) - before) == 2
    monkeypatch.setattr("fmnist.training.teachers._MOST_BYTES", 2 * kept[0].stat().st_size)
    ask_teachers(TAUGHT, images[:19], folder, reporter)
    assert len(list(folder.iterdir())) == 2


def test_a_taught_training_that_was_cut_off_comes_to_the_same_result(dataset: Dataset, own_store: Path) -> None:
    whole = train_here(create_run(TAUGHT, own_store, "whole"))
    cut = train_here(requeue_run(cut_off_here(create_run(TAUGHT, own_store, "cut"), BACKUP, after=True)))
    assert (whole.state, cut.state) == ("finished", "finished")
    assert [row.loss for row in load_history(cut)] == [row.loss for row in load_history(whole)]
    np.testing.assert_array_equal(load_predictions(cut).test_probs, load_predictions(whole).test_probs)
    untaught = train_here(create_run(replace(TAUGHT, teachers=(), distil=0.0), own_store, "untaught"))
    assert load_history(untaught)[0].loss != load_history(whole)[0].loss


def test_a_training_can_be_stopped_while_its_teachers_are_asked(dataset: Dataset, own_store: Path) -> None:
    run = create_run(TAUGHT, own_store)
    request_stop(run)
    stopped = train_here(run)
    assert (stopped.state, isinstance(stopped, CompleteRun), load_history(stopped)) == ("stopped", True, [])
    assert np.isfinite(load_predictions(stopped).test_probs).all()
    resumed = train_here(requeue_run(stopped))
    assert (resumed.state, len(load_history(resumed))) == ("finished", 2)


@pytest.mark.parametrize(
    ("teacher", "reason"),
    [
        ("gone-tuned-s0", "A teacher cannot be used. There is no run 'gone-tuned-s0'."),
        (WITHOUT_WEIGHTS, "ann-tuned-s0 cannot be a teacher: its weights were not kept. Choose a run with weights."),
    ],
)
def test_a_run_that_cannot_answer_is_refused_before_anything_is_queued(own_store: Path, teacher, reason) -> None:
    config = replace(TAUGHT, teachers=(teacher,))
    with pytest.raises(RunError, match=re.escape(reason)):
        submit_all([config])
    assert list(own_store.glob("ann-*")) == []
    failed = train_here(create_run(config, own_store))
    assert failed.state == "failed"
    assert failed.reason.startswith(reason)


def test_what_asking_takes_grows_with_views_and_images() -> None:
    assert [path.parent.name for path in find_teachers(TAUGHT)] == [TEACHER, OTHER]
    seconds = asking_seconds(TAUGHT)
    assert asking_seconds(replace(TAUGHT, train_limit=400)) == pytest.approx(2 * seconds)
    assert asking_seconds(replace(TAUGHT, shift=0)) == pytest.approx(seconds / 9)
    assert asking_seconds(replace(TAUGHT, teachers=(), distil=0.0)) == 0


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"teachers": ()}, "distil must be 0 where there are no teachers"),
        ({"distil": 0.0}, "distil must be above 0 where there are teachers"),
        ({"shift": 3}, "shift must be at most 2 with teachers"),
        ({"drawn": 0.1}, "teachers must be none where images become drawings or photos"),
    ],
)
def test_settings_that_exclude_teachers_are_refused(changes, rule) -> None:
    with pytest.raises(InputError, match=f"^{rule}$"):
        replace(TAUGHT, **changes)


def test_a_training_starts_from_the_weights_of_a_run(dataset: Dataset, own_store: Path) -> None:
    still = replace(TAUGHT, teachers=(), distil=0.0, epochs=1, learning_rate=1e-9, start_from=TEACHER)
    run = train_here(create_run(still, own_store))
    expected = Classifier(PRETRAINED / TEACHER / "model.tflite").probs(dataset.test_images[:500])
    np.testing.assert_allclose(load_predictions(run).test_probs[:500], expected, atol=1e-4)


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("gone-tuned-s0", "The run to start from cannot be used. There is no run 'gone-tuned-s0'."),
        (WITHOUT_WEIGHTS, "its weights were not kept. Choose a run with weights."),
        (OTHER, "its layers differ. Choose a run of the same architecture."),
    ],
)
def test_a_run_that_cannot_be_started_from_is_refused(own_store: Path, start: str, reason: str) -> None:
    with pytest.raises(RunError, match=re.escape(reason)):
        submit_all([replace(TAUGHT, start_from=start)])
    assert list(own_store.glob("ann-*")) == []
