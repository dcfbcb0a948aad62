"""Architecture × recipe: the effects by value, their sentences, their table and their figures."""

import pytest
from made_up import MadeUp, contender_of_rights

from fmnist.contenders.keys import Condition
from fmnist.evaluation.factors import Step
from fmnist.views import verdicts
from fmnist.views.effects import Effects, compute, effect_words, table
from fmnist.views.effects_figure import figures
from fmnist.views.effects_words import describe_correction, findings, recipe_badges
from fmnist.views.parts import Badge

BASIC, DEEPER, ANN = (Condition(architecture, "textbook") for architecture in ("basic_cnn", "deeper_cnn", "ann"))
BASIC_TUNED, DEEPER_TUNED, ANN_TUNED = (cell._replace(recipe="tuned") for cell in (BASIC, DEEPER, ANN))
RIGHTS = {DEEPER_TUNED: 936, DEEPER: 930, BASIC: 910, BASIC_TUNED: 925, ANN: 880}


def model(cell: Condition, *rights: int, images: int = 1_000) -> MadeUp:
    return contender_of_rights(cell.key, rights, f"{cell.architecture} ({cell.recipe})", images)


MODELS = [model(cell, right, right + 1, right + 2) for cell, right in RIGHTS.items()]


def separate(models: list[MadeUp]) -> Effects:
    return compute(models, verdicts.compute(models))


def reach(rights: dict[Condition, int], runs: int = 3) -> Effects:
    """The effects where each condition's runs get so many of 10,000 images right, the same ones in every run."""
    return separate([model(cell, *[right] * runs, images=10_000) for cell, right in rights.items()])


def test_both_factors_are_in_the_page_s_one_family_in_the_order_of_the_catalogues():
    judged = verdicts.compute(MODELS)
    grid = compute(MODELS, judged)
    assert list(grid.trained) == [ANN, BASIC, BASIC_TUNED, DEEPER, DEEPER_TUNED]
    assert grid.trained[DEEPER].accuracy == pytest.approx(0.931)
    assert [effect.step for effect in grid.of("architecture")] == [
        Step("architecture", ANN, BASIC),
        Step("architecture", DEEPER, BASIC),
        Step("architecture", DEEPER_TUNED, BASIC_TUNED),
    ]
    assert {effect.result.comparisons for effect in grid.effects} == {len(judged.questions.family)}
    assert grid.of("recipe")[1].result.difference == pytest.approx(0.006)
    pair = (DEEPER.key, BASIC.key)
    assert grid.effects[1].result is judged.answers[pair].comparison


def test_of_some_models_only_their_own_effects_are_shown_with_the_numbers_of_all():
    judged = verdicts.compute(MODELS)
    grid = compute(MODELS[1:3], judged)
    (effect,) = grid.effects
    assert effect.step == Step("architecture", DEEPER, BASIC)
    assert effect.result is compute(MODELS, judged).effects[1].result


def test_an_architecture_outside_the_catalogue_has_its_row():
    grid = separate([model(Condition("my_net", "textbook"), 900), *MODELS])
    assert table(grid).texts[-1][0] == "my_net"
    assert figures(grid)["architecture"].figure.layout.yaxis.ticktext[-1] == "my_net (textbook)"


def test_the_table_has_accuracies_by_recipe_and_effects_by_architecture():
    grid = separate(MODELS)
    rows = table(grid)
    assert [column.title for column in rows.columns] == [
        "key",
        "Architecture",
        "Textbook (%)",
        "Tuned (%)",
        "Textbook, vs Basic CNN",
        "Tuned, vs Basic CNN",
        "Tuned vs textbook",
    ]
    ann, basic, deeper = rows.rows
    assert ann[:2] == ["ann", "ANN"]
    assert ann[2] == pytest.approx(88.1)
    assert (ann[3], basic[4], ann[6]) == (None, None, None)
    assert deeper[5] == effect_words(grid.of("architecture")[2])
    assert deeper[6].startswith("+0.60 (")


def test_a_factor_without_an_effect_says_nothing():
    grid = separate([model(DEEPER, 930), model(BASIC, 910)])
    assert list(findings(grid)) == list(figures(grid)) == ["architecture"]


def test_an_architecture_that_is_better_is_said_by_recipe_and_none_is_called_the_best():
    rights = {ANN: 8_800, BASIC: 9_100, DEEPER: 9_250, ANN_TUNED: 8_900, BASIC_TUNED: 9_300, DEEPER_TUNED: 9_400}
    said = findings(reach(rights))["architecture"]
    assert said.headline == "Compared with Basic CNN, Deeper CNN gains 1.50 points (textbook) and 1.00 (tuned)."
    assert said.details.startswith("Textbook, compared with Basic CNN: better: Deeper CNN; worse: ANN. Tuned, compared")
    assert said.details.endswith("Intervals are adjusted for all 7 comparisons on this page.")


def test_only_significant_gains_are_gains():
    rights = {BASIC: 9_100, DEEPER: 9_250, BASIC_TUNED: 9_300, DEEPER_TUNED: 9_301}
    assert findings(reach(rights))["architecture"].headline == (
        "Compared with Basic CNN, Deeper CNN gains 1.50 points (textbook)."
    )
    none = findings(reach({ANN: 8_800, BASIC: 9_100, DEEPER: 9_101}))["architecture"]
    assert none.headline == "No architecture is significantly better than Basic CNN."
    assert "worse: ANN; not significantly different: Deeper CNN" in none.details


def test_single_runs_are_marked_wherever_a_better_one_is_named():
    said = findings(reach({BASIC: 9_100, DEEPER: 9_300}, runs=1))["architecture"]
    assert said.headline == "Compared with Basic CNN, Deeper CNN gains 2.00 points (textbook, 1 run)."
    assert "better: Deeper CNN (1 run)" in said.details


def test_a_recipe_is_a_range_with_how_often_it_is_significant():
    better = reach({ANN: 8_800, ANN_TUNED: 9_000, BASIC: 9_100, BASIC_TUNED: 9_300, DEEPER: 9_200, DEEPER_TUNED: 9_500})
    assert findings(better)["recipe"].headline == (
        "Tuned beats textbook by 2.00 to 3.00 points, significantly on all 3 architectures."
    )
    assert recipe_badges(better) == (
        Badge("tuned beats textbook 3/3", "good", "Significantly better on 3 of 3 architectures."),
    )
    mixed = reach({ANN: 8_800, ANN_TUNED: 9_000, BASIC: 9_100, BASIC_TUNED: 9_101})
    assert findings(mixed)["recipe"].headline == (
        "Tuned scores 0.01 to 2.00 points above textbook: it wins significantly on 1 of 2 architectures."
    )
    worse = reach({ANN: 8_800, ANN_TUNED: 8_500, BASIC: 9_100, BASIC_TUNED: 9_300}, runs=1)
    assert findings(worse)["recipe"].headline == (
        "Tuned scores −3.00 to 2.00 points above textbook: it wins significantly on 1 of 2 architectures and loses on "
        "1 (2 compared by single runs)."
    )
    assert recipe_badges(worse) == (
        Badge(
            "tuned beats textbook 1/2 (single runs)",
            help="Significantly better on 1 of 2 architectures; 2 compared by single runs.",
        ),
    )


@pytest.mark.parametrize(
    ("right", "words"),
    [
        (9_300, "2.00 points higher than textbook on Basic CNN (significant, single runs)."),
        (9_101, "0.01 points higher than textbook on Basic CNN (not significant, single runs)."),
        (8_800, "3.00 points lower than textbook on Basic CNN (significant, single runs)."),
    ],
)
def test_on_one_architecture_a_recipe_is_said_with_its_significance(right, words):
    grid = reach({BASIC: 9_100, BASIC_TUNED: right}, runs=1)
    assert findings(grid)["recipe"].headline == f"Tuned scores {words}"


def test_a_gain_in_a_table_has_its_sign_its_interval_and_a_mark_of_single_runs():
    gain, loss = reach({DEEPER: 9_200, BASIC: 9_100, ANN: 8_800}).of("architecture")[::-1]
    assert effect_words(gain).startswith("+1.00 (0.")
    assert effect_words(loss).startswith("−3.00 (−3.")
    (single,) = reach({DEEPER: 9_200, BASIC: 9_100}, runs=1).effects
    assert effect_words(single).endswith(", 1 run)")


def test_the_number_of_comparisons_is_said_of_all_effects():
    assert describe_correction(separate(MODELS).effects) == (
        "Intervals are adjusted for all 5 comparisons on this page."
    )
    assert describe_correction(reach({BASIC: 9_100, DEEPER: 9_200}).effects) == (
        "Single comparison; no correction needed."
    )


def test_rows_are_differences_in_points_with_their_intervals_from_top_to_bottom():
    grid = separate([model(DEEPER, 940, 938), model(ANN, 880), model(BASIC, 900, 898)])
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


def test_open_markers_are_single_runs_and_the_label_tells_the_interval():
    grid = separate([model(DEEPER, 940, 938), model(ANN, 880), model(BASIC, 900, 898)])
    single, several = figures(grid)["architecture"].figure.data
    assert not several.marker.symbol.endswith("-open")
    assert single.marker.symbol.endswith("-open")
    assert "adjusted 95% CI −" in single.hovertemplate
    assert "Runs: 1 and 2" in single.hovertemplate
    assert "Runs: 2 and 2" in several.hovertemplate


def test_rows_of_recipes_name_the_recipe_where_there_are_several():
    two = separate(MODELS)
    assert list(figures(two)["recipe"].figure.layout.yaxis.ticktext) == ["Basic CNN", "Deeper CNN"]
    three = separate([*MODELS, model(Condition("ann", "quick"), 800)])
    assert figures(three)["recipe"].figure.layout.yaxis.ticktext[0] == "ann (quick)"
