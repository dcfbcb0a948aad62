"""Recompute the test results of a run from its weights: `python -m fmnist.training.evaluate DIRECTORY` prints JSON."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from fmnist.dataset import Dataset, load_dataset
from fmnist.evaluation.metrics import accuracy, cross_entropy
from fmnist.runs.reading import load_predictions, load_run
from fmnist.runs.run import Run
from fmnist.training.fit import load_network, predict_probs


@dataclass(frozen=True)
class Recomputed:
    """Test accuracy as a fraction, test loss in nats, and the largest difference to a stored probability."""

    test_accuracy: float
    test_loss: float
    max_abs_difference: float


def recompute(run: Run, dataset: Dataset) -> Recomputed:
    """Predict the test images with the kept weights, then compare with the stored probabilities.

    Raises:
        RunError: if the weights or the stored predictions are damaged.
    """
    probs = predict_probs(load_network(run.directory), dataset.test_images)
    return Recomputed(
        accuracy(dataset.test_labels, probs),
        cross_entropy(dataset.test_labels, probs),
        float(np.abs(probs - load_predictions(run).test_probs).max()),
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(recompute(load_run(Path(sys.argv[1])), load_dataset()))))
