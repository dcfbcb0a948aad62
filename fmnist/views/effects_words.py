"""What the architecture and the recipe change, in sentences; only significant effects are called gains or losses."""

from collections.abc import Sequence

from fmnist.contenders.titles import architecture_title, recipe_title
from fmnist.evaluation.factors import Effect, Factor
from fmnist.views.effects import FACTORS, Effects
from fmnist.views.parts import Badge, Finding
from fmnist.wording import join, plural, points


def findings(effects: Effects) -> dict[Factor, Finding]:
    """Say what each factor changes, for the factors with any effect."""
    describe = {"architecture": _describe_architectures, "recipe": _describe_recipes}
    return {factor: describe[factor](rows) for factor in FACTORS if (rows := effects.of(factor))}


def describe_correction(effects: Sequence[Effect]) -> str:
    """Say for how many comparisons the effects are adjusted: all have the same number."""
    count = effects[0].result.comparisons
    if count == 1:
        return "Single comparison; no correction needed."
    return f"Intervals are adjusted for all {count} comparisons on this page."


def recipe_badges(effects: Effects) -> tuple[Badge, ...]:
    """Say in a few words how often each recipe is significantly better, as in "tuned beats textbook 8/8".

    Where only single runs are compared that is said, too; where some are, the tooltip says how many.
    """
    return tuple(_count_wins(*names, group) for names, group in _by_recipe(effects.of("recipe")).items())


def _count_wins(recipe: str, base: str, effects: Sequence[Effect]) -> Badge:
    gains, singles = _count(effects, "a"), sum(effect.result.scope == "runs" for effect in effects)
    text = f"{recipe} beats {base} {gains}/{len(effects)}" + (" (single runs)" if singles == len(effects) else "")
    note = f"Significantly better on {gains} of {plural(len(effects), 'architecture')}"
    tip = f"{note}; {singles} compared by single runs." if singles else f"{note}."
    return Badge(text, "good" if gains == len(effects) and singles < len(effects) else "neutral", tip)


def _describe_architectures(effects: Sequence[Effect]) -> Finding:
    """Say by how much one architecture beats the one that all are compared with, under each recipe.

    It is the one that is significantly better under the most recipes, and of several the one with the highest sum of
    gains. The claim is that it is better than the base, not that it is the best.
    """
    base = architecture_title(effects[0].step.base[0])
    gains = [effect for effect in effects if effect.result.verdict == "a"]
    if not gains:
        return Finding(f"No architecture is significantly better than {base}.", _list_effects(effects, base))
    by_architecture: dict[str, list[Effect]] = {}
    for effect in gains:
        by_architecture.setdefault(effect.step.cell[0], []).append(effect)
    name, chosen = max(by_architecture.items(), key=lambda item: (len(item[1]), sum(map(_difference, item[1]))))
    amounts = [f"{points(_difference(one))} points ({_condition(one)})" for one in chosen[:1]]
    amounts += [f"{points(_difference(one))} ({_condition(one)})" for one in chosen[1:]]
    headline = f"Compared with {base}, {architecture_title(name)} gains {join(amounts)}."
    return Finding(headline, _list_effects(effects, base))


def _list_effects(effects: Sequence[Effect], base: str) -> str:
    """List which architectures are significantly better and worse under each recipe."""
    said = []
    for recipe in dict.fromkeys(effect.step.cell[1] for effect in effects):
        group = [effect for effect in effects if effect.step.cell[1] == recipe]
        sides = {"better": "a", "worse": "b", "not significantly different": "undecided"}
        parts = [f"{word}: {join(names)}" for word, side in sides.items() if (names := _names(group, side))]
        said.append(f"{recipe_title(recipe)}, compared with {base}: {'; '.join(parts)}.")
    return " ".join([*said, describe_correction(effects)])


def _names(effects: Sequence[Effect], verdict: str) -> list[str]:
    return [_architecture(effect) for effect in effects if effect.result.verdict == verdict]


def _describe_recipes(effects: Sequence[Effect]) -> Finding:
    said = [_describe_recipe(*names, group) for names, group in _by_recipe(effects).items()]
    return Finding(" ".join(said), describe_correction(effects))


def _describe_recipe(recipe: str, base: str, effects: Sequence[Effect]) -> str:
    """Say what a recipe gains over another one, and on how many architectures that is significant."""
    if len(effects) == 1:
        return _describe_one(recipe, base, effects[0])
    ranked = sorted(map(_difference, effects))
    singles = sum(effect.result.scope == "runs" for effect in effects)
    note = f" ({singles} compared by single runs)" if singles else ""
    gains, losses = _count(effects, "a"), _count(effects, "b")
    total = len(effects)
    where = f"all {total}" if gains == total else f"{gains} of {total}"
    lost = f" and loses on {losses}" if losses else ""
    extent = f"{points(ranked[0])} to {points(ranked[-1])} points"
    if gains == total:
        return f"{recipe.capitalize()} beats {base} by {extent}, significantly on {where} architectures{note}."
    return (
        f"{recipe.capitalize()} scores {extent} above {base}: it wins significantly on {where} architectures"
        f"{lost}{note}."
    )


def _describe_one(recipe: str, base: str, effect: Effect) -> str:
    amount, on = points(abs(_difference(effect))), architecture_title(effect.step.cell[0])
    notes = {"a": "significant", "b": "significant", "undecided": "not significant"}[effect.result.verdict]
    notes += ", single runs" if effect.result.scope == "runs" else ""
    higher = "higher" if _difference(effect) >= 0 else "lower"
    return f"{recipe.capitalize()} scores {amount} points {higher} than {base} on {on} ({notes})."


def _by_recipe(effects: Sequence[Effect]) -> dict[tuple[str, str], list[Effect]]:
    """Return effects of the recipe by its title and that of the one that it is compared with, in lower case."""
    groups: dict[tuple[str, str], list[Effect]] = {}
    for effect in effects:
        names = recipe_title(effect.step.cell[1]).lower(), recipe_title(effect.step.base[1]).lower()
        groups.setdefault(names, []).append(effect)
    return groups


def _count(effects: Sequence[Effect], verdict: str) -> int:
    return sum(effect.result.verdict == verdict for effect in effects)


def _difference(effect: Effect) -> float:
    return effect.result.difference


def _condition(effect: Effect) -> str:
    single = ", 1 run" if effect.result.scope == "runs" else ""
    return recipe_title(effect.step.cell[1]).lower() + single


def _architecture(effect: Effect) -> str:
    """Return the architecture's title, with a note where single runs were compared: the result holds for these."""
    return architecture_title(effect.step.cell[0]) + (" (1 run)" if effect.result.scope == "runs" else "")
