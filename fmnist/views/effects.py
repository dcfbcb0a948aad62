"""Architecture × recipe: what the architecture changes, and what the recipe changes; numbers and table.

The comparisons are those of `fmnist.views.verdicts`, corrected with all others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fmnist.contenders.contender import Contender, correct_answers
from fmnist.contenders.looks import Look
from fmnist.contenders.titles import architecture_title, recipe_title
from fmnist.evaluation.factors import Cell, Effect, Factor, Step
from fmnist.recipes.catalogue import RECIPES
from fmnist.views.parts import Column, Table
from fmnist.views.questions import pair_of, rank_in, sort_cells
from fmnist.views.verdicts import Verdicts
from fmnist.wording import signed_points, span

FACTORS: tuple[Factor, ...] = ("architecture", "recipe")
NOTE = (
    "Test accuracy in percent; differences in points with adjusted 95% CIs. Open markers rest on a single run for at "
    "least one model."
)


@dataclass(frozen=True)
class Trained:
    """A condition that was trained: its title and look, and its mean test accuracy as a fraction."""

    title: str
    look: Look
    accuracy: float


@dataclass(frozen=True, eq=False)
class Effects:
    """The conditions of the grid that were trained, in the order of the catalogues, and the effects between them."""

    trained: Mapping[Cell, Trained]
    effects: Sequence[Effect]

    def of(self, factor: Factor) -> list[Effect]:
        """Return the effects of one factor: the rows of its figure."""
        return [effect for effect in self.effects if effect.step.factor == factor]


def compute(contenders: Sequence[Contender], verdicts: Verdicts) -> Effects:
    """Return the effects that the verdicts answer and that lie between some contenders.

    Raises:
        InputError: if a contender has no predictions on its test set.
        RunError: if they cannot be read.
    """
    cells = sort_cells(contenders)
    trained = {cell: Trained(one.title, one.look, float(correct_answers(one).mean())) for cell, one in cells.items()}
    steps = [step for step in verdicts.questions.steps if step.cell in cells and step.base in cells]
    return Effects(trained, [Effect(step, verdicts.answers[pair_of(step)].comparison) for step in steps])


def table(effects: Effects) -> Table:
    """Return the grid as a table: accuracies by recipe, then the effects, a row for each architecture."""
    architectures = list(dict.fromkeys(architecture for architecture, _ in effects.trained))
    recipes = sorted({recipe for _, recipe in effects.trained}, key=lambda recipe: rank_in(RECIPES, recipe))
    said = {(effect.step.cell[0], _kind(effect.step)): effect_words(effect) for effect in effects.effects}
    kinds = {_kind(effect.step): _heading(effect.step) for effect in effects.effects}
    columns = [Column("key", machine=True), Column("Architecture")]
    columns += [Column(f"{recipe_title(recipe)} (%)", "%.2f") for recipe in recipes]
    columns += [Column(heading) for heading in kinds.values()]
    rows = [
        [
            architecture,
            architecture_title(architecture),
            *(_percent(effects.trained.get((architecture, recipe))) for recipe in recipes),
            *(said.get((architecture, kind)) for kind in kinds),
        ]
        for architecture in architectures
    ]
    return Table(columns, rows)


def effect_words(effect: Effect) -> str:
    """Return an effect in percentage points with its sign and interval; a single run on one side is marked."""
    result = effect.result
    single = ", 1 run" if result.scope == "runs" else ""
    return f"{signed_points(result.difference)} ({span(result.ci_low, result.ci_high)}{single})"


def _percent(trained: Trained | None) -> float | None:
    return None if trained is None else 100 * trained.accuracy


def _kind(step: Step) -> tuple[str, ...]:
    """Return what the steps of one column of the table have in common."""
    (_, recipe), (base_architecture, base_recipe) = step.cell, step.base
    return (step.factor, recipe, base_architecture if step.factor == "architecture" else base_recipe)


def _heading(step: Step) -> str:
    (_, recipe), (base_architecture, base_recipe) = step.cell, step.base
    if step.factor == "architecture":
        return f"{recipe_title(recipe)}, vs {architecture_title(base_architecture)}"
    return f"{recipe_title(recipe)} vs {recipe_title(base_recipe).lower()}"
