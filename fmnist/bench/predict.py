"""One answer's latency, served and from Keras, paired in one run: `python -m fmnist.bench.predict` prints JSON."""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from fmnist.bench.machine import describe_machine
from fmnist.contenders.for_pictures import one_per_architecture
from fmnist.inference.latency import summarise_latency
from fmnist.inference.photo_reader import load_photo_reader
from fmnist.inference.picture import picture_from_array
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import Reading, load_reader
from fmnist.inference.score import Reads
from fmnist.inference.serving import Classifier
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun, RunError

ROUNDS = 200
WARM_UP = 5
MODELS = 8
PICTURES, SETTLED = 2_000, 500


def measure() -> dict[str, object]:
    """Time LiteRT, a call of the Keras network and `predict` in turn on one image, and eight models on one picture.

    A photo, which takes longest to prepare, is read by the photo reader as well.

    Before Keras is there, see how much the process grows while one model answers many pictures.

    Raises:
        RunError: if no basic CNN has kept its weights, or the network is missing beside which photos are read.
    """
    asked = one_per_architecture([run for run in list_runs() if isinstance(run, CompleteRun)])
    basic = next((run for run in asked if run.config.model == "basic_cnn"), None)
    if basic is None:
        raise RunError("No basic_cnn has kept its weights yet: `python -m fmnist train basic_cnn` makes one.")
    growth = _measure_growth(_answering(asked[:1]))
    eight_models = [asked[i % len(asked)] for i in range(MODELS)]
    calls = {
        **_single_calls(basic),
        "eight_models_ms": _answering(eight_models),
        "eight_models_and_photo_reader_ms": _answering(eight_models, (load_photo_reader(),), "photo"),
    }
    timings: dict[str, list[float]] = {name: [] for name in calls}
    for round_ in range(WARM_UP + ROUNDS):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            if round_ >= WARM_UP:
                timings[name].append((time.perf_counter() - started) * 1000)
    waits = {name: summarise_latency(timings.pop(name)).median for name in list(timings) if name.startswith("eight")}
    rows = {name: asdict(summarise_latency(milliseconds)) for name, milliseconds in timings.items()}
    reached = {**rows, **waits, "memory_growth_mb": growth}
    return {"machine": describe_machine(), "run": basic.id, "rounds": ROUNDS, **reached}


def _single_calls(run: CompleteRun) -> dict[str, Callable[[], object]]:
    from fmnist.training.fit import load_network

    image = np.random.default_rng(0).random((1, 28, 28, 1), np.float32)
    classifier, network = Classifier(run.served or b""), load_network(run.directory)
    return {
        "serving_ms": lambda: classifier.probs(image),
        "keras_call_ms": lambda: np.asarray(network(image, training=False)),
        "keras_predict_ms": lambda: network.predict(image, verbose=0),
    }


def _measure_growth(answer: Callable[[], object]) -> float:
    """Return by how many MB the most that this process ever held grows from the 500th to the 2,000th answer."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes, where Linux gives KiB
    peaks = []
    for count in (SETTLED, PICTURES - SETTLED):
        for _ in range(count):
            answer()
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20)
    return peaks[1] - peaks[0]


def _answering(runs: list[CompleteRun], others: tuple[Reads, ...] = (), kind: str = "auto") -> Callable[[], object]:
    """Return what a user waits for: a picture of 400×300 pixels, prepared and answered by models as the page does."""
    readers: list[Reads] = [*map(load_reader, runs), *others]
    pixels = np.full((400, 300, 3), 235, np.uint8)
    pixels[60:340, 80:220] = (40, 60, 120)

    def answer() -> list[Reading]:
        prepared = prepare(picture_from_array(pixels), kind)
        return [reader.read(prepared) for reader in readers]

    return answer


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(measure()))
    except RunError as error:
        sys.exit(str(error))
