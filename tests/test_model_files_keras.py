"""Keras files, and LiteRT files of integers, which TensorFlow alone writes: one process makes and runs all of them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PROJECT
from tiny_models import class_means

from fmnist.dataset import official_labels
from fmnist.model_files.detection import choose_reading
from fmnist.model_files.inputs import Reading
from fmnist.model_files.opening import open_runner
from fmnist.runs.archive import load_arrays

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def made(dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(PROJECT), str(PROJECT / "tests")])}
    command = [sys.executable, str(PROJECT / "tests" / "tiny_models.py"), str(folder)]
    subprocess.run(command, env=environment, cwd=PROJECT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def outcomes(made: Path) -> dict[str, Any]:
    return json.loads((made / "outcomes.json").read_text())


@pytest.fixture(scope="module")
def expected(dataset) -> np.ndarray:
    """Return the classifier's probabilities of the test images, computed by hand."""
    kernel, bias = class_means(dataset)
    logits = dataset.test_images.reshape(-1, 784).astype(np.float64) / 255 @ kernel + bias
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_a_keras_file_is_run_and_converted(made, outcomes, dataset, expected):
    plain = outcomes["plain"]
    model = plain["model"]
    assert (model["layout"], model["scale"], plain["form"]) == ("28x28", "0 to 1", "probabilities")
    assert (model["served"], plain["params"]) == ("model.tflite", 7_850)
    outputs = load_arrays(made / "plain" / "outputs.npz")
    assert outputs["test_scores"] == pytest.approx(expected, abs=1e-4)
    assert outputs["val_scores"].shape == (5_000, 10)
    served = open_runner(made / "plain" / "model.tflite")
    batch = Reading("28x28", "0 to 1").arrange(dataset.test_images[:20])
    assert served.run(batch) == pytest.approx(expected[:20], abs=1e-4)


def test_keras_files_that_cannot_be_used_say_why(outcomes):
    assert {name: told for name, told in outcomes.items() if name != "plain"} == {
        "code": "holds Python code, as in a Lambda layer, which is never run: use built-in layers, or import its "
        "predictions.",
        "strange": "uses layers of its own, which are not known here: use built-in layers, or import its predictions.",
        "seven": "gives 7 numbers an image, and 10 are needed: one for each class.",
        "colour": "takes 32×32×3, and images here are 28×28, 28×28×1, 1×28×28 or 784 numbers.",
    }


def test_a_litert_file_of_integers_is_fed_and_read_by_its_scales(made, dataset, expected):
    runner = open_runner(made / "integers.tflite")
    images = dataset.test_images[:300]
    choice = choose_reading(runner, images, official_labels()[1][:300], lambda _: None)
    assert choice.reading == Reading("28x28", "0 to 1")
    probs = runner.run(choice.reading.arrange(images))
    assert probs.sum(axis=1) == pytest.approx(np.ones(300), abs=1e-5)
    assert np.abs(probs - expected[:300]).max() < 0.1
    assert (probs.argmax(axis=1) == expected[:300].argmax(axis=1)).mean() > 0.97
