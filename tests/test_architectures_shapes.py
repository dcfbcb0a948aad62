"""Shapes and costs of networks as data: counted by hand, known from the literature, and errors where layers misfit."""

import msgspec
import pytest

from fmnist.architectures.catalogue import ARCHITECTURES, get_architecture
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
from fmnist.architectures.shapes import trace, trace_complete


def _residual(before: int, width: int) -> tuple[int, int]:
    """Weights of a residual block's convolutions, those of its shortcut apart, and values of their normalisations."""
    changes = before != width
    return 9 * (before + width) * width + changes * before * width, 4 * width * (2 + changes)


RESIDUAL = [_residual(48, 48), _residual(48, 96), _residual(96, 96), _residual(96, 160)]
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
    "resnet": 9 * (16 + 16 * 48) + 4 * (16 + 48) + sum(map(sum, RESIDUAL)) + 16 * 160 * 10 + 10,
    "vgg": 757_530 - (48 * 96 + 4 * 96) - (96 * 160 + 4 * 160),  # the residual network without what changes shortcuts
    "mobilenet": 266_330,
    "efficientnet": 266_330
    + 4 * (2 * 128 * 8 + 8 + 128)  # squeeze to a quarter of the input's width, and back to the widened one
    + 3 * (2 * 256 * 16 + 16 + 256)
    + (2 * 384 * 24 + 24 + 384),
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
    "resnet": 784 * 9 * (16 + 16 * 48)
    + 196 * RESIDUAL[0][0]
    + 49 * (RESIDUAL[1][0] + RESIDUAL[2][0])
    + 16 * RESIDUAL[3][0]
    + 25_600,
    "vgg": 34_280_704 - 49 * 48 * 96 - 16 * 96 * 160,
    "mobilenet": 784 * 9 * (16 + 16 * 32)
    + 3 * 196 * 128 * (32 + 9 + 32)
    + (196 * 32 * 128 + 49 * 128 * (9 + 64))
    + 2 * 49 * 256 * (64 + 9 + 64)
    + 49 * 256 * (64 + 9 + 96)
    + 49 * 384 * (96 + 9 + 96)
    + 49 * 96 * 128
    + 1280,
    "efficientnet": 20_422_912 + 4 * 2 * 128 * 8 + 3 * 2 * 256 * 16 + 2 * 384 * 24,
}
SMALL = (Convolution(8, stride=2), Flatten())


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_network_has_the_parameters_and_multiply_adds_of_its_description(name: str):
    architecture = get_architecture(name)
    assert architecture.params == PARAMS[name]
    assert architecture.multiply_adds == MULTIPLY_ADDS[name]


def test_the_networks_keep_their_limits():
    params = {name: known.params for name, known in ARCHITECTURES.items()}
    work = {name: known.multiply_adds for name, known in ARCHITECTURES.items()}
    assert params["deeper_cnn"] < 700_000
    assert work["deeper_cnn"] < 12_000_000
    assert params["compact_cnn"] < 100_000
    assert (params["resnet"], work["resnet"]) == (757_530, 34_280_704)
    assert params["mobilenet"] <= 300_000
    assert work["mobilenet"] <= 25_000_000


def test_each_layer_has_its_shape_and_its_share_of_the_cost():
    rows = trace_complete(ARCHITECTURES["resnet"].layers).rows
    assert [row.shape for row in rows] == [
        *((28, 28, 16), (14, 14, 48), (14, 14, 48), (7, 7, 96), (7, 7, 96), (4, 4, 160), (4, 4, 160), (2560,), (10,))
    ]
    assert [row.receptive_field for row in rows] == [3, 6, 14, 26, 42, 66, 66, 90, 90]
    assert rows[1].params == 9 * 16 * 48 + 4 * 48
    assert rows[1].multiply_adds == 784 * 9 * 16 * 48
    assert rows[1].activation_bytes == 4 * (784 * 48 + 3 * 196 * 48)  # convolved, then pooled, normalised, activated
    assert [rows[6].params, rows[7].multiply_adds, rows[7].activation_bytes] == [0, 0, 0]


@pytest.mark.parametrize(
    ("layers", "side", "expected"),
    [
        # AlexNet, VGG-16 and MobileNet: Araujo et al., "Computing Receptive Fields of Convolutional Neural Networks"
        ([(11, 4), "p32", (5, 1), "p32", (3, 1), (3, 1), (3, 1), "p32"], 227, 195),
        ([*[(3, 1)] * 2, "p22", *[(3, 1)] * 2, "p22", *([*[(3, 1)] * 3, "p22"] * 3)], 224, 212),
        ([(3, 2), *["s1", "s2"] * 3, *["s1"] * 5, "s2", "s1"], 224, 315),
    ],
    ids=["AlexNet", "VGG-16", "MobileNet"],
)
def test_receptive_fields_are_those_of_the_literature(layers: list[tuple[int, int] | str], side: int, expected: int):
    made: list[Convolution | SeparableConvolution | Pooling] = []
    for layer in layers:
        if not isinstance(layer, str):
            made.append(Convolution(4, kernel=layer[0], stride=layer[1]))
        elif layer[0] == "p":
            made.append(Pooling(size=int(layer[1]), stride=int(layer[2])))
        else:
            made.append(SeparableConvolution(4, stride=int(layer[1])))
    assert trace((*made, Flatten()), (side, side, 3)).rows[len(made) - 1].receptive_field == expected


MISFITS: dict[str, tuple[Layers, int, str]] = {
    "pooling of a small map": (
        (*[Pooling()] * 3, Convolution(8), Pooling(size=3, stride=3), Pooling(size=3)),
        5,
        "3×3 pooling of a 1×1 map. Use a smaller one, or pool less before it.",
    ),
    "a convolution without padding": (
        (Pooling(size=7, stride=7), Convolution(8, kernel=5, padding="valid"), Flatten()),
        1,
        "5×5 convolution without padding of a 4×4 map. Use a smaller one, or pool less before it.",
    ),
    "a convolution's own pooling": (
        (Pooling(size=7, stride=4), Pooling(size=4, stride=4), Convolution(8, pool=2)),
        2,
        "2×2 pooling of a 1×1 map. Use a smaller one, or pool less before it.",
    ),
    "a block after flattening": (
        (Flatten(), Residual(8)),
        1,
        "Convolution needs a map, and its input is one row of values. Move it further up.",
    ),
    "two flattenings": (
        (Flatten(), Flatten()),
        1,
        "Flattening needs a map, and its input is one row of values. Move it further up.",
    ),
    "a dense layer on a map": (
        (Convolution(8), Dense(16), Flatten()),
        1,
        "A dense layer needs one row of values. Add Flatten or Global average before it.",
    ),
    "a map at the end": (
        (Convolution(8), Dropout(0.5)),
        2,
        "The output needs one row of values. Add Flatten or Global average before it.",
    ),
}


@pytest.mark.parametrize(("layers", "position", "problem"), MISFITS.values(), ids=MISFITS)
def test_what_does_not_fit_is_told_at_its_layer(layers: Layers, position: int, problem: str):
    network = trace(layers)
    assert (len(network.rows), network.problem) == (position, problem)
    where = f"Layer {position + 1}" if position < len(layers) else "The output"
    with pytest.raises(ValueError, match=f"^{where}: {problem[:20]}"):
        trace_complete(layers)


def test_layers_survive_json_with_every_field_named():
    layers: Layers = (Convolution(8, pool=2), InvertedResidual(16, squeeze=True), Pooling("average"), GlobalAverage())
    written = msgspec.json.encode(layers)
    assert msgspec.json.decode(written, type=Layers) == layers
    assert msgspec.json.decode(written)[2] == {"layer": "pooling", "kind": "average", "size": 2, "stride": 2}


def test_training_takes_three_passes_but_for_the_input_of_the_first_operation():
    assert trace(SMALL).training_multiply_adds == 2 * 196 * 9 * 8 + 3 * 196 * 8 * 10


def test_an_unknown_network_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="no network 'deepest_cnn'.*basic_cnn"):
        get_architecture("deepest_cnn")
