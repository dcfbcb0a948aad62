"""What lies beside the runs, each kind in a folder of its own: imported models, ensembles and whatever comes later.

Each thing is a directory `<store>/<folder>/<key>/` with a record in JSON and perhaps other files. It appears whole, by
one rename. A thing that cannot be read is broken and never hides the others.
"""

import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from fmnist.errors import InputError
from fmnist.paths import expect_writable
from fmnist.runs.layout import RUN_ID, is_directory, list_run_directories, read_stamp, stores, user_store
from fmnist.runs.run import RunError, Stamp
from fmnist.runs.schema import read_record
from fmnist.runs.writing import render_record, write_file

_R = TypeVar("_R")


@dataclass(frozen=True)
class Item(Generic[_R]):
    """One thing on a shelf; its stamp changes whenever a file in its directory is written."""

    directory: Path
    stamp: Stamp
    record: _R

    @property
    def key(self) -> str:
        """Its key: the name of its directory."""
        return self.directory.name


@dataclass(frozen=True)
class BrokenItem:
    """A thing that cannot be read; `problem` says why, in words."""

    directory: Path
    problem: str

    @property
    def key(self) -> str:
        """Its key: the name of its directory."""
        return self.directory.name


@dataclass(frozen=True)
class _Versioned:
    """What every record has, whatever its version."""

    schema: int


@dataclass(frozen=True)
class Shelf(Generic[_R]):
    """A folder of one kind of thing.

    Args:
        folder: the name of the folder in each store.
        file: the name of the record in a thing's directory.
        record: the record's class, a dataclass with at least `schema` and `name`.
        schema: the version of records that is written, and the last that can be read.
        what: what one thing is called, as in "imported model".
    """

    folder: str
    file: str
    record: type[_R]
    schema: int
    what: str

    def list_items(self) -> list[Item[_R] | BrokenItem]:
        """Return everything on the shelf, of all stores; of two with one key that of the first store counts."""
        found: dict[str, Path] = {}
        for store in stores():
            for directory in list_run_directories(store / self.folder):
                found.setdefault(directory.name, directory)
        return [self._read(directory) for directory in found.values()]

    def find(self, key: str) -> Item[_R] | BrokenItem | None:
        """Return the thing with that key; None where there is none."""
        places = (store / self.folder / key for store in stores() if RUN_ID.fullmatch(key))
        directory = next((path for path in places if is_directory(path)), None)
        return None if directory is None else self._read(directory)

    def save(self, key: str, record: _R, files: Mapping[str, bytes] | None = None) -> Item[_R]:
        """Put a thing on the user's shelf, whole or not at all, in the place of one with that key.

        Args:
            key: letters, digits, underscores and hyphens, never a name from outside.
            record: what is written as JSON.
            files: further files of its directory, by name.

        Raises:
            InputError: if the store cannot be written, or a thing of that key ships with FMNIST Lab.
        """
        expect_writable()
        before = self.find(key)
        if before is not None:
            self._expect_own(before.directory)
        shelf = user_store() / self.folder
        unfinished = shelf / f".{key}.{secrets.token_hex(8)}.tmp"
        try:
            unfinished.mkdir(parents=True)
            for name, data in {**(files or {}), self.file: render_record(record)}.items():
                write_file(unfinished / name, data)
            _put_in_place(unfinished, shelf / key)
        except OSError as error:
            raise InputError(f"The store {shelf} cannot be written: {error.strerror}.") from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return self.get(key)

    def get(self, key: str) -> Item[_R]:
        """Return the thing with that key.

        Raises:
            InputError: if there is none, or it cannot be read.
        """
        found = self.find(key)
        if found is None:
            raise InputError(f"There is no {self.what} {key!r}. `python -m fmnist models` lists what there is.")
        if isinstance(found, BrokenItem):
            raise InputError(f"{key}: {found.problem}")
        return found

    def rename(self, key: str, name: str) -> Item[_R]:
        """Give a thing another name; its key stays. Raises InputError as `get` does, or if it is not the user's own."""
        item = self.get(key)
        self._expect_own(item.directory)
        renamed = replace(cast(Any, item.record), name=name)
        write_file(item.directory / self.file, render_record(renamed))
        return self.get(key)

    def delete(self, key: str) -> None:
        """Delete one of the user's own things, broken ones too.

        Raises:
            InputError: if there is none with that key, it is not the user's own, or it cannot be removed.
        """
        directory = (self.find(key) or self.get(key)).directory
        self._expect_own(directory)
        try:
            _bury(directory)
        except OSError as error:
            raise InputError(f"{directory} cannot be removed: {error.strerror}.") from error

    def _expect_own(self, directory: Path) -> None:
        expect_writable()
        if directory.parent.resolve() != (user_store() / self.folder).resolve():
            raise InputError(f"{directory.name} ships with FMNIST Lab, so it cannot be changed.")

    def _read(self, directory: Path) -> Item[_R] | BrokenItem:
        return cast("Item[_R] | BrokenItem", _remembered(self, directory, read_stamp(directory)))


@lru_cache(maxsize=10_000)
def _remembered(shelf: Shelf[Any], directory: Path, stamp: Stamp) -> Item[Any] | BrokenItem:
    """Read a thing only where it has changed: lists are asked for several times a second."""
    path = directory / shelf.file
    try:
        written = read_record(path, _Versioned).schema
        if written > shelf.schema:
            later = f"{path.name} has schema {written}, and this version reads schemas up to {shelf.schema}"
            return BrokenItem(directory, f"{later}: update FMNIST Lab to use it")
        return Item(directory, stamp, read_record(path, shelf.record))
    except (RunError, OSError, ValueError) as error:  # ValueError: the record's own checks
        return BrokenItem(directory, str(error))


def _put_in_place(unfinished: Path, directory: Path) -> None:
    """Rename a finished directory; where one lies already, its files are replaced one by one and it is never gone."""
    try:
        unfinished.rename(directory)
    except OSError:
        if not directory.is_dir():
            raise
        files = {path.name: path for path in unfinished.iterdir()}
        for name, path in files.items():
            path.replace(directory / name)
        for old in directory.iterdir():
            if old.name not in files and not old.name.startswith("."):
                old.unlink(missing_ok=True)


def _bury(directory: Path) -> None:
    """Remove a directory at once rather than file by file; another process may have been faster."""
    grave = directory.with_name(f".{directory.name}.{secrets.token_hex(8)}.deleted")
    with suppress(FileNotFoundError):
        directory.rename(grave)
        shutil.rmtree(grave)
