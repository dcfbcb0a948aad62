"""What is recorded of an ensemble: its members and the weights of the average, no arrays."""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from fmnist.naming import LONGEST_NAME, clean_name
from fmnist.runs.layout import RUN_ID
from fmnist.runs.records import Moment

SCHEMA = 1
MOST_MEMBERS = 100

Average = Literal["calibrated", "plain"]

_Weight = Annotated[float, Meta(gt=0, le=1)]


@dataclass(frozen=True)
class EnsembleRecord:
    """An ensemble of runs: their keys, and the weight of each in the average of their probabilities.

    A "calibrated" average is that of temperature-scaled probabilities, with each member's own temperature. Without a
    `name` it is called after its members. `created` is in seconds since 1970.
    """

    schema: int
    members: Annotated[list[str], Meta(min_length=2, max_length=MOST_MEMBERS)]
    weights: list[_Weight]
    average: Average
    created: Moment
    name: Annotated[str, Meta(max_length=LONGEST_NAME)] = ""

    def __post_init__(self) -> None:
        if clean_name(self.name) != self.name:
            raise ValueError("holds a name with signs that no name may have")
        if not all(map(RUN_ID.fullmatch, self.members)) or len(set(self.members)) < len(self.members):
            raise ValueError("members must be keys of different runs")
        if len(self.weights) != len(self.members) or not math.isclose(sum(self.weights), 1, abs_tol=1e-6):
            raise ValueError("weights must be as many as the members and sum to one")
