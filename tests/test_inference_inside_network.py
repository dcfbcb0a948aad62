"""What is seen inside a served network: each stage of each layer is what Keras computes there."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.architectures.layers import (
    Convolution,
    Dense,
    Dropout,
    Flatten,
    InvertedResidual,
    Layers,
    Pooling,
    Residual,
)
from fmnist.architectures.operations import Activate, AddTo, Drop, Normalise, Operations, Unroll, Weigh
from fmnist.architectures.shapes import IMAGE, trace_complete
from fmnist.inference.inside.network import OpenNetwork
from fmnist.inference.inside.pixel import explain_value
from fmnist.runs.layout import pretrained_store

SHIPPED = ("ann-tuned-s1", "basic_cnn-textbook-s1", "deeper_cnn-tuned-s1", "cnn_gap-tuned-s2", "resnet-tuned-s0")
DESIGNED: dict[str, Layers] = {
    # activations that stay operations of their own, both kinds of blocks, and linear layers, which could be folded
    "designed": (
        Convolution(8, activation="gelu"),
        Convolution(8, pool=2, activation="linear"),
        Convolution(8, padding="valid", activation="silu"),
        InvertedResidual(8, squeeze=True, activation="leaky_relu"),
        Residual(12, stride=2, activation="tanh"),
        Pooling("average"),
        Dropout(0.1),
        Flatten(),
        Dense(16, normalised=True, activation="linear"),
    ),
}


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    """Two images: one of noise, one of a bright square."""
    square = np.zeros((28, 28), np.uint8)
    square[6:22, 8:20] = 230
    return np.stack([np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8), square])


@pytest.mark.parametrize("name", [*SHIPPED, *DESIGNED])
def test_every_stage_is_what_keras_computes(name: str, pictures: np.ndarray, tmp_path: Path) -> None:
    path, layers, expected = _in_keras(name, pictures, tmp_path)
    opened = OpenNetwork(path, trace_complete(layers))
    assert sum(map(len, opened.stages)) == len(expected)
    _expect_arithmetic(opened, pictures[0])
    for place, image in enumerate(pictures):
        for found, truth in zip(opened.outputs(image), expected, strict=True):
            np.testing.assert_allclose(found, truth[place], atol=1e-4 * max(1, np.abs(truth).max()))


def _expect_arithmetic(opened: OpenNetwork, image: np.ndarray) -> None:
    """Expect what is said of a value to be that value, wherever Keras knows the activation."""
    import keras

    activations = opened.activations(image)
    for stage in (stage for row in opened.stages for stage in row if row[-1].activation != "softmax"):
        found = explain_value(opened, activations, stage, stage.maps.shape[-1] - 1)
        applied = keras.activations.get(found.activation)(np.array([found.before_activation], np.float32))
        assert found.value == pytest.approx(float(applied[0]), rel=1e-3, abs=1e-4)


def _in_keras(name: str, pictures: np.ndarray, folder: Path) -> tuple[Path, Layers, list[np.ndarray]]:
    """Return a served file, its layers, and the outputs of its stages by Keras."""
    import keras

    layers = DESIGNED.get(name) or ARCHITECTURES[name.split("-")[0]].layers
    image = keras.Input(IMAGE)
    outputs: list[Any] = []
    _follow([operation for row in trace_complete(layers).rows for operation in row.operations], image, outputs)
    network = keras.Model(image, outputs)
    if name in DESIGNED:
        path = folder / "model.tflite"
        _fill(network)
        _export(keras.Model(image, outputs[-1]), path)
    else:
        path = pretrained_store() / name / "model.tflite"
        network.set_weights(keras.models.load_model(path.with_suffix(".keras")).get_weights())
    return path, layers, [np.asarray(one) for one in network(pictures[..., None] / np.float32(255), training=False)]


def _follow(operations: Operations | list[Any], maps: Any, outputs: list[Any]) -> Any:
    """Apply operations, and note the output of each with the normalisation and activation behind it."""
    from keras import layers as of_keras

    from fmnist.architectures.build import _step

    for operation in operations:
        match operation:
            case AddTo(branch, shortcut):
                maps = of_keras.Add()([_follow(branch, maps, outputs), _follow(shortcut, maps, outputs)])
                outputs.append(maps)
            case Weigh(factors):
                maps = of_keras.Multiply()([maps, _follow(factors, maps, outputs)])
                outputs.append(maps)
            case Normalise() | Activate():
                maps = _step(operation)(maps)
                outputs[-1] = maps
            case Drop() | Unroll():
                maps = _step(operation)(maps)
            case _:
                maps = _step(operation)(maps)
                outputs.append(maps)
    return maps


def _fill(network: Any) -> None:
    """Fill a network with weights and averages such as a trained one has."""
    rng = np.random.default_rng(1)
    noisy = [weights.numpy() + rng.normal(0, 0.2, weights.shape) for weights in network.weights]
    network.set_weights(
        [
            np.abs(values) + 0.1 if "variance" in weights.path else values
            for values, weights in zip(noisy, network.weights, strict=True)
        ]
    )


def _export(network: Any, path: Path) -> None:
    from fmnist.training.exporting import export_served

    export_served(network, path)
