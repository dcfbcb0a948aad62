"""Contenders with chosen test predictions and no file behind them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fmnist.contenders.looks import Look, look_of


@dataclass(frozen=True, eq=False)
class MadeUp:
    """A contender of chosen labels (n,) and probabilities (replicates, n, 10), or of predicted classes alone."""

    short_title: str
    truth: np.ndarray
    predicted: np.ndarray
    probs: np.ndarray | None = None
    title: str = ""
    architecture: str = "ann"
    test_set: str = "made up"

    @property
    def key(self) -> str:
        return f"key-of-{self.short_title}"

    @property
    def version(self) -> int:
        return id(self)

    @property
    def look(self) -> Look:
        return look_of(self.architecture, "tuned")

    def labels(self, split: str) -> np.ndarray:
        return {"test": self.truth}[split]

    def classes(self, split: str) -> np.ndarray:
        return {"test": self.predicted}[split]

    def probabilities(self, split: str) -> np.ndarray | None:
        return {"test": self.probs}[split]


def contender_of_counts(name: str, counts: np.ndarray, **settings: Any) -> MadeUp:
    """Return a contender with this confusion matrix, int (10, 10), known by its classes alone."""
    cells = np.repeat(np.arange(100), counts.ravel())
    return MadeUp(name, cells // 10, (cells % 10)[None], **settings)


def contender_of_probs(name: str, labels: np.ndarray, probs: np.ndarray, **settings: Any) -> MadeUp:
    """Return a contender with one row of probabilities (n, 10)."""
    return MadeUp(name, labels, probs.argmax(axis=1)[None], probs[None].astype(np.float32), **settings)
