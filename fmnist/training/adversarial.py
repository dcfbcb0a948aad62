"""Attack runs: `python -m fmnist.training.adversarial FOLDER IMAGES RUN…` keeps the answers, and tells FOLDER how far.

Gradients need the Keras file of a run. What is made against one run is shown to all of them, so attacks that carry over
from one to another are known.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import Dataset, load_dataset
from fmnist.errors import InputError
from fmnist.jobs.confine import lower_priority
from fmnist.jobs.telling import Teller, end_with_words
from fmnist.runs.adversarial import Adversarial, save_adversarial
from fmnist.runs.reading import find_run
from fmnist.runs.run import ReadableRun, RunError
from fmnist.stress.attacks import DEFINITION, LEVELS, SEED, SHARE, STEPS
from fmnist.stress.catalogue import choose_positions
from fmnist.training.batches import LEVEL, scale_images
from fmnist.training.fit import load_network

_BATCH = 250

Floats = NDArray[np.float32]
Report = Callable[[int, int], None]


class Target:
    """A network that can be attacked: its scores before the softmax, and the gradient of its loss by the image."""

    def __init__(self, network: keras.Model) -> None:
        import tensorflow as tf

        last = network.layers[-1]
        if not isinstance(last, keras.layers.Dense):
            raise InputError("Only networks that end with a dense layer can be attacked.")
        features = keras.Model(network.inputs, last.input)

        def score(images: Any) -> Any:  # noqa: ANN401
            # from a softmax that is sure, no gradient would come back
            scores = tf.matmul(features(images, training=False), last.kernel)
            return scores if last.bias is None else scores + last.bias

        def differentiate(images: Any, labels: Any) -> Any:  # noqa: ANN401
            with tf.GradientTape() as tape:
                tape.watch(images)
                loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, score(images))
            return tape.gradient(loss, images)

        self._score = tf.function(score, reduce_retracing=True)
        self._differentiate = tf.function(differentiate, reduce_retracing=True)
        self._tensor = tf.constant

    def classes(self, images: Floats) -> NDArray[np.uint8]:
        """Return the predicted classes of images, float32 (n, 28, 28, 1) from 0 to 1."""
        scores = [np.asarray(self._score(self._tensor(part))) for part in _split(images)]
        return np.concatenate(scores).argmax(axis=1).astype(np.uint8)

    def gradient(self, images: Floats, labels: NDArray[Any]) -> Floats:
        """Return the gradient of each image's cross-entropy by its pixels, in the shape of the images."""
        pairs = zip(_split(images), _split(labels.astype(np.int32)), strict=True)
        return np.concatenate([np.asarray(self._differentiate(*map(self._tensor, pair))) for pair in pairs])


def attack_fgsm(target: Target, images: Floats, labels: NDArray[Any], levels: Sequence[int]) -> list[Floats]:
    """Move every pixel by so many grey levels in the direction that raises the loss (Goodfellow et al. 2015).

    Args:
        target: the network.
        images: float32 (n, 28, 28, 1) from 0 to 1.
        labels: the true classes, (n,).
        levels: how far, of 255 grey levels.

    Returns:
        The changed images for each of the levels.
    """
    direction = np.sign(target.gradient(images, labels))
    return [np.clip(images + level * LEVEL * direction, 0, 1) for level in levels]


def attack_pgd(
    target: Target, images: Floats, labels: NDArray[Any], level: int, positions: NDArray[np.integer[Any]]
) -> Floats:
    """Raise the loss in steps, from a random place within so many grey levels of each image (Madry et al. 2018).

    The place of an image follows from the seed and its position in the test set. Arguments are as in `attack_fgsm`.
    """
    reach = level * LEVEL
    starts = [np.random.default_rng((SEED, int(one))).uniform(-1, 1, images.shape[1:]) for one in positions]
    changed = np.clip(images + reach * np.stack(starts).astype(np.float32), 0, 1)
    for _ in range(STEPS):
        moved = changed + SHARE * reach * np.sign(target.gradient(changed, labels))
        changed = np.clip(np.clip(moved, images - reach, images + reach), 0, 1)
    return changed


@dataclass(eq=False)
class _Answers:
    """What one run answers, as the attacks go on."""

    fgsm: list[NDArray[np.uint8]] = field(default_factory=list)
    pgd: list[NDArray[np.uint8]] = field(default_factory=list)


def measure_attacks(
    runs: Sequence[ReadableRun], dataset: Dataset, count: int, report: Report | None = None
) -> list[Adversarial]:
    """Attack runs on the same test images, and show each what was made against the others.

    Args:
        runs: runs with weights.
        dataset: has the images.
        count: how many of the test images are attacked, in an order that does not depend on their number.
        report: is told after each attack how many of all are done.

    Raises:
        RunError: if a run's weights were not kept, or cannot be loaded.
    """
    targets = [_open(run) for run in runs]
    positions = choose_positions(count)
    images, labels = scale_images(dataset.test_images[positions]), dataset.test_labels[positions]
    answers, total = [_Answers() for _ in runs], len(runs) * (1 + len(LEVELS))
    for place, target in enumerate(targets):
        done = place * (1 + len(LEVELS))
        answers[place].fgsm += [target.classes(changed) for changed in attack_fgsm(target, images, labels, LEVELS)]
        for number, level in enumerate(LEVELS, 1):
            if report is not None:
                report(done + number, total)
            changed = attack_pgd(target, images, labels, level, positions)
            for other, known in zip(targets, answers, strict=True):
                known.pgd.append(other.classes(changed))
    shape = len(runs), len(LEVELS), count
    return [
        Adversarial(
            definition=DEFINITION,
            positions=positions,
            levels=LEVELS,
            clean=target.classes(images),
            fgsm=np.stack(known.fgsm),
            sources=tuple(run.id for run in runs),
            pgd=np.stack(known.pgd).reshape(shape),
        )
        for target, known in zip(targets, answers, strict=True)
    ]


def main(arguments: Sequence[str]) -> int:
    """Attack runs and keep the results with them; return the exit code."""
    folder, images, *keys = arguments
    lower_priority()

    def work() -> None:
        runs = [find_run(key) for key in keys]
        for run, results in zip(
            runs, measure_attacks(runs, load_dataset(), int(images), Teller(Path(folder))), strict=True
        ):
            save_adversarial(run, results)

    return end_with_words(work, (InputError,))


def _open(run: ReadableRun) -> Target:
    if run.weights is None:
        raise RunError(f"{run.id}: its weights were not kept, so it cannot be attacked.")
    return Target(load_network(run.directory))


def _split(values: NDArray[Any]) -> list[NDArray[Any]]:
    return np.split(values, range(_BATCH, len(values), _BATCH))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
