"""The temperature that calibrates a contender, fitted once for everything that asks for it."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache

from fmnist.contenders.contender import Contender
from fmnist.evaluation.calibration import fit_temperature


@dataclass(frozen=True)
class _Asked:
    """A contender as it is now, whatever its title."""

    key: str
    version: Hashable
    contender: Contender = field(compare=False, repr=False)


def temperature_of(contender: Contender) -> float | None:
    """Return the temperature fitted on a contender's validation images; None where it has no probabilities there.

    Raises:
        ValueError: if it has several rows of probabilities: each seed of a group has a temperature of its own.
        RunError: if its predictions cannot be read.
    """
    return _fit(_Asked(contender.key, contender.version, contender))


@lru_cache(maxsize=2000)
def _fit(asked: _Asked) -> float | None:
    contender = asked.contender
    labels, probs = contender.labels("validation"), contender.probabilities("validation")
    if labels is None or probs is None:
        return None
    if len(probs) != 1:
        raise ValueError(f"{contender.title} needs exactly one row of validation probabilities to be calibrated.")
    return fit_temperature(labels, probs[0])
