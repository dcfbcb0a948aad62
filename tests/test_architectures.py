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


def test_the_deeper_network_keeps_its_limits():
    deeper = get_architecture("deeper_cnn")
    assert deeper.params < 700_000
    assert deeper.multiply_adds < 12_000_000


def test_the_compact_network_is_compact():
    assert get_architecture("compact_cnn").params < 100_000


def test_an_unknown_network_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="no network 'resnet'.*basic_cnn"):
        get_architecture("resnet")
