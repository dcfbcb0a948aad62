"""Make the files of a run that need TensorFlow, in a process of its own, and run the Keras file.

`python -m fmnist.export.convert DIRECTORY FOLDER FORMAT…` writes into the folder and prints JSON: the latency of Keras.
"""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from fmnist.dataset import load_dataset
from fmnist.export.formats import FORMATS, KERAS_PROBS
from fmnist.inference.latency import measure_latency
from fmnist.inference.serving import start_interpreter
from fmnist.runs.layout import served_path
from fmnist.training.batches import scale_images
from fmnist.training.exporting import export_served
from fmnist.training.fit import load_network, predict_probs

_OPSET = 18
_CALLS = 50  # one call takes Keras several milliseconds


def convert(directory: Path, folder: Path, formats: list[str]) -> dict[str, float]:
    """Write the files of some formats, and for `keras` its probabilities of the test images.

    Returns:
        the latency of Keras in milliseconds, by the key of its format, where that is asked for.

    Raises:
        RunError: if the weights are damaged.
    """
    if "onnx" in formats:
        _convert_to_onnx(served_path(directory), folder / FORMATS["onnx"].file)
    if set(formats) <= {"onnx"}:
        return {}
    network = load_network(directory)
    for key in ("litert-float16", "litert-int8"):
        if key in formats:
            export_served(network, folder / FORMATS[key].file, **_quantise(key))
    if "keras" not in formats:
        return {}
    images = load_dataset().test_images
    np.save(folder / KERAS_PROBS, predict_probs(network, images))
    image = scale_images(images[:1])
    return {"keras": measure_latency(lambda: network.predict_on_batch(image), _CALLS).median}


def _quantise(key: str) -> dict[str, Any]:
    """Return the converter's settings: weights of 16-bit floats, or of 8-bit integers with activations as floats."""
    settings: dict[str, Any] = {"optimizations": [tf.lite.Optimize.DEFAULT]}
    return settings | ({"target_spec": {"supported_types": [tf.float16]}} if key == "litert-float16" else {})


def _convert_to_onnx(served: Path, path: Path) -> None:
    """Convert the served model, whose operations are fused already; its outputs keep their order."""
    from tf2onnx import convert as tf2onnx  # of the extra `export`

    outputs = start_interpreter(served.read_bytes()).get_signature_runner().get_output_details()
    names = [outputs[key]["name"] for key in sorted(outputs)]
    tf2onnx.from_tflite(str(served), output_names=names, opset=_OPSET, output_path=str(path))


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):  # what libraries print is no JSON
        printed = convert(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
    sys.stdout.write(json.dumps(printed))
