"""Which images a file predicts, the official test images or hidden ones, and what its predictions reach there."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from fmnist.dataset import N_TEST, official_labels
from fmnist.errors import InputError
from fmnist.evaluation.metrics import cross_entropy
from fmnist.imports.checks import Form, Predictions, check_values
from fmnist.imports.diagnosis import diagnose
from fmnist.imports.formats import Upload
from fmnist.imports.hidden import check_far, hidden_set, list_answers, load_answers
from fmnist.imports.store import IMPORTS, load_test_classes
from fmnist.imports.values import Values
from fmnist.runs.run import RunError
from fmnist.runs.shelf import Item


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Test images by their labels (n,) and key, "" for the official ones."""

    key: str
    labels: np.ndarray


def official_images() -> ImageSet:
    """Return the 10,000 test images of the data set."""
    return ImageSet("", official_labels()[1])


def choose_images(values: Values) -> ImageSet:
    """Return the images that rows of predictions are for: hidden ones where there are as many, else the official ones.

    Raises:
        InputError: if the file of the hidden ones cannot be used.
    """
    hidden = hidden_set()
    if hidden is None or (len(hidden.labels) not in values.array.shape and N_TEST in values.array.shape):
        return official_images()
    return ImageSet(hidden.key, hidden.labels)


def check_test(upload: Upload, values: Values, images: ImageSet, form: Form | None) -> tuple[Predictions, str]:
    """Return checked predictions of test images, and what is probably wrong with them; raises InputError."""
    try:
        test = check_values(values, len(images.labels), form)
    except InputError as error:
        raise InputError(f"{upload.shown} {error}") from error
    scores = values.array if values.array.ndim == 2 and values.numbers is None else None
    return test, diagnose(images.labels, test.classes, scores, official=not images.key)


def check_same(images: Sequence[ImageSet]) -> ImageSet:
    """Return the images of all the files of a model; raises InputError where they differ."""
    if len({one.key for one in images}) > 1:
        raise InputError("The files predict different test images.")
    return images[0]


def refuse_near_copies(name: str, classes: np.ndarray, images: ImageSet) -> None:
    """Refuse hidden predictions, (files, n), that are nearly those of another file or model.

    Raises:
        InputError: if the few images in which they differ would tell their labels.
    """
    hidden = hidden_set()
    if hidden is None or images.key != hidden.key:
        return
    rows = np.atleast_2d(classes)
    check_far(rows, rows, hidden, (name, "another of its files"))
    for run in list_answers(hidden):  # whoever has the images and a shipped network has its answers
        with suppress(RunError):
            check_far(rows, load_answers(hidden, run).argmax(axis=1)[None], hidden, (name, run))
    for item in IMPORTS.list_items():
        if isinstance(item, Item) and item.record.test_set == hidden.key:
            other = "its version before" if item.record.name == name else item.record.name
            with suppress(RunError):  # what cannot be read tells nothing
                stored = load_test_classes(item.directory, item.record.test_images)
                check_far(rows, stored, hidden, (name, other))


def measure_loss(images: ImageSet, probs: np.ndarray | None) -> float | None:
    """Return the mean test cross-entropy over the files, in nats; None for labels alone.

    None for hidden images too: probabilities can be chosen so that the digits of the loss tell their labels.
    """
    if probs is None or images.key:
        return None
    return fmean(cross_entropy(images.labels, one) for one in probs.reshape(-1, *probs.shape[-2:]))
