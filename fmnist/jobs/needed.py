"""The finished runs that a training needs: its teachers, and the one from whose weights it starts."""

import os
from collections.abc import Iterable
from pathlib import Path

from fmnist.recipes.config import RunConfig
from fmnist.runs.reading import find_run
from fmnist.runs.run import CompleteRun, RunError


def check_needed(config: RunConfig) -> None:
    """See that the runs that a training needs are there.

    Raises:
        RunError: if one cannot be used; the message says what to do.
    """
    find_teachers(config)
    find_start(config)


def find_start(config: RunConfig) -> CompleteRun | None:
    """Return the run from whose weights a training starts, None where it starts from random ones.

    Raises:
        RunError: if it is not there, has kept no weights or is of another architecture.
    """
    if not config.start_from:
        return None
    run = _find_usable("The run to start from", config.start_from)
    if run.weights is None:
        raise RunError(f"{run.id} cannot be started from: its weights were not kept. Choose a run with weights.")
    if run.config.network != config.network:
        raise RunError(f"{run.id} cannot be started from: its layers differ. Choose a run of the same architecture.")
    return run


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
    served = _find_usable("A teacher", name).served
    if served is None:
        raise RunError(f"{name} cannot be a teacher: its weights were not kept. Choose a run with weights.")
    return served


def _find_usable(part: str, name: str) -> CompleteRun:
    try:
        return find_run(name)
    except RunError as error:
        raise RunError(f"{part} cannot be used. {error}") from error
