"""The process that opens a model file and runs it: `python -m fmnist.model_files.trial FOLDER FORMAT SECONDS`.

The file may do anything to this process, which is why it is one of its own. What it found lies in the folder at its
end; the outputs of the model are what it gave on the 5,000 validation images and the 10,000 test images.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from fmnist.dataset import N_TEST, N_VALIDATION, Dataset, load_dataset, split_indices
from fmnist.errors import InputError
from fmnist.imports.records import Format, ModelRecord, Served
from fmnist.inference.latency import measure_latency
from fmnist.jobs.confine import confine_process
from fmnist.model_files.detection import N_TRIED, Choice, choose_reading
from fmnist.model_files.formats import MOST_BYTES
from fmnist.model_files.inputs import list_readings
from fmnist.model_files.litert import LiteRtRunner
from fmnist.model_files.opening import open_runner
from fmnist.model_files.outcome import OUTCOME, OUTPUTS, PROGRESS, Found, Outcome, Phase, Progress
from fmnist.model_files.runner import Runner
from fmnist.runs.archive import render_npz
from fmnist.runs.layout import SERVED
from fmnist.runs.writing import write_file

if TYPE_CHECKING:
    from fmnist.model_files.keras_file import KerasRunner

MOST_MEMORY = 4 * 2**30

_CHUNK = 500
_CALLS = 50  # of one image, whose median is the latency
_SAME = 1e-3  # how far outputs of the same network may be apart, in relation to the largest


def main() -> int:
    """Run the file in the folder that the command line names, and write what was found."""
    folder, form, seconds = Path(sys.argv[1]), cast(Format, sys.argv[2]), int(sys.argv[3])
    confine_process(folder, seconds, MOST_MEMORY, 4 * MOST_BYTES)
    try:
        outcome = Outcome(examine(folder, form, load_dataset()))
    except InputError as error:
        outcome = Outcome(problem=str(error))
    except MemoryError:
        outcome = Outcome(problem=f"needs more than {MOST_MEMORY // 2**30} GB of memory.")
    _write(folder / OUTCOME, outcome)
    return 0


def examine(folder: Path, form: Format, dataset: Dataset) -> Found:
    """Run the model file in a folder on the validation and test images, and write its outputs beside it.

    Raises:
        InputError: if it cannot be used; the message goes on after the file's name.
    """
    path, tell = folder / f"model.{form}", _Teller(folder)
    tell("loading")
    network = _load_keras(path) if form == "keras" else None
    runner = network or open_runner(path)
    tell.expect(N_TRIED * len(list_readings(runner.shape, whole=runner.whole)) + N_VALIDATION + N_TEST)
    positions = split_indices()[1]
    images, labels = dataset.train_images[positions], dataset.train_labels[positions]
    tell("scaling")
    choice = choose_reading(runner, images[:N_TRIED], labels[:N_TRIED], tell.count)
    if network:
        tell("converting")
    server = _convert(network, choice, images, folder) if network else runner
    tell("evaluating")
    parts = {"val_scores": images, "test_scores": dataset.test_images}
    scores = {name: _run(server or runner, choice, part, tell.count) for name, part in parts.items()}
    write_file(folder / OUTPUTS, render_npz(**scores))
    reading = choice.reading
    model = ModelRecord(form, reading.layout, reading.scale, choice.accuracy, choice.runner_up, path.stat().st_size)
    if server is None:
        return Found(model, choice.form, runner.params)
    served: Served = "model.onnx" if form == "onnx" else "model.tflite"
    latency = _measure(server, choice, images)
    return Found(replace(model, served=served, latency_ms=latency), choice.form, runner.params)


class _Teller:
    """Writes how far the process has come into its folder."""

    def __init__(self, folder: Path) -> None:
        self._path, self._progress = folder / PROGRESS, Progress("loading")

    def __call__(self, phase: Phase) -> None:
        """Tell what begins now."""
        self._tell(phase=phase)

    def expect(self, images: int) -> None:
        """Tell how many images there are to classify."""
        self._tell(total=images)

    def count(self, images: int) -> None:
        """Tell that some more images were classified."""
        self._tell(done=self._progress.done + images)

    def _tell(self, **changes: Any) -> None:  # noqa: ANN401
        self._progress = replace(self._progress, **changes)
        _write(self._path, self._progress)


def _load_keras(path: Path) -> "KerasRunner":
    from fmnist.model_files.keras_file import KerasRunner

    return KerasRunner(path)


def _convert(network: "KerasRunner", choice: Choice, images: NDArray[np.uint8], folder: Path) -> Runner | None:
    """Return the network as LiteRT runs it; None where that cannot, or gives other numbers."""
    path = folder / SERVED
    try:
        network.export(path)
        served = LiteRtRunner(path.read_bytes())
        batch = choice.reading.arrange(images[:_CHUNK])
        ours, theirs = served.run(batch), network.run(batch)
    except InputError:
        return None
    same = np.abs(ours - theirs).max() <= _SAME * max(1.0, float(np.abs(theirs).max()))
    return served if same else None


def _run(
    runner: Runner, choice: Choice, images: NDArray[np.uint8], report: Callable[[int], None]
) -> NDArray[np.float32]:
    answers = []
    for start in range(0, len(images), _CHUNK):
        answers.append(runner.run(choice.reading.arrange(images[start : start + _CHUNK])))
        report(len(answers[-1]))
    return np.concatenate(answers)


def _measure(runner: Runner, choice: Choice, images: NDArray[np.uint8]) -> float:
    """Return how long one image takes, in milliseconds."""
    batch = choice.reading.arrange(images[:1])
    return measure_latency(lambda: runner.run(batch), _CALLS).median


def _write(path: Path, record: Progress | Outcome) -> None:
    write_file(path, json.dumps(asdict(record)).encode())


if __name__ == "__main__":
    sys.exit(main())
