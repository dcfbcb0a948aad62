"""What a training keeps as it goes: the best weights, and a backup of everything from which it can be resumed."""

import sys
from pathlib import Path

import keras
import numpy as np

from fmnist.jobs.reporting import Reporter
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import backup_path, checkpoint_path
from fmnist.runs.reading import load_history, load_run
from fmnist.runs.records import Epoch
from fmnist.runs.run import RunError
from fmnist.runs.writing import replace_file
from fmnist.training.callbacks import StopTraining


def keeping_callbacks(directory: Path, config: RunConfig, history: list[Epoch]) -> list[keras.callbacks.Callback]:
    """Return the callbacks that seed, keep the best weights and stop early, in their state after `history`."""
    callbacks: list[keras.callbacks.Callback] = [_EpochSeeds(config.seed)]
    if config.average:
        callbacks.append(keras.callbacks.SwapEMAWeights())  # the validation is that of the averaged weights
    if config.keep == "best":
        best = min((epoch.val_loss for epoch in history), default=None)
        path = _unfinished(checkpoint_path(directory))
        callbacks.append(
            keras.callbacks.ModelCheckpoint(
                path, "val_loss", save_best_only=True, save_weights_only=True, initial_value_threshold=best
            )
        )
    if config.patience is not None:
        callbacks.append(_ReplayedEarlyStopping(config.patience, history))
    return callbacks


class Backup(keras.callbacks.Callback):
    """Keeps network and optimizer after each epoch in one file; comes last of all callbacks.

    Every file is moved into its place whole, and the epoch is read off the optimizer's own count of steps, so that a
    crash at any moment leaves the state after one epoch or after the next, never a mixture.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._directory = directory

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Put the best weights, where this epoch's are, and then the backup into their places."""
        best, backup = checkpoint_path(self._directory), backup_path(self._directory)
        if _unfinished(best).exists():
            replace_file(_unfinished(best), best)
        self.model.save(_unfinished(backup))
        replace_file(_unfinished(backup), backup)


def load_backup(directory: Path, steps: int, reporter: Reporter) -> keras.Model | None:
    """Return the network with its optimizer as after the last finished epoch, or None where there is none intact."""
    if not backup_path(directory).exists():
        return None
    try:
        network = keras.models.load_model(backup_path(directory), safe_mode=True)
        if len(load_history(load_run(directory))) < int(network.optimizer.iterations) // steps:
            raise RunError("the history lacks epochs")
    except Exception as error:  # Keras raises what its parsers raise; the damage costs the epochs, not the run
        _tell_damage(reporter, f"What was kept to resume from is damaged, so the training began anew: {error}")
        checkpoint_path(directory).unlink(missing_ok=True)
        return None
    return network


def load_best(network: keras.Model, directory: Path, reporter: Reporter) -> None:
    """Give the network the best weights where they were kept; where they are damaged it keeps its last ones."""
    if not checkpoint_path(directory).exists():
        return
    last = network.get_weights()
    try:
        network.load_weights(checkpoint_path(directory))
    except Exception as error:  # as above
        network.set_weights(last)
        _tell_damage(reporter, f"The best weights are damaged, so those of the last epoch were kept: {error}")


class _EpochSeeds(keras.callbacks.Callback):
    """Draws dropout's random state anew each epoch, so that it depends on the seed and the epoch alone."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Give each dropout layer its state for this epoch."""
        for position, layer in enumerate(self.model.layers):
            if isinstance(layer, keras.layers.Dropout):
                state = np.random.SeedSequence((self._seed, epoch, position)).generate_state(2)
                layer.seed_generator.state.assign(state)


class _ReplayedEarlyStopping(keras.callbacks.EarlyStopping):
    """Early stopping on the validation loss that has seen the epochs before a resumption."""

    def __init__(self, patience: int, history: list[Epoch]) -> None:
        super().__init__("val_loss", patience=patience)
        self._history = history

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Go through the earlier epochs; `fit` would train one more before it saw that they are enough."""
        super().on_train_begin(logs)
        for epoch in self._history:
            self.on_epoch_end(epoch.epoch - 1, {"val_loss": epoch.val_loss})
        if self.model.stop_training:
            raise StopTraining


def _tell_damage(reporter: Reporter, words: str) -> None:
    sys.stderr.write(f"{words}\n")
    reporter.update(note=words)


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{path.name}")  # Keras tells the format by the suffix
