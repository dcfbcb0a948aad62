"""From a matrix to the single image, in a browser: with the mouse, with the keyboard, and by an address."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist.dataset import Dataset
from fmnist.runs.run import Run

SHIRT, TOP, COAT = 6, 0, 4


@pytest.fixture
def open_page(app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run]) -> Callable[[str], Page]:
    """Open a page of the app."""

    def open_named(name: str) -> Page:
        page.goto(f"{app_url}/{name.lower()}")
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        return page

    return open_named


def images(page: Page) -> Locator:
    return page.get_by_role("button", name="Open test image")


def click_cell(page: Page, true: int, predicted: int) -> None:
    plot = page.locator(".js-plotly-plot").first
    expect(plot.locator(".point")).to_have_count(100)
    number = plot.locator(".textpoint text").filter(has_text=re.compile(r".")).first
    expect(number).to_be_visible()
    area = plot.locator(".nsewdrag")
    width, height = area.evaluate("area => [area.getBoundingClientRect().width, area.getBoundingClientRect().height]")
    cell = {"x": (predicted + 0.5) * width / 10, "y": (true + 0.5) * height / 10}
    area.hover(position=cell)  # waits until nothing above it moves it any more
    expect(plot.locator(".hoverlayer .hovertext")).to_be_visible()
    area.click(position=cell)


def expect_closed(page: Page) -> None:
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("gallery="))


def test_a_click_on_a_cell_opens_its_images_and_leads_to_one_and_back(open_page, other_page: Page):
    page = open_page("Confusion")
    page.get_by_role("radio", name="Basic CNN (textbook)").click()
    expect(page.locator(".js-plotly-plot .gtitle")).to_have_text(["Basic CNN (textbook)"])  # the old figure is gone
    for _ in range(2):  # the same cell again
        click_cell(page, SHIRT, TOP)
        expect(page.get_by_role("dialog", name="Shirt → T-shirt/top")).to_be_visible()
        expect(images(page).first).to_have_attribute("title", re.compile("Shirt, predicted as T-shirt/top"))
        expect(page).to_have_url(re.compile(r"of=.*true=6.*predicted=0.*gallery=true"))
        page.keyboard.press("Escape")
        expect_closed(page)
    click_cell(page, COAT, COAT)
    dialog = page.get_by_role("dialog")
    expect(images(page).first).to_have_attribute("title", re.compile("Coat, predicted correctly"))

    images(page).first.click()
    expect(dialog.get_by_role("heading", name="Labelled Coat")).to_be_visible()
    expect(page).to_have_url(re.compile(r"image=\d+"))
    other_page.goto(page.url)
    expect(other_page.get_by_role("dialog").get_by_role("heading", name="Labelled Coat")).to_be_visible()
    for reader in (page, other_page):
        reader.get_by_role("button", name="All images").click()
        expect(images(reader).first).to_be_visible()
        expect(reader).not_to_have_url(re.compile("image="))


def test_any_cell_is_opened_with_the_keyboard_alone(open_page):
    page = open_page("Confusion")
    expect(page.locator(".js-plotly-plot .point")).to_have_count(100)
    for label, name in (("True class", "Shirt"), ("Predicted class", "T-shirt/top")):
        page.get_by_role("combobox", name=label).focus()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Show images")
    expect(button).to_have_count(1)
    expect(button).to_be_enabled()
    button.focus()
    page.keyboard.press("Enter")
    images(page).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading", name="Labelled Shirt")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("falls by up to")).to_have_count(3)
    page.keyboard.press("Escape")
    expect_closed(page)
    page.get_by_role("radio", name="Model A − Model B").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text(re.compile(r"Outlined cells"))).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading", name=re.compile("^Only ")).first).to_be_visible()


def test_a_verdict_leads_to_the_images_that_make_the_difference(app_url, page, other_page, dataset, shipped_runs):
    page.goto(app_url)
    page.get_by_text("How was this tested?").click()
    expect(page.get_by_text("Deeper CNN (tuned) beats Basic CNN (tuned)").first).to_be_visible()
    page.get_by_role("link", name="See the images they disagree on").nth(2).click()  # below that sentence
    expect(page.get_by_role("heading", name="Confusion", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(r"Outlined cells \(\*\) differ significantly"))).to_be_visible()
    click_cell(page, SHIRT, SHIRT)
    expect(page.get_by_role("heading", name="Only Deeper CNN")).to_be_visible()
    expect(page.get_by_role("heading", name="Only Basic CNN")).to_be_attached()
    number = re.search(r"image ([\d,]+)", images(page).first.get_attribute("title"))[1]
    images(page).first.click()

    expect(page).to_have_url(re.compile(r"view=difference.*image=\d+"))
    other_page.goto(page.url)
    for reader in (page, other_page):
        dialog = reader.get_by_role("dialog")
        expect(dialog.get_by_text(f"Test image {number}", exact=True)).to_be_visible()
        expect(dialog.get_by_role("heading", name="Labelled Shirt: one model agrees, the other says")).to_be_visible()
        expect(dialog.locator(".js-plotly-plot .bars")).to_have_count(2)
        expect(dialog.get_by_text("falls by up to")).to_have_count(2)


def test_likely_mislabelled_images_are_found_and_sent_as_an_address(open_page, other_page: Page):
    page = open_page("Mistakes")
    page.get_by_role("button", name="More").click()
    box = page.get_by_role("combobox", name="Label")
    box.fill("Possibly")
    box.press("Enter")
    expect(page.get_by_text("Filter: Possibly mislabelled")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Labels that may be wrong").click()
    told = page.get_by_text(re.compile("models question [\\d,]+ of 10,000 labels"))
    expect(told).to_contain_text("Leaving them out raises accuracy by about")
    expect(page).to_have_url(re.compile("label=disputed.*disputed=true"))
    other_page.goto(page.url)
    expect(other_page.get_by_text(told.inner_text())).to_be_visible()
    images(other_page).first.click()
    expect(other_page.get_by_role("dialog").get_by_text("Possibly mislabelled: the models favour")).to_be_visible()


def test_an_image_is_opened_leafed_and_closed_with_the_keyboard(open_page):
    page = open_page("Mistakes")
    images(page).nth(0).focus()
    page.keyboard.press("ArrowRight")
    second = images(page).nth(1)
    expect(second).to_be_focused()
    label = second.get_attribute("title")
    number = re.search(r"image ([\d,]+)", label)[1]
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"Test image {number}", exact=True)).to_be_visible()
    expect(dialog.locator(".js-plotly-plot .bars").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_text(re.compile(r"^3 of "))).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(dialog.get_by_text(re.compile(r"^2 of "))).to_be_visible()
    following = dialog.get_by_role("button", name="Next")
    following.click()
    expect(dialog.get_by_text(re.compile(r"^3 of "))).to_be_visible()
    expect(dialog.get_by_role("status")).to_have_text(re.compile(r"^Test image [\d,]+\. Labelled "))
    expect(following).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_text(re.compile(r"^4 of "))).to_be_visible()
    following.click()
    page.keyboard.press("Escape")  # before the next image is there
    expect(dialog).to_have_count(0)
    expect(page).not_to_have_url(re.compile("image="))
    expect(second).to_be_focused()


def test_leafing_goes_in_a_circle_and_keeps_the_focus(app_url: str, page: Page, dataset: Dataset, shipped_runs):
    page.goto(f"{app_url}/mistakes?true={SHIRT}&predicted={TOP}&label=disputed")
    images(page).last.click()
    dialog = page.get_by_role("dialog")
    count = images(page).count()
    expect(dialog.get_by_text(f"{count} of {count}", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.get_by_text(f"1 of {count}", exact=True)).to_be_visible()
    expect(dialog.get_by_role("button", name="Next")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_address_restores_filters_page_and_image(open_page, other_page: Page):
    page = open_page("Mistakes")
    row = page.get_by_role("combobox", name="True class").bounding_box()
    page.get_by_role("button", name="More").click()
    box = page.get_by_role("combobox", name="Answer")
    box.fill("All models wrong")
    box.press("Enter")
    expect(page.get_by_role("heading", name="All 3 models get")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("combobox", name="True class").bounding_box() == row  # no control has moved
    before = images(page).first.get_attribute("title")
    page.get_by_role("button", name="Page 2").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(images(page).first).not_to_have_attribute("title", before)
    first = images(page).first.get_attribute("title")
    finding = page.get_by_role("heading", name="All 3 models get").inner_text()

    other_page.goto(page.url)
    expect(images(other_page).first).to_have_attribute("title", first)
    expect(other_page.get_by_role("heading", name=finding)).to_be_visible()


def test_a_matrix_is_usable_on_a_telephone(app_url: str, phone: Page, dataset: Dataset, shipped_runs):
    phone.goto(f"{app_url}/confusion")
    plot = phone.locator(".js-plotly-plot").first
    expect(plot.locator(".point")).to_have_count(100)
    plot.locator(".nsewdrag").scroll_into_view_if_needed()
    area = plot.locator(".nsewdrag").evaluate("area => area.getBoundingClientRect().toJSON()")
    assert 200 < area["width"] < 390
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.touchscreen.tap(area["x"] + 0.05 * area["width"], area["y"] + 0.65 * area["height"])
    expect(phone.get_by_role("dialog", name="Shirt → T-shirt/top")).to_be_visible()
    expect(images(phone).first).to_be_visible()
