"""The service of a run: it answers as the dashboard does, and refuses what is hostile in a sentence."""

import io
import json
import os
import re
import subprocess
import sys
import zlib
from http.client import HTTPConnection

import numpy as np
import pytest
from conftest import PROJECT
from PIL import Image

from fmnist.cli import serve_commands
from fmnist.cli.main import main
from fmnist.dataset import CLASS_NAMES
from fmnist.inference.picture import MAX_BYTES, load_picture
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import load_reader
from fmnist.runs.reading import find_run, load_predictions

pytest.importorskip("fastapi", reason="of the extra `serve`")
pytest.importorskip("httpx2", reason="of the group `dev`")

from fastapi.testclient import TestClient

from fmnist.service.app import build_app
from fmnist.service.requests import MOST_JSON_BYTES

RUN, FOR_PICTURES = "cnn_small-tuned-s0", "deeper_cnn-robust-s0"


@pytest.fixture(scope="module")
def reader():
    return load_reader(find_run(RUN))


@pytest.fixture(scope="module")
def client(reader):
    with TestClient(build_app(find_run(RUN), reader)) as client:
        yield client


def picture(image, form="PNG"):
    """Return an image of the dataset as the file of a shop's picture: dark on white, with a margin."""
    large = np.asarray(Image.fromarray(255 - image).resize((252, 252), Image.Resampling.BICUBIC))
    stream = io.BytesIO()
    Image.fromarray(np.pad(large, 40, constant_values=255)).save(stream, form)
    return stream.getvalue()


def bomb():
    """Return a PNG of 20,000 × 20,000 pixels in a few hundred kilobytes."""

    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = (20_000).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    data = zlib.compress(bytes(20_001 * 1_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_arrays_are_answered_as_in_the_evaluation(client, reader, dataset):
    images = dataset.test_images[:40]
    answer = client.post("/predict", json={"images": images.tolist()})
    assert answer.status_code == 200
    document = answer.json()
    probs = np.array([one["probabilities"] for one in document["predictions"]])
    stored = load_predictions(find_run(RUN)).test_probs[:40]
    assert [one["label"] for one in document["predictions"]] == stored.argmax(axis=1).tolist()
    assert probs == pytest.approx(reader._calibrate(stored), abs=1e-4)
    assert document["model"] == RUN
    (one,) = client.post("/predict", json={"images": images[:1].tolist()}).json()["predictions"]
    assert one == document["predictions"][0]
    assert one["name"] == CLASS_NAMES[one["label"]]


@pytest.mark.parametrize("way", ["form", "raw"])
def test_a_picture_is_answered_as_on_the_dashboard(client, reader, dataset, way):
    data = picture(dataset.test_images[2])
    sent = {"files": {"file": ("../../shoe.png", data)}} if way == "form" else {"content": data}
    headers = {} if way == "form" else {"content-type": "image/png"}
    document = client.post("/predict", headers=headers, **sent).json()
    seen = prepare(load_picture(data))
    assert document["prepared"] == seen.kind
    (one,) = document["predictions"]
    assert one["probabilities"] == pytest.approx(reader.read(seen).calibrated.tolist(), abs=1e-6)


def test_what_is_unlike_the_training_images_is_told(dataset):
    run = find_run(FOR_PICTURES)
    noise = np.random.default_rng(0).integers(0, 256, (20, 28, 28))
    with TestClient(build_app(run, load_reader(run))) as client:
        document = client.post("/predict", json={"images": [*noise.tolist(), dataset.test_images[0].tolist()]}).json()
    *of_noise, of_a_boot = (one["unfamiliar"] for one in document["predictions"])
    assert sum(of_noise) >= len(noise) // 3  # noise is flagged in 63 of 100 cases
    assert not of_a_boot
    assert "do not trust" in document["warnings"][0]


def test_health_model_and_openapi_tell_what_they_should(client):
    assert client.get("/health").json() == {"status": "ok"}
    model = client.get("/model").json()
    run = find_run(RUN)
    assert (model["model"], model["classes"]) == (RUN, list(CLASS_NAMES))
    assert (model["parameters"], model["test_accuracy"]) == (run.evaluation.params, run.evaluation.test_accuracy)
    assert model["limits"]["picture_bytes"] == MAX_BYTES
    schema = client.get("/openapi.json").json()
    content = schema["paths"]["/predict"]["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "multipart/form-data", "image/*"}
    assert set(schema["paths"]["/predict"]["post"]["responses"]) == {"200", "400", "413", "415", "422", "503"}
    assert "swagger" in client.get("/docs").text


BLANK = [[0] * 28] * 28
HOSTILE = {
    "no JSON": ({"content": b"{", "headers": {"content-type": "application/json"}}, 422, "28×28 whole numbers"),
    "nothing": ({"json": {}}, 422, "missing required field `images`"),
    "no image": ({"json": {"images": []}}, 422, "length >= 1"),
    "too many": ({"json": {"images": [BLANK] * 101}}, 422, "length <= 100"),
    "a long row": ({"json": {"images": [[[0] * 29] * 28]}}, 422, "$.images[0][0]"),
    "a large level": ({"json": {"images": [[[256] * 28] * 28]}}, 422, "<= 255"),
    "a fraction": ({"json": {"images": [[[0.5] * 28] * 28]}}, 422, "Expected `int`"),
    "text": ({"json": {"images": "../../etc/passwd"}}, 422, "Expected `array`"),
    "something else": ({"json": {"images": [BLANK], "run": "x"}}, 422, "unknown field `run`"),
    "deep": ({"content": b"[" * 500_000, "headers": {"content-type": "application/json"}}, 422, "Send {"),
    "much JSON": (
        {"content": b" " * (MOST_JSON_BYTES + 1), "headers": {"content-type": "application/json"}},
        413,
        "at most 1 MB",
    ),
    "many bytes": ({"content": bytes(MAX_BYTES + 1), "headers": {"content-type": "image/png"}}, 413, "at most 25 MB"),
    "a large file": ({"files": {"file": ("a.png", bytes(MAX_BYTES + 2**17))}}, 413, "at most 25 MB"),
    "a bomb": ({"files": {"file": ("a.png", bomb())}}, 400, "at most 50 million pixels"),
    "no picture": ({"files": {"file": ("a.png", b"#!/bin/sh")}}, 400, ""),
    "an empty file": ({"files": {"file": ("a.png", b"")}}, 400, "The file is empty"),
    "a pickle": ({"files": {"file": ("a.npy", b"\x80\x04K\x01.")}}, 400, ""),
    "another field": ({"files": {"image": ("a.png", b"x")}}, 422, "field “file”"),
    "two files": ({"files": [("file", ("a", b"x")), ("file", ("b", b"x"))]}, 400, "Too many files"),
    "a broken form": (
        {"content": b"--x", "headers": {"content-type": "multipart/form-data"}},
        400,
        "The form cannot be read",
    ),
    "no type": ({"content": b"x"}, 415, "A body without a type is not read here"),
    "a web page": ({"content": b"<p>", "headers": {"content-type": "text/html"}}, 415, "text/html is not read here"),
    "a wrong kind": ({"json": {"images": [BLANK]}, "params": {"kind": "../x"}}, 422, "kind: Input should be"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_in_a_sentence(client, name):
    request, code, words = HOSTILE[name]
    answer = client.post("/predict", **request)
    assert answer.status_code == code, answer.text
    assert words in answer.json()["detail"]
    assert client.get("/health").status_code == 200


def test_a_picture_without_an_item_says_so(client):
    stream = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(stream, "PNG")
    answer = client.post("/predict", files={"file": ("a.png", stream.getvalue())})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("No item found.")


def test_the_command_serves_this_machine_alone_without_tensorflow(own_store):
    """One process, as users start it; it says its address, answers, and ends when it is told to."""
    code = (
        "import sys; from fmnist.cli.main import main; code = main(sys.argv[1:]);"
        "sys.exit(code or int('tensorflow' in sys.modules or 'streamlit' in sys.modules))"
    )
    command = [sys.executable, "-c", code, "serve", RUN, "--port", "0"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        try:
            said = process.stdout.readline()
            host, port = re.search(r"http://([\d.]+):(\d+)\. ", said).groups()
            assert host == "127.0.0.1"
            connection = HTTPConnection(host, int(port), timeout=30)
            body = json.dumps({"images": [BLANK]})
            connection.request("POST", "/predict", body, {"Content-Type": "application/json"})
            assert connection.getresponse().status == 200
            connection.close()
        finally:
            process.terminate()
        assert process.wait(30) in (0, -15)


def test_what_is_missing_or_wrong_is_told(monkeypatch, capsys):
    assert main(["serve", "ann-tuned-s0"]) == 1
    assert "its weights were not kept" in capsys.readouterr().err
    monkeypatch.setattr(serve_commands, "find_spec", lambda name: None)
    assert main(["serve", RUN]) == 1
    assert capsys.readouterr().err == 'FastAPI is not installed. `pip install "fmnist-lab[serve]"` installs it.\n'
