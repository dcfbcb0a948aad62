"""Spaces to begin with: the grid of the course project, a larger one, and a small one for a first result."""

from dataclasses import dataclass

from fmnist.search.records import Sampler
from fmnist.search.space import Dimension, Space


@dataclass(frozen=True)
class Ready:
    """A space with its title, what it is good for in a sentence, and how it is best searched."""

    title: str
    description: str
    space: Space
    sampler: Sampler
    trials: int


READY: dict[str, Ready] = {
    "course": Ready(
        "Course project",
        "The grid of the course project: learning rate × batch size × dropout on CNN-3, 27 combinations.",
        Space(
            "cnn_three",
            "textbook",
            (
                Dimension("learning_rate", (1e-3, 1e-4, 1e-5)),
                Dimension("batch_size", (32, 64, 128)),
                Dimension("dropout", (0.1, 0.3, 0.5)),
            ),
            {"epochs": 10},
        ),
        "grid",
        27,
    ),
    "wide": Ready(
        "Recipe and network",
        "Learning rate, batch size, weight decay, label smoothing, augmentation, dropout and width on CNN-3.",
        Space(
            "cnn_three",
            "quick",
            (
                Dimension("learning_rate", low=1e-4, high=1e-2, log=True),
                Dimension("batch_size", (32, 64, 128, 256)),
                Dimension("weight_decay", low=1e-3, high=0.3, log=True),
                Dimension("label_smoothing", low=0.0, high=0.2),
                Dimension("mirror", (True, False)),
                Dimension("shift", low=0, high=3),
                Dimension("dropout", low=0.0, high=0.6),
                Dimension("width", (0.5, 1.0, 1.5, 2.0)),
            ),
            {"epochs": 12},
        ),
        "tpe",
        60,
    ),
    "small": Ready(
        "First try",
        "Learning rate, batch size, weight decay and width of the ANN on a tenth of the images. Trials take seconds.",
        Space(
            "ann",
            "quick",
            (
                Dimension("learning_rate", low=1e-4, high=3e-2, log=True),
                Dimension("batch_size", (128, 256, 512)),
                Dimension("weight_decay", low=1e-3, high=0.5, log=True),
                Dimension("width", (0.5, 1.0, 2.0, 4.0)),
                Dimension("activation", ("relu", "gelu", "tanh")),
            ),
            {"epochs": 6},
            train_limit=5_500,
        ),
        "tpe",
        40,
    ),
}
