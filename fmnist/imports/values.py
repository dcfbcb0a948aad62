"""The numbers of a file before anything is known about them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Values:
    """An array as a file holds it, in the order of its rows.

    `numbers` are the row numbers of a sheet and say in which order its rows belong, `positions` those of the images in
    the training file; each (n,) or None. `notes` are sentences on what was found while reading.
    """

    array: np.ndarray
    numbers: np.ndarray | None = None
    positions: np.ndarray | None = None
    notes: tuple[str, ...] = ()
