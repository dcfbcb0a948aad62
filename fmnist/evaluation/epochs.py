"""What a network learns and forgets from epoch to epoch."""

from dataclasses import dataclass

import numpy as np

from fmnist.evaluation.checks import check_correct


@dataclass(frozen=True, eq=False)
class Changes:
    """Which of n images were learned or forgotten in each of e epochs, bool (e, n) each.

    `learned` are wrong in the epoch before and right in this one, `forgotten` the other way round (Toneva et al. 2019);
    before the first epoch there is none to compare with. `never` are wrong in this epoch and in all before it.
    """

    learned: np.ndarray
    forgotten: np.ndarray
    never: np.ndarray


def compare_epochs(correct: np.ndarray) -> Changes:
    """Compare each epoch with the one before it.

    Args:
        correct: which images are classified correctly after each epoch, bool (e, n).

    Raises:
        ValueError: unless the array is boolean, with at least one epoch and one image.
    """
    correct = check_correct(correct)
    before = np.concatenate([correct[:1], correct[:-1]])
    return Changes(correct & ~before, ~correct & before, ~np.logical_or.accumulate(correct))
