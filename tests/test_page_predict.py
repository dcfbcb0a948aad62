"""The Predict page: every source of pictures, and what happens when something is missing or damaged."""

import base64
import io
import json
import re
import shutil
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image, ImageDraw
from served_pages import finding, press
from served_pages import open_page as open_titled_page
from streamlit.testing.v1 import AppTest

from fmnist.contenders.for_pictures import one_per_architecture
from fmnist.contenders.photo_reader import PhotoReader
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, Dataset
from fmnist.evaluation.calibration import apply_temperature, fit_temperature
from fmnist.inference.frame import Step
from fmnist.inference.garments import trace
from fmnist.inference.picture import picture_from_array
from fmnist.inference.prepare import prepare
from fmnist.inference.serving import Classifier
from fmnist.runs.reading import load_predictions, load_run
from fmnist.runs.run import Run
from fmnist.ui.internals import REFUSED
from fmnist.ui.markup import plain
from fmnist.ui.pictures import steps_html
from fmnist.ui.predict import canvas, maps
from fmnist.ui.predict.answers import Answer, ask_model, describe_answers
from fmnist.ui.predict.evidence import tabulate_answers
from fmnist.ui.predict.examples import EXAMPLES
from fmnist.ui.predict.maps import explain
from fmnist.ui.predict.picker import example_pixels
from fmnist.ui.predict.results import answer_pictures, probabilities_table
from fmnist.ui.predict.sources import Subject
from fmnist.ui.predict.strip import describe_calibration

BOOT = [(100, 60), (190, 60), (190, 190), (290, 220), (290, 270), (90, 270)]
PHOTO_READER = "Photo reader"
BEST = re.compile(r"<li><span>([^<]*)</span><span>(?:&gt; )?([\d.]+)%</span>")


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_resource.clear()


def open_page(**query: str) -> AppTest:
    """Open the page with the table of all models."""
    return open_titled_page("Predict", answers="true", **query)


def answers_of(app: AppTest) -> dict[str, dict[str, object]]:
    """The row of each model in the table of all models, by the model's name; nothing where there is no answer."""
    return {row["Model"]: row for table in app.dataframe for row in table.value.to_dict("records")}


def bars(app: AppTest) -> list[tuple[str, float]]:
    """The leading model's best classes with their shares in percent."""
    return [(name, float(share)) for name, share in BEST.findall(html_of(app))]


def badges(app: AppTest) -> str:
    return " ".join(markdown.value for markdown in app.markdown if "-badge[" in markdown.value)


def captions(app: AppTest, part: str) -> list[str]:
    return [caption.value for caption in app.caption if part in caption.value]


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


def picture_of(pixels: np.ndarray):
    """A canvas on which this is drawn, whichever outline is asked for."""
    return lambda outline: picture_from_array(pixels)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A boot on the canvas: a test outside a browser cannot draw."""
    monkeypatch.setattr(canvas, "draw_picture", picture_of(boot_pixels()))


@pytest.fixture
def no_dataset(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path / "nothing"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "nothing either"))


def test_at_first_an_example_is_answered(two_runs):
    app = open_page()
    assert finding(app) == "T-shirt/top"
    assert "2 of 2 models agree" in badges(app)
    assert not app.warning


def test_an_empty_canvas_says_what_to_do(two_runs):
    app = open_page()
    app.session_state["canvas_drawing"] = ""
    app.run()
    assert finding(app) == "Draw a garment. The models answer each time you lift the pen."
    assert answers_of(app) == {}


@pytest.mark.parametrize("label", range(10), ids=CLASS_NAMES)
def test_an_outline_becomes_the_drawing_by_a_button(label: int, robust_run: Run):
    app = open_page(outline=CLASS_NAMES[label], runs=robust_run.id)
    app.button(key="use_outline").click().run()
    assert not app.exception
    assert finding(app).removeprefix("Best guess: ") == CLASS_NAMES[label]


def test_a_drawing_is_answered_by_one_run_of_each_architecture(shipped_runs: list[Run], drawn, no_dataset):
    models = {(run.config.model, run.config.recipe == "robust") for run in shipped_runs if run.served}
    app = open_page()
    assert finding(app) == "Ankle boot"
    assert f"of {len(models) + 1} models agree" in badges(app)
    answers = answers_of(app)
    assert list(answers)[-1] == PHOTO_READER
    assert {row["Answer"] for name, row in answers.items() if name != PHOTO_READER} == {"Ankle boot"}
    assert len(answers) == len(models) + 1
    assert captions(app, "answers, because") == [
        "Deeper CNN (robust) answers, because this does not look like a photo."
    ]
    percents = [percent for _, percent in bars(app)]
    assert len(percents) == 3
    assert percents == sorted(percents, reverse=True)
    assert sum(percents) <= 100.1
    assert app.metric[0].value == f"{percents[0]:.0f}%"
    assert any("Treated as a sketch" in caption.value for caption in app.caption)


def test_screen_readers_hear_the_answer(two_runs, drawn):
    app = open_page()
    said = [part.proto.json for part in app.get("bidi_component") if "announcement" in part.proto.component_name]
    assert any(re.search(r"says Ankle boot with .* confidence; the other model ", words) for words in said)


def test_a_wiped_canvas_gets_no_answer(monkeypatch: pytest.MonkeyPatch, served_run: Run):
    monkeypatch.setattr(canvas, "draw_picture", picture_of(np.full((336, 336, 4), 255, np.uint8)))
    app = open_page()
    assert answers_of(app) == {}
    assert finding(app) == "No item found."
    assert any("Draw something" in warning.value for warning in app.warning)


@pytest.mark.parametrize("number", [0, 42])
def test_a_test_image_is_answered_as_keras_answered_it_and_calibrated(number: int, two_runs, dataset: Dataset):
    app = open_page(source="Test image", test_image=str(number))
    served_run = two_runs[0]
    stored = load_predictions(served_run)
    temperature = fit_temperature(stored.val_labels, stored.val_probs)
    assert abs(temperature - 1) > 0.01
    logits = np.log(np.maximum(stored.test_probs[number].astype(np.float64), 1e-7)) / temperature
    probs = np.exp(logits) / np.exp(logits).sum()
    row = next(row for name, row in answers_of(app).items() if name == SingleRun(served_run).short_title)
    expected = np.argsort(-probs)[:2]
    assert row["Answer"] == CLASS_NAMES[expected[0]]
    assert row["Confidence"] == pytest.approx(100 * probs[expected[0]], abs=0.1)
    assert row["Next guess"].startswith(CLASS_NAMES[expected[1]])
    assert f"True class: {CLASS_NAMES[dataset.test_labels[number]]}" in badges(app)


def test_a_random_image_is_of_the_chosen_class(served_run: Run, dataset: Dataset):
    app = open_page(source="Test image")
    app.selectbox(key="random_class").set_value(8).run()
    assert "True class: Bag" in badges(app)
    assert dataset.test_labels[app.number_input(key="test_image").value] == 8


def test_a_number_that_is_no_test_image_is_reported(served_run: Run, dataset: Dataset):
    app = open_page(source="Test image", test_image="99999")
    assert any("99999. Allowed: test image from 0 to 9,999" in warning.value for warning in app.warning)


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
        assert error.startswith(f"**{name}.png**: ")
    assert finding(app) == "2 pictures"
    assert len(answers_of(app)) >= 1


@pytest.mark.parametrize("refused", [0, 1])
def test_thirty_two_files_are_read_and_a_further_one_is_told(refused: int, served_run: Run):
    app = open_page(source="upload")
    blank = png(np.full((28, 28, 3), 255, np.uint8))
    kinds = ["image/png"] * 32 + [REFUSED] * refused
    app.file_uploader[0].set_value([(f"{number}.png", blank, kind) for number, kind in enumerate(kinds)]).run()
    assert any("Only 32 of 33 files were read" in warning.value for warning in app.warning) == bool(refused)
    assert len(app.selectbox(key="picture").options) == 32


def test_uploaded_pictures_are_still_there_after_another_page(served_run: Run):
    app = open_page(source="upload")
    app.file_uploader[0].set_value([("boot_1.png", png(boot_pixels()), "image/png")]).run()
    assert not any("Kept" in caption.value for caption in app.caption)
    answered = answers_of(app)
    app.switch_page("pages/dataset.py").run()
    app.switch_page("pages/predict.py").run()
    app.button_group(key="source").set_value("upload").run()
    assert r"Kept: boot\_1.png" in [caption.value for caption in app.caption]
    assert answers_of(app) == answered
    app.button(key="files_remove").click().run()
    assert answers_of(app) == {}


def test_the_picture_to_look_into_can_be_chosen(served_run: Run):
    app = open_page(source="Upload")
    blank = png(np.full((50, 50, 3), 255, np.uint8))
    app.file_uploader[0].set_value([("boot.png", png(boot_pixels()), "image/png"), ("blank.png", blank, "image/png")])
    app.run()
    assert answers_of(app)
    assert app.selectbox(key="picture").options == ["1. boot.png", "2. blank.png"]
    app.selectbox(key="picture").set_value(1).run()
    assert not app.exception
    assert answers_of(app) == {}


@pytest.mark.parametrize("title", ["Trouser", "Dress", "Bag"])
def test_a_photograph_is_named_for_what_it_shows(title: str, served_run: Run):
    number = next(i for i, example in enumerate(EXAMPLES) if CLASS_NAMES[example.label] == title)
    stream = io.BytesIO()
    Image.fromarray(example_pixels(number)[..., :3]).save(stream, "JPEG")
    app = open_page(source="Camera")
    app.camera_input[0].set_value(("shot.jpg", stream.getvalue(), "image/jpeg")).run()
    assert not app.exception
    answers = answers_of(app)
    answers.pop(PHOTO_READER)  # the example is drawn, and no photo
    assert answers
    for row in answers.values():
        assert (row["Answer"], row["Confidence"] > 75) == (title, True)


def test_a_photo_is_read_by_the_photo_reader_until_the_user_switches(shipped_runs: list[Run]):
    app = open_page(source="Examples", example=next(one.key for one in EXAMPLES if one.manner == "photo"))
    assert app.metric[0].delta == PHOTO_READER
    assert captions(app, "answers") == ["Photo reader answers, because this looks like a photo."]
    press(app, "Ask Deeper CNN (robust) instead")
    assert app.query_params["reader"] == "network"
    assert app.metric[0].delta == "Deeper CNN (robust)"
    assert captions(app, "answers") == ["Deeper CNN (robust) answers, as you chose."]
    press(app, "Choose automatically")
    assert app.metric[0].delta == PHOTO_READER
    assert "reader" not in app.query_params


def nearly_empty() -> np.ndarray:
    pixels = np.full((336, 336, 3), 255, np.uint8)
    pixels[150:162, 150:162] = 0
    return pixels


def white_on_white() -> np.ndarray:
    pixels = np.full((336, 336, 3), 255, np.uint8)
    pixels[60:280, 90:250] = 240
    return pixels


def two_items() -> np.ndarray:
    pixels = np.full((336, 336, 3), 255, np.uint8)
    pixels[60:280, 30:140] = pixels[60:280, 200:310] = 90
    return pixels


@pytest.mark.parametrize(
    ("pixels", "advice"),
    [
        (nearly_empty(), "draw the item larger"),
        (white_on_white(), "put it on one of another colour"),
        (two_items(), "show one item at a time"),
    ],
)
def test_a_picture_that_cannot_be_read_well_comes_with_advice(pixels, advice, two_runs, monkeypatch):
    monkeypatch.setattr(canvas, "draw_picture", picture_of(pixels))
    app = open_page()
    assert any(advice in warning.value for warning in app.warning)
    assert len(answers_of(app)) == 2


def data_address(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


def test_what_the_browser_sends_is_decoded_with_its_transparency_on_white():
    pixels = np.zeros((336, 336, 4), np.uint8)
    pixels[100:200, 100:200] = (48, 48, 48, 255)
    picture = canvas.read_drawing(data_address(png(pixels)))
    assert picture.pixels[0, 0].tolist() == [255, 255, 255]
    assert picture.pixels[150, 150].tolist() == [48, 48, 48]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        7,
        ["data:image/png;base64,"],
        {"picture": 1},
        "",
        "x",
        "data:image/svg+xml,<svg/>",
        "data:image/png;base64,",
        "data:image/png;base64,%%%",
        data_address(b"hello"),
        data_address(png(np.eye(90, dtype=np.uint8))[:60]),
        data_address(absurdly_large_png()),
        data_address(bytes(2**20)),
    ],
)
def test_what_is_no_drawing_counts_as_nothing_drawn(sent):
    assert canvas.read_drawing(sent) is None


def test_a_drawing_may_take_a_megabyte_as_text_and_no_more():
    sheet = png(boot_pixels())
    most = (2**20 - len("data:image/png;base64,")) // 4 * 3  # bytes, as three become four characters
    for size, read in ((most, True), (most + 1, False)):
        assert (canvas.read_drawing(data_address(sheet + bytes(size - len(sheet)))) is not None) == read


def test_a_hostile_drawing_in_the_session_is_no_drawing(two_runs):
    app = open_page()
    app.session_state["canvas_drawing"] = data_address(b"hello")
    app.run()
    assert not app.exception
    assert "Draw a garment" in finding(app)


def test_an_outline_is_chosen_by_the_address(two_runs):
    assert next(box.value for box in open_page(outline="Dress").selectbox if box.key == "outline") == "3"
    app = open_page(outline="Hat")
    assert any("an unknown class: Hat" in warning.value for warning in app.warning)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_answered_and_its_class_said(example, two_runs):
    app = open_page(source="Examples", example=example.name)
    assert f"True class: {CLASS_NAMES[example.label]}" in badges(app)
    assert any(f"Treated as a {example.manner}" in caption.value for caption in app.caption)
    assert not app.warning


def test_examples_are_asked_for_and_an_unknown_one_is_reported(two_runs):
    app = open_page(source="Examples", example="Hat, sketch")
    assert finding(app) == "Pick an example to classify it."
    assert any(f"an unknown example: {plain('Hat, sketch')}" in warning.value for warning in app.warning)


def test_a_path_is_traced_through_its_corners_and_closed():
    (line,), (curve,) = trace("M0 0 L10 0 L10 10 Z"), trace("M0 0 C0 10 10 10 10 0")
    assert {(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)} <= {tuple(point) for point in line.tolist()}
    assert line[0].tolist() == line[-1].tolist()
    assert curve[:, 1].max() == pytest.approx(7.5)
    assert curve[-1].tolist() == [10, 0]


def test_the_kind_of_preparation_can_be_overridden(served_run: Run, drawn):
    app = open_page(prepare="As it is")
    assert any("only resized" in caption.value for caption in app.caption)


def test_one_view_of_the_picture_is_computed_at_a_time(served_run: Run, drawn, monkeypatch: pytest.MonkeyPatch):
    asked = []
    monkeypatch.setattr(maps, "explain", lambda *parts: asked.append(parts) or np.zeros((28, 28), np.float32))
    app = open_page()
    assert not asked
    assert "Centred" in html_of(app)
    app.button_group(key="look").set_value("map").run()
    assert not app.exception
    assert len(asked) == len(answers_of(app)) - 1  # the photo reader sees more than the small image
    assert "Centred" not in html_of(app)


def test_a_map_is_made_once_for_an_image_and_a_class(served_run: Run, monkeypatch: pytest.MonkeyPatch):
    prepared = prepare(picture_from_array(boot_pixels()))
    contender = SingleRun(served_run)
    first = explain(contender, 9, prepared)
    monkeypatch.setattr(maps, "occlusion_map", lambda probs, image, label: label)
    assert explain(SingleRun(served_run), 9, prepared) is first
    assert explain(contender, 8, prepared) == 8
    as_it_is = replace(prepared, kind="raw")  # which a network that was trained on mirrored images reads once
    assert explain(contender, 9, as_it_is) == 9


def test_a_damaged_model_says_so_and_the_others_answer(own_store: Path, served_run: Run, drawn):
    damaged = own_store / f"{served_run.id}-damaged"
    shutil.copytree(served_run.directory, damaged)
    model = damaged / served_run.served.name
    model.write_bytes(model.read_bytes()[:1000])
    app = open_page()
    app.multiselect[0].set_value([damaged.name, served_run.id]).run()
    bad, good = answers_of(app).values()
    assert "damaged" in bad["Note"]
    assert finding(app) == good["Answer"]
    assert "1 of 1 models agrees" in badges(app)
    app.button_group(key="look").set_value("map").run()
    assert not app.exception


def test_a_run_without_weights_says_that_they_were_not_kept(own_store: Path, served_run: Run, drawn):
    bare = own_store / f"{served_run.id}-bare"
    shutil.copytree(served_run.directory, bare, ignore=shutil.ignore_patterns("*.tflite", "*.keras"))
    app = open_page()
    app.multiselect[0].set_value([bare.name]).run()
    assert finding(app) == "No chosen model can answer."
    (row,) = answers_of(app).values()
    assert "weights were not kept" in row["Note"]


def test_with_nothing_trained_the_page_says_what_to_do_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(tmp_path))
    assert any("No trained models yet" in info.value for info in open_page().info)


def copy_run(
    run: Run, store: Path, name: str, ignore: str = "", val_accuracy: float | None = None, **settings: str
) -> Run:
    """Put a run with other settings into a store; with another accuracy its predictions are no longer believed."""
    shutil.copytree(run.directory, store / name, ignore=shutil.ignore_patterns(ignore))
    config = json.loads((store / name / "config.json").read_text())
    config["config"] |= settings
    (store / name / "config.json").write_text(json.dumps(config))
    if val_accuracy is not None:
        evaluation = json.loads((store / name / "evaluation.json").read_text())
        (store / name / "evaluation.json").write_text(json.dumps(evaluation | {"val_accuracy": val_accuracy}))
    return load_run(store / name)


def test_each_network_is_asked_once_by_its_best_run_with_weights(own_store: Path, served_run: Run):
    runs = [
        copy_run(served_run, own_store, "a-x-s0", "*.tflite", 0.95, model="ann"),
        copy_run(served_run, own_store, "a-x-s1", val_accuracy=0.9, model="ann"),
        copy_run(served_run, own_store, "a-x-s2", val_accuracy=0.92, model="ann"),
        copy_run(served_run, own_store, "b-x-s0", model="basic_cnn"),
    ]
    assert [run.id for run in one_per_architecture(runs)] == ["a-x-s2", "b-x-s0"]
    robust = copy_run(served_run, own_store, "a-r-s0", val_accuracy=0.5, model="ann", recipe="robust")
    assert [run.id for run in one_per_architecture([*runs, robust])] == ["a-r-s0", "a-x-s2", "b-x-s0"]


def test_the_robust_run_answers_first_and_the_same_network_beside_it(two_runs, single_store: Path, drawn):
    copy_run(two_runs[1], single_store, "a-b-s0", recipe="robust")
    app = open_page()
    first, *others = answers_of(app)
    assert "(robust)" in first
    assert len(others) == 2
    assert app.metric[0].delta.startswith("Basic CNN (robust)")
    assert finding(app) == answers_of(app)[first]["Answer"]


def answer(run: Run, label: int, sure: float = 0.7) -> Answer:
    probs = np.full(10, (1 - sure) / 9, np.float32)
    probs[label] = sure
    return Answer(SingleRun(run), probs, temperature=1.0)


def test_the_first_models_answer_is_the_sentence(own_store: Path, served_run: Run):
    robust = copy_run(served_run, own_store, "a-b-s0", model="ann", recipe="robust")
    answers = [answer(robust, 9), answer(served_run, 9), answer(served_run, 7)]
    said = describe_answers([Answer(SingleRun(served_run), None), *answers])
    name = SingleRun(robust).short_title
    assert said == f"{name} says Ankle boot with 70% confidence; 1 of the other 2 models agrees."
    assert "says Ankle boot with 70% confidence; the other model disagrees." in describe_answers(answers[1:])
    unfamiliar = replace(answers[0], unfamiliar=True)
    assert describe_answers([unfamiliar]) == "This looks unlike the training images. Best guess: Ankle boot."
    assert describe_answers([]) == "No chosen model can answer."


def test_the_table_holds_calibrated_probabilities_and_their_temperature(served_run: Run):
    picture = picture_from_array(boot_pixels())
    results = answer_pictures([Subject("boot.png", picture)], [SingleRun(served_run)], "auto")
    table = probabilities_table(results)
    (values,) = table.rows
    row = {column.name: value for column, value in zip(table.columns, values, strict=True)}
    stored = load_predictions(served_run)
    assert row["temperature"] == fit_temperature(stored.val_labels, stored.val_probs)
    raw = Classifier(served_run.served).probs(results[0].prepared.image[None])
    expected = apply_temperature(raw, row["temperature"])[0]
    np.testing.assert_allclose([row[name] for name in CLASS_NAMES], expected, atol=1e-6)


def test_a_model_that_cannot_be_calibrated_says_why_and_does_not_answer(two_runs, single_store: Path, drawn):
    for run in two_runs:
        (run.directory / "predictions.npz").write_bytes(b"damaged")
    app = open_page()
    assert finding(app) == "No chosen model can answer."
    for row in answers_of(app).values():
        assert row["Answer"] is None
        assert "predictions.npz is damaged" in row["Note"]


def test_an_address_is_no_markup(two_runs):
    app = open_page(source="Examples", example="![x](https://example.org/x.png)")
    assert any(plain("![x](https://example.org/x.png)") in warning.value for warning in app.warning)


def test_a_step_is_shown_with_its_very_pixels():
    pixels = np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8)
    html = steps_html([Step("Name", "<caption>", pixels)])
    source = re.search(r'src="data:image/png;base64,([^"]+)"', html)[1]
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(source)))), pixels)
    assert "&lt;caption&gt;" in html


@pytest.fixture
def robust_run(shipped_runs: list[Run]) -> Run:
    return next(run for run in shipped_runs if run.config and run.config.recipe == "robust")


def html_of(app: AppTest) -> str:
    return "".join(html.proto.body for html in app.get("html"))


def picture_for(pixels: np.ndarray) -> list[Subject]:
    return [Subject("it.png", picture_from_array(pixels))]


def test_noise_is_unlike_what_the_robust_model_knows_more_often_than_clothes_are(robust_run: Run, dataset: Dataset):
    noise = np.random.default_rng(0).integers(0, 256, (40, 28, 28), dtype=np.uint8)
    unknown = [answer_pictures(picture_for(image), [SingleRun(robust_run)], "raw")[0] for image in noise]
    known = [
        answer_pictures(picture_for(image), [SingleRun(robust_run)], "raw")[0] for image in dataset.test_images[:40]
    ]
    told = [result for result in unknown if result.answers[0].unfamiliar]
    assert len(told) >= 15
    assert sum(result.answers[0].unfamiliar for result in known) <= 4
    assert "This looks unlike the training images. Best guess: " in told[0].sentence
    assert tabulate_answers(told[0].answers)[0]["Note"] == "Unfamiliar picture"


def test_the_nearest_training_images_are_shown_on_request(robust_run: Run, dataset: Dataset, drawn):
    app = open_page()
    assert "Training image" not in html_of(app)
    app.button_group(key="look").set_value("similar").run()
    assert not app.exception
    assert html_of(app).count("Training image") >= 8
    assert any("finds most similar, chosen from a sample of 4,000" in caption.value for caption in app.caption)


def test_an_unfamiliar_picture_is_a_best_guess(robust_run: Run):
    noise = np.random.default_rng(0).integers(0, 256, (40, 28, 28), dtype=np.uint8)
    asked = ((one, answer_pictures(picture_for(one), [SingleRun(robust_run)], "raw")[0].answers[0]) for one in noise)
    strange = next(one for one, answer in asked if answer.unfamiliar)
    app = open_page(source="upload", runs=robust_run.id, prepare="raw")
    app.file_uploader[0].set_value([("noise.png", png(strange), "image/png")]).run()
    assert finding(app).startswith("Best guess: ")
    assert "Unfamiliar picture" in badges(app)


def test_the_name_of_an_upload_is_no_formula_in_the_file(served_run: Run):
    subject = Subject('=HYPERLINK("https://evil.example")', picture_from_array(boot_pixels()))
    table = probabilities_table(answer_pictures([subject], [SingleRun(served_run)], "auto"))
    assert """1,"'=HYPERLINK(""https://evil.example"")",""" in table.to_csv()


def test_an_upload_is_turned_by_its_buttons_and_back(two_runs):
    app = open_page(source="upload")
    sideways = np.ascontiguousarray(np.rot90(boot_pixels(), 3))
    app.file_uploader[0].set_value([("boot.png", png(sideways), "image/png")]).run()
    lying = answers_of(app)
    app.button(key="turn_1").click().run()
    assert not app.exception
    upright = answers_of(app)
    assert upright != lying
    app.button(key="turn_3").click().run()
    assert answers_of(app) == lying
    app.file_uploader[0].set_value([("straight.png", png(boot_pixels()), "image/png")]).run()
    assert answers_of(app) == upright


def test_the_photo_reader_is_not_said_to_be_calibrated_on_validation_images(served_run):
    probs = np.full(10, 0.1, np.float32)
    photos, network = Answer(PhotoReader(0), probs), Answer(SingleRun(served_run), probs)
    on_photos = "The photo reader is calibrated on photos that it was not fitted on."
    assert describe_calibration([photos]) == on_photos
    assert describe_calibration([network]).startswith("Confidences are calibrated on validation images. ")
    assert describe_calibration([photos, network]) == f"{describe_calibration([network])} {on_photos}"


def test_a_model_is_asked_once_about_a_picture_unless_it_could_not_answer(
    robust_run: Run, dataset: Dataset, monkeypatch
):
    asked: list[str] = []

    def count(contender, prepared):
        asked.append(contender.key)
        return Answer(contender, None, problem="busy") if len(asked) == 1 else ask_model(contender, prepared)

    monkeypatch.setattr("fmnist.ui.predict.results.ask_model", count)
    pictures = picture_for(dataset.test_images[4321])
    for _ in range(3):
        [result] = answer_pictures(pictures, [SingleRun(robust_run)], "raw")
    assert asked == [robust_run.id] * 2
    assert result.answers[0].probs is not None
    answer_pictures(picture_for(dataset.test_images[4322]), [SingleRun(robust_run)], "raw")
    assert len(asked) == 3
