"""Read a run's small files through their declared schemas; whatever is wrong with one is told in a sentence."""

import csv
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from fmnist.recipes.config import SETTING_NAMES, RunConfig
from fmnist.runs.migrations import SCHEMA, migrate
from fmnist.runs.records import Epoch
from fmnist.runs.run import RunError

_MOST_BYTES = 2**20  # of a JSON file or a history; the largest that is written has some kilobytes
_COLUMNS = [f.name for f in fields(Epoch)]
_DEFAULTS = {f.name: f.default for f in fields(RunConfig) if f.name in SETTING_NAMES and f.default is not MISSING}

_Record = TypeVar("_Record")


@dataclass(frozen=True)
class ConfigDocument:
    """What `config.json` holds: the configuration, its recipe's settings when it was made, and the environment."""

    schema: int
    config: RunConfig
    recipe_settings: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=dict)


def read_config(path: Path) -> ConfigDocument:
    """Read a configuration of this schema version or an earlier one.

    Raises:
        RunError: if the file is missing, damaged, or was written by a later version.
    """
    document = _read_json(path)
    schema = document.get("schema")
    if not isinstance(schema, int) or schema > SCHEMA:
        raise RunError(
            f"{path.name} has schema {schema}, and this version reads schemas up to {SCHEMA}: "
            "update FMNIST Lab to use it"
        )
    found = convert(migrate(document, schema), ConfigDocument, path.name)
    return replace(found, recipe_settings=_complete(found.recipe_settings))


def read_record(path: Path, kind: type[_Record]) -> _Record:
    """Read a JSON file that holds one record; fields that the record does not have are ignored.

    Raises:
        RunError: if the file is missing or damaged.
    """
    return convert(_read_json(path), kind, path.name)


def read_history(path: Path) -> list[Epoch]:
    """Read the finished epochs; a last line that a crash cut off is left out.

    Raises:
        RunError: if the file is damaged.
    """
    try:
        text = _read(path).decode("utf-8", errors="replace")
        rows = list(csv.DictReader(text[: text.rfind("\n") + 1].splitlines()))
    except csv.Error as error:
        raise RunError(f"{path.name} is damaged ({error})") from error
    epochs = [convert({name: row.get(name) for name in _COLUMNS}, Epoch, path.name, strict=False) for row in rows]
    if [epoch.epoch for epoch in epochs] != list(range(1, len(epochs) + 1)):
        raise RunError(f"{path.name} is damaged (its epochs do not count from 1)")
    return epochs


def convert(values: object, kind: type[_Record], name: str, *, strict: bool = True) -> _Record:
    """Return the values as a record; `strict=False` also reads numbers from text.

    Raises:
        RunError: if a value is missing, of another type or out of range; `name` says in which file.
    """
    try:
        return msgspec.convert(values, kind, strict=strict)
    except (msgspec.ValidationError, OverflowError) as error:
        raise RunError(f"{name} is damaged ({error})") from error


def _complete(settings: dict[str, Any]) -> dict[str, Any]:
    """Return a recipe's settings as a configuration has them, with the defaults of those that came after it."""
    known = {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
    return _DEFAULTS | known if known else {}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(_read(path))
    except FileNotFoundError as error:
        raise RunError(f"half written: {path.name} is missing") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RunError(f"{path.name} is damaged ({error})") from error
    if not isinstance(document, dict):
        raise RunError(f"{path.name} is damaged (it holds no object)")
    return document


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise RunError(f"{path.name} is damaged (it is larger than {_MOST_BYTES:,} bytes)")
    return data
