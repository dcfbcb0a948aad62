"""How models were trained: the settings that they share, and those in which they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fmnist.contenders.of_runs import OfRuns
from fmnist.recipes.titles import SETTINGS
from fmnist.views.parts import Column, Table


@dataclass(frozen=True, eq=False)
class Settings:
    """The settings of several models as text, by title: those that all share, and those that differ.

    The values of `different` are in the order of `keys` and `titles`. The seeds are always among them.
    """

    keys: Sequence[str]
    titles: Sequence[str]
    shared: Mapping[str, str]
    different: Mapping[str, Sequence[str]]


def compute(contenders: Sequence[OfRuns]) -> Settings:
    """Compare the settings of contenders; the runs of one differ in their seed alone."""
    values = {
        setting.title: [setting.write(getattr(one.runs[0].config, name)) for one in contenders]
        for name, setting in SETTINGS.items()
    }
    shared = {title: column[0] for title, column in values.items() if len(set(column)) == 1}
    seeds = [", ".join(str(run.config.seed) for run in one.runs) for one in contenders]
    different = {"Seeds": seeds} | {title: column for title, column in values.items() if title not in shared}
    return Settings([one.key for one in contenders], [one.title for one in contenders], shared, different)


def table(settings: Settings, first: int = 0, last: int | None = None) -> Table:
    """Return one row for each setting that differs, with a column for each model, or for some of them in order."""
    chosen = slice(first, last)
    named = zip(settings.keys[chosen], settings.titles[chosen], strict=True)
    columns = [Column("Setting"), *(Column(title, key=key) for key, title in named)]
    return Table(columns, [[title, *values[chosen]] for title, values in settings.different.items()])
