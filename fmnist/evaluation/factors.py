"""Separate the effects of architecture and recipe: comparisons of conditions that differ in only one of the two."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fmnist.evaluation.significance import Comparison

Cell = tuple[str, str]  # one cell of the grid: an architecture and a recipe
Factor = Literal["architecture", "recipe"]


@dataclass(frozen=True)
class Step:
    """A comparison of `cell` with `base`, which differs from it in `factor` only."""

    factor: Factor
    cell: Cell
    base: Cell


@dataclass(frozen=True)
class Effect:
    """The effect of a step: the comparison of its `cell`, as a, with its `base`, as b."""

    step: Step
    result: Comparison


def list_steps(cells: Sequence[Cell], reference: Cell) -> list[Step]:
    """List the steps that the cells allow, in their order: effects of the architecture first, then of the recipe.

    An architecture is compared with the `reference` architecture under the same recipe, and a recipe with the
    `reference` recipe on the same architecture. Where no cell has the reference, the most common value replaces it.
    Steps from a cell that is missing are left out.
    """
    known = {tuple(cell) for cell in cells}
    architecture, recipe = (
        _most_common([cell[position] for cell in cells], reference[position]) for position in (0, 1)
    )
    by_architecture = [Step("architecture", cell, (architecture, cell[1])) for cell in cells]
    by_recipe = [Step("recipe", cell, (cell[0], recipe)) for cell in cells]
    return [step for step in [*by_architecture, *by_recipe] if step.base in known and step.base != step.cell]


def _most_common(names: Sequence[str], preferred: str) -> str:
    return preferred if preferred in names or not names else Counter(names).most_common(1)[0][0]
