"""Complete runs with chosen results, written through the store's own functions."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.dataset import official_labels, split_indices
from fmnist.recipes.config import RunConfig
from fmnist.runs.life_cycle import create_run
from fmnist.runs.reading import load_run
from fmnist.runs.records import Epoch, Evaluation, Predictions, Status
from fmnist.runs.run import Run
from fmnist.runs.writing import append_epoch, save_evaluation, save_predictions, save_status

EVALUATION = Evaluation(0.95, 0.1, 0.91, 0.25, 0.9, 0.3, 1_000, 3, 2, 60.0, 2_000_000, 1_900_000, 0.1)
VAL_LOSSES = (0.5, 0.3, 0.4)


def write_run(
    store: Path,
    model: str = "basic_cnn",
    seed: int = 0,
    right: int = 9_000,
    complete: bool = True,
    run_id: str | None = None,
    **changes: Any,
) -> Run:
    """Write a run of three epochs that gets the first `right` test images right and the others wrong."""
    settings: dict[str, Any] = {
        "recipe": "textbook",
        "epochs": 30,
        "batch_size": 64,
        "learning_rate": 1e-3,
        "patience": 4,
    }
    config = RunConfig(model, seed=seed, **settings | changes)
    run = create_run(config, store, run_id)
    for number, val_loss in enumerate(VAL_LOSSES, start=1):
        append_epoch(run.directory, Epoch(number, 0.6 / number, 0.8, val_loss, 0.85, 1e-3, 10.0))
    save_status(
        run.directory, replace(run.status or Status("running", 0.0), state="running", heartbeat=time.time() + 1800)
    )
    if complete:
        save_predictions(run.directory, made_up_predictions(right))
        save_evaluation(run.directory, made_up_evaluation(right))
        save_status(run.directory, Status("finished", 0.0))
    return load_run(run.directory)


def made_up_predictions(right: int) -> Predictions:
    """Return predictions that get the first `right` images of each part right and the others wrong."""
    train, test = official_labels()
    _, validation = split_indices()
    return Predictions(_probs(train[validation], right), _probs(test, right), validation.astype(np.int32))


def made_up_evaluation(right: int, **changes: Any) -> Evaluation:
    """Return an evaluation that tells of these predictions."""
    reached: dict[str, Any] = {"val_accuracy": min(right, 5_000) / 5_000, "test_accuracy": right / 10_000}
    return replace(EVALUATION, **reached | changes)


def _probs(labels: np.ndarray, right: int) -> np.ndarray:
    predicted = np.where(np.arange(len(labels)) < right, labels, (labels + 1) % 10)
    return np.eye(10, dtype=np.float32)[predicted]
