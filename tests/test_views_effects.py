"""Architecture × recipe: the effects by value, their sentences, their table and their figures."""

import numpy as np
import pytest
from made_up import MadeUp, contender_of_rights

from fmnist.contenders.keys import Condition
from fmnist.evaluation.factors import Effect, Step, list_steps
from fmnist.evaluation.significance import compare_many
from fmnist.views import verdicts
from fmnist.views.effects import (
    architecture_sentence,
    compute,
    correction_sentence,
    effect_words,
    findings,
    pair_of,
    recipe_sentence,
    say_alike,
    table,
)
from fmnist.views.effects_figure import figures

BASIC, DEEPER, ANN = (Condition(architecture, "textbook") for architecture in ("basic_cnn", "deeper_cnn", "ann"))
BASIC_TUNED, DEEPER_TUNED, ANN_TUNED = (cell._replace(recipe="tuned") for cell in (BASIC, DEEPER, ANN))
RIGHTS = {DEEPER_TUNED: 936, DEEPER: 930, BASIC: 910, BASIC_TUNED: 925, ANN: 880}


def model(cell: Condition, *rights: int) -> MadeUp:
    return contender_of_rights(cell.key, rights, f"{cell.architecture} ({cell.recipe})")


MODELS = [model(cell, right, right + 1, right + 2) for cell, right in RIGHTS.items()]


def make_effects(steps, rights, said=(), runs=3):
    """What the steps buy where each cell's runs get so many of 10,000 images right, the same ones in every run."""
    correct = {cell: np.tile(np.arange(10_000) < right, (runs, 1)) for cell, right in rights.items()}
    results = compare_many([(correct[step.cell], correct[step.base]) for step in steps])
    return [Effect(step, result, step in said) for step, result in zip(steps, results, strict=True)]


def test_each_factor_is_a_family_of_its_own_in_the_order_of_the_catalogues():
    grid = compute(MODELS)
    assert list(grid.trained) == [ANN, BASIC, BASIC_TUNED, DEEPER, DEEPER_TUNED]
    assert grid.trained[DEEPER].accuracy == pytest.approx(0.931)
    assert [effect.step for effect in grid.of("architecture")] == [
        Step("architecture", ANN, BASIC),
        Step("architecture", DEEPER, BASIC),
        Step("architecture", DEEPER_TUNED, BASIC_TUNED),
    ]
    assert [effect.result.comparisons for effect in grid.effects] == [3, 3, 3, 2, 2]
    assert grid.of("recipe")[1].result.difference == pytest.approx(0.006)
    assert grid.pairs[1] == [(BASIC_TUNED.key, BASIC.key), (DEEPER_TUNED.key, DEEPER.key)]


def test_settings_of_ones_own_and_single_runs_are_no_conditions():
    others = [contender_of_rights(key, (900,)) for key in ("ann:tuned@5c1e90ab", "ann-tuned-s0", "import-3f2a")]
    assert compute([*MODELS, *others]).trained == compute(MODELS).trained
    assert compute(others).effects == []


def test_an_architecture_outside_the_catalogue_has_its_row():
    grid = compute([model(Condition("my_net", "textbook"), 900), *MODELS])
    assert table(grid).texts[-1][0] == "my_net"
    assert figures(grid)["architecture"].figure.layout.yaxis.ticktext[-1] == "my_net (textbook)"


def test_words_and_figures_say_the_same_about_a_pair():
    grid, pair = compute(MODELS), (DEEPER.key, BASIC.key)
    judged = verdicts.compute(MODELS, (pair,))
    effects = say_alike(grid, judged)
    assert {pair_of(effect.step): effect.said for effect in effects.effects}[pair]
    assert sum(effect.said for effect in effects.effects) == 1
    assert [effect.result.comparisons for effect in effects.of("architecture")] == [3, 1, 3]
    assert [effect.said for effect in grid.effects] == [False] * 5


def test_the_table_has_accuracies_by_recipe_and_effects_by_architecture():
    grid = compute(MODELS)
    rows = table(grid)
    assert [column.title for column in rows.columns] == [
        "key",
        "Network",
        "Textbook (%)",
        "Tuned (%)",
        "Textbook, over Basic CNN",
        "Tuned, over Basic CNN",
        "Tuned over textbook",
    ]
    ann, basic, deeper = rows.rows
    assert ann[:2] == ["ann", "ANN"]
    assert ann[2] == pytest.approx(88.1)
    assert (ann[3], basic[4], ann[6]) == (None, None, None)
    assert deeper[5] == effect_words(grid.of("architecture")[2])
    assert deeper[6].startswith("+0.60 [")


def test_a_factor_without_an_effect_says_nothing():
    grid = compute([model(DEEPER, 930), model(BASIC, 910)])
    assert list(findings(grid)) == list(figures(grid)) == ["architecture"]


def test_what_the_network_buys_is_said_by_recipe():
    steps = list_steps([ANN, BASIC, BASIC_TUNED, DEEPER, DEEPER_TUNED], BASIC)[:3]
    rights = {ANN: 8_800, BASIC: 9_100, DEEPER: 9_250, BASIC_TUNED: 9_300, DEEPER_TUNED: 9_301}
    effects = make_effects(steps, rights)
    low, high = (100 * end for end in (effects[1].result.ci_low, effects[1].result.ci_high))
    assert architecture_sentence(effects) == (
        f"Over Basic CNN, with the textbook recipe Deeper CNN buys most, 1.50 points [{low:.2f}, {high:.2f}]; "
        "with the tuned recipe no network is better beyond chance."
    )


def test_what_the_recipe_buys_is_a_range_with_how_often_it_is_beyond_chance():
    steps = [Step("recipe", tuned, plain) for tuned, plain in ((ANN_TUNED, ANN), (BASIC_TUNED, BASIC))]
    effects = make_effects(steps, {ANN: 8_800, ANN_TUNED: 9_000, BASIC: 9_100, BASIC_TUNED: 9_101})
    assert recipe_sentence(effects) == (
        "Tuned instead of textbook buys from 0.01 points on Basic CNN to 2.00 points on ANN, "
        "beyond chance on 1 of 2 networks."
    )
    worse = make_effects(steps, {ANN: 8_800, ANN_TUNED: 8_500, BASIC: 9_100, BASIC_TUNED: 9_300})
    assert recipe_sentence(worse).endswith("beyond chance on 1 of 2 networks, and loses beyond chance on 1.")


@pytest.mark.parametrize(
    ("right", "words"), [(9_300, "beyond chance."), (9_101, "not beyond chance."), (8_800, "a loss beyond chance.")]
)
def test_of_one_network_the_recipe_is_said_with_its_interval(right, words):
    (effect,) = make_effects([Step("recipe", BASIC_TUNED, BASIC)], {BASIC: 9_100, BASIC_TUNED: right}, runs=1)
    sentence = recipe_sentence([effect])
    assert sentence.startswith("Tuned instead of textbook buys ")
    assert f"points [{effect_words(effect).split('[')[1]} on Basic CNN (single runs), {words}" in sentence


def test_a_gain_in_a_table_has_its_sign_and_its_interval():
    steps = [Step("architecture", DEEPER, BASIC), Step("architecture", ANN, BASIC)]
    gain, loss = make_effects(steps, {DEEPER: 9_200, BASIC: 9_100, ANN: 8_800})
    assert effect_words(gain).startswith("+1.00 [0.")
    assert effect_words(loss).startswith("−3.00 [−3.")


def test_the_correction_is_told_for_rows_and_for_what_stands_in_words():
    steps = list_steps([ANN, BASIC, DEEPER], BASIC)
    rights = {ANN: 8_800, BASIC: 9_100, DEEPER: 9_250}
    assert correction_sentence(make_effects(steps, rights)) == (
        "Holm's correction for the 2 comparisons of this figure."
    )
    assert correction_sentence(make_effects(steps, rights, said=steps[:1])) == (
        "Holm's correction for the 2 comparisons of this figure. "
        "What the sentences above compare has their own: Holm's correction for 2 comparisons."
    )
    assert correction_sentence(make_effects(steps[:1], rights, said=steps)) == (
        "What the sentences above compare has their own: the only comparison, so without a correction."
    )


def test_rows_are_differences_in_points_with_their_intervals_from_top_to_bottom():
    grid = compute([model(DEEPER, 940, 938), model(ANN, 880), model(BASIC, 900, 898)])
    _, deeper = grid.of("architecture")
    figure = figures(grid)["architecture"].figure
    first, second = figure.data
    assert (list(first.x), list(first.y)) == (pytest.approx([-1.9]), [ANN.key])
    assert list(second.x) == pytest.approx([4])
    assert second.x[0] + second.error_x.array[0] == pytest.approx(100 * deeper.result.ci_high)
    assert second.x[0] - second.error_x.arrayminus[0] == pytest.approx(100 * deeper.result.ci_low)
    assert list(figure.layout.yaxis.categoryarray) == [ANN.key, DEEPER.key]
    assert list(figure.layout.yaxis.ticktext) == ["ann (textbook)", "deeper_cnn (textbook)"]
    assert figure.layout.yaxis.autorange == "reversed"


def test_open_markers_are_single_runs_and_the_label_tells_the_level():
    grid = compute([model(DEEPER, 940, 938), model(ANN, 880), model(BASIC, 900, 898)])
    single, several = figures(grid)["architecture"].figure.data
    assert not several.marker.symbol.endswith("-open")
    assert single.marker.symbol.endswith("-open")
    assert "Runs: 1 and 2. Comparisons: 2. Interval at " in single.hovertemplate
    assert "Runs: 2 and 2." in several.hovertemplate


def test_rows_of_recipes_name_the_recipe_where_there_are_several():
    two = compute(MODELS)
    assert list(figures(two)["recipe"].figure.layout.yaxis.ticktext) == ["Basic CNN", "Deeper CNN"]
    three = compute([*MODELS, model(Condition("ann", "quick"), 800)])
    assert figures(three)["recipe"].figure.layout.yaxis.ticktext[0] == "ann (quick)"
