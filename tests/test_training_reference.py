"""A training on drawings and photographs leaves what pictures are held against, measured on the served network."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from trainings import train_here

from fmnist.dataset import Dataset, split_indices
from fmnist.inference.familiarity import FAMILIAR, measure_unlikeness
from fmnist.inference.serving import Classifier
from fmnist.recipes.config import RunConfig
from fmnist.runs.life_cycle import create_run
from fmnist.runs.reading import load_reference, load_run
from fmnist.runs.run import Run, RunError
from fmnist.training.batches import augment_batch
from fmnist.training.reference import share_evenly

CONFIG = RunConfig("ann", "robust", 5, 2, 128, 2e-3, train_limit=3000, drawn=0.25, photographed=0.25)


@pytest.fixture(scope="module")
def run(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    ended = train_here(create_run(CONFIG, tmp_path_factory.mktemp("store"), "robust"))
    assert ended.state == "finished", ended.reason
    return ended


def test_the_limit_lets_the_intended_share_of_unseen_images_pass(run: Run, dataset: Dataset):
    reference, served = load_reference(run), Classifier(run.served)
    _, val = split_indices()
    rng = np.random.default_rng(77)  # other chances than the limit was set by
    images = augment_batch(dataset.train_images[val], dataset.train_labels[val], share_evenly(CONFIG), rng)
    unlikeness = measure_unlikeness(served, images, reference.features)
    assert np.mean(unlikeness <= reference.limit) == pytest.approx(FAMILIAR, abs=0.02)
    noise = rng.integers(0, 256, (200, 28, 28), dtype=np.uint8)
    assert np.median(measure_unlikeness(served, noise, reference.features)) > np.median(unlikeness)


@pytest.mark.parametrize(("drawn", "photographed", "expected"), [(0.1, 0.4, 1 / 3), (0.1, 0.0, 1 / 2), (0.0, 0.0, 0.0)])
def test_what_a_training_makes_is_shared_evenly(drawn: float, photographed: float, expected: float):
    even = share_evenly(replace(CONFIG, drawn=drawn, photographed=photographed))
    assert even.drawn == pytest.approx(expected)
    assert even.photographed == (even.drawn if photographed else 0.0)
    assert replace(even, drawn=drawn, photographed=photographed) == replace(
        CONFIG, drawn=drawn, photographed=photographed
    )


def test_the_reference_holds_training_images_alone(run: Run):
    reference = load_reference(run)
    train_indices, _ = split_indices()
    assert np.isin(reference.indices, train_indices).all()
    assert len(np.unique(reference.indices)) == len(reference.features) == CONFIG.train_limit  # no more were seen
    np.testing.assert_allclose(np.linalg.norm(reference.features, axis=1), 1, atol=2e-3)
    assert reference.temperature > 0


def test_features_and_probabilities_belong_together(run: Run, dataset: Dataset):
    import keras

    network = keras.models.load_model(run.weights, compile=False)
    images = dataset.test_images[:50]
    features, probs = Classifier(run.served).features(images), Classifier(run.served).probs(images)
    weights, bias = network.layers[-1].get_weights()
    logits = features.astype(np.float64) @ weights + bias
    expected = np.exp(logits - logits.max(axis=1, keepdims=True))
    np.testing.assert_allclose(probs, expected / expected.sum(axis=1, keepdims=True), atol=1e-5)


def test_a_damaged_reference_is_told(run: Run, tmp_path):
    copy = shutil.copytree(run.directory, tmp_path / "copy")
    (copy / "reference.npz").write_bytes(b"PK damaged")
    with pytest.raises(RunError, match=r"copy: reference\.npz is damaged"):
        load_reference(load_run(copy))
    (copy / "reference.npz").unlink()
    assert load_reference(load_run(copy)) is None
