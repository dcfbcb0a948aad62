"""Import a model file: run it, and store its predictions, and what serves it on Predict, or nothing at all."""

from dataclasses import replace
from threading import Event

from fmnist.dataset import find_files, load_dataset
from fmnist.errors import InputError
from fmnist.imports.details import Details, check_details
from fmnist.imports.formats import Contents, Upload
from fmnist.imports.hidden import hidden_set
from fmnist.imports.history import read_history_file
from fmnist.imports.importing import import_contents
from fmnist.imports.records import ImportRecord
from fmnist.imports.values import Values
from fmnist.model_files.formats import check_model_file
from fmnist.model_files.running import Report, run_model_file
from fmnist.model_files.words import NOT_CONVERTED
from fmnist.runs.shelf import Item


def check_model_import(upload: Upload, details: Details, history: Upload | None = None) -> None:
    """Check all that can be checked of a model file before it is run, which may take minutes.

    Raises:
        InputError: if something cannot be used; the message says what.
        DataUnavailableError: if the images on which it is to be run are not here.
    """
    check_details(details)
    if details.form == "labels":
        raise InputError("A model file gives probabilities or logits, so its content cannot be labels.")
    if hidden_set() is not None:
        raise InputError(
            f"{upload.shown} would be run on the official images, and labels are hidden: give predictions."
        )
    check_model_file(upload)
    if history is not None:
        read_history_file(history, details.train_seconds)
    if not all(file.ok for file in find_files()):
        load_dataset()  # says what is missing


def import_model_file(
    upload: Upload, details: Details, history: Upload | None, report: Report, cancelled: Event
) -> Item[ImportRecord]:
    """Run a model file on the validation and test images, and store it as an imported model.

    Args:
        upload: the model file.
        details: what the submitter says.
        history: a CSV file with one row an epoch.
        report: is told several times a second how far it is.
        cancelled: is set by whoever does not want to wait any longer.

    Raises:
        InputError: if something cannot be used; the message says what, and nothing is stored.
        DataUnavailableError: if the images are not here.
        CancelledError: if it was cancelled.
    """
    check_model_import(upload, details, history)
    trial = run_model_file(upload, check_model_file(upload), report, cancelled)
    found = trial.found
    known = replace(details, form=details.form or found.form, params=details.params or found.params)
    files: dict[str, bytes] = {} if trial.served is None else {found.model.served: trial.served}
    notes = () if files else (NOT_CONVERTED,)
    contents = Contents(Values(trial.test, notes=notes), Values(trial.validation))
    return import_contents(upload, contents, known, history, found.model, files)
