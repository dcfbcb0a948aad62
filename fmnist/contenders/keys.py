"""Stable identities: a seed group is named by architecture and recipe, and by a hash of the settings that depart."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.architectures.notation import write_layers
from fmnist.runs.run import CompleteRun, ReadableRun

_CONDITION = re.compile(r"([a-z][a-z0-9_]*):([a-z][a-z0-9_]*)")
_HASH_DIGITS = 8


class Condition(NamedTuple):
    """An architecture with a recipe's own settings: a cell of the grid that crosses the two."""

    architecture: str
    recipe: str

    @property
    def key(self) -> str:
        """The key of its seed group."""
        return f"{self.architecture}:{self.recipe}"


def parse_condition(key: str) -> Condition | None:
    """Return the condition that a contender's key stands for, or None for any other key."""
    match = _CONDITION.fullmatch(key)
    return Condition(*match.groups()) if match else None


def settings_of(run: ReadableRun) -> dict[str, Any]:
    """Return all settings of a run: its configuration without architecture, recipe and seed."""
    return run.config.settings


def departures_of(run: ReadableRun) -> dict[str, Any]:
    """Return the settings in which a run departs from its recipe, as that was when the run was made.

    With its layers, where they are not those that the catalogue has under its architecture's key. All settings where
    the recipe is not known.
    """
    usual = run.recipe_settings
    settings = {name: value for name, value in settings_of(run).items() if name not in usual or usual[name] != value}
    other = other_layers(run)
    return settings | ({"layers": other} if other else {})


def other_layers(run: ReadableRun) -> str:
    """Return the layers of a run in short, where its architecture is in the catalogue with others; else nothing."""
    config, known = run.config, ARCHITECTURES.get(run.config.model)
    return write_layers(config.layers) if config.layers and known and config.layers != known.layers else ""


def early_end(run: ReadableRun) -> Literal["", "stopped", "diverged"]:
    """Return how a run that is told apart from its network ended early: it diverged, or its results are of a stop.

    A stopped run that was resumed keeps those results until it ends.
    """
    if run.state == "diverged":
        return "diverged"
    return "stopped" if isinstance(run, CompleteRun) and run.state != "finished" else ""


def group_key(architecture: str, recipe: str, departing: Mapping[str, Any]) -> str:
    """Return the key of a seed group, as in "deeper_cnn:tuned" or "deeper_cnn:tuned@5c1e90ab"."""
    key = Condition(architecture, recipe).key
    if not departing:
        return key
    text = json.dumps(departing, sort_keys=True)
    return f"{key}@{hashlib.sha256(text.encode()).hexdigest()[:_HASH_DIGITS]}"
