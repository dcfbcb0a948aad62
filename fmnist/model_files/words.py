"""What is said of a model file: how it takes its images, and how far it is."""

from collections.abc import Mapping

from fmnist.imports.records import ModelRecord, Scale
from fmnist.model_files.detection import N_TRIED
from fmnist.model_files.outcome import Phase, Progress
from fmnist.wording import percent

NOT_CONVERTED = "It cannot be converted to LiteRT, so Predict cannot use it."

_SCALES: Mapping[Scale, str] = {
    "0 to 1": "Pixels from 0 to 1",
    "0 to 255": "Pixels from 0 to 255",
    "-1 to 1": "Pixels from −1 to 1",
    "standardised": "Standardised pixels (mean 0.286, SD 0.353)",
}
_PHASES: Mapping[Phase, str] = {
    "waiting": "Waiting for another model file",
    "loading": "Loading the model",
    "scaling": "Trying input scales",
    "converting": "Converting to LiteRT",
    "evaluating": "Classifying validation and test images",
}


def describe_input(model: ModelRecord) -> str:
    """Say in a sentence which input works best, as in "Pixels from 0 to 1 as 28×28×1 work best: …"."""
    start = f"{_SCALES[model.scale]} as {model.layout.replace('x', '×')} work best"
    reached = f"{percent(model.accuracy, 1)} of {N_TRIED:,} validation images correct"
    if model.runner_up is None:
        return f"{start}: {reached}."
    if model.runner_up >= model.accuracy:  # the loss decided
        return f"{start}: {reached}, with the lowest loss."
    return f"{start}: {reached}, at most {percent(model.runner_up, 1)} with other inputs."


def describe_progress(progress: Progress) -> str:
    """Say what is being done and how much is done, as in "Trying input scales: 1,000 of 19,000 images …"."""
    counted = f": {progress.done:,} of {progress.total:,} images" if progress.total else ""
    return f"{_PHASES[progress.phase]}{counted} …"
