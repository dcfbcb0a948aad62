"""The frame of every page in a browser: tools by keyboard, text size, and one step back for each choice."""

import re

import pytest
from browsing import expect_rest, expect_whole
from playwright.sync_api import Page, expect

from fmnist.dataset import Dataset
from fmnist.glossary import GLOSSARY
from fmnist.runs.run import Run

SMALLEST_LARGE_TEXT = 14  # pixels
A4_WIDTH = 794  # pixels of a sheet of paper


def tick_size(page: Page) -> float:
    """Return the size in pixels of the labels on the axes."""
    return float(page.locator(".xtick text").first.evaluate("tick => parseFloat(getComputedStyle(tick).fontSize)"))


def test_the_address_is_copied_by_keyboard(app_url: str, page: Page, shipped_runs: list[Run]):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app_url}/curves?axis=seconds")
    button = page.get_by_role("button", name="Copy link")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    expect(button).to_be_visible()  # it says again what it does


def test_the_first_use_of_a_term_explains_it_by_keyboard(app_url: str, page: Page, shipped_runs: list[Run]):
    page.goto(f"{app_url}/curves")
    finding = page.get_by_role("heading", level=2)
    term = finding.get_by_role("button", name="accuracy")
    expect(term).to_have_accessible_description(GLOSSARY["Accuracy"])
    term.focus()
    page.keyboard.press("Enter")
    explanation = page.locator("#fmnist-term")
    expect(explanation).to_have_text(GLOSSARY["Accuracy"])
    expect(explanation).to_be_visible()
    page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()
    said = finding.inner_text()
    page.get_by_role("radio", name="Loss", exact=True).click()
    expect(page).to_have_url(f"{app_url}/curves?measure=loss")
    expect_rest(page)
    expect(finding).to_have_text(said)  # it is written once, whoever writes there again
    expect(page.get_by_role("button", name="accuracy")).to_have_count(1)


@pytest.mark.parametrize(("width", "most"), [(1440, 70), (390, 140)])
def test_the_page_begins_at_its_top(app_url: str, page: Page, width: int, most: int, shipped_runs: list[Run]):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{app_url}/curves")
    expect(page).to_have_title("Curves · FMNIST Lab")
    finding = page.get_by_role("heading", level=2)
    expect(finding).to_be_visible()
    expect_rest(page)
    box = finding.bounding_box()
    assert box is not None
    assert box["y"] <= most + 30


def test_larger_text_reaches_figures_and_other_pages(app_url: str, page: Page, shipped_runs: list[Run]):
    page.goto(f"{app_url}/curves")
    expect(page.locator(".xtick text").first).to_be_visible()
    assert tick_size(page) < SMALLEST_LARGE_TEXT
    page.get_by_test_id("stSidebar").get_by_text("Larger text").click()
    expect(page).to_have_url(f"{app_url}/curves?larger=true")
    expect_rest(page)
    expect(page.locator(".xtick text").first).to_be_visible()
    assert tick_size(page) >= SMALLEST_LARGE_TEXT
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Overview", exact=True).click()
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    expect(page.locator(".xtick text").first).to_be_visible()
    assert tick_size(page) >= SMALLEST_LARGE_TEXT


def test_back_undoes_one_choice_at_a_time(app_url: str, page: Page, shipped_runs: list[Run]):
    page.goto(f"{app_url}/curves")
    for name, address in (("Loss", "measure=loss"), ("Validation and training", "measure=loss&images=both")):
        page.get_by_role("radio", name=name, exact=True).click()
        expect(page).to_have_url(f"{app_url}/curves?{address}")
        expect_rest(page)
    page.go_back()
    expect(page.get_by_role("radio", name="Validation", exact=True)).to_be_checked()
    expect(page.get_by_role("radio", name="Loss", exact=True)).to_be_checked()
    page.go_back()
    expect(page.get_by_role("radio", name="Accuracy", exact=True)).to_be_checked()
    page.go_forward()
    expect(page.get_by_role("radio", name="Loss", exact=True)).to_be_checked()
    expect(page.get_by_role("radio", name="Validation", exact=True)).to_be_checked()


def test_an_image_replaces_the_entry_in_the_history(
    app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run]
):
    page.goto(f"{app_url}/curves")
    expect_rest(page)
    page.goto(f"{app_url}/mistakes?order=unsure")
    page.get_by_role("button", name="Open test image").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.get_by_text(re.compile(r"^2 of \d+$"))).to_be_visible()
    expect(page).to_have_url(re.compile("image="))
    page.go_back()
    expect(page.get_by_role("heading", name="Curves", level=1)).to_be_visible()


def test_a_choice_of_models_is_one_step_back_and_goes_along_to_other_pages(
    app_url: str, page: Page, other_page: Page, shipped_runs: list[Run]
):
    page.goto(f"{app_url}/curves")
    page.get_by_role("button", name="3 models").click()
    page.get_by_role("combobox", name="Models").click()
    page.get_by_role("option").first.click()
    expect(page.get_by_role("dialog", name="4 models")).to_be_visible()  # it stays open, and hides the rest
    expect_rest(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="4 models")).to_be_visible()
    link = page.get_by_test_id("stSidebarNav").get_by_role("link", name="Confusion", exact=True)
    link.hover()
    other_page.goto(str(link.get_attribute("href")))
    expect(other_page.get_by_role("button", name="4 models")).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", name="Confusion", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="4 models")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Curves", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="4 models")).to_be_visible()
    expect_rest(page)
    page.go_back()
    expect(page.get_by_role("button", name="3 models")).to_be_visible()


def test_a_printed_page_has_whole_figures_and_no_navigation(app_url: str, page: Page, shipped_runs: list[Run]):
    page.goto(f"{app_url}/curves")
    expect(page.locator(".main-svg").first).to_be_visible()
    expect_rest(page)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".stApp")).to_have_css("color-scheme", "dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.get_by_role("heading", level=2)).to_have_css("color", "rgb(28, 37, 48)")  # on white paper
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()
    page.wait_for_function(  # the sidebar's place is given up by an animation
        "width => document.querySelector('.main-svg').getBoundingClientRect().right <= width", arg=A4_WIDTH
    )


def test_pages_do_not_scroll_sideways_on_a_phone(app_url: str, phone: Page, dataset: Dataset, shipped_runs: list[Run]):
    for address in ("", "train", "predict", "models"):  # what is announced, unseen, took room beside the last three
        phone.goto(f"{app_url}/{address}")
        expect(phone.get_by_role("heading", level=1)).to_be_visible()
        expect_whole(phone)
        wide = "main => main.scrollWidth - main.clientWidth"
        assert phone.get_by_test_id("stMain").evaluate(wide) == 0, address
