"""The formats in which a run can be shipped: their files, and what has to be installed to make and check each."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from fmnist.errors import InputError
from fmnist.wording import join, shorten

SAVED_MODEL = "saved_model"
"""The folder of TensorFlow's SavedModel."""

_INSTALL = '`pip install "fmnist-lab[export]"` installs what is missing.'
_TENSORFLOW = {"tensorflow": "TensorFlow", "keras": "Keras"}
_ONNX = {**_TENSORFLOW, "tf2onnx": "tf2onnx", "onnxruntime": "ONNX Runtime"}


@dataclass(frozen=True)
class Format:
    """A format by its key, the file or folder that holds it, and the modules that make and check it with their names.

    What needs no module is a copy of a file of the run.
    """

    key: str
    file: str
    title: str
    needs: dict[str, str]

    @property
    def is_converted(self) -> bool:
        """Whether its file is made here, and not copied from the run."""
        return bool(self.needs) and self.key != "keras"

    @property
    def needs_tensorflow_to_run(self) -> bool:
        """Whether its own runtime is TensorFlow."""
        return self.key in ("keras", "savedmodel")

    @property
    def missing(self) -> str:
        """A sentence that says how to install what the format needs; "" where it is installed. Nothing is imported."""
        absent = [name for module, name in self.needs.items() if not find_spec(module)]
        return f"{self.key} needs {join(absent)}: {_INSTALL}" if absent else ""


FORMATS = {
    one.key: one
    for one in (
        Format("litert", "model.tflite", "LiteRT, float32", {}),
        Format("litert-float16", "model-float16.tflite", "LiteRT, float16 weights", _TENSORFLOW),
        Format("litert-int8", "model-int8.tflite", "LiteRT, int8 weights (dynamic)", _TENSORFLOW),
        Format("litert-int8-full", "model-int8-full.tflite", "LiteRT, int8 throughout (calibrated)", _TENSORFLOW),
        Format("onnx", "model.onnx", "ONNX, float32", _ONNX),
        Format("keras", "model.keras", "Keras, float32", _TENSORFLOW),
        Format("savedmodel", SAVED_MODEL, "TensorFlow SavedModel, float32", _TENSORFLOW),
        Format("web", "web/model.tflite", "Web app, LiteRT", {}),
    )
}


def choose_formats(asked: Sequence[str] | None) -> list[Format]:
    """Return the formats of these keys, or without any all that can be made here, in the order of `FORMATS`.

    Raises:
        InputError: if there is no such format, or its libraries are not installed.
    """
    if asked is None:
        return [one for one in FORMATS.values() if not one.missing]
    unknown = [key for key in asked if key not in FORMATS]
    if unknown or not asked:
        raise InputError(f"The formats are {', '.join(FORMATS)}, not {shorten(unknown) or 'none'}.")
    chosen = [one for one in FORMATS.values() if one.key in asked]
    for one in chosen:
        if one.missing:
            raise InputError(one.missing)
    return chosen
