"""Attacks: FGSM by hand on a linear network, PGD by its bounds, and the answers that are kept of shipped runs."""

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from fmnist.dataset import Dataset
from fmnist.runs.adversarial import load_adversarial
from fmnist.runs.reading import find_run
from fmnist.stress.attacks import LEVELS
from fmnist.training.adversarial import Target, attack_fgsm, attack_pgd, main, measure_attacks
from fmnist.training.batches import scale_images

RUNS = ("ann-tuned-s1", "ann-distilled-s1")


@pytest.fixture
def linear() -> tuple[keras.Model, NDArray[np.float32]]:
    """A network of one dense layer, and its weights (784, 10)."""
    network = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    )
    weights = np.random.default_rng(0).normal(0, 0.1, (784, 10)).astype(np.float32)
    network.layers[-1].set_weights([weights, np.linspace(-1, 1, 10, dtype=np.float32)])
    return network, weights


def test_fgsm_of_a_linear_network_is_what_a_hand_computes(linear, dataset: Dataset):
    network, weights = linear
    images, labels = scale_images(dataset.test_images[:300]), dataset.test_labels[:300]
    logits = images.reshape(300, 784) @ weights + np.linspace(-1, 1, 10)
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    gradient = (probs - np.eye(10)[labels]) @ weights.T  # of softmax's cross-entropy
    target = Target(network)
    np.testing.assert_allclose(target.gradient(images, labels).reshape(300, 784), gradient, atol=1e-5)
    for level, changed in zip((2, 8), attack_fgsm(target, images, labels, (2, 8)), strict=True):
        by_hand = np.clip(images.reshape(300, 784) + level / 255 * np.sign(gradient), 0, 1)
        assert (np.abs(changed.reshape(300, 784) - by_hand) < 1e-6).mean() > 0.999  # signs of gradients near zero
    np.testing.assert_array_equal(target.classes(images), logits.argmax(axis=1))


def test_pgd_stays_near_the_image_raises_the_loss_and_depends_on_the_image_alone(linear, dataset: Dataset):
    target = Target(linear[0])
    images, labels, positions = scale_images(dataset.test_images[:60]), dataset.test_labels[:60], np.arange(60)
    changed = attack_pgd(target, images, labels, 8, positions)
    assert np.abs(changed - images).max() <= 8 / 255 + 1e-6
    assert 0 <= changed.min() <= changed.max() <= 1
    (stepped,) = attack_fgsm(target, images, labels, [8])
    right = [(target.classes(one) == labels).mean() for one in (images, changed)]
    assert right[1] <= right[0]
    np.testing.assert_allclose((changed == stepped).mean(), 1, atol=0.05)  # of a linear network both go to the corner
    np.testing.assert_allclose(changed[7:9], attack_pgd(target, images[7:9], labels[7:9], 8, positions[7:9]), atol=1e-6)


def test_what_runs_answer_is_kept_by_source_and_the_same_again(own_store, dataset: Dataset, monkeypatch):
    import shutil

    from conftest import PRETRAINED

    for key in RUNS:
        shutil.copytree(PRETRAINED / key, own_store / key, ignore=shutil.ignore_patterns("adversarial.npz"))
    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(own_store))
    assert main([str(own_store), "40", *RUNS]) == 0
    first, second = (load_adversarial(find_run(key)) for key in RUNS)
    assert (first.sources, first.levels, first.pgd.shape) == (RUNS, LEVELS, (2, len(LEVELS), 40))
    right = [(results.pgd[place, -1] == results.labels).mean() for place, results in enumerate((first, second))]
    crossed = [(results.pgd[1 - place, -1] == results.labels).mean() for place, results in enumerate((first, second))]
    assert max(right) < min(crossed)  # what was made against another model misleads less
    (alone,) = measure_attacks([find_run(RUNS[0])], dataset, 40)
    np.testing.assert_array_equal(alone.pgd[0], first.pgd[0])
    merged = alone.merged_with(first)
    assert merged.sources == RUNS
    np.testing.assert_array_equal(merged.pgd, first.pgd)
