"""A training that keeps its epochs: what it keeps is what was validated, once for each epoch, whatever happens."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_training_resume import TUNED
from trainings import BACKUP, cut_off_here, train_here

from fmnist.dataset import Dataset
from fmnist.runs.epochs import count_epochs, load_epochs
from fmnist.runs.life_cycle import create_run, requeue_run
from fmnist.runs.reading import load_history, load_predictions

KEPT = replace(TUNED, model="ann", layers=(), epochs=3, keep_epochs=True)


def test_each_epoch_is_kept_as_it_was_validated_and_survives_a_kill(dataset: Dataset, own_store: Path):
    whole = train_here(create_run(KEPT, own_store, "whole"))
    probs = load_epochs(whole).astype(np.float32)
    labels = load_predictions(whole).val_labels
    reached = [epoch.val_accuracy for epoch in load_history(whole)]
    assert (probs.argmax(axis=2) == labels).mean(axis=1) == pytest.approx(reached, abs=5e-4)
    np.testing.assert_allclose(probs[-1], load_predictions(whole).val_probs, atol=2e-3)  # it keeps the last weights

    cut = cut_off_here(create_run(KEPT, own_store, "cut"), BACKUP, after=False)  # the epoch is kept, and lost after all
    assert count_epochs(cut) == 1
    resumed = train_here(requeue_run(cut))
    np.testing.assert_allclose(load_epochs(resumed), probs, atol=2e-3)
    plain = train_here(create_run(replace(KEPT, keep_epochs=False), own_store, "plain"))
    assert count_epochs(plain) == 0
    np.testing.assert_allclose(load_predictions(plain).test_probs, load_predictions(whole).test_probs, atol=1e-6)
