"""What a kind of contender offers to lists and look-ups: everything of the kind, and one by its key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from fmnist.contenders.contender import Contender
from fmnist.runs.run import RunError
from fmnist.runs.shelf import BrokenItem, Item, Shelf

_R = TypeVar("_R")


@dataclass(frozen=True)
class Unusable:
    """Something that cannot be compared because it cannot be read; `problem` says why, in words."""

    kind: str
    key: str
    directory: Path
    problem: str


@dataclass(frozen=True)
class Listing:
    """Contenders, and what should be one but cannot be read."""

    contenders: Sequence[Contender]
    unusable: Sequence[Unusable] = ()


def list_shelf(shelf: Shelf[_R], kind: str, build: Callable[[Item[_R]], Contender]) -> Listing:
    """List the contenders on a shelf; `build` turns an item into one, or raises RunError."""
    found, unusable = [], []
    for item in shelf.list_items():
        try:
            if isinstance(item, BrokenItem):
                raise RunError(item.problem)
            found.append(build(item))
        except RunError as error:
            unusable.append(Unusable(kind, item.key, item.directory, str(error)))
    return Listing(found, unusable)


@dataclass(frozen=True)
class Kind:
    """A kind of contender.

    Args:
        name: what one is called, as in "seed group".
        list_all: returns all of the kind.
        find: returns the one with a key, None for the key of another kind; raises RunError or InputError where the key
            is of this kind and nothing can be used under it.
        is_model: whether it stands on the leaderboard; the single runs of a seed group do not.
    """

    name: str
    list_all: Callable[[], Listing]
    find: Callable[[str], Contender | None]
    is_model: bool = True
