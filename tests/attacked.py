"""Runs that have been attacked, with made-up answers: so many are right of 100, by level and source."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from synthetic import write_run

from fmnist.runs.adversarial import Adversarial, save_adversarial
from fmnist.runs.reading import load_predictions, load_run
from fmnist.runs.run import Run
from fmnist.stress.attacks import DEFINITION, LEVELS

IMAGES = 100


def write_attacked(store: Path, run_id: str, own: int, others: Mapping[str, int], **changes: Any) -> Run:
    """Write a run that is right on all unchanged images, on `own` attacked ones, and on so many made against others.

    At the first level it loses none, and from the second on all that it loses.
    """
    run = write_run(store, run_id=run_id, right=10_000, **changes)
    save_adversarial(run, made_up_attacks(run, own, others))
    return load_run(run.directory)


def made_up_attacks(run: Run, own: int, others: Mapping[str, int]) -> Adversarial:
    """Return made-up answers of a run."""
    labels = load_predictions(run).test_labels[:IMAGES]

    def answers(right: int) -> np.ndarray:
        wrong = np.where(np.arange(IMAGES) < right, labels, (labels + 1) % 10)
        return np.stack([labels, *[wrong] * (len(LEVELS) - 1)]).astype(np.uint8)

    sources = {run.id: own, **others}
    return Adversarial(
        definition=DEFINITION,
        positions=np.arange(IMAGES, dtype=np.int32),
        levels=LEVELS,
        clean=labels.astype(np.uint8),
        fgsm=answers(own + 10),
        sources=tuple(sources),
        pgd=np.stack([answers(right) for right in sources.values()]),
    )
