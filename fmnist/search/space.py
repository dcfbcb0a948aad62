"""What a search may vary: settings of a recipe and fields of a network's layers, each with its values or its range."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from msgspec import Meta

from fmnist.architectures.catalogue import ARCHITECTURES, Architecture
from fmnist.architectures.layers import Layers
from fmnist.architectures.limits import check_design
from fmnist.dataset import N_TRAIN
from fmnist.designs.store import name_network
from fmnist.errors import InputError
from fmnist.naming import LONGEST_NAME, clean_name
from fmnist.recipes.catalogue import get_recipe
from fmnist.recipes.config import RunConfig
from fmnist.recipes.fields import FIELDS, Numeric
from fmnist.search.layer_fields import describe_change, has_field, is_whole, vary_layers

Value = bool | int | float | str
Params = Mapping[str, Value]

ARCHITECTURE = "architecture"  # the dimension whose values are keys of the catalogue
MOST_DIMENSIONS, MOST_CHOICES = 12, 30

_Name = Annotated[str, Meta(min_length=1, max_length=60)]


@dataclass(frozen=True)
class Dimension:
    """One thing that varies: among `choices`, or from `low` to `high`, on a logarithmic scale or not.

    `name` is a field of the recipe, `architecture`, a field of all layers that have it (`dropout`, `width`, …), or one
    of a single layer by its place, as in `8.rate`.

    Raises:
        ValueError: if there is nothing to choose from.
    """

    name: _Name
    choices: Annotated[tuple[Value, ...], Meta(max_length=MOST_CHOICES)] = ()
    low: float | None = None
    high: float | None = None
    log: bool = False

    def __post_init__(self) -> None:
        if self.choices:
            if len(set(self.choices)) < len(self.choices):
                raise ValueError(f"{self.name} has a value twice")
        elif self.low is None or self.high is None or not -math.inf < self.low < self.high < math.inf:
            raise ValueError(f"{self.name} needs values, or a range whose end is above its start")
        elif self.log and self.low <= 0:
            raise ValueError(f"{self.name} needs a range above 0 for a logarithmic scale")

    @property
    def whole(self) -> bool:
        """Whether its numbers are whole ones."""
        setting = FIELDS.get(self.name)
        return isinstance(setting.low, int) if isinstance(setting, Numeric) else is_whole(self.name)

    @property
    def extremes(self) -> tuple[Value, ...]:
        """Its values, or the ends of its range."""
        if self.choices or self.low is None or self.high is None:
            return self.choices
        return (int(self.low), int(self.high)) if self.whole else (self.low, self.high)


@dataclass(frozen=True)
class Space:
    """A network, a recipe, how much of the training images, and what varies; `settings` are fixed for all trials.

    `title` and `layers` are those of a designed network.
    """

    architecture: _Name
    recipe: _Name
    dimensions: Annotated[tuple[Dimension, ...], Meta(min_length=1, max_length=MOST_DIMENSIONS)]
    settings: dict[str, Value] = field(default_factory=dict)
    train_limit: Annotated[int, Meta(ge=10, le=N_TRAIN)] = N_TRAIN
    title: Annotated[str, Meta(max_length=LONGEST_NAME)] = ""
    layers: Layers = ()

    @property
    def combinations(self) -> int | None:
        """How many settings a grid has; None where something has a range."""
        if not all(dimension.choices for dimension in self.dimensions):
            return None
        return math.prod(len(dimension.choices) for dimension in self.dimensions)

    @property
    def epochs(self) -> int:
        """How many epochs a trial has at most."""
        ends = [{dimension.name: dimension.extremes[place] for dimension in self.dimensions} for place in (0, -1)]
        return max(self.configure(params, 0).epochs for params in ends)

    def configure(self, params: Params, seed: int) -> RunConfig:
        """Return the configuration of a trial.

        Raises:
            InputError: if a value is out of its range, or the layers do not fit.
        """
        recipe, base = get_recipe(self.recipe), self.base(params)
        network = _vary(base, {name: value for name, value in params.items() if is_of_layers(name)})
        chosen = {name: value for name, value in params.items() if name in FIELDS}
        own = recipe.by_model.get(base.name, {}) if network.name != base.name else {}
        return recipe.configure_for(network, seed, **own | self.settings | chosen, train_limit=self.train_limit)

    def base(self, params: Params) -> Architecture:
        """Return the network whose layers are varied. Raises InputError where there is none."""
        key = str(params.get(ARCHITECTURE, self.architecture))
        if key in ARCHITECTURES:
            return ARCHITECTURES[key]
        if key != self.architecture or not self.layers:
            raise InputError(f"There is no network {key!r}.")
        return Architecture(key, self.title, "", self.layers)


def check_space(space: Space) -> None:
    """See that every value of each dimension can be trained, and the smallest and largest of all together.

    Raises:
        InputError: if one cannot; the message says which.
    """
    names = [dimension.name for dimension in space.dimensions]
    if len(set(names)) < len(names):
        raise InputError("A setting varies twice. Remove one of the two.")
    for dimension in space.dimensions:
        _check_dimension(space, dimension)
    for params in _corners(space.dimensions):
        config = space.configure(params, 0)
        check_design(config.network)


def is_of_layers(name: str) -> bool:
    """Return whether a dimension changes layers, rather than the recipe or the whole network."""
    return name not in FIELDS and name != ARCHITECTURE


def _check_dimension(space: Space, dimension: Dimension) -> None:
    name = dimension.name
    if name in space.settings:
        raise InputError(f"{name} is fixed and varies, too. Choose one of the two.")
    if is_of_layers(name):
        bases = next((other.choices for other in space.dimensions if other.name == ARCHITECTURE), (space.architecture,))
        networks = [space.base({ARCHITECTURE: base}).layers for base in bases]
        if not any(has_field(layers, name) for layers in networks):
            raise InputError(f"No layer of the network has {name!r} to vary.")
    for value in dimension.extremes:
        if dimension.whole and not _is_whole(value):
            raise InputError(f"{name} must be a whole number, not {value}.")


def _is_whole(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _corners(dimensions: Sequence[Dimension]) -> Iterator[Params]:
    """Return settings in which each value occurs, and those of smallest and of largest numbers."""
    firsts = {dimension.name: dimension.extremes[0] for dimension in dimensions}
    yield {dimension.name: dimension.extremes[-1] for dimension in dimensions}
    for dimension in dimensions:
        for value in dimension.extremes:
            yield firsts | {dimension.name: value}


def _vary(base: Architecture, params: Params) -> Architecture:
    """Return a network with changed layers; it has a key and a title of its own, unless nothing has changed."""
    layers = vary_layers(base.layers, params)
    if layers == base.layers:
        return base
    changes = ", ".join(describe_change(name, value) for name, value in params.items())
    return name_network(clean_name(f"{base.title} {changes}"), layers)
