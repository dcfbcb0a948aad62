"""The shell line that trains a configuration again, read back by the command line itself."""

import shlex
from dataclasses import replace

import pytest

from fmnist.cli.main import _build_parser
from fmnist.recipes.catalogue import RECIPES, get_recipe
from fmnist.recipes.command import train_command


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize(
    "overrides", [{}, {"epochs": 3, "batch_size": 32}, {"learning_rate": 2.5e-4, "train_limit": 550}]
)
def test_the_command_configures_the_same_training(recipe: str, overrides: dict[str, float]):
    config = get_recipe(recipe).configure("basic_cnn", 3, **overrides)
    command = train_command(config)
    assert command is not None
    asked = _build_parser().parse_args(shlex.split(command)[3:])
    chosen = {name: getattr(asked, name) for name in ("epochs", "batch_size", "learning_rate", "train_limit")}
    assert get_recipe(asked.recipe).configure(asked.model, asked.seed, **chosen) == config


def test_what_the_options_cannot_say_has_no_command():
    config = get_recipe("tuned").configure("ann", 0)
    assert train_command(replace(config, label_smoothing=0.2)) is None
    assert train_command(replace(config, recipe="gone")) is None
