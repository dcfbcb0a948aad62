"""Configurations that earlier versions wrote, brought up to this version's schema step by step.

A release that changes what `config.json` holds raises `SCHEMA` by one and adds the step from the version before.
"""

from collections.abc import Callable
from typing import Any

SCHEMA = 2

_Document = dict[str, Any]

_TUNED_1: dict[str, Any] = {
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
_TUNED_BY_MODEL_1: dict[str, dict[str, Any]] = {
    "ann": {"epochs": 80, "weight_decay": 0.1, "shift": 0},
    "basic_cnn": {"learning_rate": 1e-3, "shift": 2, "erase": 0.25},
    "cnn_small": {"learning_rate": 1e-3},
    "cnn_three": {"learning_rate": 1e-3},
}
# The recipes of the version that wrote schema 1: they stay as they are here, however the catalogue changes
_RECIPES_1: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = {
    "quick": (
        {
            "epochs": 5,
            "batch_size": 128,
            "learning_rate": 3e-3,
            "schedule": "cosine",
            "warmup_epochs": 1,
            "keep": "last",
            "weight_decay": 0.02,
        },
        {},
    ),
    "textbook": ({"epochs": 30, "batch_size": 64, "learning_rate": 1e-3, "patience": 4, "keep": "best"}, {}),
    "tuned": (_TUNED_1, _TUNED_BY_MODEL_1),
    "robust": (_TUNED_1 | {"epochs": 72, "drawn": 0.18, "photographed": 0.2}, _TUNED_BY_MODEL_1),
}
_DEFAULTS_1: dict[str, Any] = {
    "patience": None,
    "keep": "best",
    "train_limit": 55_000,
    "schedule": "constant",
    "warmup_epochs": 0,
    "weight_decay": 0.0,
    "label_smoothing": 0.0,
    "average": 0.0,
    "mirror": False,
    "shift": 0,
    "erase": 0.0,
    "drawn": 0.0,
    "photographed": 0.0,
}


def migrate(document: _Document, schema: int) -> _Document:
    """Return a configuration document of an earlier `schema` as one of the current schema."""
    for version in range(schema, SCHEMA):
        document = _STEPS[version](document) if version in _STEPS else document
    return document | {"schema": SCHEMA}


def _remember_recipe(document: _Document) -> _Document:
    """From 1 to 2: a run remembers its recipe's settings, which at schema 1 were those of the table above."""
    config = document.get("config")
    chosen = config if isinstance(config, dict) else {}
    shared, by_model = _RECIPES_1.get(str(chosen.get("recipe")), ({}, {}))
    settings = _DEFAULTS_1 | shared | by_model.get(str(chosen.get("model")), {}) if shared else {}
    return document | {"recipe_settings": settings}


_STEPS: dict[int, Callable[[_Document], _Document]] = {1: _remember_recipe}
