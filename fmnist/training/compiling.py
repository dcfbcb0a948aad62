"""Prepare the inputs of `fit`: the network, compiled for a configuration, and batches in the fastest form to read."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from fmnist.architectures.build import build_network
from fmnist.dataset import IMAGE_SHAPE, N_CLASSES
from fmnist.recipes.config import RunConfig
from fmnist.training.acceleration import accelerate, convolves
from fmnist.training.batches import LEVEL, Batch, scale_images, smooth_targets, stack_batches

# Python reports progress and checks for a request to stop between two calls, several times a second
_IMAGES_PER_CALL = 1024
_IMAGES_PER_DENSE_CALL = 8192
_IMAGES_PER_STACK = 2048
_READ_AHEAD = 4  # batches
_VALIDATION_BATCH = 500
_STEPS_FOR_XLA = 300
_LEAST_AVERAGES = 20  # a training is at least this many times as long as the window of its weight average
_LEAST_SETTLINGS = 4  # an epoch is at least this many times as long as the window of batch normalisation's averages


def compile_network(config: RunConfig, steps: int) -> keras.Model:
    """Build the configured network, untrained, and compile it for epochs of `steps` steps."""
    network = accelerate(build_network(config.network, config.model), mixed=config.precision == "auto")
    settle_normalisation(network, steps)
    images = _IMAGES_PER_CALL if convolves(network) else _IMAGES_PER_DENSE_CALL
    network.compile(
        _build_optimizer(config, steps),
        "categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_call(images // config.batch_size, steps),
        jit_compile=_earns_xla(network, config.epochs * steps),
    )
    return network


def settle_normalisation(network: keras.Model, steps: int) -> None:
    """Lower the momentum of batch normalisation where epochs have few steps.

    Validation and predictions use its moving averages. With Keras's momentum of 0.99 they need hundreds of steps to
    leave their starting values; a few steps an epoch would end with a network that is right in training and guesses
    afterwards. From 400 steps an epoch on, nothing changes.
    """
    momentum = max(0.0, 1 - _LEAST_SETTLINGS / steps)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = min(layer.momentum, momentum)


def _earns_xla(network: keras.Model, steps: int) -> bool:
    """Return whether to compile with XLA: on a CPU it doubles the speed of dense networks and slows convolutions.

    Compiling takes seconds, longer than a few hundred steps of a dense network.
    """
    return steps > _STEPS_FOR_XLA and not convolves(network)


def steps_per_call(limit: int, steps: int) -> int:
    """Return the number of steps per call from Python: the largest divisor of an epoch's steps up to `limit`."""
    return next(number for number in range(max(1, min(limit, steps)), 0, -1) if steps % number == 0)


def feed_training(batches: Callable[[], Iterator[Batch]], batch_size: int) -> Any:  # noqa: ANN401
    """Return endless batches of images in the form that the backend of `fit` reads fastest.

    TensorFlow gets several batches at a time as uint8 and scales them itself: taking single batches of floats from
    Python halves the speed of small networks. Keras would wrap a generator in a pipeline that keeps tuning itself and
    takes up to five seconds to stop.
    """
    if keras.backend.backend() != "tensorflow":
        return ((scale_images(images), targets) for images, targets in batches())
    import tensorflow as tf

    height, width = IMAGE_SHAPE
    stacks = tf.data.Dataset.from_generator(
        lambda: stack_batches(batches(), max(1, _IMAGES_PER_STACK // batch_size)),
        output_signature=(
            tf.TensorSpec((None, None, height, width), tf.uint8),
            tf.TensorSpec((None, None, N_CLASSES), tf.float32),
        ),
    )
    dataset = (
        stacks.prefetch(1)
        .flat_map(lambda images, targets: tf.data.Dataset.from_tensor_slices((images, targets)))
        .map(lambda images, targets: (tf.cast(images, tf.float32)[..., None] * LEVEL, targets))
        .apply(tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY))  # or Keras looks for the end
    )
    return dataset.prefetch(_READ_AHEAD).with_options(_without_autotune())


def feed_validation(images: np.ndarray, labels: np.ndarray) -> Any:  # noqa: ANN401
    """Return images, uint8 (n, 28, 28), and labels, without augmentation, in the form that `fit` reads fastest."""
    inputs, targets = scale_images(images), smooth_targets(labels)
    if keras.backend.backend() != "tensorflow":
        return inputs, targets
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices((inputs, targets)).batch(_VALIDATION_BATCH).cache()
    return dataset.with_options(_without_autotune())


def _without_autotune() -> Any:  # noqa: ANN401
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    return options


def _build_optimizer(config: RunConfig, steps: int) -> keras.optimizers.Optimizer:
    rate = _build_schedule(config, steps)
    # In a short training, a long window would average over weights from before the network had learned much
    momentum = max(0.0, min(config.average, 1 - _LEAST_AVERAGES / (config.epochs * steps)))
    average = {"use_ema": True, "ema_momentum": momentum} if config.average else {}
    if config.weight_decay:
        return keras.optimizers.AdamW(rate, weight_decay=config.weight_decay, **average)
    return keras.optimizers.Adam(rate, **average)


def _build_schedule(config: RunConfig, steps: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    if config.schedule == "constant" and not config.warmup_epochs:
        return config.learning_rate
    warmup = config.warmup_epochs * steps
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup else config.learning_rate,
        decay_steps=config.epochs * steps - warmup,
        alpha=1.0 if config.schedule == "constant" else 0.0,
        warmup_target=config.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
