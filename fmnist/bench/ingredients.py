"""What each ingredient of the `tuned` recipe is worth on the deeper CNN: one is left out, or another added, at a time.

Validation accuracy on a schedule of ten epochs, as means over three seeds. Differences are paired by seed, and their
spread is the standard deviation over the seeds. The runs lie in the user's store under names of their own, so that the
dashboard shows their curves, and what is there already is not trained again.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.bench.machine import describe_machine
from fmnist.recipes.catalogue import get_recipe
from fmnist.runs.run import ReadableRun, Run
from fmnist.training.reproduce import train_to_end

MODEL, EPOCHS, SEEDS = "deeper_cnn", 10, 3
WHOLE = "tuned"
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    WHOLE: {},
    "without mirroring": {"mirror": False},
    "without shifts": {"shift": 0},
    "without label smoothing": {"label_smoothing": 0.0},
    "without weight decay": {"weight_decay": 0.0},
    "without an average of the weights": {"average": 0.0},
    "without warm-up": {"warmup_epochs": 0},
    "without decay of the learning rate": {"schedule": "constant"},
    "with erasing (a quarter of the images)": {"erase": 0.25},
    "with shifts up to 2 px": {"shift": 2},
}


def measure(store: Path, train: Callable[[ReadableRun], Run], seeds: int = SEEDS) -> dict[str, Any]:
    """Train what is missing of all variants and return a row for each.

    Raises:
        RunError: if a run cannot be trained; those before it stay.
    """
    accuracies: dict[str, list[float]] = {name: [] for name in VARIANTS}
    for seed in range(seeds):  # seed by seed, so that an interrupted measurement has compared all of them
        for number, (name, changes) in enumerate(VARIANTS.items()):
            config = get_recipe("tuned").configure(MODEL, seed, epochs=EPOCHS, **changes)
            run = train_to_end(config, store, f"{MODEL}-ingredient{number}-s{seed}", train)
            accuracies[name].append(run.evaluation.val_accuracy)
    rows = summarise({name: np.array(values) for name, values in accuracies.items()})
    return {"machine": describe_machine(), "model": MODEL, "epochs": EPOCHS, "rows": rows}


def summarise(accuracies: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return for each variant's accuracies (seeds,) mean and SD, and mean and SD of its difference to the whole."""
    return [
        {
            "recipe": name,
            "seeds": len(values),
            "val_accuracy": float(values.mean()),
            "sd": _spread(values),
            "difference": float((values - accuracies[WHOLE]).mean()),
            "difference_sd": _spread(values - accuracies[WHOLE]),
        }
        for name, values in accuracies.items()
    ]


def _spread(values: np.ndarray) -> float | None:
    return float(values.std(ddof=1)) if len(values) > 1 else None
