"""Confirm a study: train its best trials again with fresh seeds, as runs like any other, which meet the test images.

A search picks the luckiest of many trials. Fresh seeds show what its winner is worth without that luck.
"""

from dataclasses import replace
from pathlib import Path

from fmnist.errors import InputError
from fmnist.jobs.queue import submit_all
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import user_store
from fmnist.runs.reading import load_run
from fmnist.runs.run import CompleteRun, ReadableRun, RunError
from fmnist.runs.schema import read_record
from fmnist.runs.writing import render_record, write_file
from fmnist.search.records import SCHEMA, Confirmation, ConfirmedRun
from fmnist.search.store import Study, is_own
from fmnist.search.trials import Trial, read_trials

FINALISTS, SEEDS = 3, 3

CONFIRMED = "confirmed.json"


def plan_confirmation(study: Study) -> list[tuple[Trial, RunConfig]]:
    """Return the best trials, each with fresh seeds, and what is to be trained.

    Raises:
        InputError: if no trial has finished, or the study says nothing about what to train.
        RunError: if the trials cannot be read.
    """
    record = study.record
    best = read_trials(study).ranked[:FINALISTS]
    if record.space is None or not best:
        raise InputError("There is nothing to confirm before a trial has finished.")
    seeds = [record.seed + 1 + number for number in range(SEEDS)]  # of which no trial has used one
    return [(trial, record.space.configure(trial.params, seed)) for trial in best for seed in seeds]


def start_confirmation(study: Study) -> Confirmation:
    """Queue the retrainings of the best trials.

    Raises:
        InputError: as `plan_confirmation`, or if the study is not the user's own.
        RunError: if nothing can be trained or written here.
    """
    if not is_own(study):
        raise InputError(f"{study.record.name} ships with FMNIST Lab, so it cannot be changed.")
    planned = plan_confirmation(study)
    runs = submit_all([config for _, config in planned])
    return save_confirmation(study, planned, runs)


def save_confirmation(study: Study, planned: list[tuple[Trial, RunConfig]], runs: list[ReadableRun]) -> Confirmation:
    """Record which runs confirm which trials, with the results of those that have ended."""
    pairs = zip(planned, runs, strict=True)
    entries = tuple(ConfirmedRun(trial.number, config.seed, run.id) for (trial, config), run in pairs)
    confirmation = Confirmation(SCHEMA, entries)
    write_file(_path(study), render_record(_look_up(confirmation, runs[0].directory.parent)))
    return confirmation


def read_confirmation(study: Study) -> Confirmation | None:
    """Return the retrainings of a study with what they have reached; None where it was never confirmed.

    Results that are new are kept in the study, which then no longer needs the runs.

    Raises:
        RunError: if they cannot be read.
    """
    try:
        known = read_record(_path(study), Confirmation)
    except RunError:
        if not _path(study).exists():
            return None
        raise
    if not is_own(study) or all(entry.test_accuracy is not None for entry in known.runs):
        return known
    found = _look_up(known, user_store())
    if found != known and all(entry.test_accuracy is not None for entry in found.runs):
        write_file(_path(study), render_record(found))
    return found


def _look_up(confirmation: Confirmation, store: Path) -> Confirmation:
    return replace(confirmation, runs=tuple(_complete(entry, store) for entry in confirmation.runs))


def _complete(entry: ConfirmedRun, store: Path) -> ConfirmedRun:
    """Return an entry with the results of its run, or with what has become of that."""
    if entry.test_accuracy is not None:
        return entry
    run = load_run(store / entry.run)
    if isinstance(run, CompleteRun) and run.state == "finished":
        reached = run.evaluation
        return replace(
            entry,
            val_accuracy=reached.val_accuracy,
            val_loss=reached.val_loss,
            test_accuracy=reached.test_accuracy,
            problem="",
        )
    return replace(entry, problem="deleted" if not run.directory.exists() else run.state)


def _path(study: Study) -> Path:
    return study.directory / CONFIRMED
