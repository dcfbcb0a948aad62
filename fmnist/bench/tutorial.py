"""What a beginner's tutorial would have you write, for ours to be raced against: Keras's defaults and nothing set.

`python -m fmnist.bench.tutorial MODEL BATCH_SIZE EPOCHS IMAGES` trains on the first so many of the training images and
prints a line of JSON an epoch. Only the progress bar is off, which would slow it down.
"""

import json
import sys
import time

import keras

from fmnist.architectures.build import build_network
from fmnist.architectures.catalogue import get_architecture
from fmnist.dataset import load_dataset, split_indices


class PrintEpochs(keras.callbacks.Callback):
    """Prints how many seconds an epoch took, its validation included, and the validation accuracy after it."""

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Start the clock."""
        self.started = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Print the epoch."""
        accuracy = (logs or {})["val_accuracy"]
        print(json.dumps({"seconds": time.monotonic() - self.started, "val_accuracy": accuracy}), flush=True)


def main(name: str, batch_size: int, epochs: int, images: int) -> None:
    """Train a new network of that name."""
    dataset = load_dataset()
    train, val = split_indices()
    x_train = dataset.train_images[train[:images], :, :, None].astype("float32") / 255
    y_train = dataset.train_labels[train[:images]]
    x_val = dataset.train_images[val, :, :, None].astype("float32") / 255
    y_val = dataset.train_labels[val]

    model = build_network(get_architecture(name).layers, name)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(
        x_train,
        y_train,
        batch_size=batch_size,
        epochs=epochs,
        validation_data=(x_val, y_val),
        verbose=0,
        callbacks=[PrintEpochs()],
    )


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
