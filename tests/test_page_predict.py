"""The Predict page: every source of pictures, and what happens when something is missing or damaged."""

import base64
import io
import json
import re
import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from fmnist.dataset import CLASS_NAMES, Dataset
from fmnist.inference.frame import Step
from fmnist.runs import Run, load_predictions, load_run
from fmnist.ui import canvas
from fmnist.ui.predict_answers import (
    Answer,
    answers_html,
    describe_agreement,
    describe_truth,
    one_per_network,
    short_names,
)
from fmnist.ui.predict_sources import plain
from fmnist.ui.predict_steps import steps_html

PROJECT = Path(__file__).parents[1]
BOOT = [(100, 60), (190, 60), (190, 190), (290, 220), (290, 270), (90, 270)]
CARD = re.compile(r'<header title="([^"]*)">.*?</header>(.*?)</article>', re.DOTALL)
BEST = re.compile(r"<li><span>([^<]*)</span><span>([\d.]+)%</span>")


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_resource.clear()


def open_page(**query: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=30)
    app.switch_page("pages/predict.py")
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def finding(app: AppTest) -> str:
    return next(text.value for text in app.markdown if text.value.startswith("####")).removeprefix("#### ")


def cards(app: AppTest) -> dict[str, str]:
    """The body of each model's card by the model's name."""
    return {name: body for html in app.get("html") for name, body in CARD.findall(html.proto.body)}


def boot_pixels() -> np.ndarray:
    image = Image.new("RGBA", (canvas.SIDE, canvas.SIDE), "white")
    ImageDraw.Draw(image).polygon(BOOT, outline="black", width=10)
    return np.asarray(image)


def png(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def absurdly_large_png() -> bytes:
    """A sound header of 50,000 by 50,000 pixels, and next to no data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"0" * 99)) + chunk(b"IEND", b"")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A boot on the canvas: a test outside a browser cannot draw."""
    monkeypatch.setattr(canvas, "draw_picture", boot_pixels)


@pytest.fixture
def no_dataset(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path / "nothing"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "nothing either"))


def test_an_empty_canvas_says_what_to_do(served_run: Run):
    app = open_page()
    assert "Draw an item" in finding(app)
    assert cards(app) == {}


def test_a_drawing_is_answered_by_one_run_of_each_network(shipped_runs: list[Run], drawn, no_dataset):
    networks = {run.config.model for run in shipped_runs if run.config and run.served and run.complete}
    app = open_page()
    assert finding(app).endswith(".")
    assert len(cards(app)) == len(networks)
    for body in cards(app).values():
        percents = [float(percent) for _, percent in BEST.findall(body)]
        assert len(percents) == 3
        assert percents == sorted(percents, reverse=True)
        assert sum(percents) <= 100.1
    assert any("Taken for a sketch" in caption.value for caption in app.caption)


def test_a_wiped_canvas_gets_no_answer(monkeypatch: pytest.MonkeyPatch, served_run: Run):
    monkeypatch.setattr(canvas, "draw_picture", lambda: np.full((336, 336, 4), 255, np.uint8))
    app = open_page()
    assert cards(app) == {}
    assert any("draw an item" in warning.value for warning in app.warning)


@pytest.mark.parametrize("number", [0, 42])
def test_a_test_image_is_answered_as_keras_answered_it(number: int, served_run: Run, dataset: Dataset):
    app = open_page(source="Test image", test_image=str(number))
    probs = load_predictions(served_run).test_probs[number]
    named = next(run.value for run in app.multiselect)
    body = list(cards(app).values())[named.index(served_run.id)]
    best = [(name, float(percent)) for name, percent in BEST.findall(body)]
    expected = np.argsort(-probs)[:3]
    assert best[0][0] == CLASS_NAMES[expected[0]]
    np.testing.assert_allclose([p for _, p in best], 100 * probs[expected], atol=0.1)
    assert f"The true class is {CLASS_NAMES[dataset.test_labels[number]]}" in finding(app)


def test_a_random_image_is_of_the_chosen_class(served_run: Run, dataset: Dataset):
    app = open_page(source="Test image")
    app.selectbox(key="random_class").set_value(8).run()
    assert "The true class is Bag" in finding(app)
    assert dataset.test_labels[app.number_input(key="test_image").value] == 8


def test_a_number_that_is_no_test_image_is_reported(served_run: Run, dataset: Dataset):
    app = open_page(source="Test image", test_image="99999")
    assert any("no test image 99999" in warning.value for warning in app.warning)


def test_without_the_data_set_a_test_image_comes_with_the_offer_of_it(served_run: Run, no_dataset):
    app = open_page(source="Test image")
    assert any("Download" in button.label for button in app.button)


def test_hostile_files_are_named_and_the_sound_ones_answered(served_run: Run):
    sound = png(boot_pixels())
    app = open_page(source="Upload")
    files = {
        "boot.png": sound,
        "*bold* [link](http:x).png": sound,
        "text.png": b"hello",
        "empty.png": b"",
        "half.png": sound[:200],
        "huge.png": absurdly_large_png(),
    }
    app.file_uploader[0].set_value([(name, data, "image/png") for name, data in files.items()]).run()
    assert not app.exception
    errors = [error.value for error in app.error]
    assert len(errors) == 4
    for name, error in zip(("text", "empty", "half", "huge"), errors, strict=True):
        assert error.startswith(f"**{name}\\.png**: ")
    assert finding(app) == "2 pictures"
    assert len(cards(app)) >= 1


def test_the_picture_to_look_into_can_be_chosen(served_run: Run):
    app = open_page(source="Upload")
    blank = png(np.full((50, 50, 3), 255, np.uint8))
    app.file_uploader[0].set_value([("boot.png", png(boot_pixels()), "image/png"), ("blank.png", blank, "image/png")])
    app.run()
    assert cards(app)
    app.selectbox(key="picture").set_value(1).run()
    assert not app.exception
    assert cards(app) == {}


def test_a_photograph_is_answered(served_run: Run):
    stream = io.BytesIO()
    Image.fromarray(boot_pixels()[..., :3]).save(stream, "JPEG")
    app = open_page(source="Camera")
    app.camera_input[0].set_value(("shot.jpg", stream.getvalue(), "image/jpeg")).run()
    assert not app.exception
    assert cards(app)


def test_the_kind_of_preparation_can_be_overridden(served_run: Run, drawn):
    app = open_page(prepare="As it is")
    assert any("data set's own form" in caption.value for caption in app.caption)


def test_where_the_models_looked_is_shown_on_request(served_run: Run, drawn):
    app = open_page()
    before = len(app.get("html"))
    app.toggle(key="looked").set_value(True).run()
    assert not app.exception
    assert len(app.get("html")) == before + 1


def test_a_damaged_model_says_so_and_the_others_answer(own_store: Path, served_run: Run, drawn):
    damaged = own_store / f"{served_run.id}-damaged"
    shutil.copytree(served_run.directory, damaged)
    model = damaged / served_run.served.name
    model.write_bytes(model.read_bytes()[:1000])
    app = open_page()
    app.multiselect[0].set_value([damaged.name, served_run.id]).run()
    bad, good = cards(app).values()
    assert "damaged" in bad
    assert len(BEST.findall(good)) == 3
    assert finding(app).startswith("The model says ")
    app.toggle(key="looked").set_value(True).run()
    assert not app.exception


def test_a_run_without_weights_says_that_they_were_not_kept(own_store: Path, served_run: Run, drawn):
    bare = own_store / f"{served_run.id}-bare"
    shutil.copytree(served_run.directory, bare, ignore=shutil.ignore_patterns("*.tflite", "*.keras"))
    app = open_page()
    app.multiselect[0].set_value([bare.name]).run()
    assert finding(app) == "No chosen model can answer."
    (body,) = cards(app).values()
    assert "weights were not kept" in body


def test_with_nothing_trained_the_page_says_what_to_do_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(tmp_path))
    assert any("no trained network" in info.value for info in open_page().info)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([], "No chosen model can answer."),
        ([9], "The model says Ankle boot."),
        ([8, 8], "Both models say Bag."),
        ([8, 9], "The models disagree: one says Bag, the other Ankle boot."),
        ([9] * 7, "All 7 models say Ankle boot."),
        ([7, 5, 7, 9, 7, 5, 7], "4 of 7 models say Sneaker; 2 Sandal and 1 Ankle boot."),
        ([7, 5, 7, 7], "3 of 4 models say Sneaker; 1 Sandal."),
        ([7, 5, 8, 5, 7], "The models disagree: 2 Sneaker, 2 Sandal and 1 Bag."),
    ],
)
def test_agreement_is_said_in_words(labels, sentence):
    assert describe_agreement(labels) == sentence


def test_the_truth_is_said_with_how_many_are_right():
    assert describe_truth(5, [5, 7, 5]) == "The true class is Sandal: 2 of 3 right."


def test_each_network_is_asked_once_by_its_first_run_with_weights(own_store: Path, served_run: Run):
    for name, model, weights in (("a-x-s0", "ann", False), ("a-x-s1", "ann", True), ("b-x-s0", "basic_cnn", True)):
        ignored = shutil.ignore_patterns(*(() if weights else ("*.tflite",)))
        shutil.copytree(served_run.directory, own_store / name, ignore=ignored)
        path = own_store / name / "config.json"
        document = json.loads(path.read_text())
        document["config"]["model"] = model
        path.write_text(json.dumps(document))
    runs = [load_run(own_store / name) for name in ("a-x-s0", "a-x-s1", "b-x-s0")]
    assert [run.id for run in one_per_network(runs)] == ["a-x-s1", "b-x-s0"]
    assert short_names(runs[1:]) == ["ANN (textbook)", "Basic CNN (textbook)"]
    assert all("seed" in name for name in short_names(runs[:2]))


def test_a_problem_is_escaped_in_its_card(served_run: Run):
    assert "<b>" not in answers_html([Answer(served_run, None, "<b>bad</b>")])


def test_a_files_name_is_no_markup():
    assert plain("a*b_[c](d):e") == r"a\*b_\[c\]\(d\)\:e"


def test_a_step_is_shown_with_its_very_pixels():
    pixels = np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8)
    html = steps_html([Step("Name", "<caption>", pixels)])
    source = re.search(r'src="data:image/png;base64,([^"]+)"', html)[1]
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(source)))), pixels)
    assert "&lt;caption&gt;" in html
