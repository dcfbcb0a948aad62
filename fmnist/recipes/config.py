"""The configuration of one training: everything that it depends on, validated."""

import re
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from fmnist.architectures.catalogue import get_architecture
from fmnist.architectures.layers import Layers
from fmnist.architectures.shapes import trace_complete
from fmnist.dataset import IMAGE_SHAPE, N_CLASSES, N_TRAIN
from fmnist.errors import InputError
from fmnist.naming import clean_name

IDENTITY = ("model", "recipe", "seed", "title", "layers")
"""The fields that say what is trained, by what recipe and from what seed; the others are its settings."""
RECORDS = ("keep_epochs",)
"""The fields that say what is recorded of a training, and change nothing of it: no settings either."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_RUN = re.compile(r"[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*")  # the key of a run, as `RUN_ID` of runs/layout.py
_MOST_TEACHERS = 10
_MOST_TAUGHT_SHIFT = 2  # pixels: each teacher is asked about each view of each image


@dataclass(frozen=True)
class RunConfig:
    """Everything that a training depends on, validated.

    `train_limit` is how many of the 55,000 training images are used; `patience` how many epochs without a better
    validation loss end the training (None: never); `keep` which weights are kept. The learning rate rises linearly over
    `warmup_epochs` and then stays, or falls to zero along a cosine. `weight_decay` is decoupled (AdamW; 0: Adam);
    `average` is the momentum of an exponential moving average of the weights over the steps (0: none), which then takes
    their place. Images are mirrored with probability one half where `mirror` says so, moved by up to `shift` pixels
    along both axes, and a rectangle of each is erased with probability `erase`. Shares of the images, `drawn` and
    `photographed`, are turned into what people draw and photograph instead. A share of each target, `distil`, is the
    mean answer of finished runs, the `teachers`, to the same view of the image; the rest is its label. The training
    starts from the weights of the run `start_from`, or from random ones. With the `precision` "auto", convolutions are
    computed in bfloat16 where that is faster. `layers` are those of the network whose key is `model`; where there are
    none, as in older files, it is the catalogue's. `title` is the name of a designed one. With `keep_epochs`, the
    probabilities of the validation images are kept after each epoch.

    Raises:
        InputError: if a value is out of its range; the message names it.
    """

    model: str
    recipe: str
    seed: int
    epochs: int
    batch_size: int
    learning_rate: float
    patience: int | None = None
    keep: Literal["best", "last"] = "best"
    train_limit: int = N_TRAIN
    schedule: Literal["constant", "cosine"] = "constant"
    warmup_epochs: int = 0
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    average: float = 0.0
    mirror: bool = False
    shift: int = 0
    erase: float = 0.0
    drawn: float = 0.0
    photographed: float = 0.0
    teachers: tuple[str, ...] = ()
    distil: float = 0.0
    start_from: str = ""
    precision: Literal["auto", "float32"] = "auto"
    title: str = field(default="", compare=False)  # of a designed network; its key tells name and layers apart
    layers: Layers = field(default=(), compare=False)
    keep_epochs: bool = False

    @property
    def settings(self) -> dict[str, Any]:
        """How it is trained: every field but those of `IDENTITY` and `RECORDS`."""
        return {name: getattr(self, name) for name in SETTING_NAMES}

    @property
    def network(self) -> Layers:
        """The layers that are trained. Raises InputError where none are named and the catalogue does not know them."""
        return self.layers or get_architecture(self.model).layers

    @property
    def makes_pictures(self) -> bool:
        """Whether images are turned into what people draw or photograph."""
        return self.drawn > 0 or self.photographed > 0

    @property
    def views(self) -> int:
        """How many views of an image there are: as it is or mirrored, at each shift along both axes."""
        return (1 + self.mirror) * (2 * self.shift + 1) ** 2

    def __post_init__(self) -> None:
        _require(bool(_NAME.fullmatch(self.model)), "model", "a lower-case name")
        _require(bool(_NAME.fullmatch(self.recipe)), "recipe", "a lower-case name")
        _require(0 <= self.seed < 2**31, "seed", "from 0 to 2,147,483,647")
        _require(1 <= self.epochs <= 1000, "epochs", "from 1 to 1,000")
        _require(1 <= self.batch_size <= 4096, "batch_size", "from 1 to 4,096")
        _require(0 < self.learning_rate <= 1, "learning_rate", "above 0 and at most 1")
        _require(self.patience is None or 1 <= self.patience <= 1000, "patience", "from 1 to 1,000, or none")
        _require(self.keep in ("best", "last"), "keep", "'best' or 'last'")
        _require(N_CLASSES <= self.train_limit <= N_TRAIN, "train_limit", f"from {N_CLASSES} to {N_TRAIN:,}")
        _require(self.schedule in ("constant", "cosine"), "schedule", "'constant' or 'cosine'")
        _require(0 <= self.warmup_epochs < self.epochs, "warmup_epochs", "from 0 to less than the epochs")
        _require(0 <= self.weight_decay <= 1, "weight_decay", "from 0 to 1")
        _require(0 <= self.label_smoothing < 1, "label_smoothing", "from 0 to less than 1")
        _require(0 <= self.average < 1, "average", "from 0 to less than 1")
        _require(not self.average or self.keep == "last", "average", "0 where the best weights are kept")
        _require(0 <= self.shift < min(IMAGE_SHAPE), "shift", f"from 0 to {min(IMAGE_SHAPE) - 1}")
        _require(0 <= self.erase <= 1, "erase", "from 0 to 1")
        _require(0 <= self.drawn <= 1, "drawn", "from 0 to 1")
        _require(0 <= self.photographed <= 1 - self.drawn, "photographed", "from 0 to what is not drawn")
        _require(self.precision in ("auto", "float32"), "precision", "'auto' or 'float32'")
        self._check_teachers()
        _require(not self.start_from or bool(_RUN.fullmatch(self.start_from)), "start_from", "a run's key, or empty")
        _require(clean_name(self.title) == self.title, "title", "a plain name")
        if self.layers:
            trace_complete(self.layers)

    def _check_teachers(self) -> None:
        taught = bool(self.teachers)
        known = all(map(_RUN.fullmatch, self.teachers)) and len(set(self.teachers)) == len(self.teachers)
        _require(known and len(self.teachers) <= _MOST_TEACHERS, "teachers", f"up to {_MOST_TEACHERS} different runs")
        _require(0 <= self.distil <= 1, "distil", "from 0 to 1")
        _require(taught or not self.distil, "distil", "0 where there are no teachers")
        _require(not taught or self.distil > 0, "distil", "above 0 where there are teachers")
        _require(not taught or self.shift <= _MOST_TAUGHT_SHIFT, "shift", f"at most {_MOST_TAUGHT_SHIFT} with teachers")
        _require(not (taught and self.makes_pictures), "teachers", "none where images become drawings or photos")


SETTING_NAMES = tuple(known.name for known in fields(RunConfig) if known.name not in (*IDENTITY, *RECORDS))
"""The fields of a configuration that are its settings."""


def _require(condition: bool, name: str, rule: str) -> None:
    if not condition:
        raise InputError(f"{name} must be {rule}")
