"""Several files of one model: each is a seed, and a row of its predictions."""

from collections.abc import Sequence

import numpy as np

from fmnist.errors import InputError
from fmnist.imports.checks import Form, Part, Predictions

_MIXED = "Some of the files hold labels alone, so probabilities of the others are left out."


def stack_predictions(seeds: Sequence[Predictions]) -> tuple[Predictions, list[str]]:
    """Return the predictions of several files as one: classes (files, n), and probabilities (files, n, 10) if all have.

    The second value are sentences on what was left out.
    """
    classes = np.stack([one.classes for one in seeds])
    probs = [one.probs for one in seeds if one.probs is not None]
    if len(probs) < len(seeds):
        return Predictions(classes, None, "labels"), [_MIXED] * bool(probs)
    form: Form = "logits" if any(one.form == "logits" for one in seeds) else "probabilities"
    return Predictions(classes, np.stack(probs), form), []


def stack_validation(seeds: Sequence[Part | None]) -> Part | None:
    """Return the validation predictions of several files as one, None without any.

    Raises:
        InputError: if only some of the files have them, or for different images.
    """
    parts = [part for part in seeds if part is not None]
    if not parts:
        return None
    first = parts[0].positions
    if len(parts) < len(seeds) or any(not np.array_equal(part.positions, first) for part in parts):
        raise InputError("Give predictions of the same validation images in each of the files, or in none.")
    return Part(stack_predictions([part.predictions for part in parts])[0], first)
