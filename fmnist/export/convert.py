"""Make the files of a run that need TensorFlow, in a process of its own.

`python -m fmnist.export.convert DIRECTORY FOLDER FORMAT…` writes into the folder and prints the key of each format, as
JSON, when its file is there.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fmnist.dataset import load_dataset, split_indices
from fmnist.export.formats import FORMATS
from fmnist.inference.serving import start_interpreter
from fmnist.runs.layout import served_path
from fmnist.training.batches import scale_images
from fmnist.training.exporting import export_network, export_served
from fmnist.training.fit import load_network

CALIBRATED_ON = 500
"""Training images on which the range of each activation is measured."""

_OPSET = 18


class Converter:
    """Makes files of the run in a directory; raises RunError if its weights are damaged."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def make(self, key: str, path: Path) -> None:
        """Write the file of a format."""
        if key == "onnx":
            self._make_onnx(path)
        elif key == "savedmodel":
            self._network.export(path, format="tf_saved_model", verbose=False)
        elif key == "litert-int8-full":
            export_network(keras.Model(self._network.inputs, self._network.outputs[0]), path, **_integers_alone())
        else:
            export_served(self._network, path, **_shorten_weights(key))

    @cached_property
    def _network(self) -> keras.Model:
        return load_network(self._directory)

    def _make_onnx(self, path: Path) -> None:
        """Convert the served model, whose operations are fused already; its outputs keep their order."""
        from tf2onnx import convert as tf2onnx  # of the extra `export`

        served = served_path(self._directory)
        outputs = start_interpreter(served.read_bytes()).get_signature_runner().get_output_details()
        names = [outputs[key]["name"] for key in sorted(outputs)]
        tf2onnx.from_tflite(str(served), output_names=names, opset=_OPSET, output_path=str(path))


def _shorten_weights(key: str) -> dict[str, Any]:
    """Return the converter's settings: weights of 16-bit floats, or of 8-bit integers with activations as floats."""
    settings: dict[str, Any] = {"optimizations": [tf.lite.Optimize.DEFAULT]}
    return settings | ({"target_spec": {"supported_types": [tf.float16]}} if key == "litert-float16" else {})


def _integers_alone() -> dict[str, Any]:
    """Return the converter's settings for integers of eight bits from input to output, as small devices need them."""
    return {
        "optimizations": [tf.lite.Optimize.DEFAULT],
        "representative_dataset": _calibrate,
        "target_spec": {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]},
        "inference_input_type": tf.int8,
        "inference_output_type": tf.int8,
    }


def _calibrate() -> Iterator[list[np.ndarray]]:
    """Yield images of the training part, never of the validation or the test images."""
    chosen = np.random.default_rng(0).choice(split_indices()[0], CALIBRATED_ON, replace=False)
    for image in load_dataset().train_images[np.sort(chosen)]:
        yield [scale_images(image[None])]


def convert(directory: Path, folder: Path, formats: list[str], tell: Callable[[str], None]) -> None:
    """Write the files of some formats into a folder; `tell` hears of each when it is there.

    Raises:
        RunError: if the weights are damaged.
    """
    converter = Converter(directory)
    for key in formats:
        converter.make(key, folder / FORMATS[key].file)
        tell(key)


def main() -> None:
    """Make what the command line asks for."""
    output = sys.__stdout__ or sys.stdout

    def tell(key: str) -> None:
        output.write(json.dumps({"made": key}) + "\n")
        output.flush()

    with contextlib.redirect_stdout(sys.stderr):  # what libraries print is no JSON
        convert(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:], tell)


if __name__ == "__main__":
    main()
