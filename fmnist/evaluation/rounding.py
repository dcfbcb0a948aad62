"""Round probabilities without changing what is predicted."""

import numpy as np


def round_probabilities(probs: np.ndarray, dtype: type[np.floating]) -> np.ndarray:
    """Round probabilities (n, k) to a smaller type; where that makes a tie, the first choice stays the first."""
    rounded, rows, chosen = probs.astype(dtype), np.arange(len(probs)), probs.argmax(axis=1)
    tied = rounded.argmax(axis=1) != chosen
    rounded[rows[tied], chosen[tied]] = np.nextafter(rounded[tied].max(axis=1), dtype(2))
    return rounded
