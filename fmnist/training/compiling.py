"""What `fit` is given: the network compiled as a run's configuration says, and the batches in a form it reads fast."""

from collections.abc import Callable, Iterator
from typing import Any

import keras

from fmnist.dataset import IMAGE_SHAPE, N_CLASSES
from fmnist.models.registry import get_architecture
from fmnist.records import RunConfig
from fmnist.training.acceleration import accelerate, convolves
from fmnist.training.batches import Batch

# Between two of which Python hears of progress, and of a wish to stop, several times a second
_IMAGES_PER_CALL = 1024
_IMAGES_PER_DENSE_CALL = 8192
_READ_AHEAD = 4  # batches
_STEPS_FOR_XLA = 300
_LEAST_AVERAGES = 20  # how many times a training is at least as long as what the weights are averaged over


def compile_network(config: RunConfig, steps: int) -> keras.Model:
    """Build the configured network untrained and compile it for epochs of that many steps."""
    network = accelerate(get_architecture(config.model).build())
    images = _IMAGES_PER_CALL if convolves(network) else _IMAGES_PER_DENSE_CALL
    network.compile(
        _build_optimizer(config, steps),
        "categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_call(images // config.batch_size, steps),
        jit_compile=_earns_xla(network, config.epochs * steps),
    )
    return network


def _earns_xla(network: keras.Model, steps: int) -> bool:
    """Return whether to compile with XLA: on a CPU it doubles the rate of dense networks and slows convolutions.

    It takes seconds, which a few hundred steps of a dense network do not.
    """
    return steps > _STEPS_FOR_XLA and not convolves(network)


def steps_per_call(limit: int, steps: int) -> int:
    """Return how many steps, up to `limit`, to train between two looks from Python: a divisor of the epoch's steps."""
    return next(number for number in range(max(1, min(limit, steps)), 0, -1) if steps % number == 0)


def feed(batches: Callable[[], Iterator[Batch]], number: int | None = None) -> Any:  # noqa: ANN401
    """Hand batches over to `fit` in the form that its backend reads fastest; `number` of them, or without end.

    Keras wraps a generator for TensorFlow in a pipeline that measures itself all the time: that costs the small
    networks a tenth of their speed, and ending it up to five seconds.
    """
    if keras.backend.backend() != "tensorflow":
        return batches()
    import tensorflow as tf

    images = tf.TensorSpec((None, *IMAGE_SHAPE, 1), tf.float32)
    targets = tf.TensorSpec((None, N_CLASSES), tf.float32)
    options = tf.data.Options()
    options.autotune.enabled = False
    dataset = tf.data.Dataset.from_generator(batches, output_signature=(images, targets))
    length = tf.data.experimental.assert_cardinality(
        number or tf.data.INFINITE_CARDINALITY
    )  # or Keras looks for an end
    return dataset.apply(length).prefetch(_READ_AHEAD).with_options(options)


def _build_optimizer(config: RunConfig, steps: int) -> keras.optimizers.Optimizer:
    rate = _build_schedule(config, steps)
    # An average over more than a small part of a short training would hold weights from before it had learned much
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
