"""What is computed of a network without Keras is what Keras says of the network that is built from the same layers."""

import math
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist.architectures.build import build_network
from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.architectures.layers import (
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalAverage,
    InvertedResidual,
    Layers,
    Pooling,
    Residual,
    SeparableConvolution,
)
from fmnist.architectures.shapes import trace
from fmnist.dataset import Dataset
from fmnist.runs.layout import weights_path
from fmnist.runs.reading import load_predictions
from fmnist.training.batches import scale_images

WIDTHS, STRIDES = st.sampled_from([1, 3, 4, 8]), st.sampled_from([1, 2, 3])
ACTIVATIONS = st.sampled_from(["relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid", "linear"])
LAYERS = st.one_of(
    st.builds(
        Convolution,
        WIDTHS,
        kernel=st.integers(1, 5),
        stride=STRIDES,
        padding=st.sampled_from(["same", "valid"]),
        pool=st.sampled_from([0, 2, 3]),
        normalised=st.booleans(),
        activation=ACTIVATIONS,
    ),
    st.builds(SeparableConvolution, WIDTHS, kernel=st.sampled_from([3, 4]), stride=STRIDES, normalised=st.booleans()),
    st.builds(Pooling, st.sampled_from(["max", "average"]), size=st.integers(2, 4), stride=STRIDES),
    st.builds(Residual, WIDTHS, stride=STRIDES, activation=ACTIVATIONS),
    st.builds(InvertedResidual, WIDTHS, expansion=st.integers(1, 3), stride=STRIDES, squeeze=st.booleans()),
    st.builds(Dropout, st.sampled_from([0.0, 0.5])),
    st.just(Flatten()),
    st.just(GlobalAverage()),
    st.builds(Dense, WIDTHS, normalised=st.booleans(), activation=ACTIVATIONS),
)


@st.composite
def networks(draw: st.DrawFn) -> Layers:
    """Return layers that fit: of those drawn, each that fits what stands before it."""
    layers: Layers = ()
    for layer in draw(st.lists(LAYERS, max_size=7)):
        longer = (*layers, layer)
        if len(trace(longer).rows) >= len(longer):
            layers = longer
    return layers if not trace(layers).problem else (*layers, Flatten())


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
        np.testing.assert_allclose(probs, load_predictions(run).test_probs[:200], atol=1e-6, err_msg=run.id)
