"""From a matrix to the single image, in a browser: with the mouse, with the keyboard, and by an address."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from fmnist.dataset import Dataset
from fmnist.runs import Run

expect.set_options(timeout=20_000)

SHIRT, TOP, COAT = 6, 0, 4


@pytest.fixture
def open_page(app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run]) -> Callable[[str], Page]:
    """Open a page of the app by a click in the navigation."""

    def open_named(name: str) -> Page:
        page.goto(app_url)
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        return page

    return open_named


def images(page: Page) -> Locator:
    return page.get_by_role("button", name="Open test image")


def click_cell(page: Page, matrix: int, true: int, predicted: int) -> None:
    plot = page.locator(".js-plotly-plot").nth(matrix)
    expect(plot.locator(".textpoint")).to_have_count(100)
    number = plot.locator(".textpoint text").filter(has_text=re.compile(r".")).first
    expect(number).to_be_visible()
    area = plot.locator(".nsewdrag").evaluate("area => area.getBoundingClientRect().toJSON()")
    x = area["x"] + (predicted + 0.5) * area["width"] / 10
    y = area["y"] + (true + 0.5) * area["height"] / 10
    page.mouse.move(x, y)
    expect(plot.locator(".hoverlayer .hovertext")).to_be_visible()
    page.mouse.click(x, y)


def test_a_click_on_a_cell_opens_its_images_and_leads_to_one(open_page, browser: Browser):
    page = open_page("Confusion")
    click_cell(page, 1, SHIRT, TOP)
    expect(page.get_by_role("heading", name="Shirt → T-shirt/top by")).to_be_visible()
    expect(images(page).first).to_have_attribute("aria-label", re.compile("Shirt, wrongly called T-shirt/top"))
    expect(page).to_have_url(re.compile(r"true=Shirt.*predicted=T-shirt%2Ftop.*of="))
    click_cell(page, 0, COAT, COAT)
    expect(images(page).first).to_have_attribute("aria-label", re.compile("Coat, rightly called so"))

    images(page).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The true class is Coat")).to_be_visible()
    expect(page).to_have_url(re.compile(r"image=\d+"))
    other = browser.new_context().new_page()
    other.goto(page.url)
    expect(other.get_by_role("dialog").get_by_text("The true class is Coat")).to_be_visible()
    expect(other.get_by_role("heading", name="Coat → Coat by")).to_be_attached()
    other.context.close()


def test_an_image_is_opened_leafed_and_closed_with_the_keyboard(open_page):
    page = open_page("Mistakes")
    images(page).nth(0).focus()
    page.keyboard.press("ArrowRight")
    second = images(page).nth(1)
    expect(second).to_be_focused()
    label = second.get_attribute("aria-label")
    number = re.search(r"image ([\d,]+)", label)[1]
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"Test image {number}", exact=True)).to_be_visible()
    expect(dialog.locator(".js-plotly-plot .bars").first).to_be_visible()
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.get_by_text(re.compile(r"^3 of "))).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).not_to_have_url(re.compile("image="))
    expect(second).to_be_focused()


def test_the_address_restores_filters_page_and_image(open_page, browser: Browser):
    page = open_page("Mistakes")
    page.get_by_text("All wrong", exact=True).click()
    expect(page.get_by_role("heading", name="models are wrong on")).to_be_visible()
    before = images(page).first.get_attribute("aria-label")
    page.get_by_role("button", name="Page 2").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(images(page).first).not_to_have_attribute("aria-label", before)
    first = images(page).first.get_attribute("aria-label")
    finding = page.get_by_role("heading", name="models are wrong on").inner_text()

    other = browser.new_context().new_page()
    other.goto(page.url)
    expect(images(other).first).to_have_attribute("aria-label", first)
    expect(other.get_by_role("heading", name=finding)).to_be_visible()
    other.context.close()


def test_a_matrix_is_usable_on_a_telephone(app_url: str, browser: Browser, dataset: Dataset, shipped_runs):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    phone = context.new_page()
    phone.goto(f"{app_url}/confusion")
    plot = phone.locator(".js-plotly-plot").first
    expect(plot.locator(".textpoint")).to_have_count(100)
    area = plot.locator(".nsewdrag").evaluate("area => area.getBoundingClientRect().toJSON()")
    assert 200 < area["width"] < 390
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.touchscreen.tap(area["x"] + 0.05 * area["width"], area["y"] + 0.65 * area["height"])
    expect(phone.get_by_role("heading", name="Shirt → T-shirt/top by")).to_be_visible()
    context.close()
