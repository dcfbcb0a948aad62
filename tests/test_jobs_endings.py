"""What ends a training early, by value: numbers that cannot be recorded, and a run that is not there any more."""

from math import inf, nan, nextafter
from pathlib import Path

import pytest
from synthetic import write_run

from fmnist.jobs.endings import DivergedError, Presence, RunGoneError, check_measured
from fmnist.runs.layout import CONFIG, lock_path


@pytest.mark.parametrize("number", [0.0, 2.3, 1e6])
def test_a_loss_that_can_be_recorded_ends_nothing(number: float):
    check_measured(1, {"training loss": number, "validation loss": 0.5})


@pytest.mark.parametrize(
    ("number", "how"),
    [
        (inf, "infinite"),
        (-inf, "infinite"),
        (nan, "not a number \\(NaN\\)"),
        (nextafter(1e6, inf), "over a million"),
    ],
)
def test_a_loss_that_cannot_be_recorded_is_told_with_its_epoch(number: float, how: str):
    with pytest.raises(DivergedError, match=rf"^The validation loss was {how} in epoch 7\. A lower learning rate"):
        check_measured(7, {"training loss": 0.1, "validation loss": number})


@pytest.fixture
def directory(own_store: Path) -> Path:
    """Return the directory of a run with its lock."""
    run = write_run(own_store, complete=False)
    lock_path(run.directory).touch()
    return run.directory


def test_a_run_that_stays_as_it_was_is_there(directory: Path):
    presence = Presence(directory)
    (directory / "more.txt").touch()
    presence.expect()


def test_a_run_without_its_configuration_is_gone(directory: Path):
    presence = Presence(directory)
    (directory / CONFIG).unlink()
    with pytest.raises(RunGoneError, match="was removed during the training"):
        presence.expect()


@pytest.mark.parametrize("replaced", [False, True])
def test_a_run_whose_lock_is_another_is_not_this_trainings(directory: Path, replaced: bool):
    presence = Presence(directory)
    other = directory / "other.lock"
    other.touch()
    if replaced:
        other.replace(lock_path(directory))
    else:
        lock_path(directory).unlink()
    with pytest.raises(RunGoneError, match="or its lock was replaced"):
        presence.expect()
