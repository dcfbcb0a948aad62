"""Which comparisons are made of some models: one family, each question once."""

from dataclasses import replace

import pytest
from made_up import MadeUp, contender_of_rights

from fmnist.errors import InputError
from fmnist.evaluation.factors import Step
from fmnist.views.questions import ask, check_different, pair_of


def model(architecture: str, right: int, recipe: str = "textbook") -> MadeUp:
    return contender_of_rights(f"{architecture}:{recipe}", (right, right + 1), f"{architecture} ({recipe})")


COMPACT, DEEPER, BASIC, ANN = (
    model(*each) for each in (("compact_cnn", 945), ("deeper_cnn", 940), ("basic_cnn", 900), ("ann", 850))
)
TUNED = model("deeper_cnn", 950, "tuned")
LEAD = (COMPACT.key, DEEPER.key)
DEPTH = (DEEPER.key, BASIC.key)


def test_everybody_asks_about_the_lead_about_depth_and_about_each_step_of_the_grid():
    questions = ask([COMPACT, DEEPER, BASIC, ANN])
    assert questions.headline == (LEAD, DEPTH)
    assert questions.first == (COMPACT.key, BASIC.key)
    steps = [pair_of(step) for step in questions.steps]
    assert steps == [(ANN.key, BASIC.key), DEPTH, (COMPACT.key, BASIC.key)]
    assert questions.family == (LEAD, DEPTH, (COMPACT.key, BASIC.key), (ANN.key, BASIC.key))


def test_steps_of_both_factors_are_in_the_family():
    questions = ask([TUNED, DEEPER, BASIC])
    assert questions.steps == (
        Step("architecture", ("deeper_cnn", "textbook"), ("basic_cnn", "textbook")),
        Step("recipe", ("deeper_cnn", "tuned"), ("deeper_cnn", "textbook")),
    )
    assert questions.family == ((TUNED.key, DEEPER.key), DEPTH, (TUNED.key, BASIC.key))


def test_one_question_is_asked_once_whichever_way_round():
    questions = ask([BASIC, DEEPER])
    assert questions.family == questions.headline == (DEPTH,)
    assert questions.first == DEPTH


def test_one_model_is_compared_with_nothing():
    assert ask([BASIC]).family == ()
    assert ask([BASIC]).first is None


def test_settings_of_ones_own_and_single_runs_are_no_cells():
    others = [contender_of_rights(key, (900,)) for key in ("ann:tuned@5c1e90ab", "ann-tuned-s0", "import-3f2a")]
    assert ask(others).steps == ()
    assert ask(others).family == ((others[0].key, others[1].key), (others[0].key, others[2].key))


def test_a_model_is_not_compared_with_itself_or_with_its_own_run():
    class Run(MadeUp):
        group = BASIC.key

    run = Run(**{**vars(BASIC), "key": "basic_cnn-textbook-s0", "title": "basic, seed 0"})
    check_different(BASIC, DEEPER)
    check_different(run, DEEPER)
    with pytest.raises(InputError, match=r"^Choose two different models\.$"):
        check_different(BASIC, replace(BASIC))
    for pair in ((BASIC, run), (run, BASIC)):
        with pytest.raises(InputError, match="^basic, seed 0 is one of the runs of basic_cnn \\(textbook\\). Choose"):
            check_different(*pair)
