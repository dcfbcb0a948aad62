"""How many requests a second the service of a run answers: arrays and photos, from a few clients on loopback."""

import io
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from fmnist.bench.machine import describe_machine
from fmnist.bench.servers import Server
from fmnist.dataset import load_dataset
from fmnist.runs.run import RunError

SECONDS, CLIENTS = 8.0, 4
TARGETS = {"arrays": 200, "photos": 20}
"""Requests a second that two cores should answer."""

_PHOTO_SIDES = (1200, 900)


@dataclass(frozen=True)
class Load:
    """What clients ask again and again, each one after its last answer: a body and its type."""

    body: bytes
    kind: str


def measure(run: str) -> dict[str, Any]:
    """Serve a run, and ask it for a few seconds for arrays, then for photos.

    Raises:
        RunError: if it does not start, or a request fails.
        DataUnavailableError: if the images are not here.
    """
    image = load_dataset().test_images[0]
    loads = {
        "arrays": Load(json.dumps({"images": [image.tolist()]}).encode(), "application/json"),
        "photos": Load(_make_photo(image), "image/jpeg"),
    }
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with _serve(run) as server:
        rows = [{"request": name, **_ask(server, load), "target": TARGETS[name]} for name, load in loads.items()]
    return {"machine": describe_machine(), "load_before": busy, "run": run, "clients": CLIENTS, "rows": rows}


def _make_photo(image: np.ndarray) -> bytes:
    """Return a JPEG of about the size that a phone sends: the item on a ground that is not even."""
    width, height = _PHOTO_SIDES
    ground = np.random.default_rng(0).normal(170, 18, (height, width, 3)) + np.linspace(-30, 30, width)[None, :, None]
    item = np.asarray(Image.fromarray(image).resize((560, 560), Image.Resampling.BICUBIC), float)[..., None] / 255
    top, left = (height - 560) // 2, (width - 560) // 2
    ground[top : top + 560, left : left + 560] *= 1 - 0.75 * item
    stream = io.BytesIO()
    Image.fromarray(ground.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1)).save(stream, "JPEG")
    return stream.getvalue()


@contextmanager
def _serve(run: str) -> Iterator[Server]:
    command = [sys.executable, "-m", "fmnist", "serve", run, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline() if process.stdout else "")
            if found is None:
                raise RunError("The service did not start: `python -m fmnist serve` says why.")
            yield Server(found[0], process.pid)
        finally:
            process.terminate()


def _ask(server: Server, load: Load) -> Mapping[str, float]:
    """Return requests a second, the median and 99th percentile of the wait, and the server's time for a request."""
    until, used = time.perf_counter() + SECONDS, server.cpu_seconds()
    waits: list[float] = []
    problems: list[str] = []

    def visit() -> None:
        connection = HTTPConnection(server.address.removeprefix("http://"), timeout=60)
        while time.perf_counter() < until and not problems:
            started = time.perf_counter()
            connection.request("POST", "/predict", load.body, {"Content-Type": load.kind})
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200:
                problems.append(said.decode(errors="replace"))
            waits.append(1000 * (time.perf_counter() - started))
        connection.close()

    clients = [threading.Thread(target=visit) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if problems or not waits:
        raise RunError(f"The service answered with an error: {(problems or ['none at all'])[0][:300]}")
    median, late = np.percentile(waits, [50, 99])
    cpu_ms = 1000 * (server.cpu_seconds() - used) / len(waits)
    return {"per_second": len(waits) / SECONDS, "median_ms": float(median), "p99_ms": float(late), "cpu_ms": cpu_ms}
