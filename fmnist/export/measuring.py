"""Run one shipped file by its own runtime, in a process of its own.

`python -m fmnist.export.measuring FORMAT FILE IMAGES OUT` reads images, uint8 (n, 28, 28), from an `.npy` file and
writes their probabilities into another. Lines of JSON on standard output say how far it is, and the last one what was
measured. Little is imported before the runtime, so that memory and time are its own.
"""

import contextlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import numpy as np

from fmnist.inference.latency import Latency, measure_latency

BATCH = 100
"""Images of the batch whose latency is measured."""

_CHUNK = 500  # images, so that the activations of a large network fit into memory
_FEWEST, _MOST = 20, 200  # calls that are timed
_SECONDS = 2.0  # within which they should be done

Ask = Callable[[np.ndarray], np.ndarray]
"""Returns probabilities (n, 10) for images, uint8 (n, 28, 28)."""


@dataclass(frozen=True)
class Measured:
    """What a file takes: milliseconds and bytes.

    `load_ms` is the time to import its runtime and open it. `peak_bytes` is the largest resident memory of the process,
    Python included, after one image and a batch of `BATCH`; None where the system does not tell.
    """

    load_ms: float
    latency_ms: float
    latency_p99_ms: float
    batch_ms: float
    batch_p99_ms: float
    peak_bytes: int | None


def open_file(key: str, path: Path) -> Ask:
    """Return what asks a file of a format; its runtime is imported here.

    Raises:
        ModelFileError: if LiteRT cannot run it.
        InputError: if another runtime cannot.
    """
    if key in ("keras", "savedmodel"):
        from fmnist.export.tensorflow_files import open_keras, open_saved_model

        return open_keras(path) if key == "keras" else open_saved_model(path)
    if path.suffix == ".onnx":
        from fmnist.model_files.onnx import OnnxRunner

        return _arranged(OnnxRunner(path).run)
    if key == "litert-int8-full":  # its input and output are integers
        from fmnist.model_files.litert import LiteRtRunner

        return _arranged(LiteRtRunner(path.read_bytes()).run)
    from fmnist.inference.serving import Classifier

    return Classifier(path).probs


def measure(key: str, path: Path, images: np.ndarray, tell: Callable[[int], None]) -> tuple[Measured, np.ndarray]:
    """Open a file, measure it, and return its probabilities of all images; `tell` hears how many are done."""
    started = time.perf_counter()
    ask = open_file(key, path)
    load_ms = 1000 * (time.perf_counter() - started)
    one, batch = _time(lambda: ask(images[:1])), _time(lambda: ask(images[:BATCH]))
    peak = _read_peak()
    parts = []
    for start in range(0, len(images), _CHUNK):
        parts.append(ask(images[start : start + _CHUNK]))
        tell(min(start + _CHUNK, len(images)))
    return Measured(load_ms, one.median, one.p99, batch.median, batch.p99, peak), np.concatenate(parts)


def _arranged(run: Callable[[np.ndarray], np.ndarray]) -> Ask:
    from fmnist.model_files.inputs import Reading

    reading = Reading("28x28x1", "0 to 1")
    return lambda images: run(reading.arrange(images))


def _time(call: Callable[[], object]) -> Latency:
    """Time as many calls as take a moment."""
    call()  # the first one compiles
    once = measure_latency(call, calls=1, warm_up=0).median / 1000
    return measure_latency(call, min(_MOST, max(_FEWEST, int(_SECONDS / max(once, 1e-6)))), warm_up=1)


def _read_peak() -> int | None:
    """Return the largest resident memory of this process so far, in bytes."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:  # not on Linux
        return None
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), None)


def main(output: TextIO) -> None:
    """Measure the file that the command line names."""

    def say(document: dict[str, object]) -> None:
        output.write(json.dumps(document) + "\n")
        output.flush()

    key, path, images, out = sys.argv[1:]
    measured, probs = measure(key, Path(path), np.load(images, mmap_mode="r"), lambda done: say({"done": done}))
    np.save(out, probs)
    say(asdict(measured))


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):  # what libraries print is no JSON
        main(sys.__stdout__ or sys.stdout)
