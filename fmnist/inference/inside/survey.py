"""Which of many images excite each channel of a network most, and which channels none of them excites."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from fmnist.inference.inside.network import OpenNetwork

N_STRONGEST = 9
SAMPLE = 1_000
"""How many images are looked at unless all are asked for: those at every tenth place."""
_STEP = 50


@dataclass(frozen=True, eq=False)
class Excitement:
    """What a stage makes of the images looked at so far.

    `images` and `peaks`, both (channels, 9), are the images with the largest value of each channel, the largest first,
    and these values; -1 and minus infinity where there are fewer images. `active` (channels,) counts the images in
    which a channel has a value above zero anywhere.
    """

    images: NDArray[np.int64]
    peaks: NDArray[np.float32]
    active: NDArray[np.int64]


class Survey:
    """A look at many images, which goes on where it was left; safe to share between threads."""

    def __init__(self, opened: OpenNetwork, images: NDArray[np.uint8]) -> None:
        self._opened, self._images, self._lock = opened, images, Lock()
        every = np.arange(len(images))
        stride = max(1, len(images) // SAMPLE)
        self._order = np.concatenate([every[::stride], every[every % stride != 0]])
        channels = [stage.maps.shape[-1] for row in opened.stages for stage in row]
        self._found = [
            Excitement(
                np.full((count, N_STRONGEST), -1),
                np.full((count, N_STRONGEST), -np.inf, np.float32),
                np.zeros(count, np.int64),
            )
            for count in channels
        ]
        self.done = 0

    @property
    def total(self) -> int:
        """How many images there are."""
        return len(self._images)

    def advance(self, until: int, tell: Callable[[int], None]) -> None:
        """Look at further images until so many are done; `tell` hears how many after each few, and may raise."""
        until = min(until, self.total)
        while self.done < until:
            with self._lock:
                places = self._order[self.done : min(self.done + _STEP, until)]
                if len(places):
                    self._look_at(places)
                    self.done += len(places)
            tell(self.done)

    def found(self, stage: int) -> Excitement:
        """Return what is known of a stage, counted over all layers."""
        return self._found[stage]

    def _look_at(self, places: NDArray[np.int64]) -> None:
        seen = [self._opened.outputs(self._images[place]) for place in places]
        for stage, known in enumerate(self._found):
            peaks = [outputs[stage].reshape(-1, len(known.active)).max(axis=0) for outputs in seen]
            self._found[stage] = _merge(known, places, np.stack(peaks, axis=1))


def _merge(known: Excitement, places: NDArray[np.int64], peaks: NDArray[np.float32]) -> Excitement:
    """Add images with their peaks, (channels, images), to what is known."""
    images = np.concatenate([known.images, np.broadcast_to(places, peaks.shape)], axis=1)
    every = np.concatenate([known.peaks, peaks], axis=1)
    best = np.argsort(-every, axis=1, kind="stable")[:, :N_STRONGEST]
    active = known.active + (peaks > 0).sum(axis=1)
    return Excitement(np.take_along_axis(images, best, 1), np.take_along_axis(every, best, 1), active)
