"""Measure how long one prediction takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Latency:
    """Milliseconds per call: the median and the 99th percentile."""

    median: float
    p99: float


def measure_latency(call: Callable[[], object], calls: int = 200, warm_up: int = 10) -> Latency:
    """Time a function over many calls, after a warm-up."""
    for _ in range(warm_up):
        call()
    return summarise_latency([_time_ms(call) for _ in range(calls)])


def summarise_latency(milliseconds: list[float]) -> Latency:
    """Return the median and the 99th percentile of single timings."""
    median, p99 = np.percentile(milliseconds, [50, 99])
    return Latency(float(median), float(p99))


def _time_ms(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000
