"""Predictions of validation images, and which images of the training file these are."""

import numpy as np

from fmnist.dataset import N_TRAIN, N_VALIDATION, split_indices
from fmnist.errors import InputError
from fmnist.imports.checks import Form, Part, Predictions, check_values
from fmnist.imports.values import Values

_ALL = N_TRAIN + N_VALIDATION  # images of the training file
_FEWEST_VALIDATED = 1_000  # below it a temperature would hardly be known


def check_validation(values: Values, form: Form | None) -> Part:
    """Return predictions of validation images: our 5,000, all 60,000 of the training file, or those at their positions.

    Raises:
        InputError: if they are none; the message goes on after the file's name.
    """
    rows = len(values.array) if values.array.ndim else 0
    _, ours = split_indices()
    if values.positions is not None:
        positions = _check_positions(values.positions, rows)
        return Part(check_values(values, len(positions), form), positions)
    if rows == _ALL:
        every = check_values(values, _ALL, form)
        probs = None if every.probs is None else every.probs[ours]
        return Part(Predictions(every.classes[ours], probs, every.form, every.notes), ours)
    if rows != N_VALIDATION:
        raise InputError(f"has {rows:,} rows: give {N_VALIDATION:,}, {_ALL:,}, or the positions of the images.")
    return Part(check_values(values, N_VALIDATION, form), ours)


def _check_positions(positions: np.ndarray, rows: int) -> np.ndarray:
    """Return positions in the training file, (n,)."""
    flat = np.asarray(positions).reshape(-1)
    whole = flat.dtype.kind in "buif" and np.isfinite(flat.astype(np.float64)).all() and (flat == flat.round()).all()
    if not whole or not len(flat) or flat.min() < 0 or flat.max() >= _ALL or len(np.unique(flat)) < len(flat):
        raise InputError(f"has positions that are not different numbers from 0 to {_ALL - 1:,}.")
    if len(flat) != rows or rows < _FEWEST_VALIDATED:
        raise InputError(f"has {rows:,} rows and {len(flat):,} positions: give at least {_FEWEST_VALIDATED:,} of each.")
    return flat.astype(np.int64)
