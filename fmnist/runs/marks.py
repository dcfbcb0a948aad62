"""What the user marks their own things with: tags, and whether one is hidden; `<store>/marks/<key>.json` each."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from fmnist.errors import InputError
from fmnist.naming import clean_name
from fmnist.paths import expect_writable
from fmnist.runs.layout import RUN_ID, read_stamp, user_store
from fmnist.runs.run import RunError, Stamp
from fmnist.runs.schema import read_record
from fmnist.runs.writing import write_file

LONGEST_TAG, MOST_TAGS = 30, 10

_FOLDER = "marks"
_SCHEMA = 1
_ENDING = ".json"


@dataclass(frozen=True)
class Mark:
    """The tags of a thing, in the order of the alphabet, and whether it is listed on the Models page alone."""

    schema: int = _SCHEMA
    tags: Annotated[tuple[str, ...], Meta(max_length=MOST_TAGS)] = ()
    hidden: bool = False


NO_MARK = Mark()


def load_marks() -> Mapping[str, Mark]:
    """Return the marks of what is marked, by key; a file that cannot be read marks nothing."""
    folder = user_store() / _FOLDER
    return _read_all(folder, read_stamp(folder))


def hidden_keys() -> frozenset[str]:
    """Return the keys of what is hidden everywhere but on the Models page."""
    return frozenset(key for key, mark in load_marks().items() if mark.hidden)


def save_mark(key: str, mark: Mark) -> None:
    """Mark one of the user's own things; without tags and not hidden, nothing is kept.

    Raises:
        InputError: if the store cannot be written.
    """
    expect_writable()
    if not RUN_ID.fullmatch(key):
        raise InputError(f"{key!r} is not the key of a run, an ensemble or an imported model.")
    path = user_store() / _FOLDER / f"{key}{_ENDING}"
    try:
        if mark == NO_MARK:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, (json.dumps(asdict(mark), indent=2) + "\n").encode())
    except OSError as error:
        raise InputError(f"The store {path.parent} cannot be written: {error.strerror}.") from error


def unhide(key: str) -> None:
    """Show a thing again where it was hidden; raises InputError."""
    mark = load_marks().get(key, NO_MARK)
    if mark.hidden:
        save_mark(key, replace(mark, hidden=False))


def parse_tags(text: str) -> tuple[str, ...]:
    """Return the tags that a text names, separated by commas, each once.

    Raises:
        InputError: if there are too many.
    """
    tags = tuple(sorted({tag for part in text.split(",") if (tag := clean_name(part)[:LONGEST_TAG].strip())}))
    if len(tags) > MOST_TAGS:
        raise InputError(f"A model has at most {MOST_TAGS} tags, not {len(tags)}.")
    return tags


@lru_cache(maxsize=16)
def _read_all(folder: Path, stamp: Stamp) -> Mapping[str, Mark]:  # noqa: ARG001
    """Read the marks only where one has changed: lists are asked for several times a second."""
    marks = {}
    try:
        paths = list(folder.glob(f"*{_ENDING}"))
    except OSError:  # that a store cannot be read is told where its runs are listed
        return {}
    for path in paths:
        try:
            mark = read_record(path, Mark)
        except (RunError, OSError):
            continue
        if mark.schema <= _SCHEMA:
            marks[path.stem] = mark
    return marks
