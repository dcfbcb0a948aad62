"""Save the best weights during training, and a backup of everything that is needed to resume it."""

import logging
from pathlib import Path

import keras
import numpy as np

from fmnist.jobs.reporting import Reporter
from fmnist.recipes.config import RunConfig
from fmnist.runs.epochs import save_epoch
from fmnist.runs.layout import backup_path, checkpoint_path
from fmnist.runs.leftovers import unfinished_path
from fmnist.runs.reading import load_history, load_run
from fmnist.runs.records import Epoch
from fmnist.runs.run import RunError
from fmnist.runs.writing import replace_file
from fmnist.training.batches import scale_images
from fmnist.training.callbacks import StopTraining

_BATCH = 500

_log = logging.getLogger(__name__)


def keeping_callbacks(directory: Path, config: RunConfig, history: list[Epoch]) -> list[keras.callbacks.Callback]:
    """Return the callbacks for seeding, best weights and early stopping, in their state after `history`."""
    callbacks: list[keras.callbacks.Callback] = [_EpochSeeds(config.seed)]
    if config.average:
        callbacks.append(keras.callbacks.SwapEMAWeights())  # validation uses the averaged weights
    if config.keep == "best":
        best = min((epoch.val_loss for epoch in history), default=None)
        path = unfinished_path(checkpoint_path(directory))
        callbacks.append(
            keras.callbacks.ModelCheckpoint(
                path, "val_loss", save_best_only=True, save_weights_only=True, initial_value_threshold=best
            )
        )
    if config.patience is not None:
        callbacks.append(_ReplayedEarlyStopping(config.patience, history))
    return callbacks


class Backup(keras.callbacks.Callback):
    """Save network and optimizer in one file after each epoch; must be the last callback.

    Every file is moved into place atomically, and the epoch follows from the optimizer's own step counter. A crash at
    any moment leaves the state after one epoch or after the next, never a mixture.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._directory = directory

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Move the weights into place if this epoch is the best, then the backup."""
        best, backup = checkpoint_path(self._directory), backup_path(self._directory)
        if unfinished_path(best).exists():
            replace_file(unfinished_path(best), best)
        self.model.save(unfinished_path(backup))
        replace_file(unfinished_path(backup), backup)


class KeepEpochs(keras.callbacks.Callback):
    """Keep the probabilities of the validation images after each epoch; must come before `SwapEMAWeights`.

    That swaps the averaged weights out again when validation ends, and they are what is validated. The file is written
    before the history, which says how many epochs there are.
    """

    def __init__(self, directory: Path, images: np.ndarray) -> None:
        super().__init__()
        self._directory, self._inputs = directory, scale_images(images)
        self._probs = np.empty(0)

    def on_test_end(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Ask the network about all images, as it has just been validated."""
        parts = np.split(self._inputs, range(_BATCH, len(self._inputs), _BATCH))
        probs = [keras.ops.convert_to_numpy(self.model(part, training=False)) for part in parts]
        self._probs = np.concatenate(probs).astype(np.float32)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Write what the network answered."""
        save_epoch(self._directory, epoch + 1, self._probs)


def load_backup(directory: Path, steps: int, reporter: Reporter) -> keras.Model | None:
    """Load network and optimizer as of the last finished epoch, or return None without an intact backup."""
    if not backup_path(directory).exists():
        return None
    try:
        network = keras.models.load_model(backup_path(directory), safe_mode=True)
        if len(load_history(load_run(directory))) < int(network.optimizer.iterations) // steps:
            raise RunError("the history lacks epochs")
    except Exception as error:  # Keras raises whatever its parsers raise; damage costs the epochs, not the run
        _tell_damage(reporter, f"The backup is damaged, so the training started again from the first epoch: {error}")
        checkpoint_path(directory).unlink(missing_ok=True)
        return None
    return network


def load_best(network: keras.Model, directory: Path, reporter: Reporter) -> None:
    """Load the best weights into the network if they were kept; if they are damaged, it keeps its last ones."""
    if not checkpoint_path(directory).exists():
        return
    last = network.get_weights()
    try:
        network.load_weights(checkpoint_path(directory))
    except Exception as error:  # as above
        network.set_weights(last)
        _tell_damage(reporter, f"The best weights are damaged, so those of the last epoch were kept: {error}")


class _EpochSeeds(keras.callbacks.Callback):
    """Reset the random state of dropout in each epoch, to make it depend only on the seed and the epoch."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Set the state of each dropout layer for this epoch."""
        for position, layer in enumerate(self.model.layers):
            if isinstance(layer, keras.layers.Dropout):
                state = np.random.SeedSequence((self._seed, epoch, position)).generate_state(2)
                layer.seed_generator.state.assign(state)


class _ReplayedEarlyStopping(keras.callbacks.EarlyStopping):
    """Early stopping on the validation loss that also counts the epochs before a resumption."""

    def __init__(self, patience: int, history: list[Epoch]) -> None:
        super().__init__("val_loss", patience=patience)
        self._history = history

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Replay the earlier epochs, and stop at once if they suffice; `fit` would train one more epoch first."""
        super().on_train_begin(logs)
        for epoch in self._history:
            self.on_epoch_end(epoch.epoch - 1, {"val_loss": epoch.val_loss})
        if self.model.stop_training:
            raise StopTraining


def _tell_damage(reporter: Reporter, words: str) -> None:
    _log.warning(words)
    reporter.update(note=words)
