"""The exported web app on a static host: it answers as the dashboard does, by mouse, finger and file, and offline."""

import base64
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from audit import audit
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from variations import GARMENT_VARIATIONS, encode, make_shape

from fmnist.dataset import Dataset
from fmnist.export.web_app import pin_batch, render_web_app
from fmnist.inference.picture import load_picture
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import load_reader
from fmnist.inference.serving import Classifier
from fmnist.runs.reading import find_run, load_predictions
from fmnist.runs.run import CompleteRun
from fmnist.ui.predict.examples import Example, draw_example

RUN = "deeper_cnn-robust-s0"  # is shown pictures both ways
IMAGES = 151  # of the test set
EACH = 2  # of each kind of other picture
PHOTOS = [
    Example(label, "photo", cloth) for label, cloth in ((0, (92, 128, 170)), (1, (40, 44, 60)), (8, (120, 30, 40)))
]
TROUSER = [(110, 60), (220, 60), (240, 280), (190, 280), (165, 130), (140, 280), (90, 280), (110, 60)]

ANSWER = """async (pictures) => {
    const model = await (await import("./app.js")).ready;
    const { decodePicture } = await import("./prepare/picture.js");
    const { prepare } = await import("./prepare/prepare.js");
    const answers = [];
    for (const picture of pictures) {
        const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
        const { image, kind, warnings } = prepare(await decodePicture(new Blob([bytes])));
        answers.push({ kind, warnings, probs: image && await model.read({ image, kind }) });
    }
    return answers;
}"""
RUN_NETWORK = """async ([name, images]) => {
    const { loadAndCompile } = await import("./runtime/core.js");
    const { Model } = await import("./model.js");
    const content = new Uint8Array(await (await fetch(name)).arrayBuffer());
    const model = new Model({}, await loadAndCompile(content, { accelerator: "wasm" }));
    const answers = [];
    for (const data of images) answers.push(await model.run({ data }));
    return answers;
}"""
PRETEND_CAMERA = """navigator.mediaDevices.getUserMedia = async () => {
    const sheet = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
    const pen = sheet.getContext("2d");
    const paint = () => {
        pen.fillStyle = "white";
        pen.fillRect(0, 0, 320, 240);
        pen.fillStyle = "navy";
        for (const [x, y, width, height] of [[120, 20, 80, 40], [120, 20, 32, 200], [168, 20, 32, 200]])
            pen.fillRect(x, y, width, height);
    };
    paint();
    setInterval(paint, 50);
    return sheet.captureStream(20);
}"""


class Quiet(SimpleHTTPRequestHandler):
    """A static host that keeps no log."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def networks(shipped_runs: list[CompleteRun]) -> dict[str, CompleteRun]:
    """Return a run with weights of each architecture."""
    return {run.config.model: run for run in shipped_runs if run.served}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, networks: dict[str, CompleteRun], dataset: Dataset) -> Iterator[str]:
    """Serve the web app below a path, and the network of each architecture beside it; return the app's address."""
    folder, run = tmp_path_factory.mktemp("host"), find_run(RUN)
    network = pin_batch(run.served.read_bytes())
    files = render_web_app(run, load_predictions(run), load_reader(run), network, dataset)
    files |= {f"web/{name}.tflite": pin_batch(one.served.read_bytes()) for name, one in networks.items()}
    for name, content in {**files, "web/model.tflite": network}.items():
        path = folder / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/course/web/"
        server.shutdown()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Return a visitor with a telephone, who has not been here before."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark")
    yield context
    context.close()


@pytest.fixture
def app(page: Page, host: str) -> Page:
    """Open the app on a desk, and wait for its first answer."""
    page.goto(host)
    expect_answer(page, "T-shirt/top")
    return page


def expect_answer(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=2)).to_contain_text(f"{name}, ")


def on_screen(page: Page, points: list[tuple[int, int]]) -> list[tuple[float, float]]:
    box = page.get_by_role("img", name="Drawing").bounding_box()
    return [(box["x"] + x * box["width"] / 336, box["y"] + y * box["height"] / 336) for x, y in points]


def draw_with_finger(page: Page, points: list[tuple[int, int]]) -> None:
    (x, y), *corners = on_screen(page, points)
    screen = page.context.new_cdp_session(page)
    screen.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for x, y in corners:
        screen.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def upload(page: Page, content: bytes) -> None:
    page.get_by_label("Upload").check()
    page.get_by_label("Picture of one item").set_input_files(
        {"name": "item.png", "mimeType": "image/png", "buffer": content}
    )


def pictures(dataset: Dataset) -> list[bytes]:
    """Return test images as they are, drawings, shop pictures, frames, sheets of paper and photos, all as PNG files."""
    files = [encode(Image.fromarray(image)) for image in dataset.test_images[:IMAGES]]
    files += [encode(Image.fromarray(draw_example(example))) for example in PHOTOS]
    for number, vary in enumerate(GARMENT_VARIATIONS.values()):
        files += [encode(vary(make_shape((number + 3 * seed) % 10, seed))) for seed in range(EACH)]
    return files


def test_it_answers_as_the_dashboard_does(app, dataset):
    files = pictures(dataset)
    assert len(files) >= 200
    answers = app.evaluate(ANSWER, [base64.b64encode(content).decode() for content in files])
    reader, differences = load_reader(find_run(RUN)), []
    for content, answer in zip(files, answers, strict=True):
        prepared = prepare(load_picture(content))
        assert answer["kind"] == prepared.kind
        assert answer["warnings"] == list(prepared.warnings)
        assert (answer["probs"] is None) is not prepared.has_item
        if prepared.has_item:
            expected = reader.read(prepared).calibrated
            assert np.argmax(answer["probs"]) == expected.argmax()
            differences.append(np.abs(answer["probs"] - expected).max())
    assert len(differences) > 190
    assert np.max(differences) < 0.005


def test_every_architecture_answers_as_its_run_does(app, networks, dataset):
    images = dataset.test_images[:5]
    for name, run in networks.items():
        answers = app.evaluate(RUN_NETWORK, [f"{name}.tflite", [image.ravel().tolist() for image in images]])
        np.testing.assert_allclose(answers, Classifier(run.served).probs(images), atol=1e-5)


def test_pictures_come_by_mouse_file_outline_and_camera(app):
    app.evaluate(PRETEND_CAMERA)
    assert audit(app) == []
    corners = on_screen(app, TROUSER)
    app.mouse.move(*corners[0])
    app.mouse.down()
    for corner in corners[1:]:
        app.mouse.move(*corner, steps=4)
    app.mouse.up()
    expect_answer(app, "Trouser")
    app.get_by_role("button", name="Clear").click()
    expect(app.get_by_role("heading", level=2)).to_have_text("Draw a garment")
    app.get_by_label("Outline", exact=True).select_option("Ankle boot")
    app.get_by_role("button", name="Use as drawing").press("Enter")
    expect_answer(app, "Ankle boot")
    upload(app, encode(GARMENT_VARIATIONS["item on a plain ground"](make_shape(8, 1))))
    expect_answer(app, "Bag")
    app.get_by_role("button", name="Test image: Sneaker").click()
    expect_answer(app, "Sneaker")
    upload(app, b"no picture")
    expect(app.get_by_text("This is no picture that the browser can read")).to_be_visible()
    assert audit(app) == []
    app.get_by_label("Camera", exact=True).check()
    app.get_by_role("button", name="Take picture").click()
    expect_answer(app, "Trouser")


def test_it_works_on_a_telephone_without_a_network(visitor, host):
    page, problems = visitor.new_page(), []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(host)
    expect(page.get_by_text("it also works offline")).to_be_visible()
    visitor.set_offline(True)
    page.reload()
    expect_answer(page, "T-shirt/top")
    draw_with_finger(page, TROUSER)
    expect_answer(page, "Trouser")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert audit(page) == []
    upload(page, encode(GARMENT_VARIATIONS["drawing"](make_shape(8, 2))))
    expect_answer(page, "Bag")
    page.reload()
    expect_answer(page, "Trouser")  # the drawing is kept
    assert problems == []
    page.close()
