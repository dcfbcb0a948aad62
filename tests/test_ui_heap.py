"""What never dies is set aside from the garbage collector when something was added to it, and then left alone."""

import gc
import sys
from types import ModuleType

import pytest

from fmnist.ui import heap


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what the collector is told, while it is told nothing in truth."""
    told: list[str] = []
    monkeypatch.setattr(heap, "_known", (0, 0))
    monkeypatch.setattr(heap, "_steps", 0)
    monkeypatch.setattr(gc, "collect", lambda: told.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: told.append("freeze"))
    return told


def test_only_news_is_set_aside(frozen, monkeypatch):
    heap.rest_heap(0)
    heap.rest_heap(3)
    assert frozen == ["collect", "freeze"]
    monkeypatch.setitem(sys.modules, "newly_imported", ModuleType("newly_imported"))
    heap.rest_heap(3)
    heap.rest_heap(200)
    assert frozen == ["collect", "freeze"] * 3


def test_it_happens_a_bounded_number_of_times(frozen):
    for parts in range(0, 10_000, 25):
        heap.rest_heap(parts)
    assert frozen.count("freeze") == heap._MOST_STEPS
