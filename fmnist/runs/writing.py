"""Write a run's files: each is replaced whole or appended by line, so that a reader never meets half a file."""

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import (
    CONFIG,
    EVALUATION,
    HISTORY,
    PREDICTIONS,
    REFERENCE,
    STATUS,
    backup_path,
    checkpoint_path,
)
from fmnist.runs.leftovers import temporary_path
from fmnist.runs.migrations import SCHEMA
from fmnist.runs.records import Epoch, Evaluation, Predictions, Reference, Status
from fmnist.runs.schema import ConfigDocument


def save_config(
    directory: Path, config: RunConfig, recipe_settings: Mapping[str, Any], environment: Mapping[str, Any]
) -> None:
    """Write the configuration, its recipe's settings as they are now, and what is known of machine and libraries."""
    document = ConfigDocument(SCHEMA, config, dict(recipe_settings), dict(environment))
    _write_json(directory / CONFIG, msgspec.to_builtins(document))


def save_status(directory: Path, status: Status) -> None:
    """Write where the training stands; on a full disk the old file is overwritten in place, which needs no space."""
    data = json.dumps(asdict(status)).encode()
    try:
        write_file(directory / STATUS, data)
    except OSError:
        with (directory / STATUS).open("r+b") as stream:
            stream.write(data)
            stream.truncate()


def append_epoch(directory: Path, epoch: Epoch) -> None:
    """Add one finished epoch to the history, flushed to disk: a backup without its epochs cannot be resumed from."""
    with (directory / HISTORY).open("ab") as stream:
        stream.write(render_history([epoch], head=not stream.tell()))
        stream.flush()
        os.fsync(stream.fileno())
    os.utime(directory)  # an appended file alone does not change the directory, by which readers see that it is new


def save_history(directory: Path, epochs: Sequence[Epoch]) -> None:
    """Rewrite the history."""
    write_file(directory / HISTORY, render_history(epochs))


def save_predictions(directory: Path, predictions: Predictions) -> None:
    """Write the probabilities."""
    _save_arrays(directory / PREDICTIONS, predictions)


def save_reference(directory: Path, reference: Reference) -> None:
    """Write the reference features, as float16, which changes distances by less than 0.001."""
    halves = replace(reference, features=reference.features.astype(np.float16))
    _save_arrays(directory / REFERENCE, halves)


def save_evaluation(directory: Path, evaluation: Evaluation) -> None:
    """Write the evaluation, which makes the run complete: call it last."""
    _write_json(directory / EVALUATION, asdict(evaluation))


def discard_evaluation(directory: Path) -> None:
    """Remove the evaluation, without which the run is not complete: call it first."""
    (directory / EVALUATION).unlink(missing_ok=True)


def discard_training_state(directory: Path) -> None:
    """Remove what only a training that is to be resumed needs."""
    for path in (checkpoint_path(directory), backup_path(directory)):
        path.unlink(missing_ok=True)


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; raises OSError."""
    temporary = temporary_path(path)
    try:
        temporary.write_bytes(data)
        replace_file(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def write_named_file(path: Path, data: bytes) -> None:
    """Write a file that the user named: a link is followed, and what is no regular file is written into.

    A regular file is written whole or not at all.

    Raises:
        OSError: if it cannot be written; the message names it.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                stream.write(data)
        else:
            write_file(target, data)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OSError(f"{path} cannot be written: {reason}.") from error


def replace_file(temporary: Path, path: Path) -> None:
    """Put a finished temporary file in its place, flushed to disk first."""
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    temporary.replace(path)


def render_history(epochs: Sequence[Epoch], *, head: bool = True) -> bytes:
    """Return epochs as CSV."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, [f.name for f in fields(Epoch)], lineterminator="\n")
    if head:
        writer.writeheader()
    writer.writerows(map(asdict, epochs))
    return lines.getvalue().encode()


def _save_arrays(path: Path, record: Predictions | Reference) -> None:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{f.name: getattr(record, f.name) for f in fields(record)})
    write_file(path, buffer.getvalue())


def render_record(record: object) -> bytes:
    """Return a record, or what JSON has, as the text of a JSON file."""
    return (json.dumps(msgspec.to_builtins(record), indent=2) + "\n").encode()


def _write_json(path: Path, document: object) -> None:
    write_file(path, render_record(document))
