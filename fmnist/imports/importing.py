"""Import a model: check what was submitted, say what was noticed, and store it whole or not at all."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fmnist.dataset import official_labels
from fmnist.errors import InputError
from fmnist.imports.checks import Form, Part, Predictions
from fmnist.imports.details import Details, check_details, check_names
from fmnist.imports.formats import Contents, Upload, read_file
from fmnist.imports.history import read_history_file
from fmnist.imports.records import LONGEST_NOTES, SCHEMA, ImportRecord, ModelRecord, check_link
from fmnist.imports.seeds import stack_predictions, stack_validation
from fmnist.imports.store import IMPORTS
from fmnist.imports.tested import (
    ImageSet,
    check_same,
    check_test,
    choose_images,
    measure_loss,
    official_images,
    refuse_near_copies,
)
from fmnist.imports.validation import check_validation
from fmnist.runs.archive import render_npz
from fmnist.runs.layout import HISTORY, PREDICTIONS
from fmnist.runs.records import Epoch
from fmnist.runs.shelf import Item
from fmnist.runs.writing import render_history
from fmnist.wording import points

MOST_SEEDS = 20  # files of one model

_KEY_DIGITS = 12
_SUSPICIOUS = 0.03  # how much better a held-out part may be than the test images


@dataclass(eq=False)
class _Submission:
    """What was read; with several files, predictions have a row of images for each."""

    images: ImageSet
    test: Predictions
    validation: Part | None
    epochs: list[Epoch]
    warnings: list[str] = field(default_factory=list)


def import_model(
    uploads: Upload | Sequence[Upload],
    details: Details,
    validation: Upload | None = None,
    history: Upload | None = None,
    *,
    key: str = "",
    source: str = "",
) -> Item[ImportRecord]:
    """Check a model's predictions and store them; the same ones of one name are stored once, with the latest details.

    Args:
        uploads: the file with the predictions of the 10,000 test images, in their official order, or of hidden ones;
            several files are seeds of one model.
        details: what the submitter says.
        validation: a file with predictions of validation images: our 5,000, all 60,000 of the training file, or any
            whose positions it gives. It belongs to a single file, as does the history.
        history: a CSV file with one row an epoch.
        key: the key of an imported model whose place it takes, "" for one made of its content.
        source: what identifies the files that it was made of.

    Raises:
        InputError: if something cannot be used; the message says what, and nothing is stored.
    """
    check_details(details)
    files = [uploads] if isinstance(uploads, Upload) else list(uploads)
    return _store(_read_all(files, details, validation, history), details, key, source)


def import_contents(
    upload: Upload,
    contents: Contents,
    details: Details,
    history: Upload | None,
    model: ModelRecord,
    files: Mapping[str, bytes],
) -> Item[ImportRecord]:
    """Store the predictions that a model file made of the official images, checked as those of a file are.

    Args:
        upload: the model file, which messages name.
        contents: its predictions.
        details: what the submitter says.
        history: a CSV file with one row an epoch.
        model: how it takes its images.
        files: further files to store, by name.

    Raises:
        InputError: if something cannot be used; the message says what, and nothing is stored.
    """
    submission = _read(upload, contents, details, history=history, images=official_images())
    return _store(submission, details, model=model, files=files)


def check_seeds(count: int) -> None:
    """Refuse too many files for one model, which can be known before they are read; raises InputError."""
    if not 1 <= count <= MOST_SEEDS:
        raise InputError(f"A model has 1 to {MOST_SEEDS} files, not {count}.")


def _store(
    submission: _Submission,
    details: Details,
    key: str = "",
    source: str = "",
    model: ModelRecord | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Item[ImportRecord]:
    name, submitter, renamed = check_names(details)
    refuse_near_copies(name, submission.test.classes, submission.images)
    submission.warnings += renamed
    if model is None or details.held_out:  # a model file is always run on the validation images
        submission.warnings += _notice(submission, details)
    arrays = _list_arrays(submission)
    record = replace(_make_record(name, submitter, details, submission), source=source, model=model)
    stored = {**(files or {}), PREDICTIONS: render_npz(**arrays)}
    stored |= {HISTORY: render_history(submission.epochs)} if submission.epochs else {}
    return IMPORTS.save(key or _make_key(name, submitter, arrays), record, stored)


def _read_all(
    files: Sequence[Upload], details: Details, validation: Upload | None, history: Upload | None
) -> _Submission:
    """Read one file, or several as the seeds of one model."""
    if len(files) == 1:
        return _read(files[0], read_file(files[0]), details, validation, history)
    if validation is not None or history is not None:
        raise InputError("Validation predictions and a history belong to a single file, not to several.")
    check_seeds(len(files))
    read = [_read(file, read_file(file), details) for file in files]
    names = [file.shown for file in files]
    warnings = [f"{name}: {note}" for name, one in zip(names, read, strict=True) for note in one.warnings]
    images = check_same([one.images for one in read])
    test, mixed = stack_predictions([one.test for one in read])
    return _Submission(images, test, stack_validation([one.validation for one in read]), [], [*warnings, *mixed])


def _read(
    upload: Upload,
    contents: Contents,
    details: Details,
    validation: Upload | None = None,
    history: Upload | None = None,
    images: ImageSet | None = None,
) -> _Submission:
    if contents.test is None:
        raise InputError(f"{upload.shown} contains no test predictions.")
    images = images or choose_images(contents.test)
    test, diagnosis = check_test(upload, contents.test, images, details.form)
    part = _read_validation(upload, contents, validation, details.form)
    epochs = read_history_file(history, details.train_seconds) if history else []
    return _Submission(images, test, part, epochs, [*test.notes, *([diagnosis] if diagnosis else [])])


def _read_validation(upload: Upload, contents: Contents, given: Upload | None, form: Form | None) -> Part | None:
    values, source = contents.validation, upload
    if given is not None:
        values, source = read_file(given, "validation").validation, given
        if values is None:
            raise InputError(f"{given.shown} contains no validation predictions.")
    if values is None:
        return None
    try:
        return check_validation(values, form)
    except InputError as error:
        raise InputError(f"{source.shown}, validation: {error}") from error


def _notice(submission: _Submission, details: Details) -> list[str]:
    """Say what is worth knowing about validation images."""
    part = submission.validation
    if part is None:
        return ["No validation images were given, so none can be held out."] * details.held_out
    if not details.held_out:
        return ["The validation images are not declared held out, so no temperature is fitted on them."]
    gain = _accuracy(part.predictions, official_labels()[0][part.positions]) - _accuracy(
        submission.test, submission.images.labels
    )
    if gain <= _SUSPICIOUS:
        return []
    return [f"Validation accuracy is {points(gain, 1)} points above test accuracy: were these images really held out?"]


def _accuracy(predictions: Predictions, labels: np.ndarray) -> float:
    return float((predictions.classes == labels).mean())


def _list_arrays(submission: _Submission) -> dict[str, np.ndarray]:
    """Return what is stored; classes also lie there alone, as lists of many models need nothing else."""
    parts = {"test": submission.test}
    arrays: dict[str, np.ndarray] = {}
    if submission.validation:
        parts["val"] = submission.validation.predictions
        arrays["val_positions"] = submission.validation.positions.astype(np.int32)
    for part, predictions in parts.items():
        arrays[f"{part}_classes"] = predictions.classes
        arrays |= {} if predictions.probs is None else {f"{part}_probs": predictions.probs}
    return arrays


def _make_key(name: str, submitter: str, arrays: dict[str, np.ndarray]) -> str:
    """Return a key made of what the model is, so that the same file is not listed twice."""
    digest = hashlib.sha256("\0".join((name, submitter)).encode())
    for part in sorted(arrays):
        digest.update(part.encode() + arrays[part].tobytes())
    return f"import-{digest.hexdigest()[:_KEY_DIGITS]}"


def _make_record(name: str, submitter: str, details: Details, submission: _Submission) -> ImportRecord:
    notes = "".join(sign for sign in details.notes if sign.isprintable() or sign == "\n").strip()
    part = submission.validation
    return ImportRecord(
        schema=SCHEMA,
        name=name,
        form=submission.test.form,
        created=time.time(),
        submitter=submitter,
        notes=notes[:LONGEST_NOTES],
        link=check_link(details.link) if details.link.strip() else "",
        params=details.params,
        train_seconds=details.train_seconds,
        test_loss=measure_loss(submission.images, submission.test.probs),
        validation_rows=0 if part is None else len(part.positions),
        held_out=details.held_out and part is not None,
        warnings=submission.warnings,
        seeds=len(np.atleast_2d(submission.test.classes)),
        test_set=submission.images.key,
        test_images=len(submission.images.labels),
    )
