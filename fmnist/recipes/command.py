"""The shell command that trains a configuration again."""

from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig

_OPTIONS = ("epochs", "batch_size", "learning_rate", "train_limit")  # what `fmnist train` takes beside the recipe


def train_command(config: RunConfig) -> str | None:
    """Return the command that trains a configuration, None where its options cannot say it.

    That is the case where a recipe has changed since, or is no longer there.
    """
    if config.recipe not in RECIPES:
        return None
    recipe = RECIPES[config.recipe]
    usual = recipe.settings_of(config.model)
    departing = {name: getattr(config, name) for name in _OPTIONS if getattr(config, name) != usual[name]}
    if recipe.configure(config.model, config.seed, **departing) != config:
        return None
    options = "".join(f" --{name.replace('_', '-')} {value}" for name, value in departing.items())
    return f"python -m fmnist train {config.model} --recipe {config.recipe} --seed {config.seed}{options}"
