"""What is recorded of a network that somebody designed: its name and its layers."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from fmnist.architectures.layers import Layers
from fmnist.architectures.limits import check_design
from fmnist.naming import LONGEST_NAME, clean_name
from fmnist.runs.records import Moment

SCHEMA = 1


@dataclass(frozen=True)
class DesignRecord:
    """A designed network; `created` is in seconds since 1970.

    Raises:
        ValueError: if its name holds signs that none may have, or its layers do not fit or are too large.
    """

    schema: int
    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    layers: Layers
    created: Moment

    def __post_init__(self) -> None:
        if clean_name(self.name) != self.name:
            raise ValueError("holds a name with signs that no name may have")
        check_design(self.layers)
