"""List the runs that ship with the project, most important first, and train those that are missing."""

from collections.abc import Callable, Iterator
from pathlib import Path

from fmnist.jobs.needed import name_teachers
from fmnist.recipes.catalogue import get_recipe
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import log_path
from fmnist.runs.life_cycle import create_run, drop_weights, requeue_run
from fmnist.runs.reading import load_readable, load_run
from fmnist.runs.run import CompleteRun, ReadableRun, Run, RunError

SHIPPED: tuple[tuple[str, str, int, bool], ...] = (
    ("deeper_cnn", "robust", 1, True),
    ("deeper_cnn", "tuned", 5, True),
    ("basic_cnn", "tuned", 5, True),
    ("ann", "tuned", 5, True),
    ("compact_cnn", "tuned", 3, True),
    ("resnet", "tuned", 3, True),
    ("deeper_cnn", "textbook", 5, False),
    ("basic_cnn", "textbook", 5, True),  # the result of a tutorial, to try on pictures beside the others
    ("ann", "textbook", 5, False),
    ("cnn_bn", "tuned", 3, True),
    ("cnn_gap", "tuned", 3, True),
    ("cnn_three", "tuned", 3, True),
    ("ann", "distilled", 5, True),  # after its teachers
    ("compact_cnn", "distilled", 1, True),
    ("cnn_small", "tuned", 3, True),
    ("compact_cnn", "textbook", 1, False),
    ("cnn_bn", "textbook", 1, False),
    ("cnn_gap", "textbook", 1, False),
    ("cnn_three", "textbook", 1, False),
    ("cnn_small", "textbook", 1, False),
)
"""Architecture, recipe, number of seeds, and whether the best seed keeps its weights beside those of other recipes.

All shipped runs together must stay within 80 MB.
"""


def list_missing(store: Path) -> list[RunConfig]:
    """Return the configurations of the shipped runs that are not finished in a store, in order."""
    return [config for config in _list_planned() if load_run(store / _run_id(config)).state != "finished"]


def reproduce(store: Path, train: Callable[[ReadableRun], Run]) -> Iterator[Run]:
    """Train the missing runs one after another and yield each when it ends; an interrupted run is resumed.

    Of the seeds of an architecture and a recipe, the one with the highest validation accuracy keeps its weights. A
    recipe that `SHIPPED` does not mark loses them once a marked one of the same architecture has a finished run. A
    teacher of planned runs keeps its weights in place of the best seed.

    Args:
        store: the folder of the runs.
        train: a function that trains a queued run to its end.

    Raises:
        RunError: if a run cannot be trained; the runs before it are complete.
    """
    for config in list_missing(store):
        run = train_to_end(config, store, _run_id(config), train)
        drop_spare_weights(store, config.model)
        log_path(run.directory).unlink(missing_ok=True)
        yield load_run(run.directory)


def train_to_end(config: RunConfig, store: Path, run_id: str, train: Callable[[ReadableRun], Run]) -> CompleteRun:
    """Return the finished run with that id, after training it if it is missing or resuming it if it was begun.

    Raises:
        RunError: if it cannot be trained, or was begun with another configuration.
    """
    directory = store / run_id
    run = load_readable(directory) if directory.exists() else create_run(config, store, run_id)
    if run.config != config:
        raise RunError(f"{directory} was begun with another configuration: remove it first.")
    if isinstance(run, CompleteRun) and run.state == "finished":
        return run
    ended = train(run if run.state == "queued" else requeue_run(run))
    if ended.state != "finished" or not isinstance(ended, CompleteRun):
        raise RunError(f"{ended.id} {ended.state}: {ended.reason}")
    return ended


def drop_spare_weights(store: Path, model: str) -> None:
    """Remove the weights of an architecture's runs that should not keep them, by the rule of `reproduce`."""
    trained = [
        (keeps, _list_finished(store, model, recipe, seeds)) for of, recipe, seeds, keeps in SHIPPED if of == model
    ]
    others = any(keeps and runs for keeps, runs in trained)
    teachers = name_teachers(_list_planned())
    for keeps, runs in trained:
        taught = [run for run in runs if run.id in teachers]  # one that teaches serves its model, too
        best = max(runs, key=lambda run: run.evaluation.val_accuracy, default=None)
        for run in runs:
            spare = run is not best or (others and not keeps) or bool(taught)
            if spare and run.weights is not None and run not in taught:
                drop_weights(run)


def _list_planned() -> list[RunConfig]:
    return [get_recipe(recipe).configure(model, seed) for model, recipe, seeds, _ in SHIPPED for seed in range(seeds)]


def _list_finished(store: Path, model: str, recipe: str, seeds: int) -> list[CompleteRun]:
    runs = (load_run(store / f"{model}-{recipe}-s{seed}") for seed in range(seeds))
    return [run for run in runs if isinstance(run, CompleteRun) and run.state == "finished"]


def _run_id(config: RunConfig) -> str:
    return f"{config.model}-{config.recipe}-s{config.seed}"
