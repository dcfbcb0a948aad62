"""The finished runs that a training learns from, each with the network that answers."""

import os
from collections.abc import Iterable
from pathlib import Path

from fmnist.recipes.config import RunConfig
from fmnist.runs.reading import find_run
from fmnist.runs.run import RunError


def find_teachers(config: RunConfig) -> list[Path]:
    """Return the served networks of a configuration's teachers, in their order.

    Raises:
        RunError: if one is not there, has no results or has kept no weights; the message says what to do.
    """
    return [_find_served(name) for name in config.teachers]


def asking_seconds(config: RunConfig) -> float:
    """Return how long the teachers take to answer about every view of the training images; 0 where one is not there."""
    try:
        runs = [find_run(name) for name in config.teachers]
    except RunError:
        return 0.0
    answers = config.views * config.train_limit / answering()
    return sum(run.evaluation.latency_ms for run in runs) / 1000 * answers


def answering() -> int:
    """Return how many copies of a teacher answer at a time."""
    return os.cpu_count() or 1


def name_teachers(configs: Iterable[RunConfig]) -> set[str]:
    """Return the keys of all teachers of some configurations."""
    return {name for config in configs for name in config.teachers}


def _find_served(name: str) -> Path:
    try:
        served = find_run(name).served
    except RunError as error:
        raise RunError(f"A teacher cannot be used. {error}") from error
    if served is None:
        raise RunError(f"{name} cannot be a teacher: its weights were not kept. Choose a run with weights.")
    return served
