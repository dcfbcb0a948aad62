"""What the process that runs a model file leaves in its folder for the one that started it."""

from dataclasses import dataclass
from typing import Literal

from fmnist.imports.checks import Form
from fmnist.imports.records import ModelRecord
from fmnist.runs.records import Count, Parameters, Words

PROGRESS, OUTCOME, OUTPUTS = "progress.json", "outcome.json", "outputs.npz"

Phase = Literal["waiting", "loading", "scaling", "converting", "evaluating"]


@dataclass(frozen=True)
class Progress:
    """How many of all images the model has classified, and what is being done."""

    phase: Phase
    done: Count = 0
    total: Count = 0


@dataclass(frozen=True)
class Found:
    """How the model takes its images, what it gives, and the number of its parameters where that is known."""

    model: ModelRecord
    form: Form
    params: Parameters | None = None


@dataclass(frozen=True)
class Outcome:
    """What was found, or why the file cannot be used: a message that goes on after its name."""

    found: Found | None = None
    problem: Words = ""
