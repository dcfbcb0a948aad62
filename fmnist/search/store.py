"""Studies on disk, `<store>/studies/<key>/`: the record, Optuna's journal, the trials' runs, and who works on them."""

import re
import secrets
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

from fmnist.errors import InputError
from fmnist.naming import clean_name
from fmnist.paths import expect_writable
from fmnist.runs.layout import user_store
from fmnist.runs.shelf import BrokenItem, Item, Shelf
from fmnist.runs.writing import render_record, write_file
from fmnist.search.records import SCHEMA, StudyRecord
from fmnist.search.space import check_space

STUDIES = Shelf("studies", "study.json", StudyRecord, SCHEMA, "study")
MOST_STUDIES = 100

Study = Item[StudyRecord]

JOURNAL, _TRIALS, _WANTED, _WORKERS, _LOG = "journal.log", "trials", "wanted", "workers", "search.log"
_SLUG_LENGTH = 32


def create_study(record: StudyRecord) -> Study:
    """Store a new study under a key of its own.

    Raises:
        InputError: if its name has no letter or digit, a value cannot be trained, there are too many studies, or the
            store cannot be written.
    """
    name = clean_name(record.name)
    if not name:
        raise InputError("Give the study a name with letters or digits.")
    if record.space is not None:
        check_space(record.space)
    if len(STUDIES.list_items()) >= MOST_STUDIES:
        raise InputError(f"There are {MOST_STUDIES} studies. Delete one first.")
    return STUDIES.save(make_key(name), replace(record, name=name, created=time.time()))


def list_studies() -> list[Study | BrokenItem]:
    """Return all studies, the newest first, then those that cannot be read."""
    items = STUDIES.list_items()
    readable = [item for item in items if isinstance(item, Item)]
    return [*sorted(readable, key=lambda item: -item.record.created), *(i for i in items if isinstance(i, BrokenItem))]


def is_own(study: Study) -> bool:
    """Return whether a study is the user's, rather than one that ships with the project."""
    return study.directory.parent.resolve() == (user_store() / STUDIES.folder).resolve()


def change_budget(study: Study, most_trials: int, most_minutes: float | None) -> Study:
    """Let a study have more or fewer trials or minutes; it goes on from where it is. Raises InputError."""
    if not is_own(study):
        raise InputError(f"{study.key} ships with FMNIST Lab, so it cannot be changed.")
    record = replace(study.record, most_trials=most_trials, most_minutes=most_minutes)
    write_file(study.directory / STUDIES.file, render_record(record))
    return STUDIES.get(study.key)


def journal_path(study: Study) -> Path:
    """Return the file to which Optuna appends what happens to the trials."""
    return study.directory / JOURNAL


def trials_store(study: Study) -> Path:
    """Return the store of the trials' runs, which no list of runs shows."""
    return study.directory / _TRIALS


def trial_directory(study: Study, number: int) -> Path:
    """Return the directory of a trial's run."""
    return trials_store(study) / f"trial-{number:04}"


def follower_path(study: Study, number: int) -> Path:
    """Return the file that whoever sees to a trial holds locked."""
    return study.directory / _WORKERS / f"trial-{number:04}.lock"


def worker_folder(study: Study) -> Path:
    """Return where each process that works on a study has a file."""
    return study.directory / _WORKERS


def log_file(study: Study) -> Path:
    """Return where a search in the background writes what happens."""
    return study.directory / _LOG


def is_wanted(study: Study) -> bool:
    """Return whether the search is to go on."""
    return (study.directory / _WANTED).exists()


def want(study: Study, wanted: bool) -> None:
    """Say that a search is to go on, or to stop: whoever works on it looks several times a second.

    Raises:
        InputError: if the study is not the user's own, or cannot be written.
    """
    expect_writable()
    if not is_own(study):
        raise InputError(f"{study.key} ships with FMNIST Lab and is finished. Copy it to search on.")
    path = study.directory / _WANTED
    try:
        path.touch() if wanted else path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"The study {study.directory} cannot be written: {error.strerror}.") from error


def make_key(name: str) -> str:
    """Return a new key for a study of that name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_SLUG_LENGTH].strip("_") or "study"
    return f"{slug}-{secrets.token_hex(3)}"
