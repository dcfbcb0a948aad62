"""Train networks on shares of the training images, for the curve of accuracy by number of images."""

import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from fmnist.dataset import N_TRAIN
from fmnist.recipes.catalogue import get_recipe
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import ON_SHARES
from fmnist.runs.learning_curves import Key, ShareResult, load_learning_curves, save_learning_curves
from fmnist.runs.reading import load_predictions
from fmnist.runs.run import CompleteRun, ReadableRun, Run
from fmnist.training.reproduce import train_to_end

SHARES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
"""The shares that are trained on unless others are asked for; runs on all images are there already."""

_LEAST_STEPS = 1000
_SMALL_BATCHES = ((1_000, 8), (5_000, 32))  # up to so many images, batches of this size


def configure_share(model: str, recipe: str, images: int, seed: int) -> RunConfig:
    """Return the recipe's configuration for a number of training images.

    A recipe for 55,000 images would end after a few steps: fewer images come in smaller batches, with a learning rate
    lower by the root of the ratio (Krizhevsky 2014), and for at least 1,000 steps.
    """
    full = get_recipe(recipe).configure(model, seed)
    batch_size = next((size for most, size in _SMALL_BATCHES if images <= most), full.batch_size)
    batch_size = min(batch_size, full.batch_size)
    return replace(
        full,
        train_limit=images,
        batch_size=batch_size,
        learning_rate=full.learning_rate * math.sqrt(batch_size / full.batch_size),
        epochs=max(full.epochs, math.ceil(_LEAST_STEPS / math.ceil(images / batch_size))),
    )


def list_keys(models: Sequence[str], recipe: str, shares: Sequence[float], seeds: int) -> list[Key]:
    """Return what is trained, the fewest images first."""
    counts = sorted({max(1, round(share * N_TRAIN)) for share in shares})
    return [Key(model, recipe, images, seed) for images in counts for model in models for seed in range(seeds)]


def train_on_shares(keys: Sequence[Key], store: Path, train: Callable[[ReadableRun], Run]) -> Iterator[ShareResult]:
    """Train what is missing of these and yield the result of each; an interrupted training is resumed.

    A result is kept in the store's table, and its run removed: hundreds of runs would hide the others.

    Args:
        keys: what is to be trained.
        store: the folder of the user's runs.
        train: a function that trains a queued run to its end.

    Raises:
        RunError: if a run cannot be trained, or the table is damaged; the results before it are kept.
    """
    folder = store / ON_SHARES
    for key in keys:
        known = load_learning_curves(store)
        if any(one.key == key for one in known):
            continue
        config = configure_share(*key)
        folder.mkdir(parents=True, exist_ok=True)
        run = train_to_end(config, folder, f"{key.model}-{key.recipe}-n{key.images}-s{key.seed}", train)
        result = _summarise(key, run)
        save_learning_curves(store, [*known, result])
        shutil.rmtree(run.directory, ignore_errors=True)
        yield result


def _summarise(key: Key, run: CompleteRun) -> ShareResult:
    stored = load_predictions(run)
    correct = np.equal(stored.test_probs.argmax(axis=1), stored.test_labels)
    evaluation = run.evaluation
    return ShareResult(key, evaluation.epochs, run.config.batch_size, evaluation.val_accuracy, correct)
