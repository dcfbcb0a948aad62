"""A training that was cut off goes on where it was and ends where it would have ended."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from fmnist.layout import backup_path
from fmnist.records import RunConfig
from fmnist.runs import RunError, create_run, load_history, load_predictions, load_run, requeue_run
from fmnist.training.queue import conclude_training, start_training, train

# Dropout and early stopping make a resumption hard: both carry state.
CONFIG = RunConfig(
    "cnn_small", "textbook", seed=1, epochs=3, batch_size=64, learning_rate=1e-3, patience=2, train_limit=1000
)


def kill_after_first_backup(directory: Path) -> subprocess.Popen:
    process = start_training(load_run(directory))
    while process.poll() is None and not backup_path(directory).exists():
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.02)
    process.kill()
    process.wait()
    return process


@pytest.fixture(scope="module")
def uninterrupted(dataset, tmp_path_factory):
    return train(create_run(CONFIG, tmp_path_factory.mktemp("store"), "whole"))


def test_a_killed_training_is_resumed_to_the_same_result(uninterrupted, own_store):
    run = create_run(CONFIG, own_store, "cut")
    process = kill_after_first_backup(run.directory)
    failed = conclude_training(run, process)
    assert failed.state == "failed"
    assert "killed" in failed.status.reason
    resumed = train(requeue_run(failed))
    assert resumed.state == "finished"
    rows = [[(e.epoch, e.loss, e.val_loss) for e in load_history(r)] for r in (uninterrupted, resumed)]
    np.testing.assert_allclose(rows[1], rows[0], rtol=1e-4)
    probs = [load_predictions(r).test_probs for r in (uninterrupted, resumed)]
    np.testing.assert_allclose(probs[1], probs[0], atol=1e-4)
    assert not backup_path(resumed.directory).exists()


def test_a_damaged_backup_costs_the_epochs_but_not_the_run(uninterrupted, own_store):
    run = create_run(CONFIG, own_store, "damaged")
    backup_path(run.directory).write_bytes(b"no archive")
    trained = train(run)
    assert trained.state == "finished"
    assert [epoch.epoch for epoch in load_history(trained)] == [epoch.epoch for epoch in load_history(uninterrupted)]


def test_a_finished_training_is_not_resumed(uninterrupted):
    with pytest.raises(RunError, match="nothing to resume"):
        requeue_run(uninterrupted)
