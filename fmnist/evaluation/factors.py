"""What does the network buy, and what the recipe? Steps between two trainings that differ in one of them alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from fmnist.evaluation.significance import Comparison


class Cell(NamedTuple):
    """An architecture by a recipe: one cell of the table that crosses the two."""

    model: str
    recipe: str


@dataclass(frozen=True)
class Step:
    """From the cell `base` to `cell`, which differs from it in the `factor` alone."""

    factor: Literal["network", "recipe"]
    cell: Cell
    base: Cell


@dataclass(frozen=True)
class Effect:
    """What a step buys: the comparison of its `cell`, as a, with its `base`, as b.

    `said` tells that the comparison is corrected among those made in words; the others are among the rows of a figure.
    """

    step: Step
    result: Comparison
    said: bool = False


def list_steps(cells: Sequence[Cell], reference: Cell) -> list[Step]:
    """Return the steps that the cells allow, in their order: what the network buys first, then what the recipe buys.

    A network is held against the `reference` network by the same recipe, and a recipe against the `reference` recipe on
    the same network; where no cell has one of them, the one that most cells have takes its place. A gap in the table
    leaves its steps out.
    """
    model = _most_common([cell.model for cell in cells], reference.model)
    recipe = _most_common([cell.recipe for cell in cells], reference.recipe)
    by_network = [Step("network", cell, Cell(model, cell.recipe)) for cell in cells]
    by_recipe = [Step("recipe", cell, Cell(cell.model, recipe)) for cell in cells]
    return [step for step in [*by_network, *by_recipe] if step.base in cells and step.base != step.cell]


def _most_common(names: Sequence[str], preferred: str) -> str:
    return preferred if preferred in names or not names else Counter(names).most_common(1)[0][0]
