import os

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from fmnist.architectures.catalogue import ARCHITECTURES, get_architecture

# Counted by hand: weights and biases of convolutions (9·in·out + out, no bias before a batch normalisation) and dense
# layers (in·out + out), and four values a channel of a batch normalisation.
PARAMS = {
    "ann": 784 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10,
    "basic_cnn": (9 * 32 + 32) + (9 * 32 * 64 + 64) + (49 * 64 * 128 + 128) + (128 * 10 + 10),
    "deeper_cnn": 9 * (32 + 32 * 32 + 32 * 64 + 64 * 64 + 64 * 128)
    + 4 * (32 + 32 + 64 + 64 + 128)
    + 9 * 128 * 256
    + 4 * 256
    + 2570,
    "compact_cnn": 9 * (16 + 16 * 32 + 32 * 32 + 32 * 48 + 48 * 64 + 64 * 64)
    + 4 * (16 + 32 + 32 + 48 + 64 + 64)
    + (9 * 64 * 10 + 10),
    "cnn_bn": 9 * (32 + 32 * 64 + 64 * 128) + 4 * (32 + 64 + 128) + (9 * 128 * 128 + 128) + 1290,
    "cnn_gap": 9 * (32 + 32 * 64 + 64 * 64 + 64 * 128) + 4 * (32 + 64 + 64 + 128) + (128 * 128 + 128) + 1290,
    "cnn_three": 320 + 18_496 + (9 * 64 * 64 + 64) + (49 * 64 * 256 + 256) + 2570,
    "cnn_small": 320 + 18_496 + (49 * 64 * 64 + 64) + 650,
}
# Also by hand: output pixels times 9·in·out for a convolution, in·out for a dense layer.
MULTIPLY_ADDS = {
    "ann": 784 * 128 + 128 * 64 + 640,
    "basic_cnn": 784 * 9 * 32 + 196 * 9 * 32 * 64 + 49 * 64 * 128 + 1280,
    "deeper_cnn": 784 * 9 * 32 + 196 * 9 * (32 * 32 + 32 * 64) + 49 * 9 * (64 * 64 + 64 * 128) + 9 * 128 * 256 + 2560,
    "compact_cnn": 784 * 9 * (16 + 16 * 32) + 196 * 9 * (32 * 32 + 32 * 48) + 49 * 9 * (48 * 64 + 64 * 64) + 5760,
    "cnn_bn": 784 * 9 * 32 + 196 * 9 * 32 * 64 + 49 * 9 * 64 * 128 + 9 * 128 * 128 + 1280,
    "cnn_gap": 784 * 9 * 32 + 196 * 9 * (32 * 64 + 64 * 64) + 49 * 9 * 64 * 128 + 128 * 128 + 1280,
    "cnn_three": 784 * 9 * 32 + 196 * 9 * 32 * 64 + 49 * 9 * 64 * 64 + 49 * 64 * 256 + 2560,
    "cnn_small": 784 * 9 * 32 + 196 * 9 * 32 * 64 + 49 * 64 * 64 + 640,
}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_network_is_what_its_description_says(name):
    from fmnist.architectures.cost import count_multiply_adds

    architecture = get_architecture(name)
    network = architecture.build()
    assert network.input_shape == (None, 28, 28, 1)
    assert network.output_shape == (None, 10)
    assert network.count_params() == architecture.params == PARAMS[name]
    assert count_multiply_adds(network) == architecture.multiply_adds == MULTIPLY_ADDS[name]
    probs = np.asarray(network(np.random.default_rng(0).random((3, 28, 28, 1), np.float32)))
    np.testing.assert_allclose(probs.sum(axis=1), 1, atol=1e-5)


# Each on one image of 28×28, then a dense layer of 10, by hand: positions of the output times the kernel's weights.
COUNTED = {
    "a depthwise convolution": ("DepthwiseConv2D", {"kernel_size": 3, "padding": "same"}, 784 * 9 * 4, 3136),
    "one with two filters per channel": (
        "DepthwiseConv2D",
        {"kernel_size": 5, "depth_multiplier": 2, "strides": 2, "padding": "same"},
        196 * 25 * 4 * 2,
        196 * 8,
    ),
    "a separable convolution": (
        "SeparableConv2D",
        {"filters": 16, "kernel_size": 3, "strides": 2, "padding": "same"},
        196 * (9 * 4 + 4 * 16),
        196 * 16,
    ),
    "a grouped convolution": (
        "Conv2D",
        {"filters": 8, "kernel_size": 3, "groups": 4, "padding": "valid"},
        26 * 26 * 9 * 8,
        26 * 26 * 8,
    ),
    "a dense layer at every position": ("Dense", {"units": 6}, 784 * 4 * 6, 784 * 6),
}


@pytest.mark.parametrize(("layer", "settings", "expected", "outputs"), COUNTED.values(), ids=COUNTED)
def test_every_layer_with_weights_is_counted(layer, settings, expected, outputs):
    import keras

    from fmnist.architectures.cost import count_multiply_adds, count_training_multiply_adds

    network = keras.Sequential(
        [
            keras.Input((28, 28, 4)),
            getattr(keras.layers, layer)(**settings),
            keras.layers.Flatten(),
            keras.layers.Dense(10),
        ]
    )
    assert count_multiply_adds(network) == expected + outputs * 10
    assert count_training_multiply_adds(network) == 2 * expected + 3 * outputs * 10


def test_the_layers_of_a_nested_network_are_counted():
    import keras

    from fmnist.architectures.cost import count_multiply_adds

    inner = keras.Sequential([keras.Input((784,)), keras.layers.Dense(32), keras.layers.Dense(32)])
    inputs = keras.Input((28, 28, 1))
    flat = keras.layers.Flatten()(inputs)
    network = keras.Model(inputs, keras.layers.Dense(10)(inner(flat)))
    assert count_multiply_adds(network) == 784 * 32 + 32 * 32 + 320


@pytest.mark.parametrize("layer", ["Conv2DTranspose", "UpSampling2D"])
def test_a_layer_of_unknown_cost_is_refused_by_name(layer):
    import keras

    from fmnist.architectures.cost import count_multiply_adds

    arguments = {"filters": 4, "kernel_size": 3} if layer == "Conv2DTranspose" else {}
    network = keras.Sequential([keras.Input((28, 28, 1)), getattr(keras.layers, layer)(name="odd", **arguments)])
    with pytest.raises(ValueError, match=f"'odd' \\({layer}\\) is not known"):
        count_multiply_adds(network)


def test_the_deeper_network_keeps_its_limits():
    deeper = get_architecture("deeper_cnn")
    assert deeper.params < 700_000
    assert deeper.multiply_adds < 12_000_000


def test_the_compact_network_is_compact():
    assert get_architecture("compact_cnn").params < 100_000


def test_an_unknown_network_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="no network 'resnet'.*basic_cnn"):
        get_architecture("resnet")
