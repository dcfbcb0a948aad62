"""The shell command that trains a configuration again."""

from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig
from fmnist.recipes.fields import FIELDS, write_setting

_OPTIONS = (*FIELDS, "train_limit")  # what `fmnist train` takes beside the recipe


def train_command(config: RunConfig) -> str | None:
    """Return the command that trains a configuration, None where its recipe is no longer there."""
    if config.recipe not in RECIPES:
        return None
    recipe = RECIPES[config.recipe]
    usual = recipe.settings_of(config.model)
    departing = {name: getattr(config, name) for name in _OPTIONS if getattr(config, name) != usual[name]}
    options = "".join(f" --{name.replace('_', '-')} {write_setting(value)}" for name, value in departing.items())
    kept = " --keep-epochs" if config.keep_epochs else ""
    return f"python -m fmnist train {config.model} --recipe {config.recipe} --seed {config.seed}{options}{kept}"
