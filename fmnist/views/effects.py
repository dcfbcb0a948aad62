"""Architecture × recipe: what the architecture changes, and what the recipe changes; numbers, sentences and table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.contenders.contender import Contender, correct_answers
from fmnist.contenders.keys import Condition, parse_condition
from fmnist.contenders.looks import Look
from fmnist.contenders.titles import architecture_title, recipe_title
from fmnist.evaluation.factors import Cell, Effect, Factor, Step, list_steps
from fmnist.evaluation.significance import compare_many
from fmnist.recipes.catalogue import RECIPES
from fmnist.views.parts import Column, Table
from fmnist.views.verdicts import Pair, Verdicts
from fmnist.wording import bracket, points

FACTORS: tuple[Factor, ...] = ("architecture", "recipe")
NOTE = (
    "Accuracy on the test images in percent, and differences in points with the intervals of the figures. Open marker: "
    "a single run on one side at least, so that it speaks of these runs only."
)

_REFERENCE = Condition("basic_cnn", "textbook")


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

    @property
    def pairs(self) -> list[list[Pair]]:
        """The comparisons of each figure, by the keys of the contenders."""
        return [[pair_of(effect.step) for effect in self.of(factor)] for factor in FACTORS]


def compute(contenders: Sequence[Contender]) -> Effects:
    """Compare the conditions among contenders that differ in one factor only; the two factors are two families.

    Raises:
        ValueError: if a contender has no predictions on its test set.
        RunError: if they cannot be read.
    """
    found: dict[Cell, Contender] = {cell: one for one in contenders if (cell := parse_condition(one.key))}
    cells = {cell: found[cell] for cell in sorted(found, key=_place)}
    correct = {cell: correct_answers(contender) for cell, contender in cells.items()}
    trained = {cell: Trained(one.title, one.look, float(correct[cell].mean())) for cell, one in cells.items()}
    steps = list_steps(list(cells), _REFERENCE)
    effects: list[Effect] = []
    for factor in FACTORS:
        family = [step for step in steps if step.factor == factor]
        results = compare_many([(correct[step.cell], correct[step.base]) for step in family])
        effects += [Effect(step, result) for step, result in zip(family, results, strict=True)]
    return Effects(trained, effects)


def say_alike(effects: Effects, verdicts: Verdicts) -> Effects:
    """Return the effects with the results of the sentences where these speak of the same pair.

    The page then never says two things about one pair.
    """
    said = verdicts.comparisons
    pairs = [(effect, pair_of(effect.step)) for effect in effects.effects]
    return replace(
        effects,
        effects=[Effect(one.step, said[pair], said=True) if pair in said else one for one, pair in pairs],
    )


def findings(effects: Effects) -> dict[Factor, str]:
    """Say what each factor changes, for the factors with any effect."""
    describe = {"architecture": architecture_sentence, "recipe": recipe_sentence}
    return {factor: describe[factor](rows) for factor in FACTORS if (rows := effects.of(factor))}


def table(effects: Effects) -> Table:
    """Return the grid as a table: accuracies by recipe, then the effects, a row for each architecture."""
    architectures = list(dict.fromkeys(architecture for architecture, _ in effects.trained))
    recipes = sorted({recipe for _, recipe in effects.trained}, key=lambda recipe: _rank(RECIPES, recipe))
    said = {(effect.step.cell[0], _kind(effect.step)): effect_words(effect) for effect in effects.effects}
    kinds = {_kind(effect.step): _heading(effect.step) for effect in effects.effects}
    columns = [Column("key", machine=True), Column("Network")]
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


def pair_of(step: Step) -> Pair:
    """Return the keys of the two contenders that a step compares."""
    return Condition(*step.cell).key, Condition(*step.base).key


def architecture_sentence(effects: Sequence[Effect]) -> str:
    """Say which architecture gains most over the one that all are compared with, under each recipe."""
    by_recipe = _group_by_recipe(effects)
    said = [f"with the {recipe_title(recipe).lower()} recipe {_most(group)}" for recipe, group in by_recipe.items()]
    return f"Over {architecture_title(effects[0].step.base[0])}, {'; '.join(said)}."


def recipe_sentence(effects: Sequence[Effect]) -> str:
    """Say what each recipe gains over the one that all are compared with, and on which architectures."""
    base = recipe_title(effects[0].step.base[1]).lower()
    by_recipe = _group_by_recipe(effects)
    return " ".join(f"{recipe_title(recipe)} instead of {base} {_range(group)}." for recipe, group in by_recipe.items())


def effect_words(effect: Effect) -> str:
    """Return an effect in percentage points with its sign and interval."""
    sign = "+" if effect.result.difference > 0 else ""
    return f"{sign}{points(effect.result.difference)} {bracket(effect.result.ci_low, effect.result.ci_high)}"


def correction_sentence(effects: Sequence[Effect]) -> str:
    """Say for how many comparisons the rows of one figure are corrected."""
    one = "The only comparison of this figure, so without a correction."
    rows = one if len(effects) == 1 else f"Holm's correction for the {len(effects)} comparisons of this figure."
    said = {effect.result.comparisons for effect in effects if effect.said}
    if not said:
        return rows
    count = max(said)
    words = (
        f"Holm's correction for {count} comparisons" if count > 1 else "the only comparison, so without a correction"
    )
    apart = f"What the sentences above compare has their own: {words}."
    return apart if all(effect.said for effect in effects) else f"{rows} {apart}"


def _place(cell: Cell) -> tuple[int, int]:
    """Return where a condition stands in the grid; what is in no catalogue comes last."""
    architecture, recipe = cell
    return _rank(ARCHITECTURES, architecture), _rank(RECIPES, recipe)


def _rank(catalogue: Mapping[str, object], name: str) -> int:
    names = list(catalogue)
    return names.index(name) if name in names else len(names)


def _percent(trained: Trained | None) -> float | None:
    return None if trained is None else 100 * trained.accuracy


def _kind(step: Step) -> tuple[str, ...]:
    """Return what the steps of one column of the table have in common."""
    (_, recipe), (base_architecture, base_recipe) = step.cell, step.base
    return (step.factor, recipe, base_architecture if step.factor == "architecture" else base_recipe)


def _heading(step: Step) -> str:
    (_, recipe), (base_architecture, base_recipe) = step.cell, step.base
    if step.factor == "architecture":
        return f"{recipe_title(recipe)}, over {architecture_title(base_architecture)}"
    return f"{recipe_title(recipe)} over {recipe_title(base_recipe).lower()}"


def _most(effects: Sequence[Effect]) -> str:
    better = [effect for effect in effects if effect.result.verdict == "a"]
    if not better:
        return "no network is better beyond chance"
    most = max(better, key=lambda effect: effect.result.difference)
    return f"{_architecture(most)} buys most, {_gain(most)}"


def _range(effects: Sequence[Effect]) -> str:
    if len(effects) == 1:
        chance = {"a": "beyond chance", "b": "a loss beyond chance", "undecided": "not beyond chance"}
        return f"buys {_gain(effects[0])} on {_architecture(effects[0])}, {chance[effects[0].result.verdict]}"
    ranked = sorted(effects, key=lambda effect: effect.result.difference)
    least, most = (f"{points(e.result.difference)} points on {_architecture(e)}" for e in (ranked[0], ranked[-1]))
    gains, losses = (sum(effect.result.verdict == side for effect in effects) for side in ("a", "b"))
    lost = f", and loses beyond chance on {losses}" if losses else ""
    return f"buys from {least} to {most}, beyond chance on {gains} of {len(effects)} networks{lost}"


def _group_by_recipe(effects: Sequence[Effect]) -> dict[str, list[Effect]]:
    groups: dict[str, list[Effect]] = {}
    for effect in effects:
        groups.setdefault(effect.step.cell[1], []).append(effect)
    return groups


def _architecture(effect: Effect) -> str:
    """Return the architecture's title, with a note where single runs were compared: the result holds for these."""
    single = " (single runs)" if effect.result.scope == "runs" else ""
    return architecture_title(effect.step.cell[0]) + single


def _gain(effect: Effect) -> str:
    return f"{points(effect.result.difference)} points {bracket(effect.result.ci_low, effect.result.ci_high)}"
