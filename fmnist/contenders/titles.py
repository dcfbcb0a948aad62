"""Names for people: architectures, recipes, models and runs, made here and nowhere else."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.contenders.keys import departures_of
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig
from fmnist.runs.run import ReadableRun
from fmnist.wording import join

if TYPE_CHECKING:
    from fmnist.contenders.contender import Contender

_MOST_IN_TITLE = 2  # models of an ensemble

_designed: dict[str, str] = {}  # titles of designed networks by key, as their runs tell them

_SETTINGS: dict[str, Callable[[Any], str]] = {
    "epochs": lambda value: f"at most {value:,} epoch{'s' * (value > 1)}",
    "batch_size": lambda value: f"batches of {value:,}",
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
    "teachers": lambda value: f"taught by {join(value)}" if value else "no teachers",
    "precision": lambda value: f"{value} precision",
    "start_from": lambda value: f"started from {value}" if value else "random start",
    "distil": lambda value: f"teachers' share {value:g}" if value else "no teachers' share",
    "layers": lambda _: "other layers",
}


def architecture_title(architecture: str) -> str:
    """Return an architecture's title, as in "Deeper CNN"; that of a designed network once a run was named."""
    known = ARCHITECTURES.get(architecture)
    return known.title if known else _designed.get(architecture, architecture)


def network_title(config: RunConfig) -> str:
    """Return the title of what a configuration trains, as in "Deeper CNN" or, of a designed network, "My net"."""
    if config.title:
        _designed[config.model] = config.title
    return architecture_title(config.model)


def recipe_title(recipe: str) -> str:
    """Return a recipe's title, as in "Tuned"."""
    return RECIPES[recipe].title if recipe in RECIPES else recipe


def model_title(config: RunConfig) -> str:
    """Return the title of what a configuration trains with its recipe, as in "My net (tuned)"."""
    return f"{network_title(config)} ({recipe_title(config.recipe).lower()})"


def group_title(config: RunConfig, departing: Mapping[str, Any]) -> str:
    """Return the title of a seed group, which names the settings that depart from the recipe's."""
    notes = [_SETTINGS[name](value) for name, value in departing.items() if name in _SETTINGS]
    notes += [end for end in ("stopped", "diverged") if departing.get(end)]
    return ", ".join([model_title(config), *notes])


def run_title(run: ReadableRun) -> str:
    """Return a run's title, as in "Deeper CNN (textbook), seed 0".

    The user's own runs also carry their start, and one that diverged says so.
    """
    config = run.config
    shipped = f"{config.model}-{config.recipe}-s{config.seed}"
    started = "" if run.id == shipped else f", {run.id.removeprefix(shipped + '-')[:15].replace('T', ' ')}"
    return f"{seed_title(run)}{started}{', diverged' if run.state == 'diverged' else ''}"


def seed_title(run: ReadableRun) -> str:
    """Return what a run trains and its seed, as in "Basic CNN (quick), 5,500 images, seed 0"."""
    return f"{settings_title(run)}, seed {run.config.seed}"


def settings_title(run: ReadableRun) -> str:
    """Return a run's architecture, recipe and the settings in which it departs from that, where the recipe is known."""
    departing = departures_of(run) if run.recipe_settings else {}
    return group_title(run.config, departing)


def import_title(name: str, submitter: str, file: int = 0) -> str:
    """Return the title of an imported model, as in "Wide net (imported, Team 7)", or of one of its files from 1."""
    title = f"{name} (imported, {submitter})" if submitter else f"{name} (imported)"
    return f"{title}, file {file}" if file else title


def ensemble_title(name: str, runs: Sequence[ReadableRun], average: str) -> str:
    """Return the title of an ensemble: its name, or one made of its members, as in "3 × Compact CNN (tuned)"."""
    counts = Counter(model_title(run.config) for run in runs)
    if name:
        return f"{name} (ensemble)"
    plain = " (plain)" if average == "plain" else ""
    if len(counts) > _MOST_IN_TITLE:
        return f"Ensemble of {len(runs)} runs{plain}"
    members = " + ".join(f"{count} × {title}" for title, count in counts.items())
    return f"{members[:-1]}, plain)" if plain and len(counts) == 1 else members + plain


def mark_single(title: str) -> str:
    """Return a title with the note that a single run is behind it, as in "Deeper CNN (textbook, 1 run)"."""
    return f"{title[:-1]}, 1 run)" if title.endswith(")") else f"{title}, 1 run"


def distinct_titles(contenders: Sequence["Contender"]) -> list[str]:
    """Name each contender by its short title where that tells it apart from the others, else in full."""
    counts = Counter(contender.short_title for contender in contenders)
    return [
        contender.short_title if counts[contender.short_title] == 1 else contender.title for contender in contenders
    ]
