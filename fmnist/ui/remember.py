"""Finished parts of pages, built once for all sessions: numbers, sentences, figures and tables of a view.

A part is found by the function that builds it, the contenders by key, title and version, and the options. What changed
on disk changes a contender's version, so nothing has to be looked up to know that a part is still good. Parts are
shared and never changed.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

_MOST_PARTS = 600

_T = TypeVar("_T")


@dataclass(frozen=True)
class _Part:
    """What is asked for: compared by what identifies it, built by what it carries along."""

    name: str
    identity: tuple[Hashable, ...]
    options: tuple[Hashable, ...]
    build: Callable[..., Any] = field(compare=False, repr=False)
    contenders: Sequence[Any] = field(compare=False, repr=False)


def remember(build: Callable[..., _T], contenders: Sequence[Any], *options: Hashable) -> _T:
    """Return `build(contenders, *options)`, built once for these contenders as they are now and these options.

    What it raises is not remembered.
    """
    identity = tuple((contender.key, contender.title, contender.version) for contender in contenders)
    part: _T = _build(_Part(f"{build.__module__}.{build.__qualname__}", identity, options, build, tuple(contenders)))
    return part


def count_built() -> int:
    """Return how many parts this process has built so far."""
    return _build.cache_info().misses


@lru_cache(maxsize=_MOST_PARTS)
def _build(part: _Part) -> Any:  # noqa: ANN401
    return part.build(part.contenders, *part.options)
