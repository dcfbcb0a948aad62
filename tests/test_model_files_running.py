"""A model file is run in a process of its own: it crashes, hangs or is refused in one sentence, and nothing is left."""

import io
import json
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from conftest import PROJECT
from tiny_models import class_means, write_onnx

from fmnist.cli.main import main
from fmnist.contenders.contender import correct_answers
from fmnist.contenders.finding import find_contender
from fmnist.contenders.imported import Imported
from fmnist.contenders.own import drop_own_weights
from fmnist.contenders.temperatures import temperature_of
from fmnist.errors import InputError
from fmnist.imports.details import Details
from fmnist.imports.formats import Upload
from fmnist.imports.store import IMPORTS
from fmnist.inference.serving import Classifier, ModelFileError
from fmnist.model_files import formats
from fmnist.model_files.formats import check_model_file
from fmnist.model_files.importing import check_model_import
from fmnist.model_files.opening import open_runner
from fmnist.model_files.running import CancelledError, run_model_file
from fmnist.model_files.serving import load_imported_reader
from fmnist.runs.reading import load_predictions
from fmnist.runs.run import CompleteRun


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PROJECT / "tests"))


def run_stand_in(said: str, seconds: float = 60, cancelled: threading.Event | None = None) -> None:
    upload = Upload("team.onnx", said.encode())
    run_model_file(
        upload, "onnx", lambda _: None, cancelled or threading.Event(), module="stand_in_trial", seconds=seconds
    )


ENDS = {
    "crash": r"team.onnx crashed the process that ran it \(SIGSEGV\)\. Import its predictions instead\.",
    "killed": r"crashed .*\(SIGKILL\)\. It may need more than 4 GB of memory\.",
    "leave": "team.onnx could not be run: its process ended without a result.",
    "lie": "team.onnx could not be run: its process ended without a result.",
    "refuse": r"team.onnx gives 7 numbers \[31man image\.$",
}


@pytest.mark.parametrize("said", ENDS)
def test_however_the_process_ends_it_is_one_sentence_and_nothing_is_left(stand_in, said):
    with pytest.raises(InputError, match=ENDS[said]):
        run_stand_in(said)
    assert list(Path(tempfile.gettempdir()).iterdir()) == []


def test_a_process_that_takes_too_long_is_ended(stand_in):
    started = time.monotonic()
    with pytest.raises(InputError, match="team.onnx was not evaluated within"):
        run_stand_in("sleep", seconds=0)
    assert time.monotonic() - started < 30  # it would sleep for a minute
    assert list(Path(tempfile.gettempdir()).iterdir()) == []


def test_a_cancelled_process_is_ended(stand_in):
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(CancelledError):
        run_stand_in("sleep", cancelled=cancelled)
    assert list(Path(tempfile.gettempdir()).iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit all of this")
def test_a_confined_process_has_little_memory_and_time_and_small_files(tmp_path):
    code = """
import resource, signal, sys, tempfile
from pathlib import Path
from fmnist.jobs.confine import confine_process
confine_process(Path(sys.argv[1]), 40, 2**28, 2**20)
for much in (lambda: bytearray(2**29), lambda: Path(tempfile.mkstemp()[1]).write_bytes(bytes(2**21))):
    try:
        much()
    except (MemoryError, OSError) as error:
        print(type(error).__name__)
print(0 < signal.alarm(0) <= 40, resource.getrlimit(resource.RLIMIT_CORE)[0], tempfile.gettempdir() == sys.argv[1])
"""
    answer = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True)
    assert answer.stdout.split() == ["MemoryError", "OSError", "True", "0", "True"]


def zip_of(size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("config.json", bytes(size))
    return buffer.getvalue()


REFUSED = {
    "team.h5": (b"data", "team.h5 is not a model file: use .keras, .tflite or .onnx."),
    "team.tflite": (b"", "team.tflite is empty."),
    "../../a.tflite": (b"0000TFL2", "a.tflite is damaged, or no LiteRT file."),
    "cut.keras": (zip_of(10_000)[:3_000], "cut.keras is damaged, or no Keras file"),
    "large.onnx": (bytes(5_000), "large.onnx is larger than"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_model_file_is_refused_before_it_is_opened(name, monkeypatch):
    monkeypatch.setattr(formats, "MOST_BYTES", 4_000)
    data, told = REFUSED[name]
    with pytest.raises(InputError) as refusal:
        check_model_file(Upload(name, data))
    assert str(refusal.value).startswith(told)


@pytest.mark.parametrize(("name", "extra"), [("a.onnx", "onnx"), ("a.keras", "train")])
def test_a_library_that_is_not_installed_is_named(name, extra, monkeypatch):
    monkeypatch.setattr("fmnist.model_files.formats.find_spec", lambda _: None)
    monkeypatch.setattr("fmnist.jobs.libraries.find_spec", lambda _: None)
    with pytest.raises(InputError, match=rf"{name} cannot be opened here\. .*fmnist-lab\[{extra}\]"):
        check_model_file(Upload(name, zip_of(1)))


def test_what_is_said_of_a_model_is_checked_before_it_is_run():
    file = Upload("team.tflite", b"0000TFL3")
    for details in (
        Details("!"),
        Details("a", link="javascript:x"),
        Details("a", params=0),
        Details("a", form="labels"),
    ):
        with pytest.raises(InputError):
            check_model_import(file, details)


def test_while_labels_are_hidden_no_model_file_is_run(monkeypatch):
    monkeypatch.setattr("fmnist.model_files.importing.hidden_set", lambda: object())
    with pytest.raises(InputError, match=r"team\.tflite would be run on the official images, and labels are hidden"):
        check_model_import(Upload("team.tflite", b"0000TFL3"), Details("a"))


@pytest.fixture(scope="module")
def served_run(shipped_runs: list[CompleteRun]) -> CompleteRun:
    """Return the quickest of the shipped runs that can be asked."""
    return min((run for run in shipped_runs if run.served), key=lambda run: run.evaluation.latency_ms)


def test_a_litert_file_is_imported_and_answers_as_the_run_that_it_is_of(served_run, dataset, capsys):
    command = ["import", str(served_run.served), "--name", "Team net", "--by", "Team 7", "--held-out", "--json"]
    assert main(command) == 0
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert document["model"] | {"latency_ms": 0} == {
        "format": "tflite",
        "layout": "28x28x1",
        "scale": "0 to 1",
        "accuracy": pytest.approx(served_run.evaluation.val_accuracy, abs=0.03),
        "runner_up": document["model"]["runner_up"],
        "file_bytes": served_run.served.stat().st_size,
        "served": "model.tflite",
        "latency_ms": 0,
    }
    assert document["test_accuracy"] == pytest.approx(served_run.evaluation.test_accuracy, abs=2e-4)
    assert document["title"] == "Team net (imported, Team 7)"
    assert "Loading the model …\n" in printed.err
    imported = find_contender(document["key"])
    assert isinstance(imported, Imported)
    stored = load_predictions(served_run)
    assert imported.probabilities("test")[0] == pytest.approx(stored.test_probs, abs=2e-3)
    assert imported.probabilities("validation")[0] == pytest.approx(stored.val_probs, abs=2e-3)
    reader = load_imported_reader(imported)
    assert reader.temperature == temperature_of(imported) != 1
    images = dataset.test_images[:20]
    ours, theirs = reader.classifier.probs(images), Classifier(served_run.served).probs(images)
    assert ours.dtype == np.float32
    assert ours == pytest.approx(theirs, abs=1e-6)
    with pytest.raises(ModelFileError, match="gives no features"):
        reader.classifier.features(images)
    assert imported.costs().latency_ms > 0
    drop_own_weights(imported.key)
    dropped = find_contender(imported.key)
    assert np.array_equal(correct_answers(dropped), correct_answers(imported))
    assert {path.name for path in dropped.item.directory.iterdir()} == {"import.json", "predictions.npz"}
    with pytest.raises(ModelFileError, match="has no model file"):
        load_imported_reader(dropped)


def test_an_onnx_file_of_logits_is_imported_and_answers(tmp_path, dataset, capsys):
    weights = class_means(dataset)
    path = write_onnx(tmp_path / "team.onnx", weights)
    assert main(["import", str(path)]) == 0
    assert "Pixels from 0 to 1 as 1×28×28 work best: " in capsys.readouterr().out
    (item,) = IMPORTS.list_items()
    assert (item.record.form, item.record.model.served, item.record.held_out) == ("logits", "model.onnx", False)
    assert [note for note in item.record.warnings if "held out" in note] == []
    imported, images = find_contender(item.key), dataset.test_images[:50]
    logits = images.reshape(50, 784) / 255 @ weights[0] + weights[1]
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    reader = load_imported_reader(imported)
    assert reader.classifier.probs(images) == pytest.approx(expected, abs=1e-5)
    assert imported.probabilities("test")[0, :50] == pytest.approx(expected, abs=1e-5)
    assert reader.temperature == 1
    (item.directory / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(ModelFileError, match="The model file of team cannot be loaded by ONNX Runtime"):
        load_imported_reader(imported)


@pytest.mark.parametrize("shape", [(1, 28, 28), ("n", 784), (1, 28, 28, 1), (None, None, None, None)])
def test_onnx_files_take_one_image_or_many(shape, tmp_path, dataset):
    weights = class_means(dataset)
    runner = open_runner(write_onnx(tmp_path / "a.onnx", weights, shape))
    images = dataset.test_images[:3].reshape(3, 784).astype(np.float32) / 255
    batch = images.reshape(3, *((1, 28, 28) if None in shape else shape[1:]))
    assert runner.run(batch) == pytest.approx(images @ weights[0] + weights[1], abs=1e-4)


def test_onnx_files_that_cannot_be_used_say_why(tmp_path, dataset):
    kernel, bias = class_means(dataset)
    external = {"save_as_external_data": True, "location": "weights.data", "size_threshold": 1_000}
    refused = {
        "gives 7 numbers an image": write_onnx(tmp_path / "seven.onnx", (kernel[:, :7], bias[:7])),
        "takes 32 images at a time": write_onnx(tmp_path / "many.onnx", (kernel, bias), (32, 784)),
        "keeps its weights in a second file": write_onnx(tmp_path / "two.onnx", (kernel, bias), **external),
        "cannot be loaded by ONNX Runtime": tmp_path / "cut.onnx",
    }
    (tmp_path / "weights.data").unlink()
    (tmp_path / "cut.onnx").write_bytes((tmp_path / "seven.onnx").read_bytes()[:9_000])
    for told, path in refused.items():
        with pytest.raises(InputError, match=told):
            open_runner(path)


def test_a_damaged_litert_file_says_so(served_run, tmp_path):
    path = tmp_path / "cut.tflite"
    path.write_bytes(served_run.served.read_bytes()[:-50_000])
    with pytest.raises(InputError, match="cannot be run by LiteRT"):
        open_runner(path).run(np.zeros((1, 28, 28, 1), np.float32))


def test_things_that_do_not_go_with_a_model_file_are_refused(served_run, capsys):
    file = str(served_run.served)
    for command in (["import", file, file], ["import", file, "--validation", "val.npz"]):
        assert main(command) == 1
    assert capsys.readouterr().err.splitlines() == [
        "Import one model file at a time.",
        "A model file is run on the validation images here: leave out --validation.",
    ]
