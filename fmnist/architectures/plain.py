"""Networks of dense layers, convolutions and pooling only. Comments give the output shape for one image."""

from keras import Input, Model, Sequential
from keras.layers import Conv2D, Dense, Dropout, Flatten, Layer, MaxPooling2D

from fmnist.dataset import IMAGE_SHAPE, N_CLASSES


def build_ann() -> Model:
    """Build the dense network 784-128-64-10."""
    return _network("ann", [Flatten(), Dense(128, activation="relu"), Dense(64, activation="relu")])


def build_basic_cnn() -> Model:
    """Build two convolutions, each with pooling, and a dense layer."""
    return _network(
        "basic_cnn",
        [
            *_conv_pool(32),  # 14×14×32
            *_conv_pool(64),  # 7×7×64
            Flatten(),
            Dense(128, activation="relu"),
        ],
    )


def build_cnn_small() -> Model:
    """Build two convolutions, each with pooling, and a small dense layer with dropout."""
    return _network(
        "cnn_small",
        [
            *_conv_pool(32),  # 14×14×32
            *_conv_pool(64),  # 7×7×64
            Flatten(),
            Dense(64, activation="relu"),
            Dropout(0.5),
        ],
    )


def build_cnn_three() -> Model:
    """Build three convolutions, the last one without pooling, and a wide dense layer with dropout."""
    return _network(
        "cnn_three",
        [
            *_conv_pool(32),  # 14×14×32
            *_conv_pool(64),  # 7×7×64
            _conv(64),  # 7×7×64
            Flatten(),
            Dense(256, activation="relu"),
            Dropout(0.5),
        ],
    )


def _network(name: str, layers: list[Layer]) -> Model:
    return Sequential([Input((*IMAGE_SHAPE, 1)), *layers, Dense(N_CLASSES, activation="softmax")], name=name)


def _conv(width: int) -> Layer:
    return Conv2D(width, 3, padding="same", activation="relu")


def _conv_pool(width: int) -> list[Layer]:
    return [_conv(width), MaxPooling2D()]
