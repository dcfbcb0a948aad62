"""What is the user's own, in a sentence and as a table."""

from dataclasses import replace

import pytest

from fmnist.contenders.own import OwnModel
from fmnist.runs.marks import Mark
from fmnist.views import own

RUN = OwnModel("ann-textbook-s0-20260101", "run", "ANN (textbook), seed 0", "finished", 0.8912, 5_100_000, "", True)
TAGGED = replace(RUN, mark=Mark(tags=("exam", "mine"), hidden=True))
IMPORTED = OwnModel("import-1", "imported", "Wide net (imported)", "ready", 0.9, 340_000)
BROKEN = OwnModel("ensemble-1", "ensemble", "ensemble-1", "unreadable", None, 300, "It lacks a member.")


def test_the_sentence_counts_them_and_what_they_take():
    assert own.finding([]).headline == "You have no models of your own yet."
    assert own.finding([RUN, IMPORTED, BROKEN]).headline == "You have 3 models of your own: 5.4 MB on disk."
    assert own.finding([IMPORTED]).headline == "You have 1 model of your own: 340 KB on disk."


def test_the_table_has_a_row_for_each():
    table = own.table([TAGGED, IMPORTED, BROKEN])
    assert table.texts == [
        ["ANN (textbook), seed 0", "Run", "89.12", "5.1 MB", "kept", "finished", "exam, mine"],
        ["Wide net (imported)", "Imported", "90.00", "340 KB", "–", "ready", "–"],
        ["ensemble-1", "Ensemble", "–", "1 KB", "–", "unreadable", "–"],
    ]
    assert [line.rsplit(",", 1)[-1] for line in table.to_csv().splitlines()] == ["Hidden", "yes", "no", "no"]
    assert table.to_csv().splitlines()[1].startswith("ann-textbook-s0-20260101,")


def test_tags_and_hidden_models_are_chosen():
    models = [TAGGED, IMPORTED, BROKEN]
    assert own.list_tags(models) == ["exam", "mine"]
    assert own.choose(models, [], hidden=False) == [IMPORTED, BROKEN]
    assert own.choose(models, [], hidden=True) == models
    assert own.choose(models, ["exam"], hidden=True) == [TAGGED]
    assert own.choose(models, ["exam"], hidden=False) == []


def test_a_model_in_words_leaves_out_what_does_not_apply():
    assert own.describe(RUN) == own.Described(RUN.title, "Run", "89.12%", "5.1 MB", "with weights", "finished", ())
    assert own.describe(IMPORTED) == own.Described(IMPORTED.title, "Imported", "90.00%", "340 KB", "", "", ())
    assert own.describe(TAGGED).state == "hidden"


@pytest.mark.parametrize(
    ("model", "renamed", "stripped"), [(RUN, False, True), (IMPORTED, True, False), (BROKEN, False, False)]
)
def test_what_can_be_changed_depends_on_kind_and_state(model, renamed, stripped):
    assert (model.can_be_renamed, model.can_drop_weights) == (renamed, stripped)
