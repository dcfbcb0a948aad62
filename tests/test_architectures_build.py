"""What is computed of a network without Keras is what Keras says of the network that is built from the same layers."""

import ast
import math
import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from made_up_networks import networks

from fmnist.architectures.build import build_network
from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.architectures.keras_code import write_keras
from fmnist.architectures.layers import Convolution, Dense, Flatten, InvertedResidual, Layers, Residual
from fmnist.architectures.shapes import trace
from fmnist.architectures.torch_code import write_torch
from fmnist.dataset import Dataset
from fmnist.runs.layout import weights_path
from fmnist.runs.reading import load_predictions
from fmnist.training.batches import scale_images

TORCH_ABSENT = find_spec("torch") is None


def expect_as_computed(layers: Layers) -> None:
    network, known = build_network(layers, "network"), trace(layers)
    built = [layer for layer in network.layers if not isinstance(layer, keras.layers.InputLayer)]
    steps = [step for row in known.rows for step in row.steps]
    assert network.count_params() == known.params
    assert sum(map(multiply_adds, built)) == known.multiply_adds
    shapes = [tuple(layer.output.shape[1:]) for layer in built]
    assert sorted(shapes) == sorted(step.output.shape for step in steps)
    if isinstance(network, keras.Sequential):
        assert shapes == [step.output.shape for step in steps]
    values = sum(math.prod(layer.output.shape[1:]) for layer in built if not isinstance(layer, keras.layers.Flatten))
    assert 4 * values == known.activation_bytes
    assert network.input_shape == (None, 28, 28, 1)
    probs = np.asarray(network(np.random.default_rng(0).random((2, 28, 28, 1), np.float32)))
    np.testing.assert_allclose(probs.sum(axis=1), 1, atol=1e-5)


class Recorder:
    """Keras's layers, which are noted as they are made."""

    def __init__(self) -> None:
        self.made: list[keras.layers.Layer] = []

    def __getattr__(self, name: str) -> Callable[..., keras.layers.Layer]:
        def make(*arguments: Any, **settings: Any) -> keras.layers.Layer:
            self.made.append(getattr(keras.layers, name)(*arguments, **settings))
            return self.made[-1]

        return make


def is_flatten(layer: keras.layers.Layer) -> bool:
    return isinstance(layer, keras.layers.Flatten)


def copy_weights(ours: Sequence[keras.layers.Layer], model: Any, rng: np.random.Generator) -> None:
    """Give the modules of a PyTorch model the weights of Keras's layers; those of normalisations are made up first."""
    import torch

    modules = iter([module for module in model.modules() if getattr(module, "weight", None) is not None])
    order: list[int] = []  # which value in a row of PyTorch, whose channels come first, is which one of Keras
    for layer in ours:
        if is_flatten(layer):
            shape = layer.input.shape[1:]
            order = np.arange(math.prod(shape)).reshape(shape).transpose(2, 0, 1).ravel().tolist()
            continue
        module = next(modules)
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in layer.get_weights()])
            names = ("weight", "bias", "running_mean", "running_var")
        else:
            names = ("weight", "bias")
        for name, weights in zip(names, layer.get_weights(), strict=False):
            if name == "weight" and weights.ndim == 4:
                depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
                weights = weights.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
            if name == "weight" and weights.ndim == 2:
                weights, order = (weights[order] if order else weights).T, []
            getattr(module, name).data.copy_(torch.from_numpy(np.ascontiguousarray(weights)))
    assert next(modules, None) is None


def execute(code: str, **namespace: Any) -> Any:
    """Run code as a user would, and return its `model`."""
    exec(compile(code, "copied", "exec"), namespace)
    return namespace["model"]


def multiply_adds(layer: keras.layers.Layer) -> int:
    """Count those of a Keras layer by the shape of its weights and its output."""
    if isinstance(layer, keras.layers.Dense):
        return math.prod(layer.kernel.shape)
    if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
        return math.prod(layer.output.shape[1:-1]) * math.prod(layer.kernel.shape)
    return 0


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_network_of_the_catalogue_is_what_is_computed_of_it(name: str):
    expect_as_computed(ARCHITECTURES[name].layers)


@settings(max_examples=15)
@given(networks())
def test_any_network_is_what_is_computed_of_it(layers: Layers):
    expect_as_computed(layers)


@settings(max_examples=10)
@given(networks())
@example(ARCHITECTURES["ann"].layers)
@example((InvertedResidual(8, stride=2, squeeze=True), InvertedResidual(8), Residual(4, stride=2), Flatten()))
def test_code_to_copy_builds_the_same_network(layers: Layers):
    network, copied = build_network(layers, "network"), execute(write_keras(layers))
    assert copied.count_params() == network.count_params()
    assert [type(layer) for layer in copied.layers] == [type(layer) for layer in network.layers]
    copied.set_weights(network.get_weights())
    images = np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    np.testing.assert_allclose(copied(images), network(images), atol=1e-6)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_code_for_pytorch_is_python(name: str):
    assert "model = nn.Sequential(" in ast.unparse(ast.parse(write_torch(ARCHITECTURES[name].layers)))


@pytest.mark.skipif(TORCH_ABSENT, reason="PyTorch is not installed.")
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])  # it looks into all modules of PyTorch
@given(networks())
@example(ARCHITECTURES["efficientnet"].layers)
@example(ARCHITECTURES["resnet"].layers)
def test_code_for_pytorch_computes_the_same(layers: Layers):
    import torch

    copied = execute(write_torch(layers)).eval()
    recorder = Recorder()
    network = execute(write_keras(layers).replace("from keras import layers", ""), layers=recorder)
    rng = np.random.default_rng(0)
    images = rng.random((2, 28, 28, 1), np.float32)
    copy_weights([layer for layer in recorder.made if layer.weights or is_flatten(layer)], copied, rng)
    counted = [one for one in copied.state_dict().values() if one.ndim]  # all but the counts of batches
    assert sum(one.numel() for one in counted) == network.count_params()
    with torch.no_grad():
        probs = copied(torch.from_numpy(images.transpose(0, 3, 1, 2))).softmax(dim=1).numpy()
    np.testing.assert_allclose(probs, network(images), atol=1e-4)


def test_layers_that_do_not_fit_are_not_built():
    with pytest.raises(ValueError, match="^Layer 2: A dense layer needs one row"):
        build_network((Convolution(8), Dense(8), Flatten()), "network")


def test_shipped_weights_answer_as_before_in_networks_built_from_data(dataset: Dataset, shipped_runs):
    kept = [run for run in shipped_runs if run.weights]
    assert {run.config.model for run in kept} >= {"ann", "basic_cnn", "deeper_cnn", "compact_cnn"}
    for run in kept:
        network = build_network(run.config.network, run.config.model)
        network.load_weights(weights_path(run.directory))
        probs = np.asarray(network(scale_images(dataset.test_images[:200])))
        # Processors add in different orders: up to 1.2e-6 between AVX2, on which some were evaluated, and AVX-512
        np.testing.assert_allclose(probs, load_predictions(run).test_probs[:200], atol=2e-6, err_msg=run.id)
