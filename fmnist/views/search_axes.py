"""The axes on which the settings of trials are drawn: where a value lies, and which ticks there are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fmnist.search.space import Dimension, Value
from fmnist.search.trials import Trials
from fmnist.views.search_words import name_setting, write_value

_FEW = 8  # different numbers that each have a tick of their own


@dataclass(frozen=True)
class Axis:
    """A setting's axis: `values` in their order where each has a place of its own, or else a range of numbers."""

    name: str
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 1.0
    log: bool = False

    @property
    def title(self) -> str:
        """What the setting is called."""
        return name_setting(self.name)

    def place(self, value: Value) -> float:
        """Return where a value lies, from 0 to 1."""
        if self.values:
            return 0.5 if len(self.values) == 1 else self.values.index(value) / (len(self.values) - 1)
        low, high, number = (self._scale(float(each)) for each in (self.low, self.high, value))
        return 0.5 if low == high else (number - low) / (high - low)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Places and texts of its ticks."""
        if self.values:
            return [(self.place(value), write_value(self.name, value)) for value in self.values]
        return [(self.place(value), write_value(self.name, value)) for value in self._round_values()]

    def _round_values(self) -> list[float]:
        """Return the ends, and on a logarithmic scale the powers of ten between them."""
        inner: list[float] = []
        if self.log:
            powers = range(math.ceil(math.log10(self.low) + 0.15), math.floor(math.log10(self.high) - 0.15) + 1)
            inner = [10.0**power for power in powers]
        else:
            inner = [(self.low + self.high) / 2]
        return [self.low, *inner, self.high]

    def _scale(self, number: float) -> float:
        return math.log10(number) if self.log else number


def list_axes(trials: Trials) -> list[Axis]:
    """Return an axis for each setting that varies, in the order of the study's space."""
    found: dict[str, list[Value]] = {}
    for trial in trials.trials:
        for name, value in trial.settings:
            found.setdefault(name, []).append(value)
    space = trials.record.space
    known = {dimension.name: dimension for dimension in space.dimensions} if space else {}
    names = [*(name for name in known if name in found), *(name for name in found if name not in known)]
    return [_build_axis(name, known.get(name), found[name]) for name in names]


def tick_layout(axis: Axis) -> dict[str, Any]:
    """Return the ticks of a plotly axis from 0 to 1."""
    places, texts = zip(*axis.ticks, strict=True)
    return {"tickvals": places, "ticktext": texts, "range": [-0.06, 1.06], "zeroline": False}


def _build_axis(name: str, dimension: Dimension | None, found: Sequence[Value]) -> Axis:
    if dimension and dimension.choices:
        return Axis(name, _order([*dimension.choices, *found]))
    if not all(_is_number(value) for value in found) or (not dimension and len(set(found)) <= _FEW):
        return Axis(name, _order(found))
    numbers = [float(value) for value in found]
    if dimension and dimension.low is not None and dimension.high is not None:
        numbers += [dimension.low, dimension.high]
    return Axis(name, (), min(numbers), max(numbers), bool(dimension and dimension.log))


def _order(values: Sequence[Value]) -> tuple[Value, ...]:
    known = list(dict.fromkeys(values))
    return tuple(sorted(known, key=float) if all(map(_is_number, known)) else known)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
