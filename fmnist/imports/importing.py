"""Import a model: check what was submitted, say what was noticed, and store it whole or not at all."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from fmnist.dataset import N_TRAIN, N_VALIDATION, official_labels, split_indices
from fmnist.errors import InputError
from fmnist.imports.checks import Form, Part, Predictions, check_values
from fmnist.imports.formats import Contents, Upload, read_file
from fmnist.imports.history import read_history_file
from fmnist.imports.records import LONGEST_NOTES, SCHEMA, ImportRecord, check_link
from fmnist.imports.seeds import stack_predictions, stack_validation
from fmnist.imports.store import IMPORTS
from fmnist.imports.tested import ImageSet, check_same, check_test, choose_images, measure_loss, refuse_near_copies
from fmnist.imports.values import Values
from fmnist.naming import clean_name
from fmnist.runs.archive import render_npz
from fmnist.runs.layout import HISTORY, PREDICTIONS
from fmnist.runs.records import Epoch
from fmnist.runs.shelf import Item
from fmnist.runs.writing import render_history
from fmnist.wording import points

MOST_SEEDS = 20  # files of one model

_ALL = N_TRAIN + N_VALIDATION  # images of the training file
_FEWEST_VALIDATED = 1_000  # below it a temperature would hardly be known
_KEY_DIGITS = 12
_SUSPICIOUS = 0.03  # how much better a held-out part may be than the test images


@dataclass(frozen=True)
class Details:
    """What the submitter says of a model.

    `held_out` declares that the validation images were not trained on, and `form` what the numbers are, where it is
    not to be found out.
    """

    name: str
    submitter: str = ""
    notes: str = ""
    link: str = ""
    params: int | None = None
    train_seconds: float | None = None
    held_out: bool = False
    form: Form | None = None


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
    name, submitter, renamed = _check_names(details)
    files = [uploads] if isinstance(uploads, Upload) else list(uploads)
    submission = _read_all(files, details, validation, history)
    refuse_near_copies(name, submission.test.classes, submission.images)
    submission.warnings += renamed + _notice(submission, details)
    arrays = _list_arrays(submission)
    key = key or _make_key(name, submitter, arrays)
    record = _make_record(name, submitter, details, submission, source)
    stored = {PREDICTIONS: render_npz(**arrays)}
    stored |= {HISTORY: render_history(submission.epochs)} if submission.epochs else {}
    return IMPORTS.save(key, record, stored)


def _check_names(details: Details) -> tuple[str, str, list[str]]:
    """Return the names as they are shown, and a note where they lost something."""
    name, submitter = clean_name(details.name), clean_name(details.submitter)
    if not name:
        raise InputError("Give the model a name with letters or digits.")
    lost = [
        given.strip() for given, kept in ((details.name, name), (details.submitter, submitter)) if given.strip() != kept
    ]
    return name, submitter, ["Names lost the signs that they may not have."] * bool(lost)


def _read_all(
    files: Sequence[Upload], details: Details, validation: Upload | None, history: Upload | None
) -> _Submission:
    """Read one file, or several as the seeds of one model."""
    if len(files) == 1:
        return _read(files[0], details, validation, history)
    if validation is not None or history is not None:
        raise InputError("Validation predictions and a history belong to a single file, not to several.")
    if not 1 <= len(files) <= MOST_SEEDS:
        raise InputError(f"A model has 1 to {MOST_SEEDS} files, not {len(files)}.")
    read = [_read(file, details, None, None) for file in files]
    names = [file.shown for file in files]
    warnings = [f"{name}: {note}" for name, one in zip(names, read, strict=True) for note in one.warnings]
    images = check_same([one.images for one in read])
    test, mixed = stack_predictions([one.test for one in read])
    return _Submission(images, test, stack_validation([one.validation for one in read]), [], [*warnings, *mixed])


def _read(upload: Upload, details: Details, validation: Upload | None, history: Upload | None) -> _Submission:
    contents = read_file(upload)
    if contents.test is None:
        raise InputError(f"{upload.shown} holds no predictions of the test images.")
    images = choose_images(contents.test)
    test, diagnosis = check_test(upload, contents.test, images, details.form)
    part = _read_validation(upload, contents, validation, details.form)
    epochs = read_history_file(history, details.train_seconds) if history else []
    return _Submission(images, test, part, epochs, [*test.notes, *([diagnosis] if diagnosis else [])])


def _read_validation(upload: Upload, contents: Contents, given: Upload | None, form: Form | None) -> Part | None:
    values, source = contents.validation, upload
    if given is not None:
        values, source = read_file(given, "validation").validation, given
        if values is None:
            raise InputError(f"{given.shown} holds no predictions of validation images.")
    if values is None:
        return None
    try:
        return _check_validation(values, form)
    except InputError as error:
        raise InputError(f"{source.shown}, validation: {error}") from error


def _check_validation(values: Values, form: Form | None) -> Part:
    rows = len(values.array) if values.array.ndim else 0
    _, ours = split_indices()
    if values.positions is not None:
        positions = _check_positions(values.positions, rows)
        return Part(check_values(values, len(positions), form), positions)
    if rows == _ALL:
        every = check_values(values, _ALL, form)
        probs = None if every.probs is None else every.probs[ours]
        return Part(Predictions(every.classes[ours], probs, every.form, every.notes), ours)
    if rows != N_VALIDATION:
        raise InputError(f"has {rows:,} rows: give {N_VALIDATION:,}, {_ALL:,}, or the positions of the images.")
    return Part(check_values(values, N_VALIDATION, form), ours)


def _check_positions(positions: np.ndarray, rows: int) -> np.ndarray:
    """Return positions in the training file, (n,)."""
    flat = np.asarray(positions).reshape(-1)
    whole = flat.dtype.kind in "buif" and np.isfinite(flat.astype(np.float64)).all() and (flat == flat.round()).all()
    if not whole or not len(flat) or flat.min() < 0 or flat.max() >= _ALL or len(np.unique(flat)) < len(flat):
        raise InputError(f"has positions that are not different numbers from 0 to {_ALL - 1:,}.")
    if len(flat) != rows or rows < _FEWEST_VALIDATED:
        raise InputError(f"has {rows:,} rows and {len(flat):,} positions: give at least {_FEWEST_VALIDATED:,} of each.")
    return flat.astype(np.int64)


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


def _make_record(name: str, submitter: str, details: Details, submission: _Submission, source: str) -> ImportRecord:
    if details.params is not None and not 1 <= details.params <= 10**10:
        raise InputError("The number of parameters must lie between 1 and 10,000,000,000.")
    if details.train_seconds is not None and not 0 <= details.train_seconds <= 1e9:
        raise InputError("The training time must be a number of seconds from 0.")
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
        source=source,
        test_set=submission.images.key,
        test_images=len(submission.images.labels),
    )
