"""The temperature that calibrates a contender, fitted once for everything that asks for it."""

from functools import lru_cache

from fmnist.contenders.contender import Contender, Snapshot
from fmnist.evaluation.calibration import fit_temperature


def temperature_of(contender: Contender) -> float | None:
    """Return the temperature fitted on a contender's validation images; None where it has no probabilities there.

    Raises:
        ValueError: if it has several rows of probabilities: each seed of a group has a temperature of its own.
        RunError: if its predictions cannot be read.
    """
    return _fit(Snapshot.of(contender))


@lru_cache(maxsize=2000)
def _fit(asked: Snapshot) -> float | None:
    contender = asked.contender
    labels, probs = contender.labels("validation"), contender.probabilities("validation")
    if labels is None or probs is None:
        return None
    if len(probs) != 1:
        raise ValueError(f"{contender.title} needs exactly one row of validation probabilities to be calibrated.")
    return fit_temperature(labels, probs[0])
