"""Runs made, queued once more, stopped, stripped and removed."""

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.evaluation.rounding import round_probabilities
from fmnist.paths import expect_writable
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import REFERENCE, RUN_ID, SERVED, STOP, UNTRAINED, WEIGHTS, user_store
from fmnist.runs.leftovers import temporary_path
from fmnist.runs.reading import load_history, load_predictions, load_readable, load_run
from fmnist.runs.records import Epoch, Status
from fmnist.runs.run import BrokenRun, ReadableRun, Run, RunError
from fmnist.runs.writing import save_config, save_history, save_predictions, save_status


def create_run(config: RunConfig, store: Path, run_id: str | None = None) -> ReadableRun:
    """Make the directory of a new queued run; without a name it is `<model>-<recipe>-s<seed>-<utc time>`.

    Raises:
        RunError: if the name is taken or not a run's name, or the store cannot be written.
    """
    prepared = prepare_run(config, store, run_id)
    prepared.publish()
    return load_readable(prepared.directory)


@dataclass(frozen=True)
class PreparedRun:
    """A new run beside the place that it will take, which takes time to write; to publish it takes next to none."""

    written: Path
    directory: Path

    def publish(self) -> None:
        """Put the run in its place, whole.

        Raises:
            RunError: if its name is taken, or the store cannot be written.
        """
        try:
            if self.directory.exists():
                raise RunError(f"There is a run {self.directory.name!r} already.")
            self.written.rename(self.directory)
        except OSError as error:
            raise RunError(_describe_refusal(self.directory.parent, error)) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove it, unless it was published."""
        shutil.rmtree(self.written, ignore_errors=True)


def prepare_run(config: RunConfig, store: Path, run_id: str | None = None) -> PreparedRun:
    """Write a new queued run that nobody sees before it is published.

    Raises:
        RunError: if the name is not a run's name, or the store cannot be written.
        InputError: if everything is read-only.
    """
    expect_writable()
    stem = f"{config.model}-{config.recipe}-s{config.seed}"
    directory = store / (run_id or f"{stem}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    if not RUN_ID.fullmatch(directory.name):
        raise RunError(
            f"{directory.name!r} is not a valid name for a run. Use letters, digits, underscores and hyphens only."
        )
    prepared = PreparedRun(temporary_path(directory), directory)
    try:
        prepared.written.mkdir(parents=True)
        save_config(prepared.written, config, _recipe_settings(config), {})
        save_status(prepared.written, Status("queued", queued=time.time()))
    except OSError as error:
        prepared.discard()
        raise RunError(_describe_refusal(store, error)) from error
    return prepared


def requeue_run(run: Run) -> ReadableRun:
    """Queue a training that ended early once more; it goes on after its last finished epoch.

    Raises:
        RunError: if it is queued, being trained or finished.
        InputError: if everything is read-only.
    """
    expect_writable()
    if isinstance(run, BrokenRun) or run.state not in ("stopped", "failed", "lost"):
        raise RunError(f"{run.id} is {run.state}, so there is nothing to resume.")
    (run.directory / STOP).unlink(missing_ok=True)
    save_status(run.directory, Status("queued", queued=time.time(), epoch=run.status.epoch))
    return load_readable(run.directory)


def request_stop(run: Run) -> None:
    """Ask the training process to stop: it looks several times a second.

    Raises:
        RunError: if nothing can be written.
        InputError: if everything is read-only.
    """
    expect_writable()
    try:
        (run.directory / STOP).touch()
    except OSError as error:
        raise RunError(f"Its directory cannot be written: {error.strerror}.") from error


def stop_requested(directory: Path) -> bool:
    """Return whether the training was asked to stop."""
    return (directory / STOP).exists()


def truncate_history(directory: Path, epochs: int) -> list[Epoch]:
    """Cut the history to its first epochs, which is where a resumed training goes on, and return them."""
    kept = load_history(load_run(directory))[:epochs] if epochs else []  # what is thrown away may be damaged
    save_history(directory, kept)
    return kept


def drop_weights(run: Run) -> None:
    """Remove a complete run's weights and store its probabilities as float16, which leaves its answers as they are.

    Raises:
        RunError: if its probabilities cannot be read; nothing is removed then.
        InputError: if everything is read-only.
    """
    expect_writable()
    predictions = load_predictions(run)
    halves = {name: round_probabilities(getattr(predictions, name), np.float16) for name in ("val_probs", "test_probs")}
    for name in (WEIGHTS, SERVED, UNTRAINED, REFERENCE):  # the last ones are of no use without the served model
        (run.directory / name).unlink(missing_ok=True)
    save_predictions(run.directory, replace(predictions, **halves))  # last: weights never lie beside rounded answers


def delete_run(run: Run) -> None:
    """Delete a run of the user's own store: it is gone at once, and back if that fails.

    Raises:
        RunError: if the run is not in the user's store, is being trained, or cannot be removed.
        InputError: if everything is read-only.
    """
    expect_writable()
    if run.directory.parent.resolve() != user_store().resolve():
        raise RunError(f"{run.id} is not one of your own runs and stays.")
    if run.state == "running":
        raise RunError(f"{run.id} is being trained; stop it first.")
    hidden = temporary_path(run.directory)
    try:
        run.directory.rename(hidden)  # nobody sees it half deleted; a killed process's successor removes the rest
        shutil.rmtree(hidden)
    except OSError as error:
        with suppress(OSError):
            hidden.rename(run.directory)
        raise RunError(f"{run.directory} cannot be removed: {error.strerror}.") from error


def _describe_refusal(store: Path, error: OSError) -> str:
    return f"The store {store} cannot be written: {error.strerror}."


def _recipe_settings(config: RunConfig) -> dict[str, Any]:
    """Return the settings of a configuration's recipe as they are now; none for an unknown recipe."""
    return RECIPES[config.recipe].settings_of(config.model) if config.recipe in RECIPES else {}
