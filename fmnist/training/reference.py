"""Compute the reference features for k-NN out-of-distribution detection, once, with the served network."""

from dataclasses import replace
from typing import Any

import numpy as np

from fmnist.dataset import Dataset, split_indices
from fmnist.evaluation.calibration import fit_temperature
from fmnist.inference.familiarity import FAMILIAR, measure_unlikeness, normalise
from fmnist.inference.serving import Classifier
from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Reference
from fmnist.training.batches import augment_batch

N_REFERENCES = 4000


def share_evenly(config: RunConfig) -> RunConfig:
    """Return the configuration with equal shares of original images and of each kind of picture that it simulates.

    Training uses more original images, to keep the accuracy on the dataset; people's own pictures may be of any kind.
    """
    made = [name for name in ("drawn", "photographed") if getattr(config, name)]
    shares: dict[str, Any] = dict.fromkeys(made, 1 / (1 + len(made)))
    return replace(config, **shares)


def measure_reference(classifier: Classifier, config: RunConfig, dataset: Dataset, train: np.ndarray) -> Reference:
    """Compute features of a sample of training images, and limit and temperature on the validation images.

    All of them are augmented as in training, but with equal shares of each kind of picture.

    Args:
        classifier: the served network.
        config: the configuration that it was trained with.
        dataset: the images.
        train: the positions in the training file of the images that it was trained on, int (n,).
    """
    rng = np.random.default_rng(config.seed)
    _, val = split_indices()
    chosen = rng.choice(train, min(N_REFERENCES, len(train)), replace=False)
    seen, held_out = (
        augment_batch(dataset.train_images[part], dataset.train_labels[part], share_evenly(config), rng)
        for part in (chosen, val)
    )
    features = normalise(classifier.features(seen))
    unlikeness = measure_unlikeness(classifier, held_out, features)
    return Reference(
        features=features,
        indices=chosen.astype(np.int32),
        limit=float(np.quantile(unlikeness, FAMILIAR)),
        temperature=fit_temperature(dataset.train_labels[val], classifier.probs_both_ways(held_out)),
    )
