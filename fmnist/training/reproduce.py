"""The runs that ship with the project: which there are, in order of worth, and training those that are missing."""

from collections.abc import Callable, Iterator
from pathlib import Path

from fmnist.layout import log_path
from fmnist.records import RunConfig
from fmnist.runs import Run, RunError, load_run
from fmnist.store import create_run, drop_weights, requeue_run
from fmnist.training.recipes import get_recipe

SHIPPED: tuple[tuple[str, str, int], ...] = (
    ("deeper_cnn", "robust", 1),
    ("deeper_cnn", "tuned", 5),
    ("basic_cnn", "tuned", 5),
    ("ann", "tuned", 5),
    ("compact_cnn", "tuned", 3),
    ("deeper_cnn", "textbook", 5),
    ("basic_cnn", "textbook", 5),
    ("ann", "textbook", 5),
    ("cnn_bn", "tuned", 3),
    ("cnn_gap", "tuned", 3),
    ("cnn_three", "tuned", 3),
    ("cnn_small", "tuned", 3),
    ("compact_cnn", "textbook", 1),
    ("cnn_bn", "textbook", 1),
    ("cnn_gap", "textbook", 1),
    ("cnn_three", "textbook", 1),
    ("cnn_small", "textbook", 1),
)
"""Network, recipe and number of seeds."""


def list_missing(store: Path) -> list[RunConfig]:
    """Return the configurations of the shipped runs that a store does not hold finished, in order."""
    configs = (get_recipe(recipe).configure(model, seed) for model, recipe, seeds in SHIPPED for seed in range(seeds))
    return [config for config in configs if load_run(store / _run_id(config)).state != "finished"]


def reproduce(store: Path, train: Callable[[Run], Run]) -> Iterator[Run]:
    """Train the missing runs one after another and yield each as it ends; one that was begun goes on.

    Of the seeds of a network by a recipe the one that is best on validation keeps its weights, and a network that was
    trained once by the textbook gives them up when another recipe has given it several seeds: all of it has to stay
    within 45 MB.

    Args:
        store: where the runs belong.
        train: what trains a queued run to its end.

    Raises:
        RunError: if a run cannot be trained; those before it are complete.
    """
    for config in list_missing(store):
        run = train_to_end(config, store, _run_id(config), train)
        drop_spare_weights(store, config.model)
        log_path(run.directory).unlink(missing_ok=True)
        yield load_run(run.directory)


def train_to_end(config: RunConfig, store: Path, run_id: str, train: Callable[[Run], Run]) -> Run:
    """Return the finished run of that name, which is trained first where it is missing and resumed where it was begun.

    Raises:
        RunError: if it cannot be trained, or was begun with another configuration.
    """
    run = load_run(store / run_id)
    if run.directory.exists() and run.config != config:
        raise RunError(f"{run.directory} was begun with another configuration: remove it first.")
    if run.state == "finished":
        return run
    ended = train(_queue(run) if run.directory.exists() else create_run(config, store, run_id))
    if ended.state != "finished":
        raise RunError(f"{ended.id} {ended.state}: {ended.reason}")
    return ended


def _queue(run: Run) -> Run:
    return run if run.state == "queued" else requeue_run(run)


def drop_spare_weights(store: Path, model: str) -> None:
    """Drop the weights of a network's runs that are not to keep them, as `reproduce` says."""
    trained = [
        (recipe, seeds, _list_finished(store, model, recipe, seeds)) for of, recipe, seeds in SHIPPED if of == model
    ]
    several = any(seeds > 1 and runs for _, seeds, runs in trained)
    for recipe, seeds, runs in trained:
        best = max(runs, key=lambda run: run.evaluation.val_accuracy if run.evaluation else 0.0, default=None)
        for run in runs:
            if run.weights is not None and (run is not best or (recipe == "textbook" and seeds == 1 and several)):
                drop_weights(run)


def _list_finished(store: Path, model: str, recipe: str, seeds: int) -> list[Run]:
    runs = (load_run(store / f"{model}-{recipe}-s{seed}") for seed in range(seeds))
    return [run for run in runs if run.state == "finished"]


def _run_id(config: RunConfig) -> str:
    return f"{config.model}-{config.recipe}-s{config.seed}"
