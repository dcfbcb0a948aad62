import errno
import json
import math
import os
import shutil
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.dataset import split_indices
from fmnist.evaluation.metrics import accuracy
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig
from fmnist.runs import writing as module
from fmnist.runs.layout import list_run_directories, read_stamp
from fmnist.runs.leftovers import clear_leftovers
from fmnist.runs.life_cycle import (
    create_run,
    delete_run,
    drop_weights,
    request_stop,
    requeue_run,
    stop_requested,
    truncate_history,
)
from fmnist.runs.reading import find_run, list_runs, load_history, load_predictions, load_reference, load_run
from fmnist.runs.records import Epoch, Evaluation, Predictions, Reference, Status
from fmnist.runs.run import CompleteRun, RunError
from fmnist.runs.writing import append_epoch, save_evaluation, save_predictions, save_reference, save_status

CONFIG = RunConfig("basic_cnn", "textbook", seed=3, epochs=5, batch_size=64, learning_rate=1e-3, patience=4)
REFERENCE = Reference(np.eye(3, dtype=np.float32), np.arange(3, dtype=np.int32), limit=0.5, temperature=1.5)
EPOCH = Epoch(1, 0.5, 0.8, 0.4, 0.85, 1e-3, 2.5)
EVALUATION = Evaluation(0.95, 0.1, 0.91, 0.25, 0.9, 0.3, 421_642, 9, 7, 90.5, 1_700_000, 1_690_000, 0.1)


def make_predictions(seed: int = 0) -> Predictions:
    rng = np.random.default_rng(seed)
    val, test = (rng.dirichlet(np.ones(10), n).astype(np.float32) for n in (5_000, 10_000))
    return Predictions(val, test, split_indices()[1].astype(np.int32))


def evaluate(predictions: Predictions) -> Evaluation:
    """Return an evaluation that tells of these predictions."""
    parts = {"val": (predictions.val_labels, predictions.val_probs)}
    parts["test"] = (predictions.test_labels, predictions.test_probs)
    reached = {f"{part}_accuracy": accuracy(*pair) for part, pair in parts.items()}
    return replace(EVALUATION, **reached)


@pytest.fixture
def finished(own_store: Path) -> Path:
    """Return the directory of a finished run in the user's store."""
    run = create_run(CONFIG, own_store)
    append_epoch(run.directory, EPOCH)
    save_predictions(run.directory, make_predictions())
    save_evaluation(run.directory, evaluate(make_predictions()))
    save_status(run.directory, replace(run.status, state="finished"))
    return run.directory


def test_what_is_written_is_what_is_read(finished):
    run = load_run(finished)
    assert (run.config, run.evaluation, run.state) == (CONFIG, evaluate(make_predictions()), "finished")
    assert load_history(run) == [EPOCH]
    for name, array in asdict(load_predictions(run)).items():
        assert np.array_equal(array, getattr(make_predictions(), name)), name


def test_a_run_that_is_queued_again_is_asked_to_stop_no_more(finished):
    request_stop(load_run(finished))
    save_status(finished, Status("stopped", 0.0, epoch=1))
    assert stop_requested(finished)
    again = requeue_run(load_run(finished))
    assert (again.state, again.status.epoch, stop_requested(finished)) == ("queued", 1, False)
    with pytest.raises(RunError, match="is queued, so there is nothing to resume"):
        requeue_run(again)


def test_a_file_may_have_a_megabyte_and_not_a_byte_more(finished):
    path = finished / "status.json"
    path.write_text(path.read_text().ljust(2**20))
    assert load_run(finished).state == "finished"
    path.write_text(path.read_text() + " ")
    assert "status.json is damaged (it is larger than 1,048,576 bytes)" in load_run(finished).problem


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"limit": 0.0}, ""),
        ({"limit": 2.0}, ""),
        ({"limit": math.nextafter(0, -1)}, "limit must be a distance from 0 to 2"),
        ({"limit": math.nextafter(2, 3)}, "limit must be a distance from 0 to 2"),
        ({"temperature": math.nextafter(0, 1)}, ""),
        ({"temperature": 0.0}, "temperature must be above 0"),
        ({"temperature": math.inf}, "temperature must be above 0"),
        ({"features": np.zeros((0, 3), np.float32)}, "features must be an array"),
        ({"features": np.zeros(3, np.float32)}, "features must be an array"),
        ({"indices": np.arange(2, dtype=np.int32)}, "indices must be as many as the features"),
    ],
)
def test_a_reference_has_values_that_can_be(changes, rule):
    if not rule:
        assert replace(REFERENCE, **changes)
        return
    with pytest.raises(ValueError, match=rule):
        replace(REFERENCE, **changes)


def test_a_run_without_weights_stays_comparable(finished):
    (finished / "model.keras").write_bytes(b"weights")
    (finished / "model.tflite").write_bytes(b"served")
    save_reference(finished, REFERENCE)
    drop_weights(load_run(finished))
    run = load_run(finished)
    assert isinstance(run, CompleteRun)
    assert run.weights is None and run.served is None and load_reference(run) is None
    kept = load_predictions(run).test_probs
    assert kept.dtype == np.float32
    np.testing.assert_allclose(kept, make_predictions().test_probs, atol=5e-4)


def test_a_run_carries_the_layers_of_its_network(tmp_path):
    config = RECIPES["quick"].configure("resnet", seed=0)
    run = create_run(config, tmp_path)
    written = json.loads((run.directory / "config.json").read_text())["config"]["layers"]
    assert [layer["layer"] for layer in written[1:3]] == ["convolution", "residual"]
    assert run.config.layers == run.config.network == ARCHITECTURES["resnet"].layers
    older = create_run(CONFIG, tmp_path).config
    assert older.layers == ()
    assert older.network == ARCHITECTURES["basic_cnn"].layers


DAMAGE = {
    "empty": (lambda d: [p.unlink() for p in d.iterdir()], "config.json is missing"),
    "cut configuration": (lambda d: (d / "config.json").write_text('{"schema": 1, "conf'), "config.json is damaged"),
    "no object": (lambda d: (d / "config.json").write_text("[]"), "holds no object"),
    "unknown field": (
        lambda d: (d / "status.json").write_text('{"state": "finished", "x": 1}'),
        "status.json is damaged",
    ),
    "impossible value": (
        lambda d: (d / "config.json").write_text(
            json.dumps({"schema": 1, "config": asdict(CONFIG) | {"epochs": 0}, "environment": {}})
        ),
        "epochs must be from 1",
    ),
    "a layer that does not fit": (
        lambda d: (d / "config.json").write_text(
            json.dumps({"schema": 2, "config": asdict(CONFIG) | {"layers": [{"layer": "dense", "units": 8}]}})
        ),
        "Layer 1: A dense layer needs one row of values",
    ),
    "an unknown layer": (
        lambda d: (d / "config.json").write_text(
            json.dumps({"schema": 2, "config": asdict(CONFIG) | {"layers": [{"layer": "attention"}]}})
        ),
        "config.json is damaged",
    ),
    "later schema": (lambda d: (d / "config.json").write_text('{"schema": 9}'), "schema 9.*update"),
    "half written": (lambda d: (d / "evaluation.json").unlink(), "evaluation.json is missing"),
    "no predictions": (lambda d: (d / "predictions.npz").unlink(), "predictions.npz is missing"),
    "deeply nested": (lambda d: (d / "config.json").write_text("[" * 100_000), "config.json is damaged"),
    "much too large": (lambda d: (d / "status.json").write_text(" " * 2**21), "status.json is damaged"),
    "accuracy over 1": (
        lambda d: (d / "evaluation.json").write_text(json.dumps(asdict(EVALUATION) | {"test_accuracy": 7})),
        "evaluation.json is damaged",
    ),
    "text for a number": (
        lambda d: (d / "evaluation.json").write_text(json.dumps(asdict(EVALUATION) | {"params": "<b>5</b>"})),
        "evaluation.json is damaged",
    ),
    "endless time": (
        lambda d: (d / "evaluation.json").write_text(json.dumps(asdict(EVALUATION) | {"train_seconds": math.inf})),
        "evaluation.json is damaged",
    ),
    "binary": (lambda d: (d / "evaluation.json").write_bytes(b"\xff\xfe\x00"), "evaluation.json is damaged"),
}


def test_fields_of_later_versions_are_ignored(finished):
    for name in ("config.json", "status.json", "evaluation.json"):
        document = json.loads((finished / name).read_text())
        (finished / name).write_text(json.dumps(document | {"later": [1, {"a": None}]}))
    assert load_run(finished).evaluation == evaluate(make_predictions())


def test_a_run_tested_on_nothing_is_complete(finished):
    save_evaluation(finished, replace(EVALUATION, test_accuracy=None, test_loss=None))
    assert load_run(finished).evaluation.test_accuracy is None


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_broken_run_says_why_and_takes_no_other_down(finished, own_store, kind):
    whole = create_run(replace(CONFIG, seed=4), own_store)
    damage, reason = DAMAGE[kind]
    damage(finished)
    by_id = {run.id: run for run in list_runs()}
    assert by_id[whole.id].state == "queued"
    assert by_id[finished.name].state == "broken"
    with pytest.raises(RunError, match=reason):
        find_run(finished.name)


def test_rounding_leaves_every_answer_as_it_is(finished):
    near = make_predictions()
    near.test_probs[:] = 0.1
    near.test_probs[:, 6] += 1e-6  # float16 cannot tell it from the others
    save_predictions(finished, near)
    save_evaluation(finished, evaluate(near))
    drop_weights(load_run(finished))
    assert (load_predictions(load_run(finished)).test_probs.argmax(axis=1) == 6).all()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"no archive at all"])
def test_damaged_predictions_are_told(finished, content):
    (finished / "predictions.npz").write_bytes(content)
    with pytest.raises(RunError, match=r"predictions.npz is damaged"):
        load_predictions(load_run(finished))


@pytest.mark.parametrize(
    "wrong",
    [
        {"features": np.ones(3)},
        {"features": np.ones((0, 2))},
        {"indices": np.arange(2)},
        {"limit": np.nan},
        {"limit": np.ones(2)},
        {"temperature": 0.0},
        {"temperature": np.inf},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_a_reference_that_cannot_be_is_told(finished, wrong):
    save_reference(finished, REFERENCE)
    assert load_reference(load_run(finished)).indices.tolist() == [0, 1, 2]
    np.savez(finished / "reference.npz", **(asdict(REFERENCE) | wrong))
    with pytest.raises(RunError, match=r"reference.npz is damaged"):
        load_reference(load_run(finished))


def test_predictions_of_another_shape_are_refused(finished):
    wrong = make_predictions()
    save_predictions(finished, replace(wrong, test_probs=wrong.test_probs[:, :9]))
    with pytest.raises(RunError, match="10,000 test predictions of 10 classes"):
        load_predictions(load_run(finished))


def test_pickled_predictions_are_never_loaded(finished):
    np.savez(finished / "predictions.npz", val_probs=np.array([{"a": 1}], dtype=object))
    with pytest.raises(RunError, match="damaged"):
        load_predictions(load_run(finished))


def test_a_line_that_a_crash_cut_off_is_left_out(finished):
    append_epoch(finished, replace(EPOCH, epoch=2))
    with (finished / "history.csv").open("a") as stream:
        stream.write("3,0.4,0.8")
    assert [epoch.epoch for epoch in load_history(load_run(finished))] == [1, 2]


def test_a_history_is_cut_and_goes_on(finished):
    second = replace(EPOCH, epoch=2)
    append_epoch(finished, second)
    assert truncate_history(finished, 1) == [EPOCH]
    append_epoch(finished, second)
    assert load_history(load_run(finished)) == [EPOCH, second]
    assert truncate_history(finished, 0) == load_history(load_run(finished)) == []
    append_epoch(finished, EPOCH)
    assert load_history(load_run(finished)) == [EPOCH]


def test_a_damaged_history_is_told(finished):
    (finished / "history.csv").write_text("epoch,loss\n1,many\n")
    with pytest.raises(RunError, match=r"history.csv is damaged"):
        load_history(load_run(finished))


def test_a_running_training_without_heartbeat_is_lost(own_store):
    run = create_run(CONFIG, own_store)
    save_status(run.directory, Status("running", queued=0.0, heartbeat=1.0))
    assert load_run(run.directory).state == "lost"


@pytest.mark.parametrize("name", ["../../etc", "/etc", ".", "", "a/b", "a b", "a\x00b"])
def test_a_name_never_becomes_a_path(name):
    with pytest.raises(RunError, match="There is no run"):
        find_run(name)


def test_a_name_is_given_once(own_store):
    create_run(CONFIG, own_store, "mine")
    with pytest.raises(RunError, match="'mine' already"):
        create_run(CONFIG, own_store, "mine")
    with pytest.raises(RunError, match="not a valid name for a run"):
        create_run(CONFIG, own_store, "..")


def test_only_own_and_idle_runs_are_deleted(own_store, tmp_path, finished):
    shipped = create_run(CONFIG, tmp_path / "elsewhere")
    with pytest.raises(RunError, match="not one of your own"):
        delete_run(shipped)
    running = create_run(CONFIG, own_store)
    save_status(running.directory, replace(running.status, state="running", heartbeat=time.time() + 1800))
    with pytest.raises(RunError, match="stop it first"):
        delete_run(load_run(running.directory))
    delete_run(load_run(finished))
    assert not finished.exists()


def test_a_run_is_deleted_out_of_sight_and_comes_back_where_that_fails(own_store, monkeypatch):
    run, seen = create_run(CONFIG, own_store), []

    def look_and_refuse(path: Path) -> None:
        seen.append((list_run_directories(own_store), (path / "config.json").exists()))
        raise OSError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", look_and_refuse)
        with pytest.raises(RunError, match="cannot be removed: Permission denied"):
            delete_run(run)
    assert seen == [([], True)]
    assert load_run(run.directory) == run
    delete_run(run)
    assert list(own_store.iterdir()) == []


def test_the_rest_of_a_run_whose_deletion_was_killed_is_removed(own_store, monkeypatch):
    run = create_run(CONFIG, own_store)
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: 2**22)  # above the kernel's largest
        patch.setattr(shutil, "rmtree", lambda _: None)
        delete_run(run)
    assert len(list(own_store.iterdir())) == 1
    clear_leftovers(own_store)
    assert list(own_store.iterdir()) == []


def test_a_full_disk_does_not_keep_the_status_from_telling(finished, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "write_file", refuse)  # what a new file meets on a full disk; the old one has its block
    save_status(finished, Status("failed", queued=1.0, reason="full"))
    monkeypatch.undo()
    assert json.loads((finished / "status.json").read_text())["reason"] == "full"


def test_what_is_added_to_a_store_or_removed_from_it_is_seen_at_once(own_store):
    for hour, directory in enumerate((own_store / "ann-s0", own_store / "ann-s1")):
        os.utime(own_store, (3_600 * hour, 3_600 * hour))  # nothing was changed for long: the listing is kept
        known = list_run_directories(own_store)
        directory.mkdir()
        assert list_run_directories(own_store) == [*known, directory]
        assert list_run_directories(own_store) == [*known, directory]
    directory.rmdir()
    assert list_run_directories(own_store) == [own_store / "ann-s0"]


def test_the_stamp_changes_with_the_files(finished):
    before = read_stamp(finished)
    append_epoch(finished, replace(EPOCH, epoch=2))
    assert read_stamp(finished) != before
    assert len(read_stamp(finished / "nowhere")) == len(before)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("model", "../x"),
        ("recipe", "A B"),
        ("seed", -1),
        ("epochs", 0),
        ("batch_size", 5000),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("patience", 0),
        ("keep", "both"),
        ("train_limit", 9),
    ],
)
def test_a_configuration_validates_itself(field, value):
    with pytest.raises(ValueError, match=field):
        replace(CONFIG, **{field: value})


@given(st.binary(max_size=200))
def test_no_content_of_a_small_file_can_raise(tmp_path_factory, content):
    directory = create_run(CONFIG, tmp_path_factory.mktemp("store")).directory
    (directory / "config.json").write_bytes(content)
    assert load_run(directory).problem


@pytest.mark.parametrize(
    ("phase", "silence", "state"), [("training", 31, "lost"), ("starting", 31, "running"), ("starting", 121, "lost")]
)
def test_a_process_that_still_imports_has_longer_to_say_a_word(tmp_path, phase, silence, state):
    run = create_run(CONFIG, tmp_path)
    save_status(run.directory, Status("running", 0.0, phase=phase, heartbeat=time.time() - silence))
    assert load_run(run.directory).state == state
