"""A trial's own process trains without the test images: their files need not even be there."""

import shutil

import pytest
from searching import tiny_space, tiny_study
from trainings import reload

from fmnist.dataset import DataUnavailableError, find_files, load_dataset
from fmnist.jobs.training_process import run_training
from fmnist.runs.layout import EVALUATION, PREDICTIONS
from fmnist.runs.life_cycle import create_run
from fmnist.runs.reading import load_history
from fmnist.search.store import trials_store


def test_a_trial_is_trained_where_there_are_no_test_images(own_store, dataset, tmp_path, monkeypatch):
    from fmnist.training.trial import fit_trial  # brings TensorFlow

    for file in find_files():
        if file.name.startswith("train") and file.path:
            shutil.copy(file.path, tmp_path)
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "none"))
    with pytest.raises(DataUnavailableError):
        load_dataset()
    study = tiny_study()
    config = tiny_space(epochs=1).configure({"learning_rate": 0.01}, 0)
    run = create_run(config, trials_store(study), "trial-0000")
    assert run_training(run.directory, fit_trial) == 0
    [ended] = reload([run])
    assert (ended.state, ended.status.evaluated) == ("finished", False)
    assert len(load_history(ended)) == 1
    assert not [name for name in (EVALUATION, PREDICTIONS) if (run.directory / name).exists()]
