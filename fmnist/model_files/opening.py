"""Load a model file by its extension, for a process that knows no Keras."""

from pathlib import Path

from fmnist.model_files.litert import LiteRtRunner
from fmnist.model_files.onnx import OnnxRunner
from fmnist.model_files.runner import Runner


def open_runner(path: Path) -> Runner:
    """Load a `.tflite` or `.onnx` file.

    Raises:
        InputError: if it cannot be loaded; the message goes on after the file's name.
        OSError: if it cannot be read.
    """
    return OnnxRunner(path) if path.suffix == ".onnx" else LiteRtRunner(path.read_bytes())
