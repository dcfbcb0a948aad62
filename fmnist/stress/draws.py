"""The randomness of corruptions: each image has a generator of its own, so that every model sees the same pictures."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """Random numbers for a corruption of the images at some positions of the test set: `(n, *shape)` for each call.

    They depend neither on which other images are drawn with them nor on who asks.
    """

    seed: int
    kind: str
    severity: int
    positions: Sequence[int] | NDArray[np.integer[Any]]

    @cached_property
    def generators(self) -> list[np.random.Generator]:
        """One generator for each image; a corruption without noise makes none."""
        start = self.seed, zlib.crc32(self.kind.encode()), self.severity
        return [np.random.default_rng((*start, int(position))) for position in self.positions]

    def uniform(self, *shape: int) -> Floats:
        """Return numbers from 0 to 1."""
        return self._stack(lambda generator: generator.random(shape))

    def normal(self, *shape: int) -> Floats:
        """Return numbers of the standard normal distribution."""
        return self._stack(lambda generator: generator.standard_normal(shape))

    def integers(self, low: int, high: int, *shape: int) -> NDArray[np.int64]:
        """Return whole numbers from `low` to below `high`."""
        return np.stack([generator.integers(low, high, shape) for generator in self.generators])

    def signs(self) -> Floats:
        """Return −1 or 1 for each image, (n,)."""
        return np.asarray(2 * self.integers(0, 2) - 1, float)

    def poisson(self, rates: Floats) -> Floats:
        """Return Poisson numbers of these rates (n, …)."""
        pairs = zip(self.generators, rates, strict=True)
        return np.stack([np.asarray(generator.poisson(rate), float) for generator, rate in pairs])

    def _stack(self, draw: Callable[[np.random.Generator], Floats]) -> Floats:
        return np.stack([draw(generator) for generator in self.generators])
