"""The races over training: what is computed from what was measured, and one small real race of each."""

import json
import os
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fmnist.architectures.catalogue import get_architecture
from fmnist.architectures.shapes import trace_complete
from fmnist.bench import machine, time_to_accuracy, train
from fmnist.bench.contenders import TimedEpoch, follow_ours, follow_tutorial
from fmnist.bench.time_to_accuracy import first_time
from fmnist.bench.train import Round, summarise
from fmnist.cli import main as cli
from fmnist.dataset import Dataset
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig
from fmnist.runs.run import RunError

# By hand: forward, to the weights and to the input, but for the first layer, whose input is the image.
TRAINING_MULTIPLY_ADDS = {
    "ann": 2 * 784 * 128 + 3 * (128 * 64 + 64 * 10),
    "basic_cnn": 2 * 784 * 9 * 32 + 3 * (196 * 9 * 32 * 64 + 49 * 64 * 128 + 1280),
}
ROUNDS = [Round(1_000, 4_000, 8e9), Round(2_000, 2_000, 1e9), Round(500, 1_500, 3e9)]


def tiny(epochs: int) -> RunConfig:
    return RunConfig("ann", "tuned", 0, epochs, batch_size=500, learning_rate=1e-3, train_limit=2_000, mirror=True)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program of the test's own in Python's place."""
    path = tmp_path / "program"
    path.touch(0o755)
    monkeypatch.setattr(sys, "executable", str(path))
    return path


def test_every_number_is_a_median_over_the_rounds():
    row = summarise("ann", 32, ROUNDS, multiply_adds=50_000)
    assert row == {
        "model": "ann",
        "batch_size": 32,
        "tutorial_images_per_second": 1_000,
        "ours_images_per_second": 2_000,
        "ratio": 3.0,  # of 4, 1 and 3, each within its round
        "share_of_matmul": pytest.approx(0.05),  # of 0.05, 0.2 and 0.05: two operations a multiply-add
    }


@pytest.mark.parametrize(("name", "expected"), TRAINING_MULTIPLY_ADDS.items())
def test_training_needs_three_products_a_layer_and_two_of_the_first(name, expected):
    assert trace_complete(get_architecture(name).layers).training_multiply_adds == expected


def test_a_matrix_product_takes_its_time(monkeypatch):
    clock = iter(np.cumsum([0, 9, 0, 1, 0, 2, 0, 2, 0, 2, 0, 5]))
    monkeypatch.setattr(machine, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    assert (
        machine.measure_matrix_product() == 2048**3
    )  # two operations each, in two seconds; the first, of nine, warms up


def test_the_first_time_is_that_of_the_first_epoch_that_reaches_it():
    reached = [TimedEpoch(10, float(np.float32(right / 5_000)), 10.0 * right) for right in (4_499, 4_500, 4_549, 4_600)]
    assert reached[1].val_accuracy < 0.9  # by a rounding alone
    assert first_time(reached, 0.9) == 45_000
    assert first_time(reached, 0.91) == 46_000
    assert first_time(reached, 0.93) is None


def test_ours_goes_on_until_nothing_is_left_to_reach(monkeypatch):
    accuracies = {"tutorial": [0.902, 0.915, 0.911], "ours": [0.91, 0.9, 0.93, 0.9402, 0.95]}
    timed = {name: [TimedEpoch(1, a, 2.0 * i) for i, a in enumerate(found, 1)] for name, found in accuracies.items()}
    monkeypatch.setattr(time_to_accuracy, "follow_tutorial", lambda *_: (epoch for epoch in timed["tutorial"]))
    monkeypatch.setattr(time_to_accuracy, "follow_ours", lambda _: (epoch for epoch in timed["ours"]))
    tutorial, ours = time_to_accuracy.measure([tiny(5)])["rows"]
    assert (tutorial["script"], tutorial["recipe"], ours["script"], ours["recipe"]) == (
        "tutorial",
        None,
        "ours",
        "tuned",
    )
    assert tutorial["seconds"] == {"90": 2, "91": 4, "92": None, "93": None, "94": None}
    assert ours["seconds"] == {"90": 2, "91": 2, "92": 6, "93": 6, "94": 8}
    assert (tutorial["seconds_to_tutorials_final"], ours["seconds_to_tutorials_final"]) == (4, 6)
    assert (tutorial["epochs"], ours["epochs"]) == (3, 4)


def test_ours_are_the_recipes_that_train_for_the_data_sets_own_images():
    configs = time_to_accuracy.configure_ours("deeper_cnn")
    assert {config.recipe for config in configs} == set(RECIPES) - {"textbook", "robust", "distilled"}
    assert {config.model for config in configs} == {"deeper_cnn"}


def test_the_tutorials_script_has_nothing_set_and_is_ended_when_nobody_asks_for_more(program, tmp_path, monkeypatch):
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "1")
    row = '{\\"seconds\\": ${TF_ENABLE_ONEDNN_OPTS:-7}, \\"val_accuracy\\": 0.5}'
    program.write_text(f'#!/bin/sh\necho $$ > {tmp_path}/pid\necho "{row}"\nexec tail -f /dev/null\n')
    with closing(follow_tutorial("ann", 32, 2, 100)) as epochs:
        assert next(epochs).seconds == 7
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_tutorials_script_that_fails_says_why(program):
    program.write_text("#!/bin/sh\necho 'Traceback' >&2\necho 'ValueError: so many images' >&2\nexit 1\n")
    with pytest.raises(RunError, match="failed: ValueError: so many images"):
        list(follow_tutorial("ann", 32, 2, 100))


def test_a_training_of_ours_that_fails_says_why(program):
    program.write_text("#!/bin/sh\necho 'Out of luck'\nexit 3\n")
    with pytest.raises(RunError, match=r"failed: .*code 3.*Out of luck"):
        list(follow_ours(tiny(2)))


def test_a_race_for_images_a_second_takes_the_second_epochs(monkeypatch, capsys):
    followed = {"tutorial": [TimedEpoch(9, 0.5, 9), TimedEpoch(2, 0.6, 11)], "ours": [TimedEpoch(7, 0.5, 7)] * 2}
    monkeypatch.setattr(train, "follow_tutorial", lambda *_: (epoch for epoch in followed["tutorial"]))
    monkeypatch.setattr(train, "follow_ours", lambda _: (epoch for epoch in followed["ours"]))
    monkeypatch.setattr(train, "measure_matrix_product", lambda: 1e9)
    document = train.measure(["ann"], [500], rounds=1, images=2_000)
    (row,) = document["rows"]
    assert (row["tutorial_images_per_second"], row["ours_images_per_second"]) == (1_000, pytest.approx(2_000 / 7))
    assert row["ratio"] == pytest.approx(2 / 7)
    assert 0 < row["share_of_matmul"] < 1
    assert (document["rounds"], document["images"]) == (1, 2_000)
    assert "ann, batches of 500, round 1 of 1: tutorial" in capsys.readouterr().err


def test_a_small_race_to_an_accuracy(dataset: Dataset, capsys):
    tutorial, ours = time_to_accuracy.measure([tiny(2)], tutorial_epochs=1)["rows"]
    for row in (tutorial, ours):
        assert row["total_seconds"] > 0.5  # Python and TensorFlow have to be loaded, too
        assert row["val_accuracy"] > 0.4
    assert tutorial["seconds_to_tutorials_final"] == tutorial["total_seconds"]
    assert (tutorial["epochs"], ours["epochs"]) == (1, 2)
    messages = capsys.readouterr().err
    assert "tutorial, epoch 1: " in messages and "ours (tuned), epoch 2: " in messages


def test_the_races_are_told_as_tables_and_as_json(dataset: Dataset, monkeypatch, capsys):
    row = summarise("ann", 32, ROUNDS, multiply_adds=50_000)
    monkeypatch.setattr(train, "measure", lambda models: {"machine": "A machine", "rows": [row | {"model": models[0]}]})
    assert cli.main(["bench", "train", "--model", "cnn_bn", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["model"] == "cnn_bn"
    assert cli.main(["bench", "train"]) == 0
    title, names, values = capsys.readouterr().out.splitlines()
    assert title == "A machine"
    assert names.split() == list(row)
    assert values.split() == ["ann", "32", "1,000.0", "2,000.0", "3.0000", "0.0500"]


def test_times_to_accuracies_are_columns(dataset: Dataset, monkeypatch, capsys):
    row = {"model": "ann", "seconds": {"90": 61.25, "91": None}, "epochs": 2}
    monkeypatch.setattr(time_to_accuracy, "measure", lambda configs: {"machine": configs[0].model, "rows": [row]})
    assert cli.main(["bench", "time-to-accuracy"]) == 0
    title, names, values = capsys.readouterr().out.splitlines()
    assert title == "deeper_cnn"
    assert names.split("  ") == ["model", "epochs", "90% (s)", "91% (s)"]
    assert values.split() == ["ann", "2", "61.2", "–"]
