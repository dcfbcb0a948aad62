"""The settings of models: what they share, in what they differ, and how both are written."""

from dataclasses import fields, replace
from pathlib import Path

from synthetic import write_run

from fmnist.contenders.seed_group import SeedGroup
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import IDENTITY, RECORDS, RunConfig
from fmnist.recipes.titles import SETTINGS
from fmnist.views.settings import compute, table


def group(folder: Path, key: str, seeds: tuple[int, ...] = (0,), **changes) -> SeedGroup:
    model, recipe = key.split(":")
    runs = [write_run(folder, model, seed, recipe=recipe, run_id=f"{model}-{recipe}-s{seed}") for seed in seeds]
    return SeedGroup(key, tuple(replace(run, config=replace(run.config, **changes)) for run in runs), {})


def test_every_setting_has_a_title_of_its_own():
    assert {*SETTINGS, *IDENTITY, *RECORDS} == {field.name for field in fields(RunConfig)}
    assert len({setting.title for setting in SETTINGS.values()}) == len(SETTINGS)


def test_every_value_of_every_recipe_is_written():
    for recipe in RECIPES.values():
        for name, value in recipe.settings_of("ann").items():
            assert SETTINGS[name].write(value)


def test_values_are_written_for_people():
    written = {name: SETTINGS[name].write for name in SETTINGS}
    assert (written["patience"](None), written["patience"](4)) == ("none", "4")
    assert written["train_limit"](55_000) == "55,000"
    assert (written["learning_rate"](0.002), written["weight_decay"](0.0)) == ("0.002", "0")
    assert (written["mirror"](True), written["mirror"](False)) == ("yes", "no")
    assert (written["erase"](0.25), written["photographed"](0.185)) == ("25%", "18.5%")
    assert (written["keep"]("best"), written["keep"]("last")) == ("best epoch", "last epoch")


def test_what_differs_is_apart_from_what_all_share(tmp_path):
    two = [group(tmp_path, "ann:textbook", (0, 2)), group(tmp_path, "basic_cnn:textbook", weight_decay=0.02)]
    settings = compute(two)
    assert settings.different == {"Seeds": ["0, 2", "0"], "Weight decay": ["0", "0.02"]}
    assert settings.shared["Batch size"] == SETTINGS["batch_size"].write(two[0].runs[0].config.batch_size)
    assert len(settings.shared) + len(settings.different) == len(SETTINGS) + 1


def test_models_are_columns_with_their_keys_and_can_be_shown_in_parts(tmp_path):
    three = [group(tmp_path, f"{model}:textbook") for model in ("ann", "basic_cnn", "deeper_cnn")]
    whole, first, last = table(compute(three)), table(compute(three), 0, 2), table(compute(three), 2, 4)
    assert [column.title for column in whole.columns] == ["Setting", *(one.title for one in three)]
    assert [column.key for column in first.columns] == ["", "ann:textbook", "basic_cnn:textbook"]
    assert [column.key for column in last.columns] == ["", "deeper_cnn:textbook"]
    assert whole.rows == [["Seeds", "0", "0", "0"]]
    assert last.rows == [["Seeds", "0"]]


def test_one_model_shares_everything_with_itself(tmp_path):
    settings = compute([group(tmp_path, "ann:textbook")])
    assert list(settings.different) == ["Seeds"]
    assert len(settings.shared) == len(SETTINGS)
