"""Convolutional networks with batch normalisation. Comments give the output shape for one image."""

from keras import Input, Model, Sequential
from keras.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
)

from fmnist.dataset import IMAGE_SHAPE, N_CLASSES


def build_deeper_cnn() -> Model:
    """Build five convolutions in three stages and a dense layer.

    Pooling comes before normalisation, which then sees a quarter of the values, and the wide convolutions work on
    small maps: 11.4 million multiply-adds.
    """
    return _network(
        "deeper_cnn",
        [
            *_conv_pool_norm(32),  # 14×14×32
            *_conv_norm(32),  # 14×14×32
            *_conv_pool_norm(64),  # 7×7×64
            Dropout(0.2),
            *_conv_norm(64),  # 7×7×64
            *_conv_pool_norm(128),  # 3×3×128
            Dropout(0.3),
            Flatten(),
            *_dense_norm(256),
            Dropout(0.4),
        ],
    )


def build_cnn_bn() -> Model:
    """Build three blocks of convolution, batch normalisation, ReLU, pooling and dropout, and a dense layer."""
    return _network(
        "cnn_bn",
        [
            *_block(32, convolutions=1),  # 14×14×32
            *_block(64, convolutions=1),  # 7×7×64
            *_block(128, convolutions=1),  # 3×3×128
            Flatten(),
            Dense(128, activation="relu"),
            Dropout(0.5),
        ],
    )


def build_cnn_gap() -> Model:
    """Build two blocks, a last convolution whose maps are averaged, and a dense layer."""
    return _network(
        "cnn_gap",
        [
            *_block(32, convolutions=1),  # 14×14×32
            *_block(64, convolutions=2),  # 7×7×64
            *_conv_norm(128),  # 7×7×128
            GlobalAveragePooling2D(),  # 128
            Dense(128, activation="relu"),
            Dropout(0.25),
        ],
    )


def build_compact_cnn() -> Model:
    """Build six narrow convolutions in three stages, without a hidden dense layer: under 100,000 parameters.

    Widths are multiples of 16, the width of vector instructions: with 24, 24, 40 and 40 it trained at a third of the
    speed.
    """
    return _network(
        "compact_cnn",
        [
            *_conv_norm(16),  # 28×28×16
            *_conv_pool_norm(32),  # 14×14×32
            *_conv_norm(32),  # 14×14×32
            *_conv_pool_norm(48),  # 7×7×48
            *_conv_norm(64),  # 7×7×64
            *_conv_pool_norm(64),  # 3×3×64
            Dropout(0.2),
            Flatten(),
        ],
    )


def _network(name: str, layers: list[Layer]) -> Model:
    return Sequential([Input((*IMAGE_SHAPE, 1)), *layers, Dense(N_CLASSES, activation="softmax")], name=name)


def _conv(width: int) -> Layer:
    return Conv2D(width, 3, padding="same", use_bias=False)  # the normalisation that follows has a bias


def _conv_norm(width: int) -> list[Layer]:
    return [_conv(width), BatchNormalization(), Activation("relu")]


def _conv_pool_norm(width: int) -> list[Layer]:
    return [_conv(width), MaxPooling2D(), BatchNormalization(), Activation("relu")]


def _dense_norm(width: int) -> list[Layer]:
    return [Dense(width, use_bias=False), BatchNormalization(), Activation("relu")]


def _block(width: int, convolutions: int) -> list[Layer]:
    pairs = [layer for _ in range(convolutions) for layer in _conv_norm(width)]
    return [*pairs, MaxPooling2D(), Dropout(0.25)]
