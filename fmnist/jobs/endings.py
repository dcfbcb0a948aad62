"""What ends a training before its last epoch, other than a stop: its run is gone, or its loss is no number any more."""

import math
import shutil
from collections.abc import Mapping
from pathlib import Path

from fmnist.runs.layout import CONFIG, lock_path

_MOST = 1e6  # of a loss that is recorded: far above that of any training that still learns


class RunGoneError(Exception):
    """The run that is being trained was removed, or is not this process's any more."""


class DivergedError(Exception):
    """The loss has become infinite or no number at all; the message says where and what may help."""


class Presence:
    """Tells whether a run's directory is still the one in which its training began."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._began = self._look()

    def expect(self) -> None:
        """Check that configuration and lock are there, the same lock as at first.

        Without its lock file a run looks as if nobody trained it, and another process may begin to.

        Raises:
            RunGoneError: if they are not.
        """
        if not (self._directory / CONFIG).exists():
            raise RunGoneError(f"{self._directory} was removed during the training.")
        if self._look() != self._began:
            raise RunGoneError("The run's directory or its lock was replaced during the training, so it ended.")

    def clear(self) -> None:
        """Remove a directory that was written anew, as Keras does, after the run's own had been removed."""
        replaced = _identify(self._directory) not in (None, self._began[0])
        if replaced and not (self._directory / CONFIG).exists():
            shutil.rmtree(self._directory, ignore_errors=True)

    def _look(self) -> tuple[tuple[int, int] | None, ...]:
        return _identify(self._directory), _identify(lock_path(self._directory))


def check_measured(epoch: int, measured: Mapping[str, float]) -> None:
    """Check that what was measured in an epoch, which counts from 1, are numbers that can be recorded.

    Raises:
        DivergedError: if one of them is not.
    """
    for name, number in measured.items():
        if not 0 <= number <= _MOST:
            how = "infinite" if math.isinf(number) else "over a million" if number > _MOST else "not a number (NaN)"
            raise DivergedError(f"The {name} was {how} in epoch {epoch}. A lower learning rate may help.")


def _identify(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one that takes its place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
