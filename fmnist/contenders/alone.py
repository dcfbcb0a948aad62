"""What the kinds of contender have in common that are trained or put together once, so that no seeds tell of spread."""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import replace

import numpy as np

from fmnist.contenders.contender import FASHION_MNIST, Split
from fmnist.contenders.looks import Look, look_of


class Alone(ABC):
    """A contender with one row of predictions and no architecture of the catalogue.

    Its intervals reflect the test images alone: another training would give another result.
    """

    kind: str

    @property
    @abstractmethod
    def key(self) -> str:
        """The stable identity."""

    @property
    @abstractmethod
    def title(self) -> str:
        """The full name."""

    @property
    @abstractmethod
    def version(self) -> Hashable:
        """Changes whenever its results do."""

    @abstractmethod
    def labels(self, split: Split) -> np.ndarray | None:
        """Return the true classes of the images, (n,); None without predictions there."""

    @abstractmethod
    def probabilities(self, split: Split) -> np.ndarray | None:
        """Return the probabilities, float32 (1, n, 10), or None."""

    @property
    def short_title(self) -> str:
        """The same as the title."""
        return self.title

    @property
    def group(self) -> str:
        """Its own key."""
        return self.key

    @property
    def group_title(self) -> str:
        """Its own title."""
        return self.title

    @property
    def architecture(self) -> str:
        """Empty: not one of the catalogue."""
        return ""

    @property
    def recipe(self) -> str:
        """Empty: not one of the catalogue."""
        return ""

    @property
    def look(self) -> Look:
        """A free colour and marker of its own; dashes are for recipes."""
        return replace(look_of(self.key, self.kind), dash="solid")

    @property
    def test_set(self) -> str:
        """The key of its test set."""
        return FASHION_MNIST
