"""Near-duplicates: which test images are also among the training images, nearly, and does that flatter any model?"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist.contenders.contender import Contender, correct_answers
from fmnist.contenders.titles import distinct_titles
from fmnist.dataset import CLASS_NAMES, N_TEST, official_labels, split_indices
from fmnist.evaluation.duplicates import NearDuplicates, Without, compare_without
from fmnist.views.parts import Column, Finding, Table
from fmnist.wording import plural, signed_points, span

METHOD = (
    "Each test image is compared with the training images that look most like it, at shifts of up to one pixel.",
    "The distance is that of the images’ gradients, relative to their length: 0 for equal images.",
    "Mirrored test images are the control, as no photograph is mirrored. "
    "A pair counts if it is nearer than any mirrored image is to a training image.",
    "The interval of the change is Newcombe’s for two groups of images.",
)
_FILE = "near_duplicates.json"  # written by `python -m fmnist duplicates --measure --json`
_COLUMNS = (
    Column("key", machine=True),
    Column("Model"),
    Column("All (%)", "%.2f", "Accuracy on all test images"),
    Column("Without (%)", "%.2f", "Accuracy without the near-duplicates"),
    Column("Change (points)", "%+.3f"),
    Column("95% CI", people=True),
    Column("low", machine=True),
    Column("high", machine=True),
    Column("Right", "%.1f", "Near-duplicates classified correctly; the mean over seeds"),
)


@dataclass(frozen=True, eq=False)
class Duplicates:
    """The near-duplicates, and what leaving them out changes for some models, by key and name."""

    pairs: NearDuplicates
    keys: Sequence[str]
    names: Sequence[str]
    models: Sequence[Without]


@cache
def known_pairs() -> NearDuplicates:
    """Return the near-duplicates between test and training file, as they ship with the package."""
    document = json.loads((files("fmnist") / _FILE).read_text(encoding="utf-8"))
    rows = np.array([[row["test"], row["train"], row["distance"]] for row in document["pairs"]]).reshape(-1, 3)
    image, other = rows[:, :2].T.astype(np.int64)
    return NearDuplicates(image, other, rows[:, 2].astype(np.float32), float(document["limit"]))


def describe_pairs(pairs: NearDuplicates) -> dict[str, Any]:
    """Return near-duplicates for programs, and for the file that ships."""
    found = zip(pairs.image.tolist(), pairs.other.tolist(), pairs.distance.tolist(), strict=True)
    rows = [{"test": image, "train": other, "distance": round(apart, 4)} for image, other, apart in found]
    return {"limit": round(pairs.limit, 4), "pairs": rows}


def compute(models: Sequence[Contender]) -> Duplicates:
    """Compare the accuracy of models with and without the near-duplicates.

    Raises:
        InputError: if a model has no test predictions.
        RunError: if they cannot be read.
    """
    pairs = known_pairs()
    left_out = np.isin(np.arange(N_TEST), pairs.image)
    compared = [compare_without(correct_answers(model), left_out) for model in models]
    return Duplicates(pairs, [model.key for model in models], distinct_titles(models), compared)


def finding(duplicates: Duplicates) -> Finding:
    """Say how many test images have a near-duplicate, and what leaving them out changes at most."""
    count = len(duplicates.pairs.image)
    headline = f"{plural(count, 'test image')} have a near-duplicate among the 60,000 training images."
    if not duplicates.models:
        return Finding(headline)
    changes = [one.change for one in duplicates.models]
    least, most = signed_points(min(changes), 2), signed_points(max(changes), 2)
    amount = f"{least} points" if least == most else f"{least} to {most} points"
    return Finding(headline, f"Leaving them out changes the accuracy of these models by {amount}.")


def table(duplicates: Duplicates) -> Table:
    """Return each model's accuracy with the near-duplicates and without, in percent, and the change."""
    rows = [
        [key, name, *_in_percent(one), span(*one.interval, 3), *(100 * end for end in one.interval), one.right]
        for key, name, one in zip(duplicates.keys, duplicates.names, duplicates.models, strict=True)
    ]
    return Table(_COLUMNS, rows)


def _in_percent(one: Without) -> tuple[float, float, float]:
    return 100 * one.on_all, 100 * one.on_rest, 100 * one.change


def describe_pair(pairs: NearDuplicates, place: int) -> tuple[str, tuple[str, ...]]:
    """Return a pair's title and lines: its class, the numbers of its images, and their distance."""
    image, other = int(pairs.image[place]), int(pairs.other[place])
    train_labels, test_labels = official_labels()
    classes = dict.fromkeys([CLASS_NAMES[test_labels[image]], CLASS_NAMES[train_labels[other]]])
    split = "validation" if other in split_indices()[1] else "training"
    lines = (f"test {image:,}", f"{split} {other:,}", f"distance {pairs.distance[place]:.2f}")
    return " / ".join(classes), lines


def picture_pair(test: NDArray[np.uint8], train: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay two images, uint8 (28, 28), side by side with a line between them: (28, 57, 3)."""
    line = np.full((len(test), 1), 127, np.uint8)
    return np.concatenate([test, line, train], axis=1)[..., None].repeat(3, axis=2)
