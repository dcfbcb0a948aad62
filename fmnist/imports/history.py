"""Read the training history of an imported model from a CSV file, as Keras's CSVLogger writes it."""

import csv
from typing import Any

from fmnist.errors import InputError
from fmnist.imports.formats import Upload
from fmnist.runs.records import Epoch
from fmnist.runs.run import RunError
from fmnist.runs.schema import convert
from fmnist.wording import join

_NEEDED = ("loss", "accuracy", "val_loss", "val_accuracy")
_ALSO = {"lr": "learning_rate", "learning_rate": "learning_rate", "time": "seconds", "seconds": "seconds"}
_MOST_BYTES = 2**20


def read_history_file(upload: Upload, train_seconds: float | None = None) -> list[Epoch]:
    """Return the epochs of a history, counted from 1.

    The columns are loss, accuracy, val_loss and val_accuracy, and perhaps learning_rate and seconds. Without seconds
    each epoch takes its share of `train_seconds`.

    Raises:
        InputError: if columns are missing, or a value is none.
    """
    if len(upload.data) > _MOST_BYTES:
        raise InputError(f"{upload.shown} is larger than {_MOST_BYTES / 2**20:.0f} MB.")
    try:
        rows = list(csv.DictReader(upload.data.decode("utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{upload.shown} is not a CSV file in UTF-8.") from error
    missing = [name for name in _NEEDED if not rows or name not in rows[0]]
    if missing:
        raise InputError(f"{upload.shown} needs a row an epoch and the columns {join(missing)}.")
    usual = (train_seconds or 0.0) / len(rows)
    try:
        return [
            convert(_name_values(row, place, usual), Epoch, upload.shown, strict=False)
            for place, row in enumerate(rows, start=1)
        ]
    except RunError as error:
        raise InputError(f"{error}.") from error


def _name_values(row: dict[str, Any], epoch: int, seconds: float) -> dict[str, Any]:
    """Return a row as the fields of an epoch."""
    values: dict[str, Any] = {"epoch": epoch, "learning_rate": 0.0, "seconds": seconds}
    values |= {name: row.get(name) for name in _NEEDED}
    given = {_ALSO[column]: row[column] for column in _ALSO if row.get(column)}
    return values | given
