"""Predict in a browser: draw with the mouse or a finger, take strokes back, upload, and get answers."""

import io
import re
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from fmnist.dataset import Dataset

expect.set_options(timeout=20_000)

BOOT = [(100, 60), (190, 60), (190, 190), (290, 220), (290, 270), (90, 270), (100, 60)]
HINT = "Draw an item"
ANSWER = re.compile(r"(says?|disagree)\b.*\.$")
INK = """() => {
    const roots = Array.from(document.querySelectorAll(".st-key-canvas *"), (element) => element.shadowRoot);
    const sheet = roots.find((root) => root?.querySelector(".dc-canvas"))?.querySelector(".dc-canvas.lower-canvas");
    if (!sheet) return -1;
    const data = sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height).data;
    return data.reduce((ink, value, i) => ink + (i % 4 == 0 && value < 250 ? 1 : 0), 0);
}"""


@pytest.fixture
def predict(app_url: str, page: Page) -> Page:
    """Open the page by a click in the navigation."""
    page.goto(app_url)
    page.get_by_role("link", name="Predict", exact=True).click()
    expect(page.get_by_role("heading", name="Predict")).to_be_visible()
    return page


@pytest.fixture
def phone(app_url: str, browser: Browser) -> Iterator[Page]:
    """Open a touch screen of 390×844 pixels."""
    context = browser.new_context(base_url=app_url, viewport={"width": 390, "height": 844}, has_touch=True)
    yield context.new_page()
    context.close()


def sheet_of(page: Page) -> Locator:
    sheet = page.locator("canvas.upper-canvas")
    expect(sheet).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    return sheet


def draw(page: Page, points: list[tuple[int, int]]) -> None:
    box = sheet_of(page).bounding_box()
    corners = [(box["x"] + x, box["y"] + y) for x, y in points]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=5)
    page.mouse.up()


def draw_with_finger(page: Page, points: list[tuple[int, int]]) -> None:
    box = sheet_of(page).bounding_box()
    screen = page.context.new_cdp_session(page)
    kinds = ["touchStart", *["touchMove"] * (len(points) - 1)]
    for kind, (x, y) in zip(kinds, points, strict=True):
        point = {"x": box["x"] + x, "y": box["y"] + y}
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def finding(page: Page) -> Locator:
    return page.get_by_role("heading", level=4)


def wait_for_ink(page: Page, ink: int) -> None:
    page.wait_for_function(f"(ink) => ({INK})() === ink", arg=ink)


def png(side: int = 200) -> bytes:
    """A dark trouser on white."""
    pixels = np.full((side, side), 255, np.uint8)
    pixels[20:180, 60:90] = pixels[20:180, 110:140] = pixels[20:60, 60:140] = 60
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_a_drawing_is_answered_and_survives_every_choice(predict: Page):
    page = predict
    expect(finding(page)).to_contain_text(HINT)
    draw(page, BOOT)
    expect(finding(page)).to_have_text(ANSWER)
    expect(page.get_by_text("What the outline holds becomes cloth")).to_be_visible()
    outline = page.evaluate(INK)

    page.get_by_role("radio", name="Photo").click()
    expect(page.get_by_text("Taken for a photo")).to_be_visible()
    page.get_by_role("radio", name="Upload").click()
    expect(finding(page)).to_contain_text("Upload pictures")
    page.get_by_role("radio", name="Draw").click()
    expect(finding(page)).to_have_text(ANSWER)
    wait_for_ink(page, outline)


def test_strokes_are_taken_back_brought_back_and_cleared(predict: Page):
    page = predict
    picture = page.get_by_alt_text("Picture", exact=True)
    draw(page, BOOT)
    expect(finding(page)).to_have_text(ANSWER)
    one, seen = page.evaluate(INK), picture.get_attribute("src")
    draw(page, [(30, 30), (60, 30)])
    expect(picture).not_to_have_attribute("src", seen)
    both = page.evaluate(INK)
    assert both > one

    page.get_by_role("button", name="Undo").click()
    expect(picture).to_have_attribute("src", seen)
    wait_for_ink(page, one)
    page.get_by_role("button", name="Redo").click()
    expect(picture).not_to_have_attribute("src", seen)
    wait_for_ink(page, both)
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(finding(page)).to_contain_text(HINT)
    wait_for_ink(page, 0)


def test_a_finger_draws_on_a_phone(phone: Page):
    phone.goto("/predict")
    expect(finding(phone)).to_contain_text(HINT)
    draw_with_finger(phone, BOOT)
    expect(finding(phone)).to_have_text(ANSWER)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_uploads_are_answered_and_hostile_ones_named(predict: Page):
    page = predict
    page.get_by_role("radio", name="Upload").click()
    chooser = page.locator("input[type=file]")
    chooser.set_input_files([{"name": "trouser.png", "mimeType": "image/png", "buffer": png()}])
    expect(finding(page)).to_have_text(ANSWER)
    expect(page.get_by_text("Taken for a catalogue picture")).to_be_visible()
    chooser.set_input_files([{"name": "prank.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}])
    expect(page.get_by_text("prank.png: This is not a readable")).to_be_visible()
    expect(finding(page)).to_have_text(ANSWER)


def test_a_test_image_is_found_by_its_address(phone: Page, dataset: Dataset):
    assert dataset.test_labels[2] == 1
    phone.goto("/predict?source=Test+image&test_image=2")
    expect(finding(phone)).to_contain_text("The true class is Trouser")
    phone.get_by_text("Show where each model looked").click()
    expect(phone.get_by_text("falls by up to").first).to_be_visible()
