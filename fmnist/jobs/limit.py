"""How many trainings may wait, and how large their steps may be: whoever may open the Train page can queue them."""

import os

from fmnist.architectures.shapes import trace_complete
from fmnist.errors import InputError
from fmnist.recipes.config import RunConfig
from fmnist.runs.run import RunError

_VARIABLE, _MOST = "FMNIST_QUEUE_LIMIT", 500
_MOST_STEP_BYTES = 8e9


def check_limit(waiting: int, more: int) -> None:
    """Refuse to queue more trainings than may wait: FMNIST_QUEUE_LIMIT, or 500.

    Raises:
        RunError: if that many more would be too many.
        InputError: if FMNIST_QUEUE_LIMIT is no number.
    """
    text = os.environ.get(_VARIABLE) or str(_MOST)
    if not text.isdecimal() or len(text) > len("1000000"):
        raise InputError(f"{_VARIABLE} must be a number from 0 to 9,999,999, not {text!r}.")
    if waiting + more > int(text):
        already = f"{waiting:,} wait already, so " if waiting else ""
        raise RunError(f"At most {int(text):,} trainings may wait: {already}{more:,} more are too many.")


def check_memory(config: RunConfig) -> None:
    """Refuse a training whose steps would need more than 8 GB: for each image, its activations and their gradients.

    Raises:
        InputError: if they do; the message names the largest batch size that fits.
    """
    image_bytes = 2 * trace_complete(config.network).activation_bytes
    if config.batch_size * image_bytes > _MOST_STEP_BYTES:
        needed = f"{config.batch_size * image_bytes / 1e9:.0f} GB"
        fits = f"Use a batch size of at most {int(_MOST_STEP_BYTES / image_bytes):,}."
        raise InputError(f"Batches of {config.batch_size:,} images need about {needed} of memory here. {fits}")
