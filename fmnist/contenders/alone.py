"""What the kinds of contender have in common that are trained or put together once, so that no seeds tell of spread."""

from abc import abstractmethod
from dataclasses import replace

import numpy as np

from fmnist.contenders.base import OwnGroup
from fmnist.contenders.contender import Split
from fmnist.contenders.looks import Look, look_of


class Alone(OwnGroup):
    """A contender with one row of predictions and no architecture of the catalogue.

    Its intervals reflect the test images alone: another training would give another result.
    """

    @abstractmethod
    def labels(self, split: Split) -> np.ndarray | None:
        """Return the true classes of the images, (n,); None without predictions there."""

    @abstractmethod
    def probabilities(self, split: Split) -> np.ndarray | None:
        """Return the probabilities, float32 (1, n, 10), or None."""

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
