"""How long from a process's start to a validation accuracy: the tutorial's script, then each recipe of ours.

The clock is this process's own, read when an epoch is there; epochs end with a validation on the same 5,000 images.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from fmnist.bench.contenders import Epochs, TimedEpoch, follow_ours, follow_tutorial
from fmnist.bench.machine import describe_machine
from fmnist.dataset import N_VALIDATION
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig

MODEL = "deeper_cnn"
LEVELS = (90, 91, 92, 93, 94)  # percent
TUTORIAL_EPOCHS, TUTORIAL_BATCH_SIZE = 30, 32  # the latter is Keras's own


def configure_ours(model: str) -> list[RunConfig]:
    """Return our configurations on that network; `textbook` is the tutorials' way, `robust` is for other pictures."""
    return [RECIPES[name].configure(model, seed=0) for name in ("quick", "tuned")]


def measure(configs: Sequence[RunConfig], tutorial_epochs: int = TUTORIAL_EPOCHS) -> dict[str, Any]:
    """Train the tutorial's script to its end and ours until nothing is left to reach; standard error tells the epochs.

    Args:
        configs: trainings of ours, on the same network and as many images.
        tutorial_epochs: how long the tutorial's script trains.

    Raises:
        RunError: if a training fails.
    """
    model, images = configs[0].model, configs[0].train_limit
    tutorial = list(_tell("tutorial", follow_tutorial(model, TUTORIAL_BATCH_SIZE, tutorial_epochs, images)))
    final = tutorial[-1].val_accuracy
    rows = [_row(model, "tutorial", None, tutorial, final)]
    for config in configs:
        with closing(_tell(f"ours ({config.recipe})", follow_ours(config))) as epochs:
            ours = list(_until(max(LEVELS[-1] / 100, final), epochs))
        rows.append(_row(model, "ours", config.recipe, ours, final))
    return {"machine": describe_machine(), "rows": rows}


def first_time(epochs: Iterable[TimedEpoch], accuracy: float) -> float | None:
    """Return the seconds from the process's start to the first epoch of that validation accuracy, or None."""
    return next((epoch.elapsed for epoch in epochs if _reaches(epoch, accuracy)), None)


def _row(
    model: str, script: str, recipe: str | None, epochs: Sequence[TimedEpoch], tutorials_final: float
) -> dict[str, Any]:
    return {
        "model": model,
        "script": script,
        "recipe": recipe,
        "seconds": {str(level): first_time(epochs, level / 100) for level in LEVELS},
        "seconds_to_tutorials_final": first_time(epochs, tutorials_final),
        "epochs": len(epochs),
        "total_seconds": epochs[-1].elapsed,
        "val_accuracy": epochs[-1].val_accuracy,
    }


def _tell(title: str, epochs: Epochs) -> Epochs:
    with closing(epochs):
        for number, epoch in enumerate(epochs, start=1):
            sys.stderr.write(f"{title}, epoch {number}: {epoch.val_accuracy:.2%} after {epoch.elapsed:,.0f} s\n")
            yield epoch


def _until(accuracy: float, epochs: Iterable[TimedEpoch]) -> Iterator[TimedEpoch]:
    for epoch in epochs:
        yield epoch
        if _reaches(epoch, accuracy):
            return


def _reaches(epoch: TimedEpoch, accuracy: float) -> bool:
    """Compare counts of right answers: Keras reports float32, in which 4,500 of 5,000 fall short of 0.9."""
    return round(epoch.val_accuracy * N_VALIDATION) >= round(accuracy * N_VALIDATION)
