"""What a run is: complete, unfinished or broken, and never one type full of None."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import SERVED, UNTRAINED, WEIGHTS
from fmnist.runs.records import Evaluation, State, Status

HEARTBEAT_SECONDS = 2.0
STALE_SECONDS = 30.0
AHEAD_SECONDS = 3600.0  # by which another machine's clock may be ahead
STARTING_SECONDS = 120.0  # on a busy machine TensorFlow alone can take half a minute to import

Stamp = tuple[int, ...]


class RunError(Exception):
    """A run cannot be read or used; the message says which one and why."""


@dataclass(frozen=True)
class _Located:
    """A run's directory; `stamp` changes whenever a file in it is written, and keys whatever is cached of the run."""

    directory: Path
    stamp: Stamp = field(default=(), kw_only=True, compare=False)

    @property
    def id(self) -> str:
        """The run's key: the name of its directory."""
        return self.directory.name


@dataclass(frozen=True)
class BrokenRun(_Located):
    """A run that cannot be read; `problem` says why, in words."""

    problem: str

    @property
    def state(self) -> Literal["broken"]:
        """The state that lists show."""
        return "broken"

    @property
    def reason(self) -> str:
        """What is wrong with it."""
        return self.problem


@dataclass(frozen=True)
class _Readable(_Located):
    config: RunConfig
    status: Status
    recipe_settings: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    environment: Mapping[str, Any] = field(default_factory=dict, kw_only=True)

    @property
    def state(self) -> State | Literal["lost"]:
        """The recorded state; `lost` where the training process gives no sign of life.

        A heartbeat from the future comes from a machine whose clock is wrong; far ahead it would count for ever.
        """
        patience = STARTING_SECONDS if self.status.phase == "starting" else STALE_SECONDS
        silence = time.time() - (self.status.heartbeat or 0)
        lost = self.status.state == "running" and not -AHEAD_SECONDS <= silence <= patience
        return "lost" if lost else self.status.state

    @property
    def reason(self) -> str:
        """Why the training failed or diverged, in words."""
        return self.status.reason

    @property
    def weights(self) -> Path | None:
        """The Keras file, where the weights were kept."""
        return _existing(self.directory / WEIGHTS)

    @property
    def served(self) -> Path | None:
        """The LiteRT file, where the weights were kept."""
        return _existing(self.directory / SERVED)

    @property
    def untrained(self) -> Path | None:
        """The LiteRT file of the network before its training, where it was made."""
        return _existing(self.directory / UNTRAINED)


@dataclass(frozen=True)
class UnfinishedRun(_Readable):
    """A run without results: queued, in training, diverged, ended before it was evaluated, or a trial of a search."""


@dataclass(frozen=True)
class CompleteRun(_Readable):
    """A run with results, which can be compared; a stopped run that was resumed keeps those of the stop."""

    evaluation: Evaluation


ReadableRun = UnfinishedRun | CompleteRun
Run = BrokenRun | ReadableRun


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None
