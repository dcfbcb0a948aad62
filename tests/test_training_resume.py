"""A training that was cut off goes on where it was and ends where it would have ended."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic import write_run
from trainings import kill_after_epoch, train, train_here, wait_for_epoch, wait_until

from fmnist.dataset import Dataset
from fmnist.jobs.launch import conclude_training, start_training
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import backup_path
from fmnist.runs.life_cycle import create_run, request_stop, requeue_run
from fmnist.runs.reading import load_history, load_predictions, load_run
from fmnist.runs.run import CompleteRun, Run, RunError

# What carries state from step to step: dropout and early stopping; batch normalisation, the schedule of the learning
# rate, the decoupled decay, the average of the weights and the chances of augmentation
TEXTBOOK = RunConfig("cnn_small", "textbook", 1, 4, batch_size=64, learning_rate=1e-3, patience=3, train_limit=1000)
TUNED = RunConfig(
    "cnn_bn",
    "tuned",
    seed=1,
    epochs=4,
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


@pytest.fixture(scope="module", params=[TEXTBOOK, TUNED], ids=["textbook", "tuned"])
def uninterrupted(request: pytest.FixtureRequest, dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return train(create_run(request.param, tmp_path_factory.mktemp("store"), "whole"))


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


def test_a_training_that_was_cut_off_comes_to_the_same_result(uninterrupted: Run, own_store: Path):
    assert uninterrupted.state == "finished"
    cut = kill_after_epoch(create_run(uninterrupted.config, own_store, "cut"))
    assert cut.state == "failed"
    assert "killed" in cut.status.reason
    reached = len(load_history(cut))
    assert 1 <= reached < uninterrupted.config.epochs
    if uninterrupted.config == TUNED:  # once is enough: each training reads all images at its end
        cut = stop(requeue_run(cut))
        assert cut.state == "stopped"
        assert isinstance(cut, CompleteRun) and cut.weights
        assert reached < len(load_history(cut)) < TUNED.epochs
    resumed = train(requeue_run(cut))
    assert (resumed.state, resumed.status.note) == ("finished", "")
    np.testing.assert_allclose(measured(resumed), measured(uninterrupted), rtol=TOLERANCE)
    probs = [load_predictions(run).test_probs for run in (uninterrupted, resumed)]
    np.testing.assert_allclose(probs[1], probs[0], atol=TOLERANCE)
    assert not backup_path(resumed.directory).exists()


def test_a_training_that_was_ended_early_and_cut_off_after_that_is_trained_no_further(
    dataset: Dataset, own_store: Path
):
    run = create_run(replace(TEXTBOOK, model="ann", epochs=1000, learning_rate=0.05, patience=1), own_store)
    process = start_training(run)
    wait_until(lambda: load_run(run.directory).status.phase == "evaluating", process)
    process.kill()
    process.wait()
    cut = conclude_training(run, process)
    history = load_history(cut)
    assert (cut.state, len(history) < 1000) == ("failed", True)
    resumed = train_here(requeue_run(cut))
    assert (resumed.state, load_history(resumed)) == ("finished", history)
    best = min(history, key=lambda epoch: epoch.val_loss)
    assert resumed.evaluation.val_accuracy == pytest.approx(best.val_accuracy, abs=1e-4)


def test_a_finished_training_is_not_resumed(own_store: Path):
    with pytest.raises(RunError, match="nothing to resume"):
        requeue_run(write_run(own_store))
