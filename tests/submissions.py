"""Files of predictions as people export them, with chosen accuracies."""

import io
from typing import Any

import numpy as np

from fmnist.dataset import official_labels
from fmnist.imports.formats import Upload


def predicted_classes(right: int, seed: int = 0, labels: np.ndarray | None = None) -> np.ndarray:
    """Return classes (n,) that agree with the labels, by default the test labels, on exactly so many images."""
    rng = np.random.default_rng(seed)
    true = official_labels()[1] if labels is None else labels
    wrong = rng.permutation(len(true))[right:]
    classes = true.astype(np.int64)
    classes[wrong] = (classes[wrong] + rng.integers(1, 10, len(wrong))) % 10
    return classes


def logits_of(classes: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return logits (n, 10) whose largest is that of each class."""
    scores = np.random.default_rng(seed).normal(0, 1, (len(classes), 10))
    scores[np.arange(len(classes)), classes] = scores.max(axis=1) + 1.5
    return scores


def probs_of(classes: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return probabilities (n, 10) whose largest is that of each class."""
    powers = np.exp(logits_of(classes, seed))
    return powers / powers.sum(axis=1, keepdims=True)


def npy(array: np.ndarray, name: str = "team.npy", **options: Any) -> Upload:
    """Return an array as an uploaded `.npy` file."""
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return Upload(name, buffer.getvalue())


def npz(name: str = "team.npz", **arrays: np.ndarray) -> Upload:
    """Return arrays as an uploaded `.npz` file."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]  # the stub takes the names for options
    return Upload(name, buffer.getvalue())


def text(content: str, name: str = "team.csv") -> Upload:
    """Return text as an uploaded file."""
    return Upload(name, content.encode())
