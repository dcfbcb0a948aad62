from pathlib import Path

import numpy as np
import pytest
from kept_epochs import RIGHT, made_up_epoch, write_kept_run
from synthetic import write_run

from fmnist.contenders.seed_group import group_seeds
from fmnist.runs.epochs import EPOCH_BYTES, count_epochs, load_epochs, save_epoch, truncate_epochs
from fmnist.runs.layout import EPOCHS
from fmnist.runs.run import RunError


def test_what_was_kept_is_read_again(own_store: Path):
    run = write_kept_run(own_store)
    probs = load_epochs(run)
    assert probs.shape == (3, 5_000, 10)
    assert (run.directory / EPOCHS).stat().st_size == 3 * EPOCH_BYTES == 300_000
    np.testing.assert_allclose(probs[2], made_up_epoch(3), atol=1e-3)


def test_a_run_without_epochs_has_none(own_store: Path):
    assert count_epochs(write_run(own_store)) == 0


def test_what_a_killed_training_left_beyond_its_history_does_not_count_and_is_cut_off(own_store: Path):
    run = write_kept_run(own_store)
    save_epoch(run.directory, 4, made_up_epoch(3))
    with (run.directory / EPOCHS).open("ab") as stream:
        stream.write(b"half an epoch")
    assert count_epochs(run) == len(load_epochs(run)) == 3
    truncate_epochs(run.directory, 2)
    assert count_epochs(run) == 2


def test_a_missing_epoch_and_numbers_that_are_no_probabilities_are_told(own_store: Path):
    run = write_kept_run(own_store)
    truncate_epochs(run.directory, 1)
    save_epoch(run.directory, 3, made_up_epoch(3))
    with pytest.raises(RunError, match=r"epochs\.f16 is damaged"):
        load_epochs(run)


def test_epochs_of_another_training_are_told(own_store: Path):
    run = write_kept_run(own_store)
    save_epoch(run.directory, 2, np.roll(made_up_epoch(2), 1, axis=1))
    with pytest.raises(RunError, match="another training"):
        load_epochs(run)


def test_a_run_that_keeps_its_epochs_belongs_to_the_same_model_as_one_that_does_not(own_store: Path):
    runs = [write_run(own_store, seed=0), write_kept_run(own_store, seed=1)]
    (group,) = group_seeds(runs)
    assert (group.key, len(group.runs)) == ("basic_cnn:textbook", 2)
    assert len(RIGHT) == count_epochs(runs[1])
