"""Layers as text: whatever is written is read again, and whatever comes in an address is layers or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_networks import LAYERS

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.architectures.layers import Convolution, Dropout, Flatten, GlobalAverage, InvertedResidual, Layers, Pooling
from fmnist.architectures.limits import MOST_LAYERS, check_design
from fmnist.architectures.notation import read_layers, write_layers
from fmnist.errors import InputError

PARTS = st.sampled_from(["conv8", "pool", "flat", "dense", "drop0.5", "-", "_", "k3", "s", "9999", "plain", "inv16-x9"])
REFUSED = {
    "attention8": "no layer 'attention8'",
    "conv": "missing required field `width`",
    "conv0": "Expected `int` >= 1",
    "conv16-k99": "Expected `int` <= 11",
    "conv16-p5": "Invalid enum value 5",
    "pool3": "something that it cannot have",
    "flat-k3": "something that it cannot have",
    "drop0.96": "Expected `float` <= 0.95",
    "conv8-wide": "unknown part: 'wide'",
    "conv\N{FULLWIDTH DIGIT EIGHT}": "no layer",
    "conv8_": "no layer ''",
    "_".join(["flat"] * (MOST_LAYERS + 1)): "at most 40 layers, not 41",
    "x" * 2001: "at most 2,000 characters",
}


def test_what_is_by_default_is_left_out():
    layers: Layers = (Convolution(48, pool=2), Pooling("average"), InvertedResidual(32, squeeze=True), GlobalAverage())
    assert write_layers(layers) == "conv48-p2_pool-average_inv32-squeeze_gap"


@pytest.mark.parametrize("layers", [known.layers for known in ARCHITECTURES.values()], ids=ARCHITECTURES)
def test_the_catalogue_is_read_as_it_is_written(layers: Layers):
    assert read_layers(write_layers(layers)) == layers


@given(st.lists(LAYERS, max_size=MOST_LAYERS))
def test_any_layers_are_read_as_they_are_written(layers: list):
    assert read_layers(write_layers(tuple(layers))) == tuple(layers)


@pytest.mark.parametrize("rate", [0.0, 1e-05, 0.12345, 0.1 + 0.2, 0.95])
def test_any_rate_is_read_as_it_is_written(rate: float):
    assert read_layers(write_layers((Dropout(rate),)))[0].rate == pytest.approx(rate, abs=1e-12)


@pytest.mark.parametrize(("text", "words"), REFUSED.items())
def test_what_is_no_layers_is_refused(text: str, words: str):
    with pytest.raises(InputError, match=words):
        read_layers(text)


@given(st.one_of(st.text(max_size=60), st.lists(PARTS).map("".join)))
def test_any_text_is_layers_or_refused(text: str):
    try:
        layers = read_layers(text)
    except InputError:
        return
    assert read_layers(write_layers(layers)) == layers


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ((Flatten(),) * 41, "41 layers; at most 40"),
        ((Pooling(size=7), Pooling(size=7), Pooling(size=7)), "Layer 3: 7×7 pooling of a 3×3 map"),
        (read_layers("conv512_conv512_flat_dense2048"), r"\d+ parameters; at most 5,000,000"),
        (read_layers("conv256_conv256_gap"), "464 million multiply-adds per image; at most 200 million"),
        (read_layers("conv512-k1_drop0.1_drop0.1_drop0.1_gap"), "MB of activations per image; at most 8.0 MB"),
    ],
    ids=["layers", "misfit", "parameters", "multiply-adds", "activations"],
)
def test_a_design_beyond_a_limit_is_refused(layers: Layers, words: str):
    with pytest.raises(InputError, match=words):
        check_design(layers)


def test_the_catalogue_is_within_the_limits():
    for known in ARCHITECTURES.values():
        check_design(known.layers)
