"""Networks: the runs that differ in nothing but the seed, under one name."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.evaluation.factors import Cell
from fmnist.runs.reading import Run, RunError, find_run, list_runs
from fmnist.runs.records import Evaluation, RunConfig
from fmnist.training.recipes import RECIPES

TITLES = {name: known.title for name, known in (ARCHITECTURES | RECIPES).items()}
REFERENCE = Cell("basic_cnn", "textbook")

_SETTINGS: dict[str, Callable[[Any], str]] = {
    "epochs": lambda value: f"at most {value} epoch{'s' * (value > 1)}",
    "batch_size": lambda value: f"batches of {value}",
    "learning_rate": lambda value: f"learning rate {value:g}",
    "patience": lambda value: f"patience {value}" if value else "no early stopping",
    "keep": lambda value: f"{value} weights",
    "train_limit": lambda value: f"{value:,} images",
    "schedule": lambda value: f"{value} learning rate",
    "warmup_epochs": lambda value: f"warm-up of {value} epoch{'s' * (value != 1)}" if value else "no warm-up",
    "weight_decay": lambda value: f"weight decay {value:g}" if value else "no weight decay",
    "label_smoothing": lambda value: f"label smoothing {value:g}" if value else "no label smoothing",
    "average": lambda value: f"weights averaged with {value:g}" if value else "no average of the weights",
    "mirror": lambda value: "mirroring" if value else "no mirroring",
    "shift": lambda value: f"shifts up to {value} px" if value else "no shifts",
    "erase": lambda value: f"erasing {value:.0%}" if value else "no erasing",
    "drawn": lambda value: f"{value:.0%} as drawings" if value else "no drawings",
    "photographed": lambda value: f"{value:.0%} as photographs" if value else "no photographs",
}


@dataclass(frozen=True)
class Network:
    """A network as it was trained: its name, the architecture, and its runs, one a seed."""

    name: str
    model: str
    runs: tuple[Run, ...]

    @property
    def evaluations(self) -> list[Evaluation]:
        """The evaluations of its runs."""
        return [run.evaluation for run in self.runs if run.evaluation is not None]


def network_name(model: str, recipe: str) -> str:
    """Return the name of a network by a recipe, as in "Deeper CNN (textbook)"."""
    title = ARCHITECTURES[model].title if model in ARCHITECTURES else model
    return f"{title} ({RECIPES[recipe].title.lower() if recipe in RECIPES else recipe})"


def best_for_pictures(runs: Iterable[Run]) -> Run | None:
    """Return the run to show pictures to: of those with weights a robust one, and the best on validation of these."""
    served = [run for run in runs if run.evaluation is not None and run.served]
    return max(served, key=lambda run: (is_robust(run), run.evaluation and run.evaluation.val_accuracy), default=None)


def one_per_network(runs: Sequence[Run]) -> list[Run]:
    """Return the runs to ask at first, all with weights: the robust one, and of each network the best other one.

    The best is that of the highest validation accuracy.
    """
    lead = best_for_pictures(filter(is_robust, runs))
    plain = [run for run in runs if run.config and not is_robust(run)]
    models = dict.fromkeys(run.config.model for run in plain if run.config)
    others = (best_for_pictures(run for run in plain if run.config and run.config.model == model) for model in models)
    return [run for run in (lead, *others) if run is not None]


def is_robust(run: Run) -> bool:
    """Return whether a run was trained for drawings and photographs."""
    return run.config is not None and run.config.recipe == "robust"


def list_cells() -> dict[str, Cell]:
    """Return the cells of the table architecture × recipe by the names of their networks."""
    return {network_name(model, recipe): Cell(model, recipe) for model in ARCHITECTURES for recipe in RECIPES}


def run_name(run: Run) -> str:
    """Return a run's name, as in "Deeper CNN (textbook), seed 0"; the user's own runs also carry their start."""
    if run.config is None:
        return run.id
    shipped = f"{run.config.model}-{run.config.recipe}-s{run.config.seed}"
    started = "" if run.id == shipped else f", {run.id.removeprefix(shipped + '-')[:15].replace('T', ' ')}"
    return f"{network_name(run.config.model, run.config.recipe)}, seed {run.config.seed}{started}"


def group_networks(runs: Iterable[Run]) -> list[Network]:
    """Return the networks of readable runs, in the order of their first run.

    Runs belong together when architecture, recipe and every setting but the seed are the same and none of them was
    stopped; a training that departs from its recipe carries that in its name. A seed counts once, with its first run: a
    repetition is no independent one.
    """
    groups: dict[tuple[str, str], dict[int, Run]] = {}
    for run in runs:
        if run.config is not None:
            groups.setdefault((_name(run, run.config), run.config.model), {}).setdefault(run.config.seed, run)
    return [
        Network(name, model, tuple(by_seed[seed] for seed in sorted(by_seed)))
        for (name, model), by_seed in groups.items()
    ]


def find_network(name: str) -> Network:
    """Return what is named by a run's id, that run alone, or by model:recipe, all its seeds.

    Raises:
        RunError: if there is no such run with results, or no finished run of such a network.
    """
    if ":" not in name:
        run = find_run(name)
        return Network(run_name(run), run.config.model if run.config else "", (run,))
    model, recipe = name.split(":", 1)
    networks = group_networks(run for run in list_runs() if run.complete)
    found = next((network for network in networks if network.name == network_name(model, recipe)), None)
    if found is None:
        raise RunError(f"There is no finished run of {name!r}. `python -m fmnist runs` lists those there are.")
    return found


def _name(run: Run, config: RunConfig) -> str:
    notes = [_SETTINGS[name](value) for name, value in _departures(config).items()]
    # one that was stopped and resumed has the results of its first attempt until it is finished
    notes += ["stopped"] if run.complete and run.state != "finished" else []
    return ", ".join([network_name(config.model, config.recipe), *notes])


def _departures(config: RunConfig) -> dict[str, Any]:
    """Return the settings in which a configuration is not what its recipe says; all of them for an unknown recipe."""
    recipe = RECIPES.get(config.recipe)
    usual = asdict(recipe.configure(config.model, config.seed)) if recipe else {}
    return {name: value for name, value in asdict(config).items() if name in _SETTINGS and usual.get(name) != value}
