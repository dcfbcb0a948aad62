"""How many trainings may wait: whoever may open the Train page can queue them."""

import os

from fmnist.errors import InputError
from fmnist.runs.run import RunError

_VARIABLE, _MOST = "FMNIST_QUEUE_LIMIT", 500


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
