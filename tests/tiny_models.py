"""Write model files of a classifier that needs no training, and run the Keras files as an import does; prints JSON.

`python tests/tiny_models.py FOLDER` starts TensorFlow once for all tests that need files which only TensorFlow writes.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fmnist.dataset import Dataset, load_dataset
from fmnist.errors import InputError

Weights = tuple[np.ndarray, np.ndarray]


def class_means(dataset: Dataset) -> Weights:
    """Return weights (784, 10) and biases (10,), float32, of logits for pixels from 0 to 1.

    They compare an image with the mean image of each class, and are right on two of three.
    """
    images = dataset.train_images[:10_000].reshape(-1, 784).astype(np.float32) / 255
    labels = dataset.train_labels[:10_000]
    means = np.stack([images[labels == label].mean(axis=0) for label in range(10)])
    return (means.T / 5).astype(np.float32), (-(means**2).sum(axis=1) / 10).astype(np.float32)


def write_onnx(path: Path, weights: Weights, shape: tuple[Any, ...] = ("n", 1, 28, 28), **options: Any) -> Path:
    """Write the classifier as an ONNX file for images of some shape; `options` are those of `onnx.save`."""
    onnx = pytest.importorskip("onnx", reason="needs onnx of the dependency group dev")
    pytest.importorskip("onnxruntime", reason="needs ONNX Runtime of the extra onnx")
    helper, as_tensor = onnx.helper, onnx.numpy_helper.from_array
    flat, (kernel, bias) = np.array([-1, 784]), weights
    constants = {"flat": flat, "kernel": kernel, "bias": bias}
    nodes = [
        helper.make_node("Reshape", ["image", "flat"], ["pixels"]),
        helper.make_node("Gemm", ["pixels", "kernel", "bias"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "classifier",
        [helper.make_tensor_value_info("image", onnx.TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, (shape[0], len(bias)))],
        [as_tensor(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, path, **options)
    return path


def write_keras(folder: Path, weights: Weights) -> Iterator[str]:
    """Write `<name>/model.keras` for each name, and LiteRT files of integers beside them."""
    import keras
    from keras import Input, Sequential
    from keras.layers import Dense, Flatten, Lambda, Layer

    class Strange(Layer):  # type: ignore[misc]
        """A layer of somebody's own."""

        def call(self, inputs: Any) -> Any:
            return inputs

    networks = {
        "plain": Sequential([Input((28, 28)), Flatten(), Dense(10, activation="softmax")]),
        "code": Sequential([Input((28, 28)), Lambda(lambda image: image), Flatten(), Dense(10)]),
        "strange": Sequential([Input((28, 28)), Strange(), Flatten(), Dense(10)]),
        "seven": Sequential([Input((784,)), Dense(7)]),
        "colour": Sequential([Input((32, 32, 3)), Flatten(), Dense(10)]),
    }
    networks["plain"].layers[-1].set_weights(weights)
    _write_integers(folder / "integers.tflite", networks["plain"])
    for name, network in networks.items():
        (folder / name).mkdir()
        network.save(folder / name / "model.keras")
        yield name
    keras.backend.clear_session()


def _write_integers(path: Path, network: Any) -> None:
    """Write a network whose input and output are eight-bit integers, as microcontrollers want it."""
    import tensorflow as tf

    images = load_dataset().train_images[:100].astype(np.float32) / 255
    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image[None]] for image in images)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    path.write_bytes(converter.convert())


def main() -> None:
    """Write the files into the folder that the command line names, and print what became of the Keras files."""
    from fmnist.model_files.trial import examine

    folder, dataset = Path(sys.argv[1]), load_dataset()
    outcomes: dict[str, Any] = {}
    for name in write_keras(folder, class_means(dataset)):
        try:
            outcomes[name] = asdict(examine(folder / name, "keras", dataset))
        except InputError as error:
            outcomes[name] = str(error)
    (folder / "outcomes.json").write_text(json.dumps(outcomes))


if __name__ == "__main__":
    main()
