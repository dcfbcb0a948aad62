"""The runs that differ only in their seed, as one contender."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from fmnist.contenders.base import OwnGroup
from fmnist.contenders.keys import departures_of, early_end, group_key, other_layers, settings_of
from fmnist.contenders.kind import Kind, Listing
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.titles import group_title
from fmnist.recipes.config import RunConfig
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun, ReadableRun, Run, RunError


class SeedGroup(OwnGroup, OfRuns):
    """The runs of an architecture with one set of settings, one run a seed, in the order of their seeds.

    `departing` holds the settings that are not the recipe's own.
    """

    kind = "seed group"

    def __init__(self, key: str, runs: Sequence[ReadableRun], departing: dict[str, Any]) -> None:
        super().__init__(runs)
        self._key, self.departing = key, departing

    @property
    def key(self) -> str:
        """The key, as in "deeper_cnn:tuned", or "deeper_cnn:tuned@5c1e90ab" where settings depart from the recipe's."""
        return self._key

    @property
    def title(self) -> str:
        """The name, as in "Deeper CNN (tuned)"."""
        return group_title(self.runs[0].config, self.departing)


def group_seeds(runs: Iterable[ReadableRun]) -> list[SeedGroup]:
    """Return the seed groups of runs, in the order of their first run.

    Runs belong together when architecture, recipe and every setting but the seed are the same and none was stopped or
    diverged. A seed counts once, with its first run: a repetition is not independent. Should a recipe have changed, the
    runs made before keep the plain key and those made after carry the hash of their settings.
    """
    groups: dict[tuple[str, ...], dict[int, ReadableRun]] = {}
    for run in runs:
        groups.setdefault(_identity(run), {}).setdefault(run.config.seed, run)
    found: dict[str, SeedGroup] = {}
    for by_seed in groups.values():
        members = [by_seed[seed] for seed in sorted(by_seed)]
        first = next(iter(by_seed.values()))
        departing = _departing(first)
        key = group_key(first.config.model, first.config.recipe, departing)
        if key in found:
            key = group_key(first.config.model, first.config.recipe, settings_of(first) | departing)
        found[key] = SeedGroup(key, members, departing)
    return list(found.values())


def list_groups(runs: Iterable[Run]) -> list[SeedGroup]:
    """Return the seed groups of the complete runs among these."""
    return group_seeds(run for run in runs if isinstance(run, CompleteRun))


def _list_all() -> Listing:
    return Listing(list_groups(list_runs()))  # broken runs are told of as runs


def _find(key: str) -> SeedGroup | None:
    if ":" not in key:
        return None
    found = next((group for group in list_groups(list_runs()) if group.key == key), None)
    if found is None:
        raise RunError(f"There is no finished run of {key!r}. `python -m fmnist models` lists the models there are.")
    return found


def _identity(run: ReadableRun) -> tuple[str, ...]:
    return _write_without_seed(run.config), other_layers(run), early_end(run)


@lru_cache(maxsize=10_000)  # every page groups all runs, of which there may be a thousand
def _write_without_seed(config: RunConfig) -> str:
    return json.dumps([config.model, config.recipe, config.settings], sort_keys=True)


def _departing(run: ReadableRun) -> dict[str, Any]:
    end = early_end(run)
    return departures_of(run) | ({end: True} if end else {})


KIND = Kind(SeedGroup.kind, _list_all, _find)
