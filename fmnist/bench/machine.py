"""What machine a measurement was taken on, and how fast it multiplies."""

import os
import platform
import time
from pathlib import Path

import numpy as np

_MATRIX_SIZE, _PRODUCTS = 2048, 5


def describe_machine() -> str:
    """Return processor, cores, system and Python version in a line."""
    cpu_info = Path("/proc/cpuinfo")
    lines = cpu_info.read_text().splitlines() if cpu_info.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    processor = next(names, platform.processor() or platform.machine())
    return f"{processor}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def measure_matrix_product() -> float:
    """Return how many floating-point operations a second large float32 matrix products reach with NumPy: the median."""
    matrix = np.random.default_rng(0).random((_MATRIX_SIZE, _MATRIX_SIZE), np.float32)
    seconds = []
    for _ in range(1 + _PRODUCTS):
        started = time.perf_counter()
        matrix @ matrix
        seconds.append(time.perf_counter() - started)
    return float(2 * _MATRIX_SIZE**3 / np.median(seconds[1:]))  # the first one warms up
