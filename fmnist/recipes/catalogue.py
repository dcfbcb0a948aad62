"""How a network is trained, as plain data: a recipe fills a run's configuration, and a caller may override it."""

from dataclasses import dataclass, field
from typing import Any

from fmnist.architectures.catalogue import ARCHITECTURES, Architecture
from fmnist.errors import InputError
from fmnist.recipes.config import RunConfig


@dataclass(frozen=True)
class Recipe:
    """A named way of training, what it does in a sentence or two, and the configuration that it stands for.

    `by_model` says where a network has a setting of its own.
    """

    name: str
    title: str
    description: str
    settings: dict[str, Any] = field(default_factory=dict)
    by_model: dict[str, dict[str, Any]] = field(default_factory=dict)

    def configure(self, model: str, seed: int, **overrides: Any) -> RunConfig:  # noqa: ANN401
        """Return the configuration of one training; overrides that are None leave the recipe's own value.

        A patience of 0 is none. Where fewer epochs are asked for than the recipe's warm-up takes, it ends before the
        last of them.

        Raises:
            InputError: if a value is out of its range.
        """
        chosen = {name: value for name, value in overrides.items() if value is not None}
        known = {"layers": ARCHITECTURES[model].layers} if model in ARCHITECTURES else {}
        settings = known | self.settings | self.by_model.get(model, {}) | chosen
        if "warmup_epochs" in settings and "warmup_epochs" not in chosen:
            settings["warmup_epochs"] = max(min(settings["warmup_epochs"], settings["epochs"] - 1), 0)
        settings["patience"] = settings.get("patience") or None
        return RunConfig(model=model, recipe=self.name, seed=seed, **settings)

    def configure_for(self, architecture: Architecture, seed: int, **overrides: Any) -> RunConfig:  # noqa: ANN401
        """Return the configuration of one training of any network, as `configure` does of one of the catalogue."""
        if architecture.name in ARCHITECTURES:
            return self.configure(architecture.name, seed, **overrides)
        designed = {"title": architecture.title, "layers": architecture.layers}
        return self.configure(architecture.name, seed, **designed, **overrides)

    def settings_of(self, model: str) -> dict[str, Any]:
        """Return every setting of the recipe for an architecture, by field of the configuration."""
        return self.configure(model, 0).settings


_TUNED: dict[str, Any] = {
    "epochs": 48,
    "batch_size": 128,
    "learning_rate": 2e-3,
    "schedule": "cosine",
    "warmup_epochs": 2,
    "keep": "last",
    "weight_decay": 0.02,
    "label_smoothing": 0.1,
    "average": 0.995,
    "mirror": True,
    "shift": 1,
}
_TUNED_BY_MODEL: dict[str, dict[str, Any]] = {
    "ann": {"epochs": 80, "weight_decay": 0.1, "shift": 0},  # shifted images are too many for it
    # nothing normalises the values in these; erasing helps the one without dropout
    "basic_cnn": {"learning_rate": 1e-3, "shift": 2, "erase": 0.25},
    # the same for both, as they are there to show what shortcuts gain
    **{model: {"epochs": 40, "weight_decay": 0.05, "erase": 0.5} for model in ("resnet", "vgg")},
    **{model: {"learning_rate": 1e-3} for model in ("cnn_small", "cnn_three")},
}

_TEACHERS = ("resnet-tuned-s0", "compact_cnn-tuned-s1", "cnn_three-tuned-s0", "deeper_cnn-tuned-s1")

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "quick",
            "Quick",
            "Five epochs with a learning rate that rises, then falls. Good accuracy in little time.",
            {
                "epochs": 5,
                "batch_size": 128,
                "learning_rate": 3e-3,
                "schedule": "cosine",
                "warmup_epochs": 1,
                "keep": "last",
                "weight_decay": 0.02,
            },
        ),
        Recipe(
            "textbook",
            "Textbook",
            "What most tutorials do: Adam, learning rate 0.001, batch size 64, no augmentation, best epoch kept.",
            {"epochs": 30, "batch_size": 64, "learning_rate": 1e-3, "patience": 4, "keep": "best"},
        ),
        Recipe(
            "tuned",
            "Tuned",
            "Augmented images, smoothed labels, AdamW, cosine decay, averaged weights. High accuracy.",
            _TUNED,
            by_model=_TUNED_BY_MODEL,
        ),
        Recipe(
            "distilled",
            "Distilled",
            "Tuned, but learns the mean answer of four larger shipped models instead of the labels. Takes longer.",
            _TUNED | {"label_smoothing": 0.0, "teachers": _TEACHERS, "distil": 1.0},
            # teachers are asked about 18 views instead of 50
            by_model=_TUNED_BY_MODEL | {"basic_cnn": _TUNED_BY_MODEL["basic_cnn"] | {"shift": 1}},
        ),
        Recipe(
            "robust",
            "Robust",
            "Tuned, plus simulated drawings and photos. Best for your own pictures.",
            _TUNED | {"epochs": 72, "drawn": 0.18, "photographed": 0.2},
            by_model=_TUNED_BY_MODEL,
        ),
    )
}


def get_recipe(name: str) -> Recipe:
    """Return the recipe of that name.

    Raises:
        InputError: if there is none; the message lists those there are.
    """
    if name not in RECIPES:
        raise InputError(f"There is no recipe {name!r}; choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
