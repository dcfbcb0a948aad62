"""The shell line that trains a configuration again, read back by the command line itself."""

import shlex
from dataclasses import replace
from typing import Any

import pytest

from fmnist.cli.main import _build_parser
from fmnist.recipes.catalogue import RECIPES, get_recipe
from fmnist.recipes.command import train_command
from fmnist.recipes.fields import FIELDS


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize(
    "overrides",
    [
        {},
        {"epochs": 3, "batch_size": 32},
        {"learning_rate": 2.5e-4, "train_limit": 550},
        {"patience": 0, "schedule": "cosine", "keep": "last", "mirror": True, "shift": 2, "average": 0.9},
        {"teachers": ("ann-tuned-s1", "cnn_bn-tuned-s0"), "distil": 0.5, "drawn": 0.0, "photographed": 0.0},
        {"start_from": "ann-tuned-s1", "precision": "float32"},
        {"keep_epochs": True},
        {"mirror": False, "erase": 0.5, "label_smoothing": 0.05, "weight_decay": 0.1, "warmup_epochs": 0},
    ],
)
def test_the_command_configures_the_same_training(recipe: str, overrides: dict[str, Any]):
    config = get_recipe(recipe).configure("basic_cnn", 3, **overrides)
    command = train_command(config)
    assert command is not None
    asked = _build_parser().parse_args(shlex.split(command)[3:])
    chosen = {name: getattr(asked, name) for name in (*FIELDS, "train_limit", "keep_epochs")}
    assert get_recipe(asked.recipe).configure(asked.model, asked.seed, **chosen) == config


def test_a_recipe_that_is_gone_has_no_command():
    assert train_command(replace(get_recipe("tuned").configure("ann", 0), recipe="gone")) is None
