"""Runs that were asked about images and their mirror images: `<store>/mirrored/<key>/` with the mean probabilities."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from msgspec import Meta

from fmnist.dataset import N_CLASSES, N_TEST, N_VALIDATION
from fmnist.evaluation.checks import check_predictions
from fmnist.runs.archive import ArchiveError, load_arrays
from fmnist.runs.layout import PREDICTIONS
from fmnist.runs.records import Moment
from fmnist.runs.run import RunError
from fmnist.runs.shelf import Shelf

SCHEMA = 1
START = "mirrored-"  # of the keys, before that of the run


@dataclass(frozen=True)
class MirroredRecord:
    """A run by its key, asked about images and mirror images; `created` is in seconds since 1970."""

    schema: int
    run: Annotated[str, Meta(min_length=1, max_length=200)]
    created: Moment
    name: Annotated[str, Meta(max_length=0)] = ""  # it is called after its run


MIRRORED = Shelf("mirrored", "mirrored.json", MirroredRecord, SCHEMA, "mirrored model")


def load_mirrored(directory: Path, labels: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the probabilities for the images of "val" and "test", float32 (n, 10) each.

    Args:
        directory: where they lie.
        labels: the true classes of both.

    Raises:
        RunError: if they are missing or damaged.
    """
    try:
        arrays = load_arrays(directory / PREDICTIONS)
        found = {part: arrays[f"{part}_probs"] for part in ("val", "test")}
        for part, count in (("val", N_VALIDATION), ("test", N_TEST)):
            if found[part].shape != (count, N_CLASSES):
                raise ValueError("another number of images")
            check_predictions(labels[part], found[part])
        return {part: probs.astype(np.float32) for part, probs in found.items()}
    except (ArchiveError, KeyError, ValueError) as error:
        raise RunError(f"{directory.name}: {PREDICTIONS} is damaged; mirror the run again.") from error
