"""The test predictions of several contenders, judged once for everything that goes down to the single image."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from fmnist.contenders.contender import Contender
from fmnist.contenders.finding import check_test_set
from fmnist.contenders.titles import distinct_titles
from fmnist.evaluation.mistakes import Judgement, judge


@dataclass(frozen=True, eq=False)
class Judged:
    """Contenders by key and name, their probabilities (m, n, 10) on the test images, and what these amount to."""

    keys: Sequence[str]
    names: Sequence[str]
    probs: np.ndarray
    judgement: Judgement


@dataclass(frozen=True)
class _Asked:
    """Contenders as they are now: compared by what identifies them."""

    identity: tuple[Hashable, ...]
    contenders: Sequence[Contender] = field(compare=False, repr=False)


def compute(contenders: Sequence[Contender]) -> Judged:
    """Judge the test predictions of contenders that share a test set; the last few results are kept.

    Raises:
        ValueError: unless each contender has exactly one row of probabilities, since an image has one answer from each;
            or if their test sets differ.
        RunError: if predictions cannot be read.
    """
    identity = tuple((contender.key, contender.title, contender.version) for contender in contenders)
    return _judge(_Asked(identity, tuple(contenders)))


@lru_cache(maxsize=16)  # a megabyte for each contender
def _judge(asked: _Asked) -> Judged:
    contenders = asked.contenders
    check_test_set(contenders)
    labels = contenders[0].labels("test")
    if labels is None:
        raise ValueError(f"{contenders[0].title} has no test predictions.")
    probs = np.stack([_single_row(contender) for contender in contenders])
    keys = [contender.key for contender in contenders]
    return Judged(keys, distinct_titles(contenders), probs, judge(labels, probs))


def _single_row(contender: Contender) -> np.ndarray:
    probs = contender.probabilities("test")
    if probs is None or len(probs) != 1:
        raise ValueError(f"{contender.title} needs exactly one row of test probabilities to be judged by image.")
    return np.asarray(probs[0])
