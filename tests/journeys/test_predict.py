"""Predict in a browser: draw with the mouse or a finger, fill, erase and take back, upload, try examples."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from fmnist.dataset import Dataset

BOOT = [(100, 60), (190, 60), (190, 190), (290, 220), (290, 270), (90, 270), (100, 60)]
SQUARE = [(80, 80), (250, 80), (250, 250), (80, 250), (80, 80)]
HINT = "Draw a garment"
EXAMPLE = "T-shirt/top"
ANSWER = re.compile(r"Ankle boot|Best guess|Bag|Shirt|Trouser|Dress|Coat|Pullover|Sandal|Sneaker")
LEVELS = """(sheet) => {  // what is seen at each pixel, 255 where nothing is drawn
    const { data } = sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height);
    return Array.from({ length: data.length / 4 }, (_, i) =>
        Math.round(255 + (data[4 * i] - 255) * data[4 * i + 3] / 255));
}"""


@pytest.fixture
def messages(page: Page) -> list[ForwardMsg]:
    """Collect what the server sends to a page that is opened later."""
    received: list[ForwardMsg] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: received.append(ForwardMsg.FromString(frame)))

    page.on("websocket", listen)
    return received


@pytest.fixture
def predict(app_url: str, page: Page) -> Page:
    """Open the page."""
    page.goto(f"{app_url}/predict")
    expect(page.get_by_role("heading", name="Predict")).to_be_visible()
    expect(finding(page)).to_have_text(EXAMPLE)
    return page


def sheet_of(page: Page) -> Locator:
    sheet = page.get_by_role("img", name="Drawing")
    sheet.hover(trial=True)  # waits until it is in view, stands still and nothing lies over it
    return sheet


def on_screen(page: Page, points: list[tuple[int, int]]) -> list[tuple[float, float]]:
    box = sheet_of(page).bounding_box()
    return [(box["x"] + x * box["width"] / 336, box["y"] + y * box["height"] / 336) for x, y in points]


def draw(page: Page, points: list[tuple[int, int]]) -> None:
    corners = on_screen(page, points)
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=5)
    page.mouse.up()


def draw_over_example(page: Page, points: list[tuple[int, int]]) -> None:
    """Draw where the example is shown, and wait until its pictures are replaced, too."""
    seen = step(page, "Picture").get_attribute("src")
    draw(page, points)
    expect(step(page, "Picture")).not_to_have_attribute("src", seen)


def draw_with_finger(page: Page, points: list[tuple[int, int]]) -> None:
    corners = on_screen(page, points)
    screen = page.context.new_cdp_session(page)
    kinds = ["touchStart", *["touchMove"] * (len(corners) - 1)]
    for kind, (x, y) in zip(kinds, corners, strict=True):
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def finding(page: Page) -> Locator:
    return page.get_by_role("heading", level=2)


def levels(page: Page) -> np.ndarray:
    return np.array(sheet_of(page).evaluate(LEVELS)).reshape(336, 336)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def step(page: Page, name: str) -> Locator:
    """One picture of the way to 28×28."""
    return page.get_by_alt_text(name, exact=True)


def pixels_of(picture: Locator) -> np.ndarray:
    content = picture.get_attribute("src").removeprefix("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("L"), np.int16)


def upload_of(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def trouser() -> Image.Image:
    """A dark trouser on white, higher than wide."""
    pixels = np.full((300, 200), 255, np.uint8)
    pixels[20:280, 60:90] = pixels[20:280, 110:140] = pixels[20:70, 60:140] = 60
    return Image.fromarray(pixels)


def encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def test_a_drawing_is_answered_and_survives_every_choice_with_its_history(predict: Page):
    page = predict
    draw_over_example(page, BOOT)
    expect(finding(page)).to_have_text(ANSWER)
    expect(page.get_by_text("The area inside the outline is filled in")).to_be_visible()
    drawn, seen = levels(page), step(page, "Picture").get_attribute("src")

    press(page, "Options")
    page.get_by_role("radio", name="Photo").click()
    expect(page.get_by_text("Treated as a photo")).to_be_visible()
    expect(page.get_by_text("Photo reader answers, because this looks like a photo.")).to_be_visible()
    said = finding(page).inner_text()
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Upload").click()
    expect(finding(page)).to_contain_text("Upload pictures")
    page.get_by_role("radio", name="Draw").click()
    expect(finding(page)).to_have_text(said)
    np.testing.assert_array_equal(levels(page), drawn)

    page.get_by_role("link", name="Overview", exact=True).click()
    expect(page.get_by_role("heading", name="Overview", exact=True)).to_be_visible()
    page.get_by_role("link", name="Predict", exact=True).click()
    expect(step(page, "Picture")).to_have_attribute("src", seen)
    np.testing.assert_array_equal(levels(page), drawn)
    press(page, "Undo")
    expect(finding(page)).to_contain_text(EXAMPLE)


def test_strokes_are_taken_back_brought_back_and_cleared(messages: list[ForwardMsg], predict: Page):
    page = predict
    picture = step(page, "Picture")
    draw_over_example(page, BOOT)
    expect(finding(page)).to_have_text(ANSWER)
    one, seen = levels(page), picture.get_attribute("src")
    draw(page, [(60, 30)])  # a tap draws a dot
    expect(picture).not_to_have_attribute("src", seen)
    both = levels(page)
    assert both[30, 60] == 0
    assert 60 < (both != one).sum() < 120  # a disc ten pixels wide

    press(page, "Undo")
    expect(picture).to_have_attribute("src", seen)
    np.testing.assert_array_equal(levels(page), one)
    press(page, "Redo")
    expect(picture).not_to_have_attribute("src", seen)
    np.testing.assert_array_equal(levels(page), both)
    press(page, "Clear")
    expect(finding(page)).to_contain_text(HINT)
    assert (levels(page) == 255).all()
    sheet_of(page).focus()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(picture).to_have_attribute("src", seen)
    page.keyboard.press("Control+y")
    expect(picture).not_to_have_attribute("src", seen)
    np.testing.assert_array_equal(levels(page), both)
    assert messages
    assert not any(message.HasField("ref_hash") for message in messages)  # see `send_in_full`


def test_an_outline_is_filled_without_a_pale_seam_and_erased(predict: Page):
    page = predict
    draw_over_example(page, SQUARE)
    expect(finding(page)).to_have_text(ANSWER)
    page.get_by_role("radio", name="Brush").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Fill")).to_be_checked()
    page.get_by_role("radio", name="Light grey").check()
    seen = step(page, "Picture").get_attribute("src")
    draw(page, [(160, 160)])
    expect(step(page, "Picture")).not_to_have_attribute("src", seen)
    expect(page.get_by_text("Treated as a sketch")).to_be_visible()
    filled = levels(page)
    assert filled[160, 160] == 180
    assert filled[85:245, 85:245].max() == 180
    assert filled[60, 60] == 255

    page.get_by_role("radio", name="Eraser").check()
    page.get_by_role("slider", name="Brush width in pixels").fill("40")
    seen = step(page, "Picture").get_attribute("src")
    draw(page, [(60, 160), (280, 160)])
    expect(step(page, "Picture")).not_to_have_attribute("src", seen)
    assert (levels(page)[145:175, 60:280] == 255).all()
    assert levels(page)[200, 160] == 180


def test_an_outline_is_shown_and_never_sent(predict: Page):
    page = predict
    press(page, "Clear")
    press(page, "Outline")
    page.get_by_role("combobox", name="Outline to draw over").click()
    page.get_by_role("option", name="Ankle boot").click()
    expect(page.locator("svg.outline path").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(finding(page)).to_contain_text(HINT)
    page.get_by_role("slider", name="Brush width in pixels").fill("60")
    draw(page, [(40, 40)])
    expect(step(page, "Picture")).to_be_visible()
    sent = pixels_of(step(page, "Picture"))
    assert sent[40, 40] == 0
    assert (sent[80:] == 255).all()


def test_a_mirrored_drawing_is_prepared_as_its_mirror_image(predict: Page):
    page = predict
    draw_over_example(page, BOOT)
    expect(finding(page)).to_have_text("Ankle boot")
    right = pixels_of(step(page, "Centred"))
    press(page, "Clear")
    expect(finding(page)).to_contain_text(HINT)
    draw(page, [(336 - x, y) for x, y in BOOT])
    expect(finding(page)).to_have_text(ANSWER)
    left = pixels_of(step(page, "Centred"))
    mirrored = left[:, ::-1]
    assert min(abs(np.roll(mirrored, shift, axis=1) - right).mean() for shift in (-1, 0, 1)) < 4  # odd widths centre so
    assert abs(left - right).mean() > 20


def test_a_finger_draws_on_a_phone_and_does_not_scroll(app_url: str, phone: Page):
    phone.set_viewport_size({"width": 360, "height": 640})
    phone.goto(f"{app_url}/predict")
    expect(finding(phone)).to_have_text(EXAMPLE)
    before = on_screen(phone, [(0, 0)])
    draw_with_finger(phone, BOOT)
    expect(finding(phone)).to_have_text(ANSWER)
    assert on_screen(phone, [(0, 0)]) == before
    assert levels(phone)[60, 150] == 0
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_uploads_are_answered_a_turned_one_upright_and_a_hostile_one_named(predict: Page):
    page = predict
    page.get_by_role("radio", name="Upload").click()
    turned = Image.Exif()
    turned[274] = 6  # to be turned by a quarter, clockwise
    lying = trouser().transpose(Image.Transpose.ROTATE_90)
    page.locator("input[type=file]").set_input_files(
        [
            upload_of("turned.jpg", encode(lying, "JPEG", exif=turned)),
            upload_of("straight.png", encode(trouser())),
            upload_of("prank.png", b"<script>alert(1)</script>"),
        ]
    )
    expect(finding(page).first).to_have_text("2 pictures")
    expect(page.get_by_text("prank.png: This is a text file")).to_be_visible()
    expect(page.get_by_text("Treated as a catalogue picture")).to_be_visible()
    height, width = pixels_of(step(page, "Picture")).shape
    assert height > width
    both = [pixels_of(page.get_by_alt_text(name, exact=True)) for name in ("turned.jpg", "straight.png")]
    assert abs(both[0] - both[1]).mean() < 12 < abs(both[0].T - both[1]).mean()  # the loss of JPEG, and a quarter turn


def test_an_example_is_answered_by_a_click_and_found_by_its_address(predict: Page):
    page = predict
    page.get_by_role("radio", name="Examples").click()
    expect(finding(page)).to_contain_text("Pick an example")
    press(page, "Bag, catalogue")
    expect(page.get_by_text("True class: Bag").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"source=examples&example=8-catalogue"))
    page.reload()
    expect(page.get_by_text("True class: Bag").first).to_be_visible()
    expect(page.get_by_role("button", name="Bag, catalogue")).to_have_attribute("aria-pressed", "true")


def test_a_random_test_image_is_found_again_by_its_address(predict: Page, dataset: Dataset):
    page = predict
    page.get_by_role("radio", name="Test image").click()
    expect(page.get_by_text("True class:").first).to_be_visible()
    press(page, "Random")
    expect(page).to_have_url(re.compile(r"test_image=\d+"))
    number = int(re.search(r"test_image=(\d+)", page.url)[1])
    page.reload()
    expect(page.get_by_alt_text(f"Test image {number:,}")).to_be_visible()


def test_the_heat_maps_of_a_test_image_are_shown_on_a_phone(app_url: str, phone: Page, dataset: Dataset):
    assert dataset.test_labels[2] == 1
    phone.goto(f"{app_url}/predict?source=Test+image&test_image=2")
    expect(phone.get_by_text("True class: Trouser").filter(visible=True)).to_have_count(1)
    phone.get_by_role("radio", name="Heat map").click()
    expect(phone.get_by_text("falls by up to").first).to_be_visible()


def test_the_canvas_and_its_answer_fit_the_window_of_a_phone(app_url: str, phone: Page):
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(f"{app_url}/predict")
    expect(finding(phone)).to_have_text(EXAMPLE)
    draw_with_finger(phone, BOOT)
    expect(finding(phone)).to_have_text("Ankle boot")
    expect(phone.get_by_role("img", name="Drawing")).to_be_in_viewport(ratio=1)
    for part in (finding(phone), phone.locator(".stMarkdownBadge").first, phone.get_by_test_id("stMetric")):
        expect(part).to_be_in_viewport(ratio=1)


def test_a_drawing_and_a_cleared_sheet_survive_a_reload(predict: Page):
    page = predict
    draw_over_example(page, BOOT)
    expect(finding(page)).to_have_text("Ankle boot")
    drawn = levels(page)
    page.reload()
    expect(finding(page)).to_have_text("Ankle boot")
    np.testing.assert_array_equal(levels(page), drawn)
    press(page, "Clear")
    expect(finding(page)).to_contain_text(HINT)
    page.reload()
    expect(finding(page)).to_contain_text(HINT)
    assert (levels(page) == 255).all()


def test_an_outline_becomes_the_drawing_by_keyboard_and_is_undone(predict: Page):
    page = predict
    page.get_by_role("button", name="Outline", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Outline to draw over").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="Trouser").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Use as drawing")
    expect(button).to_be_enabled()
    button.focus()
    page.keyboard.press("Enter")
    expect(finding(page)).to_have_text("Trouser")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo", exact=True).focus()
    page.keyboard.press("Enter")
    expect(finding(page)).to_have_text(EXAMPLE)
