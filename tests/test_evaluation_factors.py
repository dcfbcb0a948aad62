import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.evaluation.factors import Cell, Effect, Step, list_steps
from fmnist.evaluation.significance import compare_many
from fmnist.views.sentences import correction_sentence, effect_words, network_sentence, recipe_sentence

BASIC, DEEPER, ANN = (Cell(model, "textbook") for model in ("basic_cnn", "deeper_cnn", "ann"))
BASIC_TUNED, DEEPER_TUNED, ANN_TUNED = (cell._replace(recipe="tuned") for cell in (BASIC, DEEPER, ANN))
TITLES = {"basic_cnn": "Basic CNN", "deeper_cnn": "Deeper CNN", "ann": "ANN", "textbook": "Textbook", "tuned": "Tuned"}
CELLS = [Cell(model, recipe) for model, recipe in itertools.product("abc", "tuv")]


def make_effects(steps, rights, said=(), runs=3):
    """What the steps buy where each cell's runs get so many of 10,000 images right, the same ones in every run."""
    correct = {cell: np.tile(np.arange(10_000) < right, (runs, 1)) for cell, right in rights.items()}
    results = compare_many([(correct[step.cell], correct[step.base]) for step in steps])
    return [Effect(step, result, step in said) for step, result in zip(steps, results, strict=True)]


def test_a_full_table_has_a_step_from_the_reference_in_each_row_and_column():
    assert list_steps([BASIC, BASIC_TUNED, DEEPER, DEEPER_TUNED], BASIC) == [
        Step("network", DEEPER, BASIC),
        Step("network", DEEPER_TUNED, BASIC_TUNED),
        Step("recipe", BASIC_TUNED, BASIC),
        Step("recipe", DEEPER_TUNED, DEEPER),
    ]


def test_with_one_recipe_there_are_only_steps_between_networks():
    assert list_steps([ANN, BASIC, DEEPER], BASIC) == [Step("network", ANN, BASIC), Step("network", DEEPER, BASIC)]


def test_a_gap_leaves_its_steps_out():
    assert list_steps([ANN, ANN_TUNED, BASIC, DEEPER_TUNED], BASIC) == [
        Step("network", ANN, BASIC),
        Step("recipe", ANN_TUNED, ANN),
    ]


def test_without_the_reference_the_most_frequent_takes_its_place():
    assert list_steps([DEEPER_TUNED, ANN, ANN_TUNED], BASIC) == [
        Step("network", DEEPER_TUNED, ANN_TUNED),
        Step("recipe", ANN_TUNED, ANN),
    ]


def test_one_cell_or_none_allows_no_step():
    assert list_steps([], BASIC) == list_steps([DEEPER], BASIC) == []


@given(st.lists(st.sampled_from(CELLS), unique=True), st.sampled_from(CELLS))
def test_steps_change_one_factor_between_cells_that_exist_and_none_twice(cells, reference):
    steps = list_steps(cells, reference)
    assert len({frozenset((step.cell, step.base)) for step in steps}) == len(steps)
    for step in steps:
        assert {step.cell, step.base} <= set(cells)
        assert (step.cell.model == step.base.model) == (step.factor == "recipe")
        assert (step.cell.recipe == step.base.recipe) == (step.factor == "network")


def test_what_the_network_buys_is_said_by_recipe():
    steps = list_steps([ANN, BASIC, BASIC_TUNED, DEEPER, DEEPER_TUNED], BASIC)[:3]
    rights = {ANN: 8_800, BASIC: 9_100, DEEPER: 9_250, BASIC_TUNED: 9_300, DEEPER_TUNED: 9_301}
    effects = make_effects(steps, rights)
    low, high = (100 * end for end in (effects[1].result.ci_low, effects[1].result.ci_high))
    assert network_sentence(effects, TITLES) == (
        f"Over Basic CNN, with the textbook recipe Deeper CNN buys most, 1.50 points [{low:.2f}, {high:.2f}]; "
        "with the tuned recipe no network is better beyond chance."
    )


def test_what_the_recipe_buys_is_a_range_with_how_often_it_is_beyond_chance():
    steps = [Step("recipe", tuned, plain) for tuned, plain in ((ANN_TUNED, ANN), (BASIC_TUNED, BASIC))]
    effects = make_effects(steps, {ANN: 8_800, ANN_TUNED: 9_000, BASIC: 9_100, BASIC_TUNED: 9_101})
    assert recipe_sentence(effects, TITLES) == (
        "Tuned instead of textbook buys from 0.01 points on Basic CNN to 2.00 points on ANN, "
        "beyond chance on 1 of 2 networks."
    )
    worse = make_effects(steps, {ANN: 8_800, ANN_TUNED: 8_500, BASIC: 9_100, BASIC_TUNED: 9_300})
    assert recipe_sentence(worse, TITLES).endswith("beyond chance on 1 of 2 networks, and loses beyond chance on 1.")


@pytest.mark.parametrize(
    ("right", "words"), [(9_300, "beyond chance."), (9_101, "not beyond chance."), (8_800, "a loss beyond chance.")]
)
def test_of_one_network_the_recipe_is_said_with_its_interval(right, words):
    (effect,) = make_effects([Step("recipe", BASIC_TUNED, BASIC)], {BASIC: 9_100, BASIC_TUNED: right}, runs=1)
    sentence = recipe_sentence([effect], TITLES)
    assert sentence.startswith("Tuned instead of textbook buys ")
    assert f"points [{effect_words(effect).split('[')[1]} on Basic CNN (single runs), {words}" in sentence


def test_a_gain_in_a_table_has_its_sign_and_its_interval():
    steps = [Step("network", DEEPER, BASIC), Step("network", ANN, BASIC)]
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
