"""Contenders with chosen answers, made in memory: what a view takes, without a run on disk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from fmnist.contenders.contender import FASHION_MNIST, Costs, Training
from fmnist.contenders.keys import parse_condition
from fmnist.contenders.looks import Look, look_of

COSTS = Costs(params=1_000, file_bytes=2_000_000, train_seconds=60.0, latency_ms=0.1)


@dataclass(frozen=True)
class MadeContender:
    """A contender that classifies the first `rights` of its test images correctly, one number a replicate."""

    key: str
    rights: Sequence[int]
    title: str = ""
    images: int = 1_000
    members: tuple[str, ...] = ()
    price: Costs = COSTS
    test_loss: float | None = 0.25
    test_set: str = FASHION_MNIST
    version: int = 0
    group: str = field(default="", init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title or f"the {self.key}")
        object.__setattr__(self, "members", self.members or (self.key,))
        object.__setattr__(self, "group", self.key)

    @property
    def short_title(self) -> str:
        return self.title

    @property
    def group_title(self) -> str:
        return self.title

    @property
    def architecture(self) -> str:
        condition = parse_condition(self.key)
        return condition.architecture if condition else ""

    @property
    def recipe(self) -> str:
        condition = parse_condition(self.key)
        return condition.recipe if condition else ""

    @property
    def look(self) -> Look:
        return look_of(self.architecture, self.recipe)

    def labels(self, split: Literal["validation", "test"]) -> np.ndarray | None:
        return np.zeros(self.images, np.uint8) if split == "test" else None

    def classes(self, split: Literal["validation", "test"]) -> np.ndarray | None:
        if split != "test" or not self.rights:
            return None
        return np.stack([(np.arange(self.images) >= right).astype(np.uint8) for right in self.rights])

    def probabilities(self, split: Literal["validation", "test"]) -> None:
        return None

    def costs(self) -> Costs:
        return self.price

    def trainings(self) -> Sequence[Training]:
        return ()
