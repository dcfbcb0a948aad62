"""How far a training has come, how fast it is and how long it will still take, from what its process has told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Epoch, Status

_RECENT_EPOCHS = 3
_SHORTEST_SECONDS = 3.0  # the first steps are slow, and two beats of the heart say little


@dataclass(frozen=True)
class Progress:
    """Where a training is: `epoch` counts from 1, `fraction` of all steps is from 0 to 1.

    `images_per_second` and `seconds_left` are None until the speed is known. Validation counts in both from the second
    epoch on; early stopping can only make the time shorter.
    """

    epoch: int
    fraction: float
    images_per_second: float | None
    seconds_left: float | None


def measure_progress(
    config: RunConfig, status: Status, history: Sequence[Epoch], earlier: Status | None = None
) -> Progress:
    """Return how far a running training is.

    Args:
        config: what is trained.
        status: the newest that was told.
        history: the finished epochs, whose clock gives the speed.
        earlier: an older status of the same epoch: the steps since then give the speed in the first two epochs, as the
            clock of the first says little while the network is still being compiled.
    """
    steps = math.ceil(config.train_limit / config.batch_size)
    done = len(history) + min(status.step / steps, 1.0)
    epoch_seconds = _epoch_seconds(status, history, earlier, steps)
    return Progress(
        epoch=min(len(history) + 1, config.epochs),
        fraction=min(done / config.epochs, 1.0),
        images_per_second=config.train_limit / epoch_seconds if epoch_seconds else None,
        seconds_left=max(config.epochs - done, 0.0) * epoch_seconds if epoch_seconds else None,
    )


def _epoch_seconds(status: Status, history: Sequence[Epoch], earlier: Status | None, steps: int) -> float | None:
    settled = history[1:][-_RECENT_EPOCHS:]  # in the first epoch the network is still being compiled
    if settled:
        return median(epoch.seconds for epoch in settled)
    return _seconds_by_steps(status, earlier, steps) or (history[0].seconds if history else None)


def _seconds_by_steps(status: Status, earlier: Status | None, steps: int) -> float | None:
    if earlier is None or earlier.heartbeat is None or status.heartbeat is None:
        return None
    steps_since, seconds_since = status.step - earlier.step, status.heartbeat - earlier.heartbeat
    return steps * seconds_since / steps_since if steps_since > 0 and seconds_since > _SHORTEST_SECONDS else None
