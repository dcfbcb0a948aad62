"""Ask a Keras file or a SavedModel: for a process that may import TensorFlow."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from fmnist.export.measuring import Ask
from fmnist.training.batches import scale_images


def open_keras(path: Path) -> Ask:
    """Return what asks a Keras file."""
    network = keras.saving.load_model(path, compile=False)

    def ask(images: np.ndarray) -> np.ndarray:
        return np.asarray(network.predict_on_batch(scale_images(images)), np.float32)

    return ask


def open_saved_model(path: Path) -> Ask:
    """Return what asks a SavedModel, by its default signature."""
    loaded = tf.saved_model.load(str(path))
    serve = loaded.signatures["serving_default"]
    (name,) = serve.structured_input_signature[1]

    def ask(images: np.ndarray) -> np.ndarray:
        (probs,) = serve(**{name: tf.constant(scale_images(images))}).values()
        return np.asarray(probs.numpy(), np.float32)

    return ask
