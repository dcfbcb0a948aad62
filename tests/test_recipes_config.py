"""Every rule of a configuration, at its bounds and just outside; the bounds stand here as numbers."""

from dataclasses import fields
from math import inf, nan, nextafter

import pytest

from fmnist.errors import InputError
from fmnist.recipes.catalogue import RECIPES, get_recipe
from fmnist.recipes.config import RunConfig
from fmnist.recipes.fields import FIELDS, NONE, Numeric, OneRun, Runs, read_setting

SETTINGS = {"model": "ann", "recipe": "textbook", "seed": 0, "epochs": 5, "batch_size": 64, "learning_rate": 1e-3}
ONE, ZERO = nextafter(1.0, 0.0), nextafter(0.0, 1.0)  # the largest number below 1 and the smallest above 0
OVER_ONE, NEGATIVE = nextafter(1.0, 2.0), nextafter(0.0, -1.0)

# Field: values at its bounds, values just outside
BOUNDS = {
    "model": (("a", "a0", "deeper_cnn_2"), ("", "A", "_a", "0a", "a-b", "a b", "a\n", "../a", "é")),
    "recipe": (("a", "a0", "my_recipe_2"), ("", "A", "_a", "0a", "a-b", "a b", "a\n", "../a", "é")),
    "seed": ((0, 2_147_483_647), (-1, 2_147_483_648)),
    "epochs": ((1, 1_000), (0, 1_001)),
    "batch_size": ((1, 4_096), (0, 4_097)),
    "learning_rate": ((ZERO, 1.0), (0.0, OVER_ONE, nan, inf)),
    "patience": ((1, 1_000, None), (0, 1_001)),
    "keep": (("best", "last"), ("first", "")),
    "train_limit": ((10, 55_000), (9, 55_001)),
    "schedule": (("constant", "cosine"), ("linear", "")),
    "warmup_epochs": ((0, SETTINGS["epochs"] - 1), (-1, SETTINGS["epochs"])),
    "weight_decay": ((0.0, 1.0), (NEGATIVE, OVER_ONE, nan)),
    "label_smoothing": ((0.0, ONE), (NEGATIVE, 1.0, nan)),
    "average": ((0.0, ONE), (NEGATIVE, 1.0, nan)),
    "shift": ((0, 27), (-1, 28)),
    "erase": ((0.0, 1.0), (NEGATIVE, OVER_ONE, nan)),
    "drawn": ((0.0, 1.0), (NEGATIVE, OVER_ONE, nan)),
    "photographed": ((0.0, 1.0), (NEGATIVE, OVER_ONE, nan)),
    "teachers": (
        ((), ("ann-tuned-s1",), tuple(f"run-{number}" for number in range(10))),
        (("../a",), ("",), ("a b",), ("a", "a"), tuple(f"run-{number}" for number in range(11))),
    ),
    "start_from": (("", "ann-tuned-s1", "deeper_cnn-tuned-s1-20261127T0800"), ("../a", "a b", "a,b", "-a", "a\n")),
    "precision": (("auto", "float32"), ("bfloat16", "")),
    "distil": ((ZERO, 1.0), (0.0, NEGATIVE, OVER_ONE, nan)),
}
NEEDED = {  # what else a value needs
    "average": {"keep": "last"},
    "teachers": {"distil": 1.0},
    "distil": {"teachers": ("ann-tuned-s1",)},
}
ALLOWED = [(name, value) for name, (allowed, _) in BOUNDS.items() for value in allowed]
REFUSED = [(name, value) for name, (_, refused) in BOUNDS.items() for value in refused]


def configure(**changes) -> RunConfig:
    return RunConfig(**(SETTINGS | changes))


def test_every_setting_has_its_bounds_here():
    assert {field.name for field in fields(RunConfig)} - set(BOUNDS) == {"mirror", "title", "layers", "keep_epochs"}


def test_every_setting_is_offered_within_its_bounds():
    assert set(FIELDS) == set(BOUNDS) - {"model", "recipe", "seed", "train_limit"} | {"mirror"}
    for name, field in FIELDS.items():
        if isinstance(field, Runs):
            values = [read_setting(name, "ann-tuned-s1,cnn_bn-tuned-s0")]
        elif isinstance(field, OneRun):
            values = [read_setting(name, text) for text in ("ann-tuned-s1", NONE)]
        elif isinstance(field, Numeric):
            values = [value for value in (field.low, field.high) if (name, value) != ("distil", 0.0)]
        else:
            values = [read_setting(name, key) for key in field.titles]
        more = {"keep": "last", "epochs": 1000} | NEEDED.get(name, {}) | ({"epochs": 1} if name == "epochs" else {})
        for value in values:
            config = get_recipe("textbook").configure("ann", 0, **more | {name: value})
            assert getattr(config, name) == (value or None if name == "patience" else value)


@pytest.mark.parametrize(("name", "value"), ALLOWED)
def test_a_value_at_its_bound_is_kept(name, value):
    needed = NEEDED.get(name, {}) if value else {}
    assert getattr(configure(**needed | {name: value}), name) == value


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_value_just_outside_is_refused_by_its_name(name, value):
    with pytest.raises(InputError, match=f"^{name} must be "):
        configure(**NEEDED.get(name, {}) | {name: value})


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("shift", 28, "shift must be from 0 to 27"),
        ("train_limit", 9, "train_limit must be from 10 to 55,000"),
        ("epochs", 0, "epochs must be from 1 to 1,000"),
    ],
)
def test_the_message_says_the_bounds(name, value, rule):
    with pytest.raises(InputError, match=f"^{rule}$"):
        configure(**{name: value})


def test_an_average_of_the_weights_is_the_last_and_not_the_best():
    assert configure(average=0.0, keep="best").average == 0
    with pytest.raises(InputError, match="^average must be 0 where the best weights are kept$"):
        configure(average=ZERO, keep="best")


@pytest.mark.parametrize("drawn", [0.0, 0.25, 1.0])
def test_an_image_is_drawn_or_photographed_and_not_both(drawn):
    assert configure(drawn=drawn, photographed=1 - drawn).photographed == 1 - drawn
    with pytest.raises(InputError, match="^photographed must be from 0 to what is not drawn$"):
        configure(drawn=drawn, photographed=nextafter(1 - drawn, 2))


@pytest.mark.parametrize(("shares", "makes"), [({}, False), ({"drawn": ZERO}, True), ({"photographed": ZERO}, True)])
def test_pictures_are_made_where_any_share_is_turned_into_them(shares, makes):
    assert configure(**shares).makes_pictures is makes


def test_the_last_warm_up_ends_before_the_last_epoch():
    assert configure(epochs=1, warmup_epochs=0).warmup_epochs == 0
    with pytest.raises(InputError, match="^warmup_epochs must be from 0 to less than the epochs$"):
        configure(epochs=1, warmup_epochs=1)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipes_warm_up_is_shortened_to_end_before_the_last_epoch(recipe):
    usual = get_recipe(recipe).settings_of("ann")["warmup_epochs"]
    for epochs in (1, 2, 3):
        assert get_recipe(recipe).configure("ann", 0, epochs=epochs).warmup_epochs == min(usual, epochs - 1)
    with pytest.raises(InputError, match="^warmup_epochs must be"):
        get_recipe(recipe).configure("ann", 0, epochs=1, warmup_epochs=1)
    with pytest.raises(InputError, match="^epochs must be"):
        get_recipe(recipe).configure("ann", 0, epochs=0)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_fills_what_the_caller_leaves_open(recipe):
    plain, changed = (get_recipe(recipe).configure("ann", 3, epochs=epochs, shift=None) for epochs in (None, 7))
    assert (plain.model, plain.recipe, plain.seed) == ("ann", recipe, 3)
    assert plain.epochs == get_recipe(recipe).settings_of("ann")["epochs"] != 7
    assert changed.epochs == 7
    assert changed.shift == plain.shift == get_recipe(recipe).settings_of("ann")["shift"]


def test_an_architectures_own_settings_go_before_the_recipes():
    tuned = get_recipe("tuned")
    assert tuned.settings_of("deeper_cnn")["weight_decay"] == tuned.settings["weight_decay"] == 0.02
    assert tuned.settings_of("ann")["weight_decay"] == 0.1
    assert tuned.configure("ann", 0, weight_decay=0.5).weight_decay == 0.5
    assert not {"model", "recipe", "seed"} & set(tuned.settings_of("ann"))


def test_an_unknown_recipe_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="no recipe 'best'; choose one of quick, textbook, tuned, distilled, robust"):
        get_recipe("best")
