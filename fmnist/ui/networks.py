"""Networks: the runs that differ in nothing but the seed, under one name."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from fmnist.records import Evaluation, RunConfig
from fmnist.runs import Run
from fmnist.training.recipes import RECIPES
from fmnist.ui.choices import network_name

_SETTINGS = {
    "epochs": lambda value: f"at most {value} epochs",
    "batch_size": lambda value: f"batches of {value}",
    "learning_rate": lambda value: f"learning rate {value:g}",
    "patience": lambda value: f"patience {value}" if value else "no early stopping",
    "keep": lambda value: f"{value} weights",
    "train_limit": lambda value: f"{value:,} images",
}


@dataclass(frozen=True)
class Network:
    """A network as it was trained: its key in the URL, its name, and its runs, one a seed."""

    key: str
    name: str
    model: str
    runs: tuple[Run, ...]

    @property
    def evaluations(self) -> list[Evaluation]:
        """The evaluations of its runs."""
        return [run.evaluation for run in self.runs if run.evaluation is not None]


def group_networks(runs: Iterable[Run]) -> list[Network]:
    """Return the networks of readable runs, in the order of their first run.

    Runs belong together when network, recipe and every setting but the seed are the same and none of them was stopped;
    a training that departs from its recipe carries that in its name. A seed counts once, with its first run: a
    repetition is no independent one.
    """
    groups: dict[str, dict[int, Run]] = {}
    for run in runs:
        if run.config is not None:
            groups.setdefault(_key(run, run.config), {}).setdefault(run.config.seed, run)
    return [_build_network(key, by_seed) for key, by_seed in groups.items()]


def _build_network(key: str, by_seed: dict[int, Run]) -> Network:
    runs = tuple(by_seed[seed] for seed in sorted(by_seed))
    config = runs[0].config
    assert config is not None  # noqa: S101
    notes = [_SETTINGS[name](value) for name, value in _departures(config).items()]
    notes += ["stopped"] if runs[0].state == "stopped" else []
    return Network(key, ", ".join([network_name(config.model, config.recipe), *notes]), config.model, runs)


def _key(run: Run, config: RunConfig) -> str:
    departures = [f"{name}={value}" for name, value in _departures(config).items()]
    return ":".join([config.model, config.recipe, *departures, *(["stopped"] if run.state == "stopped" else [])])


def _departures(config: RunConfig) -> dict[str, object]:
    """Return the settings in which a configuration is not what its recipe says; all of them for an unknown recipe."""
    recipe = RECIPES.get(config.recipe)
    usual = asdict(recipe.configure(config.model, config.seed)) if recipe else {}
    return {name: value for name, value in asdict(config).items() if name in _SETTINGS and usual.get(name) != value}
