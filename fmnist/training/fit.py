"""The training process: `python -m fmnist.training.fit DIRECTORY` trains a queued run and evaluates what it kept."""

import math
import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # off by default on some processors; 1.4 to 2.1 times as fast

import keras
import numpy as np

from fmnist.dataset import N_CLASSES, SHA256, Dataset, load_dataset, split_indices
from fmnist.evaluation.metrics import accuracy, cross_entropy
from fmnist.inference.latency import measure_latency
from fmnist.inference.serving import Classifier
from fmnist.jobs.endings import check_measured
from fmnist.jobs.needed import find_start
from fmnist.jobs.reporting import Reporter
from fmnist.jobs.training_process import main
from fmnist.paths import home, is_installed
from fmnist.recipes.config import RunConfig
from fmnist.runs.epochs import truncate_epochs
from fmnist.runs.layout import TEACHERS, served_path, weights_path
from fmnist.runs.leftovers import unfinished_path
from fmnist.runs.life_cycle import truncate_history
from fmnist.runs.reading import load_history, load_run
from fmnist.runs.records import Evaluation, Predictions
from fmnist.runs.run import ReadableRun, RunError
from fmnist.runs.writing import (
    discard_evaluation,
    replace_file,
    save_config,
    save_evaluation,
    save_predictions,
    save_reference,
)
from fmnist.training.acceleration import arrange_threads, multiplies_bfloat16, restore
from fmnist.training.batches import scale_images, shuffled_batches
from fmnist.training.callbacks import EndCallback, RunCallback, StopRequested, StopTraining
from fmnist.training.compiling import compile_network, feed_training, feed_validation
from fmnist.training.exporting import export_served
from fmnist.training.keeping import Backup, KeepEpochs, keeping_callbacks, load_backup, load_best
from fmnist.training.reference import measure_reference
from fmnist.training.teachers import ask_teachers

_PREDICT_BATCH = 500


def fit_run(run: ReadableRun, reporter: Reporter) -> bool:
    """Train a run to its end, evaluate what it kept, and return whether it was stopped."""
    arrange_threads(run.config.network, run.config.batch_size)
    save_config(run.directory, run.config, run.recipe_settings, describe_environment(run.config))
    dataset = load_dataset()
    network, stopped = train_network(run.directory, run.config, dataset, reporter)
    reporter.expect_run()
    reporter.update(phase="evaluating", step=0, steps=0)
    finish_run(run.directory, network, run.config, dataset)
    return stopped


def finish_run(directory: Path, network: keras.Model, config: RunConfig, dataset: Dataset) -> None:
    """Write weights, served model, predictions and, last, the evaluation of a trained network.

    Raises:
        DivergedError: if its probabilities are not numbers; nothing is written then.
    """
    history = load_history(load_run(directory))
    predictions = _predict_unseen(network, dataset)
    # a stop can come before a loss tells
    check_measured(len(history) + 1, {"sum of the probabilities": float(predictions.test_probs.sum())})
    discard_evaluation(directory)  # that of an earlier stop, which says nothing of what is written now
    save_network(network, weights_path(directory))
    export_served(network, served_path(directory))
    save_predictions(directory, predictions)
    train = _limit(split_indices()[0], dataset.train_labels, config)
    if config.makes_pictures:
        save_reference(directory, measure_reference(Classifier(served_path(directory)), config, dataset, train))
    train_probs = predict_probs(network, dataset.train_images[train])
    evaluation = Evaluation(
        **_score("train", dataset.train_labels[train], train_probs),
        **_score("val", predictions.val_labels, predictions.val_probs),
        **_score("test", predictions.test_labels, predictions.test_probs),
        params=network.count_params(),
        epochs=len(history),
        best_epoch=min(history, key=lambda epoch: epoch.val_loss).epoch if history else 0,  # 0: stopped in the first
        train_seconds=sum(epoch.seconds for epoch in history),
        keras_bytes=weights_path(directory).stat().st_size,
        tflite_bytes=served_path(directory).stat().st_size,
        latency_ms=_measure_latency_ms(served_path(directory), dataset.test_images[:1]),
    )
    save_evaluation(directory, evaluation)


def load_network(directory: Path) -> keras.Model:
    """Load a run's network from its Keras file in safe mode.

    Raises:
        RunError: if the file is damaged.
    """
    path = weights_path(directory)
    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises what its parsers raise: zip, JSON, HDF5 and its own errors
        raise RunError(f"{path} cannot be loaded: {error}") from error


def predict_probs(network: keras.Model, images: np.ndarray) -> np.ndarray:
    """Return the probabilities float32 (n, 10) of images uint8 (n, 28, 28) by a plain forward pass."""
    probs = network.predict(scale_images(images), batch_size=_PREDICT_BATCH, verbose=0)
    return np.asarray(probs, dtype=np.float32)


def save_network(network: keras.Model, path: Path) -> None:
    """Write a network that is not compiled, or it would take its optimizer along, whole or not at all."""
    temporary = unfinished_path(path)
    network.save(temporary)
    replace_file(temporary, path)


def train_network(directory: Path, config: RunConfig, dataset: Dataset, reporter: Reporter) -> tuple[keras.Model, bool]:
    """Train from the start or the backup; return the network as it is kept, and whether it was stopped."""
    keras.utils.set_random_seed(config.seed)
    train, val = split_indices()
    train = _limit(train, dataset.train_labels, config)
    images, labels = dataset.train_images[train], dataset.train_labels[train]
    steps = math.ceil(len(train) / config.batch_size)
    network = load_backup(directory, steps, reporter) or start_network(config, steps)
    done = int(network.optimizer.iterations) // steps
    history = truncate_history(directory, done)
    truncate_epochs(directory, done)
    callbacks = [EndCallback(reporter)]
    if config.keep_epochs:
        callbacks.append(KeepEpochs(directory, dataset.train_images[val]))
    callbacks += keeping_callbacks(directory, config, history)
    callbacks += [RunCallback(directory, reporter), Backup(directory)]
    stopped = False
    try:
        answers = ask_teachers(config, images, directory.parent / TEACHERS, reporter)
        reporter.update(phase="training", epoch=done, step=0, steps=0)
        network.fit(
            feed_training(lambda: shuffled_batches(images, labels, config, done, answers), config.batch_size),
            steps_per_epoch=steps,
            shuffle=False,  # the batches come shuffled
            validation_data=feed_validation(dataset.train_images[val], dataset.train_labels[val]),
            initial_epoch=done,
            epochs=config.epochs,
            callbacks=callbacks,
            verbose=2,  # a line an epoch, for the log
        )
    except StopTraining as ending:
        stopped = isinstance(ending, StopRequested)
        if int(network.optimizer.iterations):  # `fit` did not come to it; before the first step there is no average
            network.optimizer.finalize_variable_values(network.trainable_variables)
    load_best(network, directory, reporter)
    return restore(network, config.network), stopped


def start_network(config: RunConfig, steps: int) -> keras.Model:
    """Return the compiled network with the weights from which the training starts."""
    network, earlier = compile_network(config, steps), find_start(config)
    if earlier is not None:
        network.set_weights(load_network(earlier.directory).get_weights())
    return network


def _predict_unseen(network: keras.Model, dataset: Dataset) -> Predictions:
    _, val = split_indices()
    return Predictions(
        val_probs=predict_probs(network, dataset.train_images[val]),
        test_probs=predict_probs(network, dataset.test_images),
        val_indices=val.astype(np.int32),
    )


def _limit(train: np.ndarray, labels: np.ndarray, config: RunConfig) -> np.ndarray:
    if config.train_limit >= len(train):
        return train
    shuffled = np.random.default_rng(config.seed).permutation(train)
    by_class = np.argsort(labels[shuffled], kind="stable").reshape(N_CLASSES, -1)  # the split has as many of each class
    return shuffled[by_class.T.ravel()[: config.train_limit]]


def _score(part: str, labels: np.ndarray, probs: np.ndarray) -> dict[str, float]:
    return {f"{part}_accuracy": accuracy(labels, probs), f"{part}_loss": cross_entropy(labels, probs)}


def _measure_latency_ms(served: Path, image: np.ndarray) -> float:
    classifier = Classifier(served)
    return measure_latency(lambda: classifier.probs(image)).median


def describe_environment(config: RunConfig) -> dict[str, Any]:
    """Return what a training depends on besides its configuration: libraries, code, data and machine."""
    libraries = {name: version(name) for name in ("keras", keras.backend.backend(), "numpy")}
    return {
        "python": platform.python_version(),
        "libraries": libraries,
        "git_revision": _git_revision(),
        "data_sha256": SHA256,
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "devices": keras.distribution.list_devices(),
        "convolutions": "bfloat16" if config.precision == "auto" and multiplies_bfloat16() else "float32",
    }


def _git_revision() -> str | None:
    git = shutil.which("git")
    if git is None or is_installed():  # a repository that an installed copy lies in is somebody else's
        return None
    answer = subprocess.run([git, "-C", home(), "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


if __name__ == "__main__":
    sys.exit(main(fit_run))
