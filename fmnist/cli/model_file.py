"""Import a model file from the shell, with its progress on standard error."""

import argparse
import sys
from threading import Event

from fmnist.errors import InputError
from fmnist.imports.details import Details
from fmnist.imports.folder import read_upload
from fmnist.imports.records import ImportRecord
from fmnist.model_files.formats import MOST_BYTES
from fmnist.model_files.importing import import_model_file
from fmnist.model_files.outcome import Progress
from fmnist.model_files.words import describe_progress
from fmnist.runs.shelf import Item


def import_by_running(arguments: argparse.Namespace, details: Details) -> Item[ImportRecord]:
    """Run a model file on the validation and test images and import it; an interrupt ends it.

    Raises:
        InputError: if the file cannot be used, or something is given that does not go with one.
    """
    if len(arguments.paths) > 1:
        raise InputError("Import one model file at a time.")
    if arguments.validation:
        raise InputError("A model file is run on the validation images here: leave out --validation.")
    history = read_upload(arguments.history) if arguments.history else None
    upload = read_upload(arguments.paths[0], MOST_BYTES)
    teller = _Teller()
    try:
        return import_model_file(upload, details, history, teller.tell, Event())
    finally:
        teller.end()


class _Teller:
    """Writes each phase as a line; on a terminal, the count goes on within the line."""

    def __init__(self) -> None:
        self._phase, self._live = "", sys.stderr.isatty()

    def tell(self, progress: Progress) -> None:
        """Write how far it is, where that is news."""
        if self._live:
            sys.stderr.write(f"\r{describe_progress(progress)}\033[K")
        elif progress.phase != self._phase:
            sys.stderr.write(f"{describe_progress(progress)}\n")
        self._phase = progress.phase

    def end(self) -> None:
        """Clear the line."""
        if self._live:
            sys.stderr.write("\r\033[K")
