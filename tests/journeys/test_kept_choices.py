"""What a visitor has chosen or uploaded on a page is there again after another page, by links and by Back."""

import io
import re

from browsing import expect_rest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from fmnist.runs.run import Run


def expect_page(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect_rest(page)


def go_to(page: Page, title: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect_page(page, title)


def trouser() -> bytes:
    image = Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(image).polygon(
        [(70, 20), (130, 20), (150, 180), (115, 180), (100, 70), (85, 180), (50, 180)], "navy"
    )
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def test_two_of_three_models_stay_chosen_on_other_pages_and_after_back(
    app_url: str, page: Page, shipped_runs: list[Run]
):
    page.goto(f"{app_url}/confusion")
    expect_page(page, "Confusion")
    page.get_by_role("button", name="3 models").click()
    page.get_by_role("combobox", name="Models").click()
    page.keyboard.press("Backspace")
    expect(page.get_by_role("dialog", name="2 models")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect_page(page, "Confusion")
    for title in ("Mistakes", "Curves"):
        go_to(page, title)
        expect(page.get_by_role("button", name="2 models")).to_be_visible()
    for title in ("Mistakes", "Confusion"):
        page.go_back()
        expect_page(page, title)
        expect(page.get_by_role("button", name="2 models")).to_be_visible()
    page.go_forward()
    expect_page(page, "Mistakes")
    expect(page.get_by_role("button", name="2 models")).to_be_visible()


def test_an_upload_is_answered_after_other_pages_and_after_back(app_url: str, page: Page, shipped_runs: list[Run]):
    page.goto(f"{app_url}/predict")
    expect_page(page, "Predict")
    page.get_by_role("radio", name="Upload").click()
    page.locator("input[type=file]").set_input_files({"name": "mine.png", "mimeType": "image/png", "buffer": trouser()})
    answer = page.locator(".answers").first
    expect(answer).to_contain_text("Trouser")
    go_to(page, "Curves")
    go_to(page, "Predict")
    for _ in range(2):
        expect(page.get_by_text("Kept: mine.png")).to_be_visible()
        expect(answer).to_contain_text("Trouser")
        go_to(page, "Curves")
        page.go_back()
        expect_page(page, "Predict")


def test_what_is_chosen_behind_a_button_is_there_when_it_is_opened_after_other_choices(
    app_url: str, page: Page, shipped_runs: list[Run]
):
    page.goto(f"{app_url}/curves")
    expect_page(page, "Curves")
    page.get_by_role("radio", name="Loss").click()
    expect(page.get_by_role("radio", name="Loss")).to_be_checked()
    expect_page(page, "Curves")
    page.get_by_role("button", name="3 models").click()
    chosen = page.get_by_test_id("stPopoverBody")
    expect(chosen.get_by_text("Compact CNN (distilled), seed 0")).to_be_visible()
    expect(chosen.get_by_text(re.compile("all . seeds"))).to_have_count(2)
