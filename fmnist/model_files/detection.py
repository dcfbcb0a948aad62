"""Find out how a model takes its images: each way is tried on some validation images, and the best one is chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist.errors import InputError
from fmnist.evaluation.metrics import cross_entropy
from fmnist.imports.checks import Form, check_values
from fmnist.imports.values import Values
from fmnist.model_files.inputs import Reading, list_readings
from fmnist.model_files.runner import Runner

N_TRIED = 1_000  # validation images
_NEAR = 0.01  # in accuracy: between ways so close the loss decides, as many networks do not mind the scale


@dataclass(frozen=True)
class Choice:
    """How a model takes its images, what it gives, and its accuracy on the images that were tried.

    `runner_up` is the best accuracy of the other ways, None where there are none.
    """

    reading: Reading
    form: Form
    accuracy: float
    runner_up: float | None


@dataclass(frozen=True)
class _Tried:
    reading: Reading
    form: Form
    accuracy: float
    loss: float


def choose_reading(
    runner: Runner, images: NDArray[np.uint8], labels: NDArray[np.uint8], report: Callable[[int], None]
) -> Choice:
    """Try every way to feed images to a model and return the one that works best.

    Args:
        runner: the model.
        images: uint8 (n, 28, 28).
        labels: the true classes, uint8 (n,).
        report: is told after each way how many images were classified.

    Raises:
        InputError: if images do not fit, or what it gives are no predictions; the message goes on after the file's
            name.
    """
    tried, problem = [], None
    for reading in list_readings(runner.shape, whole=runner.whole):
        scores = runner.run(reading.arrange(images))
        report(len(images))
        try:
            tried.append(_score(reading, scores, labels))
        except InputError as error:
            problem = error
    if not tried:
        raise InputError(f"gives numbers that are not predictions. Its output {problem}")
    best = _choose(tried)
    others = [one.accuracy for one in tried if one is not best]
    return Choice(best.reading, best.form, best.accuracy, max(others, default=None))


def _score(reading: Reading, scores: NDArray[np.float32], labels: NDArray[np.uint8]) -> _Tried:
    found = check_values(Values(scores), len(labels))
    loss = np.inf if found.probs is None else cross_entropy(labels, found.probs)
    return _Tried(reading, found.form, float((found.classes == labels).mean()), loss)


def _choose(tried: Sequence[_Tried]) -> _Tried:
    best = max(one.accuracy for one in tried)
    return min((one for one in tried if one.accuracy >= best - _NEAR), key=lambda one: one.loss)
