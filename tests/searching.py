"""Small studies, and searches that are cut off as a kill does."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pkgutil import resolve_name
from typing import Any, NoReturn

import pytest
from conftest import PROJECT

from fmnist.search.loop import run_search
from fmnist.search.records import SCHEMA, StudyRecord
from fmnist.search.space import Dimension, Space, Value
from fmnist.search.store import Study, create_study

RATES = (0.1, 0.01, 0.001)


def tiny_space(epochs: int = 2, rates: Sequence[float] = RATES, train_limit: int = 100) -> Space:
    """Describe trials that take a moment: four steps an epoch."""
    settings: dict[str, Value] = {"epochs": epochs, "batch_size": 25}
    return Space("ann", "textbook", (Dimension("learning_rate", tuple(rates)),), settings, train_limit)


def tiny_study(space: Space | None = None, **changes: Any) -> Study:
    """Store a study of trials that take a moment, a grid of three learning rates."""
    known: dict[str, Any] = {"sampler": "grid", "pruner": "none", "most_trials": 10} | changes
    return create_study(StudyRecord(SCHEMA, "Tiny", 0.0, space or tiny_space(), **known))


def start_searcher(study: Study) -> subprocess.Popen[bytes]:
    """Start a process that searches a study."""
    command = [sys.executable, "-m", "fmnist", "search", "run", study.key]
    return subprocess.Popen(command, cwd=PROJECT, env=dict(os.environ), stderr=subprocess.DEVNULL)


class _CutOff(BaseException):
    """Ends a search as a kill does: nothing catches it."""


def cut_off_search(study: Study, function: str, *, after: bool = False, calls: int = 1) -> None:
    """Search in this process until a function is called for that time, and leave all as a kill right then would."""
    original, made = resolve_name(function), iter(range(1, calls))

    def cut(*arguments: Any, **options: Any) -> Any:
        if next(made, None) is not None:
            return original(*arguments, **options)
        if after:
            original(*arguments, **options)
        return _cut()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(function, cut)
        with pytest.raises(_CutOff):
            run_search(study.key)


def _cut() -> NoReturn:
    raise _CutOff
