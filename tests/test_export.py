"""A run is shipped as files that are run here by other means, and as a program that knows nothing of the project."""

import ast
import contextlib
import hashlib
import io
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from fmnist.cli.main import main
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.temperatures import temperature_of
from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.intervals import wilson_interval
from fmnist.export import standalone
from fmnist.export.card import Facts, write_card
from fmnist.export.checking import Answers, judge
from fmnist.export.folder import check_folder, write_folder
from fmnist.export.formats import FORMATS
from fmnist.export.litert_js import SHA256
from fmnist.export.measuring import Measured
from fmnist.export.web_app import ASSETS, NAMES
from fmnist.inference.picture import picture_from_array
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import load_reader
from fmnist.inference.serving import Classifier, start_interpreter
from fmnist.runs.reading import find_run, load_predictions
from fmnist.runs.stress import StressResults
from fmnist.stress.catalogue import CORRUPTIONS, DEFINITION, SEVERITIES, UNCHANGED, Condition

RUN = "cnn_small-tuned-s0"  # a CNN: converters may put the two outputs of one in another order
MEASURED = Measured(1.0, 1.0, 1.0, 1.0, 1.0, None)
MADE = [one.key for one in FORMATS.values() if not one.missing]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory, dataset):
    """Export a small run once, in all formats that can be made here; return the folder and the JSON document."""
    folder = tmp_path_factory.mktemp("export") / "shipped"
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert main(["export", RUN, "--to", str(folder), "--json"]) == 0
    return folder, {row["format"]: row for row in json.loads(printed.getvalue())}


def answer(path, images):
    """Return a file's probabilities for all images at once, by its runtime alone."""
    scaled = images[..., None] / np.float32(255)
    if path.name == "model-int8-full.tflite":
        return answer_in_integers(path, scaled)
    if path.suffix == ".onnx":
        onnxruntime = pytest.importorskip("onnxruntime")
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return session.run(None, {session.get_inputs()[0].name: scaled})[0]
    run = start_interpreter(path.read_bytes()).get_signature_runner()
    return run(**dict.fromkeys(run.get_input_details(), scaled))["output_0"]


def answer_in_integers(path, scaled):
    """Return the probabilities of a file whose input and output are int8, by their scales and zero points."""
    interpreter = start_interpreter(path.read_bytes())
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()
    assert taken["dtype"] == given["dtype"] == np.int8
    scale, zero = taken["quantization"]
    rows = []
    for image in np.clip(np.round(scaled / scale) + zero, -128, 127).astype(np.int8):
        interpreter.set_tensor(taken["index"], image[None])
        interpreter.invoke()
        rows.append(interpreter.get_tensor(given["index"])[0])
    probs = (np.array(rows, np.float32) - given["quantization"][1]) * np.float32(given["quantization"][0])
    return probs / probs.sum(axis=1, keepdims=True)


def test_every_format_that_can_be_made_is_made(shipped):
    folder, rows = shipped
    assert list(rows) == MADE
    files = {FORMATS[key].file for key in MADE} | NAMES | {"README.md", "export.json", "predict.py"}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"saved_model" if name.startswith("saved_model/") else name for name in found} == files
    assert (folder / "model.tflite").read_bytes() == find_run(RUN).served.read_bytes()
    if "litert-int8" in rows:
        sizes = [rows[key]["bytes"] for key in ("litert", "litert-float16", "litert-int8")]
        assert sizes[0] > 1.8 * sizes[1] > 1.8 * 1.8 * sizes[2]


@pytest.mark.parametrize("key", [key for key in MADE if key not in ("keras", "savedmodel")])
def test_a_row_says_what_its_file_does(shipped, dataset, key):
    folder, rows = shipped
    row, stored = rows[key], load_predictions(find_run(RUN)).test_probs
    probs = answer(folder / row["file"], dataset.test_images)
    assert row["bytes"] == (folder / row["file"]).stat().st_size
    assert row["max_difference"] == pytest.approx(np.abs(probs - stored).max(), abs=2e-5)
    assert row["flips"] == pytest.approx((probs.argmax(axis=1) != stored.argmax(axis=1)).sum(), abs=1)
    assert row["test_accuracy"] == pytest.approx((probs.argmax(axis=1) == dataset.test_labels).mean(), abs=1e-4)
    assert 0 < row["latency_ms"] <= row["latency_p99_ms"]
    assert 0 < row["batch_ms"] <= row["batch_p99_ms"]
    assert row["load_ms"] > 0
    assert row["peak_bytes"] is None or 2e7 < row["peak_bytes"] < 5e8
    assert row["verdict"] == "equivalent"
    if key in ("litert", "onnx", "web"):
        assert row["max_difference"] < 1e-4
        assert row["flips"] <= 1


@pytest.mark.skipif("keras" not in MADE, reason="needs Keras")
@pytest.mark.parametrize("key", ["keras", "savedmodel"])
def test_tensorflow_gives_what_was_stored(shipped, key):
    row = shipped[1][key]
    assert row["max_difference"] < 1e-4
    assert row["test_accuracy"] == pytest.approx(find_run(RUN).evaluation.test_accuracy, abs=1e-4)
    assert row["load_ms"] > shipped[1]["litert"]["load_ms"]


@pytest.mark.skipif("savedmodel" not in MADE, reason="needs TensorFlow")
def test_a_saved_model_is_a_folder_with_all_that_it_needs(shipped):
    folder = shipped[0] / "saved_model"
    parts = [path for path in folder.rglob("*") if path.is_file()]
    assert {"saved_model.pb", "variables.index"} <= {path.name for path in parts}
    assert shipped[1]["savedmodel"]["bytes"] == sum(path.stat().st_size for path in parts)


@pytest.mark.skipif("onnx" not in MADE, reason="needs tf2onnx")
def test_the_first_output_of_an_onnx_file_has_the_probabilities(shipped, dataset):
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(shipped[0] / "model.onnx", providers=["CPUExecutionProvider"])
    scaled = dataset.test_images[:8, ..., None] / np.float32(255)
    probs, features = session.run(None, {session.get_inputs()[0].name: scaled})
    assert probs.shape == (8, 10)
    assert probs.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert features == pytest.approx(Classifier(find_run(RUN).served).features(dataset.test_images[:8]), abs=1e-3)


def test_the_card_says_what_matters(shipped):
    card = (shipped[0] / "README.md").read_text()
    run = find_run(RUN)
    accuracy = run.evaluation.test_accuracy
    head = card.split("---\n")[1]
    assert "license: mit" in head
    assert "- zalando-datasets/fashion_mnist" in head
    assert f"value: {accuracy}" in head
    interval = wilson_interval(round(accuracy * 10_000), 10_000)
    assert f"Test accuracy {accuracy:.2%} (95% CI {100 * interval.low:.2f} to {100 * interval.high:.2f})" in card
    assert f"The temperature is {temperature_of(SingleRun(run)):.3f}" in card
    assert all(f"| {name} | " in card for name in CLASS_NAMES)
    for limit in ("ten classes", "28×28", "points left", "phone photos"):
        assert limit in card
    assert all(f"`{row['file']}`" in card for row in shipped[1].values())


def test_the_card_tells_of_corrupted_images_where_they_were_measured(monkeypatch, dataset):
    run = find_run(RUN)
    labels = dataset.test_labels[:50]
    keys = [UNCHANGED.key, *(Condition(kind, severity).key for kind in CORRUPTIONS for severity in SEVERITIES)]
    classes = np.tile(labels, (len(keys), 1))
    classes[-1] = (labels + 1) % 10  # all wrong at the last severity of the last kind
    nothing = np.zeros((len(keys), 0), bool)
    certain = np.full(classes.shape, 90, np.uint8)
    none_swept = ([], np.zeros((0, 50), np.uint8))
    results = StressResults(DEFINITION, 0, np.arange(50), keys, classes, certain, nothing, *none_swept)
    facts = Facts(run, load_predictions(run), 1.0, 1.0, mirrored=False, shipped=True, program="", stress=results)
    card = write_card(facts, [])
    assert "Accuracy on 50 test images by kind of corruption and severity, from 1 to 5; unchanged 100.0%" in card
    *_, last = CORRUPTIONS.values()
    assert f"| {last.title} | 100.0% | 100.0% | 100.0% | 100.0% | 0.0% |" in card
    assert "Corrupted" not in write_card(replace(facts, stress=None), [])


def enlarge(image):
    """Return an image of the dataset as a shop's picture: dark on white, with a margin."""
    large = np.asarray(Image.fromarray(255 - image).resize((252, 252), Image.Resampling.BICUBIC))
    return np.pad(large, ((20, 30), (40, 50)), constant_values=255)


def test_the_program_answers_as_the_dashboard_does(shipped, dataset, tmp_path):
    """It runs in a folder of its own, in a Python that does not find this project."""
    picture = tmp_path / "item.png"
    pixels = enlarge(dataset.test_images[2])
    Image.fromarray(pixels).save(picture)
    for name in ("predict.py", "model.tflite"):
        shutil.copy(shipped[0] / name, tmp_path)
    command = [sys.executable, "-I", str(tmp_path / "predict.py"), str(picture)]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    seen = prepare(picture_from_array(np.repeat(pixels[..., None], 3, axis=2)), "catalogue")
    expected = load_reader(find_run(RUN)).read(seen).calibrated
    assert said.startswith(f"{picture}: {CLASS_NAMES[expected.argmax()]} ")
    assert float(said.split()[-1].rstrip("%")) / 100 == pytest.approx(expected.max(), abs=0.03)


@pytest.mark.parametrize("dark", [False, True])
def test_the_program_prepares_a_picture_as_the_dashboard_does(dataset, tmp_path, dark):
    for index in range(12):
        pixels = enlarge(dataset.test_images[index])
        pixels = 255 - pixels if dark else pixels
        Image.fromarray(pixels).save(tmp_path / "item.png")
        seen = prepare(picture_from_array(np.repeat(pixels[..., None], 3, axis=2)), "catalogue").image
        difference = np.abs(standalone.prepare(str(tmp_path / "item.png")).astype(int) - seen)
        assert difference.mean() < 5


def test_the_program_is_short_and_needs_three_packages(shipped):
    text = (shipped[0] / "predict.py").read_text()
    assert len(text.splitlines()) <= 40
    reader = load_reader(find_run(RUN))
    assert f'"model.tflite", {reader.temperature:.4f}, {reader.mirrored}' in text
    imported = {node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names}
    roots = {name.split(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert roots == {"numpy", "PIL", "ai_edge_litert"}
    assert tuple(standalone.CLASSES) == CLASS_NAMES


def test_the_web_app_says_what_its_run_is(shipped):
    folder, rows = shipped
    facts = json.loads((folder / "web" / "model.json").read_text())
    reader = load_reader(find_run(RUN))
    assert (facts["run"], facts["temperature"], facts["mirrored"]) == (RUN, reader.temperature, reader.mirrored)
    assert facts["accuracy"].startswith(f"Test accuracy {rows['litert']['test_accuracy']:.2%} (95% CI ")
    assert tuple(facts["classes"]) == CLASS_NAMES
    assert facts["model_bytes"] == rows["web"]["bytes"]


def test_the_service_worker_keeps_every_file_and_has_a_version_of_its_own(shipped):
    web = shipped[0] / "web"
    worker = (web / "sw.js").read_text()
    kept = json.loads(worker.split("const FILES = ")[1].splitlines()[0])
    files = {path.relative_to(web).as_posix() for path in web.rglob("*") if path.is_file()}
    assert set(kept) == {"./", *files} - {"sw.js"}
    assert 'const VERSION = "version"' not in worker


def test_the_javascript_runtime_is_that_of_npm():
    runtime = {path.name: path for path in (ASSETS / "runtime").iterdir()}
    assert set(runtime) == {*SHA256, "LICENSE"}
    for name, digest in SHA256.items():
        assert hashlib.sha256(runtime[name].read_bytes()).hexdigest() == digest


def test_a_file_that_collapses_is_unsuitable(dataset, tmp_path):
    stored, labels = load_predictions(find_run(RUN)).test_probs, dataset.test_labels
    (tmp_path / "model-int8.tflite").write_bytes(b"bytes")

    def row(wrong, margin):
        probs = stored.copy()
        right = np.flatnonzero(stored.argmax(axis=1) == labels)[:wrong]
        probs[right] = np.eye(10)[(labels[right] + 1) % 10]
        return judge("litert-int8", tmp_path / "model-int8.tflite", Answers(probs, MEASURED), labels, stored, margin)

    same = row(0, 0.003)
    assert (same.verdict, same.flips, same.max_difference, same.bytes) == ("equivalent", 0, 0, 5)
    assert same.sentence == "Equivalent to its run within 0.30 points."
    collapsed = row(400, 0.003)
    assert (collapsed.verdict, collapsed.flips) == ("unsuitable", 400)
    assert collapsed.sentence.startswith("Unsuitable: it loses 4.00 points (95% CI −4.")
    assert row(400, 0.05).verdict == "equivalent"
    assert row(30, 0.003).verdict == "undecided"
    assert row(30, 0.003).sentence.startswith("Not shown to be equivalent within 0.30 points: −0.30 points")


def test_a_folder_of_something_else_is_left_alone(shipped, tmp_path, capsys):
    (tmp_path / "README.md").write_text("mine")
    assert main(["export", RUN, "--to", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said == f"{tmp_path} holds files of something else (README.md): choose a new or empty folder.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    assert main(["export", RUN, "--to", str(tmp_path / "README.md")]) == 1
    assert "is not a folder" in capsys.readouterr().err


def test_a_second_export_replaces_the_first(tmp_path):
    record = b'{"run": "a", "files": []}'
    write_folder(tmp_path / "out", {"export.json": record, "model.onnx": b"1", "web/prepare/photo.js": b"1"})
    check_folder(tmp_path / "out")
    write_folder(tmp_path / "out", {"export.json": record, "model.tflite": b"2"})
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"export.json", "model.tflite"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ann-tuned-s0"], "ann-tuned-s0: its weights were not kept, so there is nothing to export. Train it again."),
        ([RUN, "--formats", "litert,zip"], f"The formats are {', '.join(FORMATS)}, not zip."),
    ],
)
def test_what_cannot_be_exported_is_refused_in_a_sentence(tmp_path, capsys, arguments, sentence, dataset):
    assert main(["export", *arguments, "--to", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == f"{sentence}\n"
    assert not (tmp_path / "out").exists()


def test_a_format_whose_library_is_missing_comes_with_the_command(monkeypatch):
    monkeypatch.setattr("fmnist.export.formats.find_spec", lambda name: name != "tf2onnx" and find_spec("json"))
    assert FORMATS["keras"].missing == ""
    assert FORMATS["onnx"].missing == 'onnx needs tf2onnx: `pip install "fmnist-lab[export]"` installs what is missing.'
