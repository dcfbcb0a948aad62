"""How many images a second are trained on: the tutorial's script and ours in turn, same network, batch and images.

Ours is a run as users train it, by the `tuned` recipe with its augmentation. Both train on as many images of the
training split as the other and validate on all 5,000 after each epoch. A rate is the training images of the second
epoch over all its seconds, in which its validation, which neither goes without, is. Starting and compiling, which fall
into the first epoch, are not, nor is the backup that ours writes between two epochs.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from fmnist.architectures.catalogue import get_architecture
from fmnist.architectures.shapes import trace_complete
from fmnist.bench.contenders import Epochs, follow_ours, follow_tutorial
from fmnist.bench.machine import describe_machine, measure_matrix_product
from fmnist.recipes.catalogue import get_recipe

MODELS = ("ann", "basic_cnn", "deeper_cnn")
BATCH_SIZES = (32, 128)
ROUNDS = 5
IMAGES = 22_000  # few enough for an epoch of seconds, and as many as keep its validation to a small part of it


@dataclass(frozen=True)
class Round:
    """Images a second of both, and what a matrix product reached beside them in floating-point operations a second."""

    tutorial: float
    ours: float
    matrix_product: float


def measure(
    models: Sequence[str] = MODELS,
    batch_sizes: Sequence[int] = BATCH_SIZES,
    rounds: int = ROUNDS,
    images: int = IMAGES,
) -> dict[str, Any]:
    """Race each network at each batch size; what happens is told on standard error.

    Raises:
        RunError: if a training fails.
    """
    rows = [
        summarise(model, batch_size, list(_race(model, batch_size, rounds, images)), _training_work(model))
        for model in models
        for batch_size in batch_sizes
    ]
    return {"machine": describe_machine(), "rounds": rounds, "images": images, "rows": rows}


def summarise(model: str, batch_size: int, rounds: Sequence[Round], multiply_adds: int) -> dict[str, Any]:
    """Return a row whose numbers are medians over the rounds, the ratio and the share too, each taken within a round.

    Args:
        model: the network.
        batch_size: images a step.
        rounds: what was measured.
        multiply_adds: those of training on one image, of two floating-point operations each.
    """
    tutorial, ours, matrix_product = np.array([(r.tutorial, r.ours, r.matrix_product) for r in rounds]).T
    return {
        "model": model,
        "batch_size": batch_size,
        "tutorial_images_per_second": float(np.median(tutorial)),
        "ours_images_per_second": float(np.median(ours)),
        "ratio": float(np.median(ours / tutorial)),
        "share_of_matmul": float(np.median(ours * 2 * multiply_adds / matrix_product)),
    }


def _training_work(model: str) -> int:
    return trace_complete(get_architecture(model).layers).training_multiply_adds


def _race(model: str, batch_size: int, rounds: int, images: int) -> Iterator[Round]:
    config = get_recipe("tuned").configure(model, seed=0, batch_size=batch_size, train_limit=images)
    for number in range(1, rounds + 1):
        tutorial = images / _second_epoch(lambda: follow_tutorial(model, batch_size, 2, images))
        ours = images / _second_epoch(lambda: follow_ours(config))
        sys.stderr.write(
            f"{model}, batches of {batch_size}, round {number} of {rounds}: "
            f"tutorial {tutorial:,.0f} images/s, ours {ours:,.0f}\n"
        )
        yield Round(tutorial, ours, measure_matrix_product())


def _second_epoch(follow: Callable[[], Epochs]) -> float:
    with closing(follow()) as epochs:
        _, second = islice(epochs, 2)
    return second.seconds
