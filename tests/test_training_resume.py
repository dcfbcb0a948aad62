"""A training that was cut off goes on where it was and ends where it would have ended."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic import write_run
from trainings import BACKUP, cut_off_here, kill_after_epoch, train, train_here, wait_for_epoch

from fmnist.architectures.layers import Convolution, Dense, Dropout, Flatten
from fmnist.dataset import Dataset
from fmnist.jobs.launch import conclude_training, start_training
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import backup_path
from fmnist.runs.life_cycle import create_run, request_stop, requeue_run
from fmnist.runs.reading import load_history, load_predictions
from fmnist.runs.run import CompleteRun, Run, RunError

# What carries state from step to step: dropout and early stopping; batch normalisation, the schedule of the learning
# rate, the decoupled decay, the average of the weights and the chances of augmentation. The second is long enough to be
# killed and stopped before its end
TEXTBOOK = RunConfig(
    "small",
    "textbook",
    seed=1,
    epochs=4,
    batch_size=64,
    learning_rate=1e-3,
    patience=3,
    train_limit=1000,
    layers=(Convolution(8, stride=2, normalised=False), Dropout(0.25), Flatten(), Dense(32), Dropout(0.5)),
)
TUNED = RunConfig(
    "cnn_bn",
    "tuned",
    seed=1,
    epochs=12,
    batch_size=64,
    learning_rate=2e-3,
    keep="last",
    train_limit=640,
    schedule="cosine",
    warmup_epochs=1,
    weight_decay=0.02,
    label_smoothing=0.1,
    average=0.9,
    mirror=True,
    shift=2,
    erase=0.5,
)
TOLERANCE = 1e-6  # bit-identical on one machine; another number of threads may add up in another order


def stop(run: Run) -> Run:
    """Resume a training and stop it in the midst of a later epoch."""
    before, process = len(load_history(run)), start_training(run)
    wait_for_epoch(run, process, after=before)
    request_stop(run)
    process.wait()
    return conclude_training(run, process)


def measured(run: Run) -> np.ndarray:
    """Return what a training measured, (epochs, 5): everything but the seconds."""
    return np.array(
        [[row.loss, row.accuracy, row.val_loss, row.val_accuracy, row.learning_rate] for row in load_history(run)]
    )


def expect_same_result(resumed: Run, uninterrupted: Run) -> None:
    assert (uninterrupted.state, resumed.state, resumed.status.note) == ("finished", "finished", "")
    np.testing.assert_allclose(measured(resumed), measured(uninterrupted), rtol=TOLERANCE)
    probs = [load_predictions(run).test_probs for run in (uninterrupted, resumed)]
    np.testing.assert_allclose(probs[1], probs[0], atol=TOLERANCE)
    assert not backup_path(resumed.directory).exists()


def test_a_training_that_was_killed_and_then_stopped_comes_to_the_same_result(dataset: Dataset, own_store: Path):
    uninterrupted = train(create_run(TUNED, own_store, "whole"))
    killed = kill_after_epoch(create_run(TUNED, own_store, "cut"))
    assert killed.state == "failed"
    assert "killed" in killed.status.reason
    reached = len(load_history(killed))
    assert 1 <= reached < TUNED.epochs
    stopped = stop(requeue_run(killed))
    assert stopped.state == "stopped"
    assert isinstance(stopped, CompleteRun) and stopped.weights
    assert reached < len(load_history(stopped)) < TUNED.epochs
    expect_same_result(train(requeue_run(stopped)), uninterrupted)


def test_dropout_early_stopping_and_the_best_weights_go_on_where_they_were(dataset: Dataset, own_store: Path):
    uninterrupted = train_here(create_run(TEXTBOOK, own_store, "whole"))
    cut = cut_off_here(create_run(TEXTBOOK, own_store, "cut"), BACKUP, after=True)
    assert len(load_history(cut)) == 1
    expect_same_result(train_here(requeue_run(cut)), uninterrupted)


def test_a_training_that_was_ended_early_and_cut_off_after_that_is_trained_no_further(
    dataset: Dataset, own_store: Path
):
    config = replace(TEXTBOOK, model="ann", layers=(), epochs=1000, learning_rate=0.05, patience=1)
    cut = cut_off_here(create_run(config, own_store), "fmnist.training.fit.finish_run", after=False)
    history = load_history(cut)
    assert (cut.status.phase, len(history) < 1000) == ("evaluating", True)
    resumed = train_here(requeue_run(cut))
    assert (resumed.state, load_history(resumed)) == ("finished", history)
    best = min(history, key=lambda epoch: epoch.val_loss)
    assert resumed.evaluation.val_accuracy == pytest.approx(best.val_accuracy, abs=1e-4)


def test_a_finished_training_is_not_resumed(own_store: Path):
    with pytest.raises(RunError, match="nothing to resume"):
        requeue_run(write_run(own_store))
