"""Contenders with chosen test predictions and no file behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fmnist.contenders.contender import Costs
from fmnist.contenders.keys import parse_condition
from fmnist.contenders.looks import Look, look_of

COSTS = Costs(params=1_000, file_bytes=2_000_000, train_seconds=60.0, latency_ms=0.1)


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
    key: str = ""
    recipe: str = "tuned"
    kind: str = "run"
    members: tuple[str, ...] = ()
    price: Costs = COSTS
    test_loss: float | None = 0.25

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or f"key-of-{self.short_title}")
        object.__setattr__(self, "members", self.members or (self.key,))

    @property
    def version(self) -> int:
        return id(self)

    @property
    def group(self) -> str:
        return self.key

    @property
    def look(self) -> Look:
        return look_of(self.architecture, self.recipe)

    def costs(self) -> Costs:
        return self.price

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


def contender_of_rights(
    key: str, rights: Sequence[int], title: str = "", images: int = 1_000, **settings: Any
) -> MadeUp:
    """Return a contender whose replicates classify the first so many of their test images correctly.

    Architecture and recipe are those that the key names.
    """
    condition = parse_condition(key) or ("", "")
    predicted = np.stack([(np.arange(images) >= right).astype(np.uint8) for right in rights])
    made = MadeUp(title or f"the {key}", np.zeros(images, np.uint8), predicted, title=title or f"the {key}", key=key)
    kind = "seed group" if parse_condition(key) else "run"
    return replace(made, architecture=condition[0], recipe=condition[1], **{"kind": kind, **settings})
