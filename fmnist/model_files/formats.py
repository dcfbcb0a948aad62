"""Which model files can be imported, and what can be said of one before it is opened."""

import io
from importlib.util import find_spec
from pathlib import PurePath
from typing import cast
from zipfile import is_zipfile

from fmnist.errors import InputError
from fmnist.imports.formats import Upload
from fmnist.imports.records import Format
from fmnist.jobs.libraries import describe_missing_libraries

MOST_BYTES = 100 * 2**20
EXTENSIONS = (".keras", ".tflite", ".onnx")

_LITERT = b"TFL3"  # after the first four bytes
_NO_ONNX = 'ONNX Runtime is not installed. `pip install "fmnist-lab[onnx]"` installs it.'


def is_model_file(name: str) -> bool:
    """Return whether a file is a model file by its name, whatever it holds."""
    return PurePath(name).suffix.lower() in EXTENSIONS


def check_model_file(upload: Upload) -> Format:
    """Return the format of a model file that may be opened, in a process of its own.

    Raises:
        InputError: if it is empty, too large or not of its format, or its library is not installed.
    """
    suffix = PurePath(upload.name).suffix.lower()
    if suffix not in EXTENSIONS:
        raise InputError(f"{upload.shown} is not a model file: use .keras, .tflite or .onnx.")
    if not upload.data:
        raise InputError(f"{upload.shown} is empty.")
    if len(upload.data) > MOST_BYTES:
        raise InputError(f"{upload.shown} is larger than {MOST_BYTES // 2**20} MB.")
    form = cast(Format, suffix[1:])
    if form == "keras" and not is_zipfile(io.BytesIO(upload.data)):
        raise InputError(f"{upload.shown} is damaged, or no Keras file: save it with Keras 3.")
    if form == "tflite" and not upload.data.startswith(_LITERT, 4):
        raise InputError(f"{upload.shown} is damaged, or no LiteRT file.")
    if missing := describe_missing(form):
        raise InputError(f"{upload.shown} cannot be opened here. {missing}")
    return form


def describe_missing(form: Format) -> str:
    """Return a sentence that says how to install what opens a format, or "" where it is installed."""
    if form == "keras":
        return describe_missing_libraries()
    return _NO_ONNX if form == "onnx" and not find_spec("onnxruntime") else ""
