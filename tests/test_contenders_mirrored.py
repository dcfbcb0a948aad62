"""A mirrored run answers by the mean over an image and its mirror image, and is a model of its own."""

import json
import shutil

import numpy as np
import pytest

from fmnist.cli.main import main
from fmnist.contenders.contender import correct_answers
from fmnist.contenders.finding import find_contender, list_models
from fmnist.contenders.own import delete_own, list_own, rename_own
from fmnist.contenders.temperatures import temperature_of
from fmnist.dataset import split_indices
from fmnist.ensembles.mirrored import MIRRORED
from fmnist.errors import InputError
from fmnist.evaluation.calibration import fit_temperature
from fmnist.evaluation.metrics import cross_entropy
from fmnist.inference import mirroring
from fmnist.runs.layout import PREDICTIONS
from fmnist.runs.run import RunError
from fmnist.runs.writing import write_file


class Halves:
    """A classifier that is right about images as they are, and says "Bag" of what it is shown mirrored."""

    def __init__(self, _: object) -> None:
        self.asked: list[int] = []

    def probs_both_ways(self, images: np.ndarray) -> np.ndarray:
        self.asked.append(len(images))
        brightness = images.reshape(len(images), -1).mean(axis=1)
        probs = np.full((len(images), 10), 0.05, np.float32)
        probs[np.arange(len(images)), (brightness % 10).astype(int)] += 0.5
        return probs


@pytest.fixture
def made(single_store, served_run, dataset, monkeypatch):
    shutil.copytree(served_run.directory, single_store / served_run.id)
    monkeypatch.setattr(mirroring, "Classifier", Halves)
    assert main(["mirror", served_run.id, "--json"]) == 0
    return find_contender(f"mirrored-{served_run.id}")


def test_it_is_a_model_with_the_costs_of_its_run_and_twice_the_latency(made, served_run, dataset):
    assert made.title == f"{find_contender(served_run.id).title}, mirrored"
    assert made.members == (served_run.id,)
    expected = Halves(None).probs_both_ways(dataset.test_images)
    np.testing.assert_array_equal(made.probabilities("test")[0], expected)
    assert correct_answers(made).mean() == (expected.argmax(axis=1) == dataset.test_labels).mean()
    assert made.test_loss == pytest.approx(cross_entropy(dataset.test_labels, expected))
    ours = split_indices()[1]
    validation = Halves(None).probs_both_ways(dataset.train_images[ours])
    assert temperature_of(made) == fit_temperature(dataset.train_labels[ours], validation)
    run, costs = served_run.evaluation, made.costs()
    assert (costs.params, costs.train_seconds) == (run.params, run.train_seconds)
    assert costs.latency_ms == 2 * run.latency_ms
    assert made.key in {one.key for one in list_models().contenders}


def test_it_is_listed_as_ones_own_and_deleted_but_has_no_name_of_its_own(made, capsys):
    own = next(one for one in list_own() if one.key == made.key)
    assert (own.kind, own.can_be_renamed, own.state) == ("mirrored", False, "ready")
    with pytest.raises(InputError, match="neither an imported model nor an ensemble"):
        rename_own(made.key, "x")
    capsys.readouterr()
    assert main(["models", "--json"]) == 0
    assert {row["kind"] for row in json.loads(capsys.readouterr().out)} == {"seed group", "mirrored"}
    delete_own(made.key)
    assert MIRRORED.list_items() == []


def test_without_its_run_or_with_damaged_predictions_it_is_told(made, single_store):
    write_file(made.item.directory / PREDICTIONS, b"PK")
    with pytest.raises(RunError, match=r"predictions\.npz is damaged"):
        find_contender(made.key).classes("test")
    shutil.rmtree(single_store / made.run.id)
    assert [one.problem for one in list_models().unusable] == [
        f"{made.key} lacks its run. There is no run {made.run.id!r}. `python -m fmnist runs` lists the runs there are."
    ]


def test_a_run_without_weights_cannot_be_mirrored(shipped_runs, dataset):
    bare = next(run for run in shipped_runs if not run.served)
    with pytest.raises(InputError, match="keeps no weights"):
        mirroring.mirror_run(bare, dataset)
