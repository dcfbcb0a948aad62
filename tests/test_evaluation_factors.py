import itertools

from hypothesis import given
from hypothesis import strategies as st

from fmnist.evaluation.factors import Step, list_steps

BASIC, DEEPER, ANN = ((architecture, "textbook") for architecture in ("basic_cnn", "deeper_cnn", "ann"))
BASIC_TUNED, DEEPER_TUNED, ANN_TUNED = ((architecture, "tuned") for architecture, _ in (BASIC, DEEPER, ANN))
CELLS = list(itertools.product("abc", "tuv"))


def test_a_full_table_has_a_step_from_the_reference_in_each_row_and_column():
    assert list_steps([BASIC, BASIC_TUNED, DEEPER, DEEPER_TUNED], BASIC) == [
        Step("architecture", DEEPER, BASIC),
        Step("architecture", DEEPER_TUNED, BASIC_TUNED),
        Step("recipe", BASIC_TUNED, BASIC),
        Step("recipe", DEEPER_TUNED, DEEPER),
    ]


def test_with_one_recipe_there_are_only_steps_between_architectures():
    assert list_steps([ANN, BASIC, DEEPER], BASIC) == [
        Step("architecture", ANN, BASIC),
        Step("architecture", DEEPER, BASIC),
    ]


def test_a_gap_leaves_its_steps_out():
    assert list_steps([ANN, ANN_TUNED, BASIC, DEEPER_TUNED], BASIC) == [
        Step("architecture", ANN, BASIC),
        Step("recipe", ANN_TUNED, ANN),
    ]


def test_without_the_reference_the_most_frequent_takes_its_place():
    assert list_steps([DEEPER_TUNED, ANN, ANN_TUNED], BASIC) == [
        Step("architecture", DEEPER_TUNED, ANN_TUNED),
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
        assert (step.cell[0] == step.base[0]) == (step.factor == "recipe")
        assert (step.cell[1] == step.base[1]) == (step.factor == "architecture")
